"""Study areas that would take minutes to mend or merge are refused before."""

import time

import geopandas as gpd
import numpy as np
import pytest
import shapely

from hotspots.core.crossings import MOST_CROSSINGS, about_crossings
from hotspots.core.errors import FrameError
from hotspots.core.frames import area_geometry


def star(corners: int) -> shapely.Polygon:
    """Each side leads to the corner half way round: n(n-3)/2 crossings for odd n."""
    turns = np.arange(corners) * (corners // 2) * 2 * np.pi / corners
    return shapely.Polygon(1_000 * np.column_stack([np.cos(turns), np.sin(turns)]) + 500_000)


def comb(teeth: int, *, is_upright: bool) -> shapely.Polygon:
    """A valid outline with long thin teeth; two that lie across each other cross 4n² times."""
    at = np.repeat(np.arange(2 * teeth), 2).astype(float)
    height = np.tile([0.0, 2.0 * teeth, 2.0 * teeth, 0.0], teeth)
    edge = np.column_stack([at, height])
    corners = np.vstack([edge, [2 * teeth - 1.0, -1], [0, -1]])
    return shapely.Polygon((corners if is_upright else corners[:, ::-1]) + 500_000)


def area(*shapes: shapely.Polygon) -> gpd.GeoSeries:
    return gpd.GeoSeries([*shapes], crs=27700)


def test_crossings_are_counted_as_by_hand() -> None:
    assert about_crossings(star(7)) == 14  # 7 * 4 / 2, each side sampled
    pair = np.array([shapely.box(0, 0, 2, 2), shapely.box(1, 1, 3, 3)])
    assert about_crossings(pair) == 2
    apart = np.array([shapely.box(3 * n, 0, 3 * n + 1, 1) for n in range(200)])
    assert about_crossings(apart) == 0  # nothing leads from one to the next


@pytest.mark.parametrize(
    "shapes",
    [(star(2_001),), (comb(400, is_upright=True), comb(400, is_upright=False))],
    ids=["crosses itself", "two valid ones cross each other"],
)
def test_an_area_without_end_is_refused_at_once(shapes: tuple[shapely.Polygon, ...]) -> None:
    began = time.process_time()
    with pytest.raises(FrameError, match="crosses itself about"):
        area_geometry(area(*shapes), crs=None)
    assert time.process_time() - began < 5
    assert about_crossings(np.array(shapes)) > MOST_CROSSINGS


def test_slips_are_mended_and_neighbours_merged_as_before() -> None:
    bow = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])  # two triangles of 25 m²
    moved = shapely.transform(bow, lambda xy: xy + 500_000)
    assert area_geometry(area(moved), crs=None).area == pytest.approx(50)
    boxes = (shapely.box(500_000 + n, 0, 500_001.5 + n, 1) for n in range(3))
    assert area_geometry(area(*boxes), crs=None).area == pytest.approx(3.5)
