"""The borough in charts: what they count, by hand, and that every chart has its table."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
import shapely
import time_machine
from flask.testing import FlaskClient

from geodata import places
from geodata.clearances.series_breaks import TABLE
from geodata.frames import grouped_counts
from geodata.models import ContractPeriod, Incident, RuleRow
from geodata.people.audit import Actor
from geodata.store.engine import Store
from hotspots.stats.control_limits import ControlLimits
from tests.filled_stores import filled_once
from tests.web.desk import run_now, scattered, store_incidents, weekly
from tests.web.page import Page
from web.charts.months import control_months_chart
from web.charts.plot import Plot
from web.charts.ward_map import ward_map
from web.services.hotspots.borough_record import (
    ControlMonths,
    MonthCount,
    Stretch,
    WardCount,
    control_months,
    ward_counts,
    ward_gap,
    ward_sentence,
    year_pair,
)
from web.services.hotspots.dark_hours import daylight

NOW = datetime(2026, 7, 31, 12, tzinfo=UTC)
WEST = (553_000, 174_000)


@pytest.fixture
@filled_once
def desk(council: Store) -> Store:
    """An incident a week in West from 2 August 2022 on (209 of them), and some elsewhere."""
    spots = [(*WEST, weekly(209, NOW - timedelta(days=3)))]
    store_incidents(council, spots + scattered(NOW), now=NOW)
    return council


@pytest.fixture
@filled_once
def west_alone(council: Store) -> Store:
    store_incidents(council, [(*WEST, weekly(209, NOW - timedelta(days=3)))], now=NOW)
    return council


def test_whole_months_are_counted_up_to_the_last(west_alone: Store) -> None:
    with west_alone.reading() as session:
        control = control_months(session, NOW.date())
    assert (control.months[0].first, control.months[-1].first) == (
        date(2023, 7, 1),
        date(2026, 6, 1),
    )
    # Tuesdays of June 2026: 2, 9, 16, 23, 30
    assert control.months[-1].incidents == 5
    assert control.sentence.startswith("June 2026 had 5 incidents, an ordinary month")


def test_another_contractor_is_marked_and_cuts_no_incidents(west_alone: Store) -> None:
    with west_alone.writing() as session:
        session.add(ContractPeriod(contractor="New firm", valid_from=date(2026, 3, 1)))
    with west_alone.reading() as session:
        control = control_months(session, NOW.date())
    assert [(s.start, s.end) for s in control.stretches] == [(0, 36)]
    assert control.breaks == ((32, "New firm took over the clearing"),)  # March is the 33rd
    assert control.sentence.startswith("June 2026 had 5 incidents, an ordinary month")


def test_a_new_form_starts_new_limits(west_alone: Store) -> None:
    with west_alone.writing() as session:
        day = date(2026, 3, 9)
        session.add(
            RuleRow(
                table_name=TABLE,
                valid_from=day,
                valid_to=day,
                values={"kind": "web_form", "what": "New form"},
                source="The council",
                created_at=NOW,
            )
        )
    with west_alone.reading() as session:
        control = control_months(session, NOW.date())
    assert [(s.start, s.end) for s in control.stretches] == [(0, 32), (32, 36)]
    assert control.stretches[1].limits is None  # four months
    assert "too few months are comparable" in control.sentence


def test_months_before_the_record_are_no_zeros(council: Store) -> None:
    store_incidents(council, [(*WEST, weekly(30, NOW - timedelta(days=3)))], now=NOW)
    with council.reading() as session:
        control = control_months(session, NOW.date())
    # 30 weeks back from 28 July: the record begins on 6 January 2026, and 7 days of leeway
    assert [month.incidents is None for month in control.months] == [True] * 30 + [False] * 6
    assert "None" not in control_months_chart(control).label


def test_months_outside_their_limits_are_marked() -> None:
    months = tuple(MonthCount(date(2026, m, 1), n) for m, n in enumerate([5, 9, 4], start=1))
    control = ControlMonths(months, (Stretch(0, 3, ControlLimits(6, 4.5, 8)),), ())
    assert control.unusual == [1, 2]
    marks = [t.text for t in control_months_chart(control).texts if t.text == "\u25b2"]
    assert len(marks) == 2
    assert (
        control.sentence == "March 2026 had 4 incidents, fewer than the 4 to 8 of ordinary months"
    )


def test_two_years_are_compared_up_to_the_same_day(west_alone: Store) -> None:
    with west_alone.reading() as session:
        pair = year_pair(session, NOW.date())
    # Tuesdays 6 January to 28 July 2026 are 30; 7 January to 29 July 2025 are 30
    assert (pair.until, pair.to_date, pair.to_date_before) == (date(2026, 7, 30), 30, 30)
    assert pair.this_year[5:] == (5, *[None] * 6)  # July is not over
    assert None not in pair.last_year


def test_wards_are_counted_over_a_year(west_alone: Store) -> None:
    with west_alone.writing() as session:
        [west] = places.wards_called(session, "West")
        session.query(Incident).update({"ward_id": west.id})
        wards = ward_counts(session, NOW.date())
        gap = ward_gap(session, NOW.date())
    # After 31 July 2025: Tuesdays 5 August to 28 July are 52
    assert [(w.name, w.incidents) for w in wards] == [("West", 52), ("East", 0)]
    assert ward_sentence(wards).startswith("West ward has the most: 52 of 52 incidents")
    assert "not whole" not in ward_sentence(wards, gap)


def test_the_map_of_wards_says_where_the_record_begins(council: Store) -> None:
    store_incidents(council, [(*WEST, weekly(30, NOW - timedelta(days=3)))], now=NOW)
    with council.reading() as session:
        words = ward_sentence(ward_counts(session, NOW.date()), ward_gap(session, NOW.date()))
    # 29 weeks before 28 July 2026
    assert words.endswith("The twelve months are not whole: the record begins on 6 January 2026")


def test_a_ward_is_drawn_to_scale_with_north_up() -> None:
    south = WardCount("South", 0, shapely.box(0, 0, 1000, 1000))
    north = WardCount("North", 8, shapely.box(0, 1000, 1000, 2000))
    drawing = ward_map([north, south], "x")
    upper, lower = (np.array(shape.rings[0]) for shape in drawing.shapes)
    assert upper[:, 1].max() == pytest.approx(lower[:, 1].min())
    assert np.ptp(upper[:, 0]) == pytest.approx(np.ptp(upper[:, 1]))
    # 8 and 0 a square kilometre, 4 on average: twice as many, and none
    assert [shape.css[-1] for shape in drawing.shapes] == ["3", "0"]


def test_items_are_counted_by_the_year_in_london(council: Store) -> None:
    midnight = datetime(2026, 1, 1, tzinfo=UTC)
    times = [midnight - timedelta(minutes=1), midnight, NOW]
    store_incidents(council, [(*WEST, times)], now=NOW)
    with council.writing() as session:
        rows = session.query(Incident).order_by(Incident.first_reported_at).all()
        for row, (cylinders, chargers) in zip(rows, [(2, None), (0, 40), (3, 5)], strict=True):
            row.cylinders, row.chargers = cylinders, chargers
    with council.reading() as session:
        years = grouped_counts.items_by_year(session, 2024, 2026)
    assert [vars(year) for year in years] == [
        {"year": 2024, "with_cylinders": 0, "with_chargers": 0, "cylinders": 0, "chargers": 0},
        {"year": 2025, "with_cylinders": 1, "with_chargers": 0, "cylinders": 2, "chargers": 0},
        {"year": 2026, "with_cylinders": 1, "with_chargers": 2, "cylinders": 3, "chargers": 45},
    ]


def test_the_sun_is_up_for_16_hours_in_june_and_8_in_december(council: Store) -> None:
    with council.reading() as session:
        june, december = daylight(session, 2026)
    # Almanac for London: 04:43 to 21:21 and 08:04 to 15:53
    assert (june.rises_h, june.sets_h) == pytest.approx((4.7, 21.35), abs=0.1)
    assert (december.rises_h, december.sets_h) == pytest.approx((8.07, 15.88), abs=0.1)


def test_a_line_has_a_gap_where_nothing_is_known() -> None:
    paths = Plot(5, 10).line([1, 2, None, 4, 5], "x")
    assert [len(path.points) for path in paths] == [2, 2]
    assert paths[0].points[-1][0] < paths[1].points[0][0]
    assert all(a[0] < b[0] for path in paths for a, b in pairwise(path.points))


@time_machine.travel(NOW)
def test_every_chart_has_its_reading_and_its_table(desk: Store, signed_in) -> None:
    with desk.writing() as session:
        run_now(session, Actor(None, NOW))
    page = Page.of(signed_in("officer").get("/officer/borough"))
    captions = [table.caption for table in page.tables]
    assert captions == [
        "Incidents by month and their limits",
        "Incidents by month of two years",
        "Incidents by ward in twelve months",
        "Cylinders and chargers by year, where somebody counted",
    ]


def test_an_empty_store_has_no_charts_of_nothing(council: Store, signed_in) -> None:
    answer = signed_in("officer").get("/officer/borough")
    assert answer.status_code == 200
    assert "not whole" in answer.text


def test_the_charts_are_for_officers(council: Store, client: FlaskClient) -> None:
    assert client.get("/officer/borough").status_code == 302
