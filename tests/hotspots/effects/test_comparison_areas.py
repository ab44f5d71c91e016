"""Comparison areas: the busiest discs that do not overlap, out of reach, most like the treated."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.core.errors import ParameterError
from hotspots.effects.comparison_areas import candidate_areas, propose_areas

NOWHERE = shapely.Polygon()
points = st.lists(st.tuples(st.integers(0, 600), st.integers(0, 600)), max_size=40)


@settings(max_examples=60, deadline=None)
@given(points)
def test_every_disc_holds_what_it_says_and_none_overlap(xy: list[tuple[int, int]]) -> None:
    array = np.array(xy, dtype=float).reshape(-1, 2)
    table = candidate_areas(array, radius_m=50, apart_m=120, keep_out=NOWHERE)
    centres = table[["x", "y"]].to_numpy(dtype=float)
    for (x, y), dumps in zip(centres, table["incidents"], strict=True):
        inside = [1 for a, b in xy if (a - x) ** 2 + (b - y) ** 2 <= 50**2]
        assert dumps == len(inside)
    for i, one in enumerate(centres):
        assert all(np.hypot(*(one - other)) >= 120 for other in centres[:i])
    assert table["incidents"].is_monotonic_decreasing


@settings(max_examples=30, deadline=None)
@given(points, st.randoms(use_true_random=False))
def test_the_order_of_the_dumps_does_not_matter(xy: list[tuple[int, int]], random) -> None:
    shuffled = list(xy)
    random.shuffle(shuffled)
    options = {"radius_m": 50, "apart_m": 120, "keep_out": NOWHERE}
    one, other = (
        candidate_areas(np.array(some, dtype=float).reshape(-1, 2), **options)
        for some in (xy, shuffled)
    )
    assert one.equals(other)


def test_no_disc_meets_the_ground_that_is_kept_out() -> None:
    xy = np.array([[100, 0], [100, 0], [151, 0], [300, 0]], dtype=float)
    table = candidate_areas(xy, radius_m=50, apart_m=100, keep_out=shapely.box(-100, -100, 100, 9))
    # 151 lies 51 m from the kept ground, so its disc just misses it; 100 lies on its edge.
    assert table["x"].tolist() == [151.0, 300.0]


def test_no_more_are_offered_than_asked_for() -> None:
    xy = np.array([[500 * k, 0] for k in range(10)], dtype=float)
    assert len(candidate_areas(xy, radius_m=50, apart_m=100, keep_out=NOWHERE, at_most=4)) == 4


def test_the_most_alike_are_proposed_each_once() -> None:
    xy = np.array([[0, 0]] * 9 + [[500, 0]] * 6 + [[1000, 0]] * 5 + [[1500, 0]], dtype=float)
    table = candidate_areas(xy, radius_m=50, apart_m=100, keep_out=NOWHERE)
    assert table["incidents"].tolist() == [9, 6, 5, 1]
    # The site of 9 takes 9, the site of 6 takes 6: one each.
    assert propose_areas(table, np.array([6, 9]), n_each=1).tolist() == [True, True, False, False]


def test_a_record_without_dumps_offers_nothing() -> None:
    table = candidate_areas(np.empty((0, 2)), radius_m=50, apart_m=100, keep_out=NOWHERE)
    assert propose_areas(table, np.array([3])).tolist() == []


def test_discs_that_must_overlap_are_refused() -> None:
    with pytest.raises(ParameterError, match="must not overlap"):
        candidate_areas(np.zeros((1, 2)), radius_m=60, apart_m=100, keep_out=NOWHERE)
