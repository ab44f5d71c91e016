"""The borough week by week: what is on record, what a bound takes, and an unusual week."""

from datetime import UTC, date, datetime, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from sqlalchemy import select

from geodata import detections
from geodata.models import OutboxMessage
from geodata.people.audit import Actor
from geodata.store.engine import Store
from tests.web.conftest import SignIn
from tests.web.desk import run_now, scattered, store_incidents
from tests.web.page import Page
from web.charts.control import control_chart
from web.services.alerts import spike_alerts
from web.services.detection import weekly_watch
from web.services.detection.weekly_watch import Week, WeeklyWatch
from web.services.mail.letters import Sender

NOW = datetime(2026, 7, 31, 12, tzinfo=UTC)  # a Friday: the last whole week is that of 20 July
BEGINS = datetime(2020, 1, 1, tzinfo=UTC)


def reported(*mornings: str) -> gpd.GeoDataFrame:
    """Reported at seven UTC: dumped in the night before."""
    times = pd.to_datetime([f"{day}T07:00Z" for day in mornings], utc=True)
    points = gpd.points_from_xy(np.arange(len(times)) * 1_000.0, np.zeros(len(times)))
    return gpd.GeoDataFrame({"first_reported_at": times}, geometry=points, crs=27700)


def steady(a_week: int, last_week: int | None = None) -> gpd.GeoDataFrame:
    """So many a week since 2020, and another number in the week of 20 July 2026."""
    mondays = pd.date_range("2020-01-06", "2026-07-20", freq="7D")
    counts = [a_week] * (len(mondays) - 1) + [a_week if last_week is None else last_week]
    days = np.repeat(mondays, counts) + pd.Timedelta(days=2)
    return reported(*days.strftime("%Y-%m-%d"))


def watch_of(incidents: gpd.GeoDataFrame, begins: datetime | None) -> WeeklyWatch:
    watch = weekly_watch.read({"weeks": weekly_watch.reckon(incidents, begins=begins, as_of=NOW)})
    assert watch is not None
    return watch


def test_weeks_before_the_record_begins_are_not_known_and_empty_ones_since_are_zero() -> None:
    # The record begins on Wednesday 1 July with a report from elsewhere. Its own week is not
    # whole; that of 6 July had nothing here, that of 13 July two, that of 20 July nothing.
    watch = watch_of(reported("2026-07-15", "2026-07-16"), datetime(2026, 7, 1, 9, tzinfo=UTC))
    assert [(week.first, week.incidents) for week in watch.weeks] == [
        (date(2026, 7, 6), 0),
        (date(2026, 7, 13), 2),
        (date(2026, 7, 20), 0),
    ]


def test_a_record_that_begins_on_a_monday_has_that_week_whole() -> None:
    watch = watch_of(reported("2026-07-15"), datetime(2026, 7, 13, 9, tzinfo=UTC))
    assert [week.first for week in watch.weeks] == [date(2026, 7, 13), date(2026, 7, 20)]


@pytest.mark.parametrize("begins", [None, NOW - timedelta(days=2), NOW + timedelta(days=2)])
def test_without_a_whole_week_there_is_nothing_to_show(begins: datetime | None) -> None:
    watch = watch_of(reported("2026-07-30"), begins)
    assert watch.weeks == ()
    assert watch.last is None
    assert not watch.is_long_enough


def test_a_long_record_has_a_year_of_bounds_and_a_planted_week_stands_out() -> None:
    watch = watch_of(steady(6, last_week=20), BEGINS)
    assert len(watch.weeks) == 52
    assert watch.is_long_enough
    assert [week.first for week in watch.weeks if week.is_unusual] == [date(2026, 7, 20)]
    assert watch.too_few == 0
    # Six every week: expected is six, and the bound Poisson's, P(N > 12) = 0.9 % < 1 %
    assert watch.weeks[0].expected == pytest.approx(6, abs=0.01)
    assert watch.weeks[0].upper == 12


def test_weeks_in_which_hardly_anything_happened_have_no_bound() -> None:
    watch = watch_of(steady(1), BEGINS)  # four in four weeks, and it takes five
    assert watch.is_long_enough
    assert watch.too_few == 52
    assert not any(week.is_unusual for week in watch.weeks)


def test_a_short_record_says_when_it_will_be_long_enough() -> None:
    # Monday 6 July 2020 plus three weeks is 27 July; four years on, 27 July 2024, the nearest
    # Monday is the 29th: that week can be judged, and is over on 5 August.
    watch = watch_of(reported("2020-07-08"), datetime(2020, 7, 6, 9, tzinfo=UTC))
    assert watch.bounded_from == date(2024, 7, 29)
    assert watch.known_on == date(2024, 8, 5)


