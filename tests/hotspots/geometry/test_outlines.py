"""Outlines cover their incidents, keep to the study area and have a centre one can stand on."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hotspots.core.errors import FrameError, ParameterError
from hotspots.geometry.outlines import centre, first_holding, outline

POINTS = arrays(np.float64, st.tuples(st.integers(1, 30), st.just(2)), elements=st.floats(0, 300))
AREA = shapely.box(0, 0, 150, 300).difference(shapely.box(50, 50, 100, 250))


@given(POINTS)
@settings(max_examples=60, deadline=None)
def test_outline_covers_every_incident_and_its_centre_lies_inside(xy: np.ndarray) -> None:
    shape = outline(xy)
    assert shape.is_valid
    assert shapely.contains_xy(shape, xy).all()
    assert shapely.contains_xy(shape, *centre(xy, shape))


@given(POINTS)
@settings(max_examples=60, deadline=None)
def test_clipped_outline_stays_in_the_area(xy: np.ndarray) -> None:
    xy = np.vstack([xy, [[10, 10]]])
    shape = outline(xy, AREA)
    assert shape.is_valid
    assert shape.difference(AREA.buffer(1e-6)).area == 0
    assert shapely.contains_xy(shape, *centre(xy, shape))


def test_one_incident_is_a_disc() -> None:
    # π · 25² = 1963.5 m²; a polygon of 64 sides is 0.2 % smaller.
    assert outline(np.zeros((1, 2))).area == pytest.approx(np.pi * 25**2, rel=0.005)
    assert outline(np.zeros((9, 2))).equals(outline(np.zeros((1, 2))))


def test_narrow_gap_is_filled_and_a_wide_one_is_not() -> None:
    # Discs of 25 m with centres 70 m apart leave a gap of 20 m; 100 m apart, of 50 m.
    assert outline(np.array([[0.0, 0], [70, 0]])).geom_type == "Polygon"
    assert outline(np.array([[0.0, 0], [100, 0]])).geom_type == "MultiPolygon"


def test_centre_of_a_bent_street_is_on_the_street() -> None:
    bend = np.array([[0.0, y] for y in range(0, 400, 20)] + [[x, 0.0] for x in range(0, 400, 20)])
    shape = outline(bend)
    # Their mean, (95, 95), is 95 m from the nearest incident.
    assert not shapely.contains_xy(shape, 95, 95)
    assert shapely.contains_xy(shape, *centre(bend, shape))


def test_centre_is_inside_even_when_every_incident_lies_outside_the_area() -> None:
    xy = np.array([[-10.0, 5], [-10, 25]])
    shape = outline(xy, shapely.box(0, 0, 100, 100))
    assert shapely.contains_xy(shape, *centre(xy, shape))


@given(st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_each_point_is_held_by_the_first_outline_that_touches_it(seed: int) -> None:
    rng = np.random.default_rng(seed)
    corner, size = rng.integers(0, 12, (6, 2)), rng.integers(1, 6, (6, 2))
    squares = shapely.box(*corner.T, *(corner + size).T)
    notched = shapely.difference(squares, shapely.box(4, 4, 6, 20))
    xy = rng.integers(0, 18, (40, 2)).astype(float)  # many lie on edges and corners
    touches = shapely.intersects(notched[None], shapely.points(xy)[:, None])
    expected = [int(row.argmax()) if row.any() else -1 for row in touches]
    assert first_holding(notched, xy).tolist() == expected


def test_nothing_to_outline_is_refused() -> None:
    with pytest.raises(FrameError, match="no incidents"):
        outline(np.empty((0, 2)))
    with pytest.raises(FrameError, match="study area"):
        outline(np.array([[5000.0, 5000]]), AREA)
    with pytest.raises(ParameterError):
        outline(np.zeros((1, 2)), buffer_m=0)
