"""The record month by month: counted when a run is saved, played on a map, said in a table."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import time_machine
from flask.testing import FlaskClient

from geodata.models import RunGrid
from geodata.people.audit import Actor
from geodata.store.engine import Store
from tests.filled_stores import filled_once
from tests.web.conftest import SignIn
from tests.web.desk import run_now, store_incidents, weekly
from tests.web.page import Page
from web.services.detection.month_counts import MOST_MONTHS, MOST_SQUARES, month_squares

NOW = datetime(2026, 7, 31, 12, tzinfo=UTC)
SPOT, ELSEWHERE = (553_050, 174_050), (553_350, 174_050)
# 31 May at 23:30 UTC is 1 June in London.
LONDON = ZoneInfo("Europe/London")
AT_THE_EDGE = [datetime(2026, 5, 31, hour, 30, tzinfo=UTC) for hour in (22, 23)]


def points(times: list[datetime], xy: np.ndarray) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"first_reported_at": pd.to_datetime(pd.Series(times, dtype="datetime64[us, UTC]"))},
        geometry=gpd.points_from_xy(*xy.T),
        crs=27700,
    )


@pytest.fixture
@filled_once
def desk(council: Store) -> Store:
    """Ten weekly incidents at one spot up to 28 July 2026, two at a month's edge elsewhere."""
    incidents = [(*SPOT, weekly(10, NOW - timedelta(days=3))), (*ELSEWHERE, AT_THE_EDGE)]
    store_incidents(council, incidents, now=NOW)
    with council.writing() as session:
        run_now(session, Actor(None, NOW))
    return council


@pytest.fixture
def officer(desk: Store, signed_in: SignIn) -> Iterator[FlaskClient]:
    with time_machine.travel(NOW):
        yield signed_in("officer")


def test_each_square_has_its_incidents_of_each_london_month() -> None:
    rng = np.random.default_rng(5)
    moments = [NOW - timedelta(hours=int(h)) for h in rng.integers(0, 24 * 900, 300)]
    xy = rng.uniform((550_000, 172_000), (551_000, 173_000), (300, 2))
    kept = month_squares(points(moments, xy), NOW)
    counted: Counter[tuple[float, float, str]] = Counter(
        (
            x // 100 * 100,
            y // 100 * 100,
            pd.Timestamp(at).tz_convert("Europe/London").strftime("%Y-%m"),
        )
        for (x, y), at in zip(xy, moments, strict=True)
    )
    entries = zip(kept.square, kept.month, kept.incidents, strict=True)
    assert {
        (kept.x[square], kept.y[square], f"{kept.firsts[month]:%Y-%m}"): incidents
        for square, month, incidents in entries
    } == counted


def test_what_is_kept_is_bounded_however_long_and_wide_the_record_is() -> None:
    rng = np.random.default_rng(6)
    moments = [NOW - timedelta(days=int(d)) for d in rng.integers(0, 365 * 20, 4_000)]
    kept = month_squares(points(moments, rng.uniform(0, 40_000, (4_000, 2))), NOW)
    assert kept.months == MOST_MONTHS
    assert kept.firsts[-1].isoformat() == "2026-07-01"
    assert len(kept.x) <= MOST_SQUARES
    begins = datetime(2016, 8, 1, tzinfo=LONDON)
    assert sum(kept.incidents) == sum(at >= begins for at in moments)


def test_a_record_without_incidents_has_no_square() -> None:
    kept = month_squares(points([], np.empty((0, 2))), NOW)
    assert (kept.first, kept.months, kept.x, kept.incidents) == ("2026-07", 1, [], [])


def test_the_page_shows_the_last_month_that_is_over_and_any_other(officer: FlaskClient) -> None:
    page = Page(officer.get("/officer/months").text)
    # Weekly up to 28 July: 2, 9, 16, 23 and 30 June are five, 26 May is one.
    assert page.headings[1] == "June 2026: 6 incidents in 2 squares of 100 metres"
    table = page.table("The fullest squares, each by its south-west corner")
    assert table.column("Grid reference") == ["TQ 530 740", "TQ 533 740"]
    assert table.column("Incidents") == ["5", "1"]
    together = Page(officer.get("/officer/months?month=2026-07&span=3").text)
    # May is not whole: its twelve incidents would be read as a quarter's.
    assert together.headings[1] == (
        "May to July 2026: no whole record, for the record begins on 26 May 2026"
    )
    assert Page(officer.get("/officer/months?month=nonsense&span=7").text).headings == page.headings


def test_months_before_the_record_are_no_zeros(officer: FlaskClient) -> None:
    page = Page(officer.get("/officer/months?month=2026-06&span=12").text)
    assert "no whole record" in page.headings[1]
    assert "the record begins in May 2026" in page.headings[1]
    film = officer.get("/officer/months.json").json
    assert film is not None
    assert [m["month"] for m in film["months"]] == ["2026-05", "2026-06", "2026-07"]
    assert [bool(m["why_not"][2]) for m in film["months"]] == [True, True, True]
    assert sum(incidents for _, _, incidents in film["entries"]) == 12
    # 553 050, 174 050 is 51.4450 N, 0.2003 E: the middle of its square.
    assert min(abs(lat - 51.4447) + abs(lon - 0.2003) for lat, lon in film["squares"]) < 0.001


def test_a_run_that_counted_no_months_says_what_to_do(desk: Store, officer: FlaskClient) -> None:
    with desk.writing() as session:
        session.query(RunGrid).filter(RunGrid.name == "months").delete()
    page = Page(officer.get("/officer/months").text)
    assert "The newest run did not count the months." in page.text
    assert officer.get("/officer/months.json").status_code == 404


def test_only_officers_see_it(signed_in: SignIn) -> None:
    assert signed_in("contractor").get("/officer/months").status_code == 403
