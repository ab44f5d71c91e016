"""When a place was last known clean, from hand-made histories on both stores."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata import frames
from geodata.frames.clean_moments import PLACE_M, TELLS_FOR, last_clean
from geodata.models import Clearance, Incident, PatrolPlan, PatrolStop, PatrolVisit
from geodata.store.engine import Store

FRIDAY = datetime(2026, 6, 5, 12, tzinfo=UTC)
X, Y = 554_000.0, 174_000.0


def at(hours: float) -> datetime:
    return FRIDAY + timedelta(hours=hours)


def point(east_m: float = 0) -> shapely.Point:
    return shapely.Point(X + east_m, Y)


def keep(store: Store, *rows: object) -> None:
    with store.writing() as session:
        for row in rows:
            session.add(row)
            session.flush()


def dump(key: str, hours: float, east_m: float = 0, **rest: object) -> Incident:
    values = {"first_seen_at": at(hours), "state": "open", "reports": 1, "id": ord(key)} | rest
    moments = {"first_reported_at": at(hours), "last_reported_at": at(hours)}
    return Incident(key=key, geometry=point(east_m), **moments, **values)


def done(key: str | None, hours: float, outcome: str = "cleared", **rest: object) -> Clearance:
    incident = None if key is None else ord(key)
    values = {"recorded_at": at(hours)} | rest
    return Clearance(incident_id=incident, outcome=outcome, occurred_at=at(hours), **values)


def clean_at(store: Store, key: str, as_of: datetime | None = None) -> datetime | None:
    with store.reading() as session:
        incidents = frames.incidents(session, as_of=as_of).set_index("incident_id")
    moment = incidents.loc[ord(key), "last_clean_at"]
    return None if pd.isna(moment) else moment.to_pydatetime()


def test_the_clearance_of_an_earlier_dump_at_the_place_says_when_it_was_clean(store: Store) -> None:
    keep(store, dump("A", -20), done("A", -2), dump("B", 12, east_m=PLACE_M))
    assert clean_at(store, "B") == at(-2)
    assert clean_at(store, "A") is None


def test_a_crew_that_found_nothing_saw_that_it_was_clean(store: Store) -> None:
    keep(store, dump("A", -20), done("A", -2), done("A", 1, "not_found"), dump("B", 12))
    assert clean_at(store, "B") == at(1)


@pytest.mark.parametrize("outcome", ["not_our_land", "no_access", "specialist", "duplicate"])
def test_an_outcome_that_leaves_it_lying_says_nothing(store: Store, outcome: str) -> None:
    keep(store, dump("A", -20), done("A", -2, outcome), dump("B", 12))
    assert clean_at(store, "B") is None


@pytest.mark.parametrize("east_m", [PLACE_M + 0.5, 60])
def test_a_clearance_elsewhere_says_nothing(store: Store, east_m: float) -> None:
    keep(store, dump("A", -20, east_m), done("A", -2), dump("B", 12))
    assert clean_at(store, "B") is None


def test_a_clearance_after_the_sighting_says_nothing(store: Store) -> None:
    seen = at(10)
    keep(store, dump("A", -20), done("A", 10), done("A", 11), dump("B", 12, first_seen_at=seen))
    assert clean_at(store, "B") is None


def test_a_clearance_long_ago_says_nothing_of_the_hour(store: Store) -> None:
    day = TELLS_FOR.total_seconds() / 3600
    keep(store, dump("A", -60), done("A", 12 - day), dump("B", 12))
    keep(store, dump("C", -60, 500), done("C", 12 - day - 0.1), dump("D", 12, 500))
    assert clean_at(store, "B") == at(12 - day)
    assert clean_at(store, "D") is None


def test_the_work_of_a_file_counts_where_it_was_done(store: Store) -> None:
    keep(store, done(None, -2, geometry=point(10)), done(None, 1), dump("B", 12))
    assert clean_at(store, "B") == at(-2)


def test_of_what_reporters_and_the_record_say_the_later_counts(store: Store) -> None:
    keep(store, dump("A", -20), done("A", -2))
    keep(store, dump("B", 12, last_clean_at=at(5)), dump("C", 12, 10, last_clean_at=at(-5)))
    assert clean_at(store, "B") == at(5)
    assert clean_at(store, "C") == at(-2)


def test_a_corrected_clearance_gives_way_to_its_correction(store: Store) -> None:
    wrong = done("A", -2, id=99)
    keep(store, dump("A", -20), wrong, done("A", -6, replaces_id=99, recorded_at=at(30)))
    keep(store, dump("B", 12))
    assert clean_at(store, "B") == at(-6)
    assert clean_at(store, "B", as_of=at(20)) == at(-2), "the correction was not known by then"


def test_a_voided_clearance_says_nothing_once_it_is_voided(store: Store) -> None:
    keep(store, dump("A", -20), done("A", -2, voided_at=at(30)), dump("B", 12))
    assert clean_at(store, "B") is None
    assert clean_at(store, "B", as_of=at(20)) == at(-2)


def test_what_is_recorded_later_is_not_known_before(store: Store) -> None:
    keep(store, dump("A", -20), done("A", -2, recorded_at=at(30)), dump("B", 12))
    assert clean_at(store, "B", as_of=at(29)) is None
    assert clean_at(store, "B", as_of=at(30)) == at(-2)


@pytest.fixture
def visit(store: Store) -> Callable[..., None]:
    """Log a visit to a stop 10 m from the place, from ``hours`` on, for a quarter of an hour."""
    keep(
        store,
        PatrolPlan(
            id=1, starts_at=at(8), ends_at=at(13), seed=1, params={}, coverage={}, made_at=at(0)
        ),
        PatrolStop(
            id=1, plan_id=1, team=1, position=1, name="Stop", geometry=point(10),
            arrives_at=at(9), leaves_at=at(9.25), reason="", tasks=[],
        ),
    )  # fmt: skip

    def log(hours: float, **rest: object) -> None:
        values = {"left_at": at(hours + 0.25), "stop_id": 1, "plan_id": 1} | rest
        keep(store, PatrolVisit(arrived_at=at(hours), **values))

    return log


def test_a_patrol_that_saw_none_says_so_up_to_when_it_left(
    store: Store, visit: Callable[..., None]
) -> None:
    visit(9, canisters_seen=False)
    keep(store, dump("B", 12))
    assert clean_at(store, "B") == at(9.25)
    assert clean_at(store, "B", as_of=at(9)) is None


def test_a_patrol_counts_from_its_arrival_while_it_is_there(
    store: Store, visit: Callable[..., None]
) -> None:
    visit(9, canisters_seen=False, left_at=None)
    keep(store, dump("B", 12))
    assert clean_at(store, "B") == at(9)


@pytest.mark.parametrize("seen", [None, True])
def test_a_patrol_that_did_not_look_or_saw_some_says_nothing(
    store: Store, visit: Callable[..., None], seen: bool | None
) -> None:
    visit(9, canisters_seen=seen)
    keep(store, dump("B", 12))
    assert clean_at(store, "B") is None


def test_a_patrol_counts_where_it_stood(store: Store, visit: Callable[..., None]) -> None:
    visit(9, canisters_seen=False, geometry=point(60))
    keep(store, dump("B", 12), dump("C", 12, 60))
    assert clean_at(store, "B") is None
    assert clean_at(store, "C") == at(9.25)


def _points(rows: list[tuple[int, int, int]], name: str) -> gpd.GeoDataFrame:
    """East in 5 m, north in 5 m, hour."""
    times = pd.to_datetime([at(hour) for *_, hour in rows], utc=True)
    xy = [shapely.Point(X + 5 * east, Y + 5 * north) for east, north, _ in rows]
    return gpd.GeoDataFrame({name: times}, geometry=xy, crs=27700)


ROWS = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(0, 60)), min_size=1, max_size=12
)


@given(ROWS, ROWS)
def test_the_search_finds_what_trying_each_pair_finds(
    dumps: list[tuple[int, int, int]], moments: list[tuple[int, int, int]]
) -> None:
    incidents = _points(dumps, "first_reported_at").assign(
        first_seen_at=pd.Series(pd.NaT, range(len(dumps)), "datetime64[us, UTC]"),
        last_clean_at=pd.Series(pd.NaT, range(len(dumps)), "datetime64[us, UTC]"),
    )
    cleaned = last_clean(incidents, _points(moments, "clean_at"))
    # By hand: 5 steps of 5 m are the 25 m of a place.
    expected = [
        max(
            (h for e, n, h in moments if (e - x) ** 2 + (n - y) ** 2 <= 25 and 0 < seen - h <= 24),
            default=None,
        )
        for x, y, seen in dumps
    ]
    assert [None if pd.isna(m) else (m - FRIDAY) / timedelta(hours=1) for m in cleaned] == expected
