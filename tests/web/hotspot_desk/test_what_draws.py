"""What draws dumping: learnt by a run from what the store holds, kept, and read on its page."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
import shapely

from geodata import detections, frames, places
from geodata.core.vocabulary import PlaceKind
from geodata.models import CovariateFeature, Street
from geodata.people.audit import Actor
from geodata.store.engine import Store
from tests.filled_stores import filled_once
from tests.web.conftest import SignIn
from tests.web.desk import run_now, scattered, store_incidents
from tests.web.page import Page
from web.services.detection import knowledge, what_draws
from web.services.detection.at_risk import AtRisk

NOW = datetime(2026, 7, 31, 12, tzinfo=UTC)
CAR_PARKS = [(552_500, 173_500), (553_400, 174_600), (554_700, 173_700), (555_300, 174_500)]


@pytest.fixture
@filled_once
def town(council: Store) -> Store:
    """Ten dumps on different nights by each of four car parks, and thirty all over."""
    times = [NOW - timedelta(days=9 * k, hours=4) for k in range(10)]
    spots = [(x + 20, y, times) for x, y in CAR_PARKS]
    store_incidents(council, [*spots, *scattered(NOW)], now=NOW)
    with council.writing() as session:
        for number, at in enumerate(CAR_PARKS):
            places.add(session, PlaceKind.CAR_PARK, f"Car park {number}", shapely.Point(at))
        places.add(session, PlaceKind.STATION, "The only station", shapely.Point(553_000, 174_000))
        session.add(
            Street(
                name="High Road",
                road_class="A Road",
                geometry=shapely.LineString([(552_000, 174_000), (556_000, 174_000)]),
            )
        )
        run_now(session, Actor(None, NOW))
    return council


def test_the_page_says_how_much_more_is_dumped_beside_car_parks(
    town: Store, signed_in: SignIn
) -> None:
    page = Page.of(signed_in("officer").get("/officer/what-draws"))
    table = page.table("By kind of place: how many times the dumping far from it")
    assert table.column("Kind") == ["Car parks"]  # of stations and main roads there is one each
    row = table.rows[0]
    # By hand: four car parks in three months each, of those and the thirty single dumps.
    assert row["Dumping within 100 m"] == "29%"
    # All twelve lie within 30 m of four car parks: no finer multiple can be told from four.
    assert "Beside car parks: more than 20 times the dumping far from them" in page.text
    assert row["Places with dumping"] == "4 of 4"
    assert row["Ground within 100 m"] != "0%"
    assert "not why" in page.text


def test_what_the_page_reads_is_what_the_run_kept(town: Store) -> None:
    with town.reading() as session:
        run = detections.latest_run(session)
        assert run is not None
        learnt = what_draws.read(run.summary)
    assert learnt is not None
    (row,) = learnt.nearnesses
    assert row.low > 1
    assert row.features == row.features_struck == 4
    assert learnt.differences[0].startswith("Beside car parks: more than 20 times")
    near = np.hypot(*(np.array(CAR_PARKS)[:, None] - _centres()).transpose(2, 0, 1)).min(axis=0)
    assert row.ground_near == pytest.approx(np.mean(near <= 100), abs=1e-3)


def _centres() -> np.ndarray:
    x, y = np.meshgrid(np.arange(552_050, 556_000, 100), np.arange(173_050, 175_000, 100))
    return np.column_stack([x.ravel(), y.ravel()])


def test_wards_tell_of_people_where_enough_are_known_and_places_only_while_they_stand(
    town: Store,
) -> None:
    with town.reading() as session:
        area = frames.study_area(session)
        known = knowledge.knowledge_of(session, area, AtRisk(), as_of=NOW)
    assert known.areas is not None
    assert known.areas.empty  # two wards are too few to compare
    assert known.features is not None
    assert set(known.features["kind"]) == {"car parks"}
    with town.writing() as session:
        for place in session.scalars(places.current(None, PlaceKind.CAR_PARK)):
            place.valid_to = date(2026, 1, 1)
    with town.reading() as session:
        closed = knowledge.knowledge_of(session, area, AtRisk(), as_of=NOW)
    assert closed.features is None


def test_a_run_without_places_says_what_is_lacking(council: Store, signed_in: SignIn) -> None:
    officer = signed_in("officer")
    assert "No detection has run yet" in Page.of(officer.get("/officer/what-draws")).text
    store_incidents(council, scattered(NOW), now=NOW)
    with council.writing() as session:
        run_now(session, Actor(None, NOW))
    assert "Nothing to learn from" in Page.of(officer.get("/officer/what-draws")).text


def test_an_imported_kind_stands_instead_of_the_few_that_were_named(town: Store) -> None:
    spots = [(552_500, 173_500), (553_400, 174_600), (554_700, 173_700), (555_300, 174_500)]
    with town.writing() as session:
        for x, y in [*spots, (552_200, 174_700)]:
            for kind in ("car parks", "pubs, bars and clubs"):
                session.add(CovariateFeature(kind=kind, geometry=shapely.Point(x, y)))
    with town.reading() as session:
        area = frames.study_area(session)
        known = knowledge.knowledge_of(session, area, AtRisk(), as_of=NOW)
    assert known.features is not None
    # of car parks the five of the import, not the four places beside them
    assert known.features["kind"].value_counts().to_dict() == {
        "car parks": 5,
        "pubs, bars and clubs": 5,
    }
