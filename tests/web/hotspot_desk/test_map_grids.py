"""Maps of a run: read from what was kept with it, and never more than a telephone can draw."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import time_machine
from flask.testing import FlaskClient

from geodata import detections, frames
from geodata.detections import Grid
from geodata.models import Incident, RunGrid
from geodata.people.audit import Actor
from geodata.store.engine import Store
from hotspots.forecast.intensity import risk_surface
from tests.filled_stores import filled_once
from tests.web.conftest import SignIn
from tests.web.desk import run_now, scattered, store_incidents, weekly
from web.services.detection import map_grids
from web.services.hotspots import board_layers

NOW = datetime(2026, 7, 31, 12, tzinfo=UTC)
SPOT = (553_050, 174_050)


@pytest.fixture
@filled_once
def desk(council: Store) -> Store:
    """Ten incidents within the window at one spot, one before it, and 30 here and there."""
    times = [*weekly(10, NOW - timedelta(days=3)), NOW - timedelta(days=400)]
    store_incidents(council, [(*SPOT, times), *scattered(NOW)], now=NOW)
    with council.writing() as session:
        run_now(session, Actor(None, NOW))
    return council


@pytest.fixture
def officer(desk: Store, signed_in: SignIn) -> Iterator[FlaskClient]:
    """Signed in, with the clock at NOW."""
    with time_machine.travel(NOW):
        yield signed_in("officer")


def test_the_surface_is_what_it_was_when_the_run_was_saved(desk: Store) -> None:
    with desk.reading() as session:
        shown = board_layers.expected_incidents(session)
        area = frames.study_area(session)
        anew = risk_surface(frames.incidents(session, as_of=NOW), area, as_of=NOW)
    assert shown.geometry.geom_equals(anew.geometry).all()
    np.testing.assert_array_equal(shown["expected_per_day"], anew["expected_per_day"])


def test_a_run_that_kept_no_grid_shows_the_same(desk: Store) -> None:
    with desk.reading() as session:
        kept = board_layers.expected_incidents(session)
    with desk.writing() as session:
        session.query(RunGrid).delete()
    with desk.reading() as session:
        assert board_layers.expected_incidents(session).equals(kept)


def test_few_incidents_are_drawn_one_by_one_and_many_as_squares(
    desk: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk.reading() as session:
        drawn = board_layers.run_incidents(session)
        run = detections.latest_run(session)
        kept = detections.grid_of(session, run.id, map_grids.DENSITY)
    # By hand: 10 of the spot, and of the 30 one every 12 days those of the last 12 months.
    assert len(drawn) == sum(kept.figures) == 10 + 30
    assert "when" in drawn
    monkeypatch.setattr(board_layers, "MOST_DRAWN", 12)
    with desk.reading() as session:
        squares = board_layers.run_incidents(session)
        here = board_layers.run_incidents(session, view=shapely.Point(SPOT).buffer(10).envelope)
    assert len(squares) <= 12
    assert squares["incidents"].sum() == 40
    assert "when" in here
    assert len(here) == 10


def test_squares_hold_what_a_loop_counts_in_them() -> None:
    rng = np.random.default_rng(4)
    at = rng.uniform(550_000, 552_000, (500, 2)).round()
    grid = map_grids.density_grid(gpd.GeoDataFrame(geometry=gpd.points_from_xy(*at.T), crs=27700))
    for most, size in ((10_000, 100), (150, 200), (30, 400)):
        expected = Counter((x // size * size, y // size * size) for x, y in at)
        drawn = map_grids.coarser(grid, most)
        assert drawn.size_m == size
        assert dict(zip(zip(drawn.x, drawn.y, strict=True), drawn.figures, strict=True)) == expected


def test_squares_hold_how_many_of_their_points_are_marked() -> None:
    rng = np.random.default_rng(4)
    at = rng.uniform(550_000, 552_000, (500, 2)).round()
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*at.T), crs=27700, index=range(7, 507))
    is_marked = pd.Series(rng.random(500) < 0.3, points.index)
    for most, size in ((10_000, 100), (150, 200), (30, 400)):
        expected = Counter((x // size * size, y // size * size) for x, y in at)
        marked = Counter((x // size * size, y // size * size) for x, y in at[is_marked])
        drawn = map_grids.squares(points, is_marked, most)
        corners = [tuple(each) for each in drawn.bounds[["minx", "miny"]].to_numpy()]
        assert (drawn.area == size**2).all()
        assert dict(zip(corners, drawn["incidents"], strict=True)) == expected
        assert dict(zip(corners, drawn["marked"], strict=True)) == {c: marked[c] for c in expected}


def test_a_view_takes_the_squares_that_it_touches() -> None:
    grid = Grid(100, [0, 100, 200], [0, 0, 0], [1, 2, 4])
    assert map_grids.within(grid, shapely.box(150, 10, 190, 20)).figures == [2]
    assert map_grids.within(grid, shapely.box(90, 10, 250, 20)).figures == [1, 2, 4]


@pytest.mark.parametrize("view", ["0.19,51.43,0.21,51.45", "nonsense", "", "nan,1,2,3", "1,2,3"])
def test_any_view_in_an_address_is_answered(desk: Store, officer: FlaskClient, view: str) -> None:
    answer = officer.get("/officer/incidents.geojson", query_string={"view": view})
    assert answer.status_code == 200


def test_the_map_of_a_long_record_is_small(desk: Store, officer: FlaskClient) -> None:
    rng = np.random.default_rng(5)
    places = rng.uniform((552_000, 173_000), (560_000, 176_000), (2_600, 2))
    with desk.writing() as session:
        session.add_all(
            Incident(
                key=f"L{n}",
                geometry=shapely.Point(place),
                first_reported_at=NOW - timedelta(hours=n),
                last_reported_at=NOW,
                reports=1,
                state="cleared",
            )
            for n, place in enumerate(places)
        )
    with desk.writing() as session:
        run_now(session, Actor(None, NOW))
    answer = officer.get("/officer/incidents.geojson")
    assert len(answer.json["features"]) <= board_layers.MOST_DRAWN
    assert len(answer.get_data()) < 700_000  # some 70 kB compressed
