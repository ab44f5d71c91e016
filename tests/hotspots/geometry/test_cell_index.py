import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.geometry import cell_index
from hotspots.geometry.cell_index import CellIndex, disc_counts

RADII = np.array([25.0, 50.0, 150.0])
spots = st.lists(
    st.tuples(st.integers(-300, 300), st.integers(-300, 300), st.integers(0, 2)), max_size=40
)


@settings(max_examples=60, deadline=None)
@given(spots, st.sampled_from([5, 4_000_000]))
def test_counts_are_those_of_measuring_every_pair(
    points: list[tuple[int, int, int]], chunk: int
) -> None:
    data = np.array(points, dtype=float).reshape(-1, 3)
    xy, layer = data[:, :2], data[:, 2].astype(int)
    every = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    same = layer[:, None] == layer[None]
    expected = np.stack([((every <= radius) & same).sum(axis=1) for radius in RADII], axis=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cell_index, "CHUNK", chunk)
        assert disc_counts(xy, RADII, layer).tolist() == expected.tolist()


def test_each_pair_comes_once() -> None:
    xy = np.random.default_rng(1).uniform(0, 500, (60, 2))
    pairs = {
        frozenset(pair)
        for a, b, _ in CellIndex(xy, 100.0).pairs()
        for pair in zip(a.tolist(), b.tolist(), strict=True)
    }
    every = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    assert pairs == {frozenset(pair) for pair in np.argwhere(np.triu(every <= 100, 1)).tolist()}
    assert sum(len(a) for a, _, _ in CellIndex(xy, 100.0).pairs()) == len(pairs)


@settings(max_examples=60, deadline=None)
@given(spots.filter(bool), spots.filter(bool))
def test_counts_about_centres_anywhere_are_those_of_measuring_every_pair(
    points: list[tuple[int, int, int]], centres: list[tuple[int, int, int]]
) -> None:
    xy, at = (np.array(part, dtype=float)[:, :2] for part in (points, centres))
    at *= 2  # some lie far outside
    every = np.hypot(*(at[:, None] - xy[None]).transpose(2, 0, 1))
    expected = np.stack([(every <= radius).sum(axis=1) for radius in RADII], axis=1)
    index = CellIndex(xy, RADII[-1])
    assert index.counts(at, RADII).tolist() == expected.tolist()
