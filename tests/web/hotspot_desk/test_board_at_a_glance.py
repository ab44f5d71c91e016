"""The board at a glance: months as bars, and what holds for every place said once."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import time_machine

from geodata.people.audit import Actor
from geodata.posters import interventions
from geodata.store.engine import Store
from tests.filled_stores import filled_once
from tests.web.desk import run_now, scattered, store_incidents, weekly
from tests.web.page import Page
from web.charts.sparkline import TALL, sparkline
from web.services.detection import borough_hours
from web.services.hotspots.hotspot_board import BOROUGH_PATTERN, board

NOW = datetime(2026, 7, 31, 12, tzinfo=UTC)
ACTOR = Actor(None, NOW)
WEST, EAST = (553_000, 174_000), (555_000, 174_500)


@pytest.fixture
@filled_once
def desk(council: Store) -> Store:
    """Twelve weekly incidents in West up to 28 July, eight in East up to 22 January."""
    spots = [
        (*WEST, weekly(12, NOW - timedelta(days=3))),
        (*EAST, weekly(8, NOW - timedelta(days=190))),
    ]
    store_incidents(council, spots + scattered(NOW), now=NOW)
    with council.writing() as session:
        run_now(session, ACTOR)
    return council


def test_incidents_are_counted_by_month_up_to_the_runs_day(desk: Store) -> None:
    with desk.reading() as session:
        west, east = board(session, today=NOW.date()).rows
    # West: Tuesdays 12, 19, 26 May; 2 to 30 June; 7 to 28 July. Months end on 31 July, 30 June (the
    # month before has no 31st), 31 May, 30 April; so May has 3, June 5 and July 4.
    assert west.months == (0,) * 9 + (3, 5, 4)
    # East: Thursdays 4 December to 22 January. The month to 31 December has 4 and the next 4.
    assert (sum(east.months), east.months[4], east.months[5]) == (8, 4, 4)


def test_what_is_in_force_at_every_place_is_said_once(desk: Store) -> None:
    camera = {"kind": "lighting", "valid_from": date(2026, 1, 1), "valid_to": None}
    both = shapely.union_all([shapely.Point(WEST).buffer(9), shapely.Point(EAST).buffer(9)])
    with desk.writing() as session:
        interventions.add(session, ACTOR, both, name="Everywhere", **camera)
        interventions.add(session, ACTOR, shapely.Point(WEST), name="West alone", **camera)
        shown = board(session, today=NOW.date())
    assert shown.everywhere == ["Everywhere"]


@time_machine.travel(NOW)
def test_the_board_shows_each_places_own_hours_or_the_boroughs_pattern(
    desk: Store, signed_in
) -> None:
    table = Page.of(signed_in("officer").get("/officer/hotspots")).table("Hotspots")
    with desk.reading() as session:
        shown = board(session, today=NOW.date())
    cells = zip(table.rows, shown.rows, strict=True)
    assert all(cell["Hot hours"].endswith(shown.hours_of(row)) for cell, row in cells)


def test_a_place_with_few_known_hours_has_the_boroughs_pattern(desk: Store) -> None:
    with desk.reading() as session:
        shown = board(session, today=NOW.date())
    shown = replace(shown, borough_hours="Fri and Sat 21:00-01:00")

    def hours(text: str, prior: float) -> str:
        evidence = replace(shown.rows[0].evidence, hot_hours=text, prior_share=prior)
        return shown.hours_of(replace(shown.rows[0], evidence=evidence))

    assert hours("Sat 22:00-02:00: 60%", 0.8) == BOROUGH_PATTERN
    assert hours("Fri and Sat 21:00-01:00: 60%", 0.1) == BOROUGH_PATTERN
    assert hours("Sun 04:00-08:00: 60%", 0.1) == "Sun 04:00-08:00"
    assert replace(shown, borough_hours="").hours_of(shown.rows[0]) != BOROUGH_PATTERN


def test_the_boroughs_hours_are_those_of_the_nights_that_were_planted() -> None:
    fridays = pd.date_range("2026-01-02T21:00Z", periods=20, freq="7D")
    incidents = gpd.GeoDataFrame(
        {"last_clean_at": fridays, "first_reported_at": fridays + pd.Timedelta(hours=2)},
        geometry=[shapely.Point(0, 0)] * 20,
        crs=27700,
    )
    shares = borough_hours.reckon(incidents, as_of=NOW)
    # Friday is day 4: hours 21 and 22 in winter are 117 and 118, an hour later in summer
    assert np.sum(shares[117:120]) > 0.9
    assert borough_hours.in_short(tuple(shares)).startswith("Fri 2")
    assert borough_hours.reckon(incidents.iloc[:0], as_of=NOW) is None
    assert borough_hours.in_short(borough_hours.read({})) == ""


def test_the_tallest_bar_of_a_sparkline_fills_it_and_few_incidents_do_not() -> None:
    assert [bar.height for bar in sparkline([0, 4, 8]).rects] == [0, TALL / 2, TALL]
    assert [bar.height for bar in sparkline([1, 0]).rects] == [TALL / 4, 0]
    assert "oldest first: 0, 4, 8" in sparkline([0, 4, 8]).label
