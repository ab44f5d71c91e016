"""What is ruled out could not have mattered."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.geometry.candidates import one_in_each_cell, promising_rows
from hotspots.geometry.cell_index import disc_counts

RADII = np.array([25.0, 70.0, 150.0])
spots = st.lists(st.tuples(st.integers(0, 900), st.integers(0, 300)), min_size=1, max_size=60)


@settings(max_examples=100, deadline=None)
@given(spots, st.lists(st.integers(2, 9), min_size=3, max_size=3))
def test_no_disc_that_holds_enough_is_ruled_out(
    points: list[tuple[int, int]], least: list[int]
) -> None:
    xy = np.array(points, dtype=float)
    enough = (disc_counts(xy, RADII) >= np.array(least)).any(axis=1)
    assert set(np.flatnonzero(enough)) <= set(promising_rows(xy, RADII, np.array(least)))


def test_a_thin_map_is_ruled_out() -> None:
    xy = np.random.default_rng(1).uniform(0, 100_000, (2000, 2))
    assert len(promising_rows(xy, RADII, np.array([4, 5, 6]))) < 20


def test_a_long_thin_map_needs_no_huge_grid() -> None:
    xy = np.array([[0.0, 0.0], [1e7, 0.0], [1e7, 1.0], [1e7, 2.0]])
    assert promising_rows(xy, RADII, np.array([3, 3, 3])).tolist() == [1, 2, 3]


def test_one_point_in_each_cell_stays_the_same_when_rows_and_origin_change() -> None:
    xy = np.random.default_rng(2).integers(0, 100, (300, 2)).astype(float)
    kept = xy[one_in_each_cell(xy, 10.0)]
    assert len(kept) <= 100
    turned = xy[::-1] + 7_000.0
    again = turned[one_in_each_cell(turned, 10.0)] - 7_000.0
    assert sorted(map(tuple, kept)) == sorted(map(tuple, again))
    assert one_in_each_cell(np.empty((0, 2)), 10.0).tolist() == []
