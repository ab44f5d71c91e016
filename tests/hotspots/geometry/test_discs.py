"""The union from few discs is the union of them all."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hotspots.geometry.discs import union_of_discs

SPREAD = st.sampled_from([40.0, 150.0, 600.0])
POINTS = st.tuples(st.integers(1, 60), SPREAD).flatmap(
    lambda size: arrays(np.float64, (size[0], 2), elements=st.floats(0, size[1]), unique=True)
)


def brute(xy: np.ndarray, radius_m: float) -> shapely.Geometry:
    return shapely.union_all(shapely.buffer(shapely.points(xy), radius_m, quad_segs=16))


@given(POINTS)
@settings(max_examples=150, deadline=None)
def test_few_discs_cover_what_all_of_them_cover(xy: np.ndarray) -> None:
    shape, twin = union_of_discs(xy, 40), brute(xy, 40)
    assert shape.is_valid
    # A disc of 64 sides falls short of a true one by 40 (1 - cos(π/64)) = 5 cm at most.
    assert shape.symmetric_difference(twin).area < 0.05 * twin.length


@pytest.mark.parametrize("crowd", range(20))
def test_a_crowd_has_the_same_area_and_the_same_parts(crowd: int) -> None:
    xy = np.random.default_rng(crowd).normal(0, 15 + 5 * crowd, (200, 2))
    shape, twin = union_of_discs(xy, 40), brute(xy, 40)
    assert shape.area == pytest.approx(twin.area, rel=1e-6)
    assert len(shapely.get_parts(shape)) == len(shapely.get_parts(twin))


def test_a_ring_of_points_keeps_its_hole() -> None:
    turn = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    ring = 200 * np.column_stack([np.cos(turn), np.sin(turn)])
    shape = union_of_discs(ring, 40)
    assert len(shape.interiors) == 1
    # The hole: nearer to the middle than about 160 m.
    assert shapely.Polygon(shape.interiors[0]).area == pytest.approx(np.pi * 160**2, rel=0.02)


def test_points_on_one_line_and_points_twice_have_their_union() -> None:
    line = np.column_stack([np.arange(0.0, 300, 30), np.zeros(10)])
    for xy in (line, line[:1], line[:2], np.vstack([line, line])):
        assert union_of_discs(xy, 40).equals(brute(xy, 40))