def with_weeks(store: Store, incidents: gpd.GeoDataFrame, begins: datetime) -> int:
    """A run of the store that kept the weeks of another record."""
    store_incidents(store, scattered(NOW), now=NOW)
    with store.writing() as session:
        run_id = run_now(session, Actor(None, NOW)).run_id
        run = detections.find_run(session, run_id)
        weeks = weekly_watch.reckon(incidents, begins=begins, as_of=NOW)
        run.summary = run.summary | {"weeks": weeks}
    return run_id


def test_page_and_board_tell_an_unusual_week(council: Store, signed_in: SignIn) -> None:
    with_weeks(council, steady(6, last_week=20), BEGINS)
    officer = signed_in("officer")
    page = Page.of(officer.get("/officer/weeks"))
    rows = page.table("Incidents by week").rows
    assert len(rows) == 52
    newest = {"Week from": "20 Jul 2026", "Incidents": "20", "Bound": "12"}
    assert newest.items() <= rows[0].items()
    assert [row["Above the bound"] for row in rows] == ["Yes", *["No"] * 51]
    for address in ("/officer/weeks", "/officer/hotspots"):
        text = Page.of(officer.get(address)).text
        assert "The week from Monday 20 July 2026 was out of the ordinary: 20 incidents" in text
        assert "only once in 100 weeks" in text


def test_the_page_of_a_short_record_has_counts_and_says_what_is_missing(
    council: Store, signed_in: SignIn
) -> None:
    store_incidents(council, scattered(NOW), now=NOW)
    with council.writing() as session:
        run_now(session, Actor(None, NOW))
    page = Page.of(signed_in("officer").get("/officer/weeks"))
    # The oldest of the scattered is 348 days old: Sunday 17 August 2025. The first whole week is
    # that of the 18th; three weeks and four years on, 8 September 2029, the nearest Monday is the
    # 10th, and its week is over on the 17th.
    assert "can be told from Monday 17 September 2029 on" in page.text
    assert "this one begins on Sunday 17 August 2025" in page.text
    rows = page.table("Incidents by week").rows
    assert rows[-1]["Week from"] == "18 Aug 2025"
    assert {row["Above the bound"] for row in rows} == {"Not known"}


def test_the_page_says_that_too_little_happened(council: Store, signed_in: SignIn) -> None:
    with_weeks(council, steady(1), BEGINS)
    text = Page.of(signed_in("officer").get("/officer/weeks")).text
    assert "Fewer than five in four weeks are too few" in text
    assert "52 weeks have no bound" in text


def test_before_the_first_run_the_page_leads_to_the_detection(
    council: Store, signed_in: SignIn
) -> None:
    page = Page.of(signed_in("officer").get("/officer/weeks"))
    assert page.link("Run it now") == "/officer/hotspots/detection"


def test_an_unusual_week_is_mailed_once(council: Store) -> None:
    run_id = with_weeks(council, steady(6, last_week=20), BEGINS)
    sender = Sender("Testford", "https://canisters.example")
    with council.writing() as session:
        for reader in ("a@council.example", "b@council.example"):
            spike_alerts.tell_of_rises(session, sender, [reader], run_id, now=NOW)
    with council.reading() as session:
        (mail,) = session.scalars(select(OutboxMessage))
    assert mail.subject == "A week with more dumping than usual"
    assert "20 incidents in the week from 20 July 2026" in mail.body


def test_the_chart_has_a_gap_where_no_bound_is_and_marks_what_is_above() -> None:
    first = date(2026, 6, 1)
    bounds = [9.0, 9.0, None, 9.0]
    weeks = [
        Week(first + n * timedelta(days=7), 4 if n else 10, bound and 5.0, bound)
        for n, bound in enumerate(bounds)
    ]
    drawing = control_chart(weeks)
    assert len(drawing.rects) == 4
    # Two stretches of the bound: of two weeks and of one, each with two corners a week
    lengths = [len(path.points) for path in drawing.paths if path.css == "chart-line"]
    assert lengths == [4, 2]
    assert [text.text for text in drawing.texts].count("▲") == 1
    # The scale goes to 12 (4, 8 and 12 are marked): the bar of 10 is 10/12 of 200 high, that of 4
    # a third of it.
    assert [round(rect.height) for rect in drawing.rects] == [167, 67, 67, 67]
