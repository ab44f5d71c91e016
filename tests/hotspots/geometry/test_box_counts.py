"""Boxes hold what their discs hold, and what lies in their cells."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.geometry.box_counts import BoxCounts


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 50), st.integers(0, 10_000), st.sampled_from([10.0, 30.0, 75.0]))
def test_a_box_holds_the_points_of_its_cells_and_layer(n: int, seed: int, reach_m: float) -> None:
    rng = np.random.default_rng(seed)
    points, layer = rng.uniform(0, 300, (n, 2)), rng.integers(0, 3, n)
    boxes = BoxCounts(points, 25.0, layer, 3)
    cell = np.floor((points - points.min(axis=0)) / 25.0)
    apart = np.abs(cell[:, None] - cell[None]).max(axis=2)
    same = layer[:, None] == layer[None]
    expected = ((apart <= np.ceil(reach_m / 25.0)) & same).sum(axis=1)
    assert boxes.within(reach_m).tolist() == expected.tolist()
    assert boxes.at_points(boxes.everywhere(reach_m)).tolist() == expected.tolist()
