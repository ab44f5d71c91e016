"""Density clusters are DBSCAN's: scikit-learn and the definition itself are the oracles."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.cluster import DBSCAN

from hotspots.core.errors import FrameError, ParameterError
from hotspots.geometry.clusters import density_clusters, density_clusters_tiled, split_at_valleys

# Whole metres in a small square: duplicates, ties and points at exactly eps are common.
POINTS = (
    st.integers(0, 60)
    .flatmap(lambda n: arrays(np.int64, (n, 2), elements=st.integers(0, 40)))
    .map(lambda a: a.astype(float))
)
EPS = st.sampled_from([1.0, 3.0, 5.0, 6.5])
MIN_POINTS = st.integers(1, 6)


def same_partition(a: np.ndarray, b: np.ndarray) -> bool:
    """Equal as partitions: the pairs of labels are one to one."""
    pairs = set(zip(a.tolist(), b.tolist(), strict=True))
    return len(pairs) == len({x for x, _ in pairs}) == len({y for _, y in pairs})


@given(POINTS, EPS, MIN_POINTS)
@settings(max_examples=150, deadline=None)
def test_partition_of_core_points_and_the_noise_equal_scikit_learn(xy, eps_m, min_points) -> None:
    ours = density_clusters(xy, eps_m=eps_m, min_points=min_points)
    if len(xy) == 0:
        assert len(ours) == 0
        return
    theirs = DBSCAN(eps=eps_m, min_samples=min_points).fit(xy)
    core = theirs.core_sample_indices_
    assert same_partition(ours[core], theirs.labels_[core])
    assert ((ours == -1) == (theirs.labels_ == -1)).all()


@given(POINTS, EPS, MIN_POINTS)
@settings(max_examples=100, deadline=None)
def test_border_point_joins_the_cluster_of_a_nearest_core_point(xy, eps_m, min_points) -> None:
    ours = density_clusters(xy, eps_m=eps_m, min_points=min_points)
    apart = np.hypot(*(xy[:, None, :] - xy[None, :, :]).transpose(2, 0, 1))
    core = np.flatnonzero((apart <= eps_m).sum(axis=1) >= min_points)
    for row in np.flatnonzero(ours >= 0):
        to_own = apart[row, core[ours[core] == ours[row]]].min()
        assert to_own == apart[row, core].min() <= eps_m


@given(POINTS, EPS, MIN_POINTS, st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_order_of_rows_and_the_origin_of_the_map_change_nothing(xy, eps_m, min_points, random):
    order = list(range(len(xy)))
    random.shuffle(order)
    ours = density_clusters(xy, eps_m=eps_m, min_points=min_points)
    moved = density_clusters(xy[order] + (531_000, 175_000), eps_m=eps_m, min_points=min_points)
    assert same_partition(ours[order], moved)


@given(POINTS, EPS, MIN_POINTS, st.sampled_from([13.0, 17.0, 40.0]))
@settings(max_examples=150, deadline=None)
def test_tiles_give_exactly_the_labels_of_the_whole(xy, eps_m, min_points, tile_m) -> None:
    labels = density_clusters(xy, eps_m=eps_m, min_points=min_points)
    tiled = density_clusters_tiled(xy, eps_m=eps_m, min_points=min_points, tile_m=tile_m)
    assert tiled.tolist() == labels.tolist()


def test_chain_over_many_tiles_is_one_cluster() -> None:
    xy = np.column_stack([np.arange(0, 2000, 10.0), np.zeros(200)])
    labels = density_clusters_tiled(xy, eps_m=10, min_points=3, tile_m=50)
    assert set(labels.tolist()) == {0}


def test_no_points_one_point_and_equal_points() -> None:
    assert density_clusters(np.empty((0, 2)), eps_m=1, min_points=1).tolist() == []
    assert density_clusters(np.zeros((1, 2)), eps_m=1, min_points=1).tolist() == [0]
    assert density_clusters(np.zeros((1, 2)), eps_m=1, min_points=2).tolist() == [-1]
    assert set(density_clusters(np.full((500, 2), 7.5), eps_m=1, min_points=5)) == {0}
    assert density_clusters_tiled(np.empty((0, 2)), eps_m=1, min_points=1, tile_m=2).tolist() == []


def test_point_at_exactly_eps_is_a_neighbour() -> None:
    # 7, 24, 25 is a right triangle.
    xy = np.array([[531_000.0, 175_000.0], [531_007.0, 175_024.0]])
    assert density_clusters(xy, eps_m=25, min_points=2).tolist() == [0, 0]
    assert density_clusters(xy, eps_m=24.999, min_points=2).tolist() == [-1, -1]


@pytest.mark.parametrize(
    ("xy", "settings_", "error"),
    [
        (np.zeros(4), {"eps_m": 1, "min_points": 1}, FrameError),
        (np.array([[0, np.nan]]), {"eps_m": 1, "min_points": 1}, FrameError),
        (np.zeros((2, 2)), {"eps_m": 0, "min_points": 1}, ParameterError),
        (np.zeros((2, 2)), {"eps_m": 1, "min_points": 0}, ParameterError),
    ],
)
def test_what_cannot_be_clustered_is_refused(xy, settings_, error) -> None:
    with pytest.raises(error):
        density_clusters(xy, **settings_)


def test_tiles_narrower_than_their_halo_are_refused() -> None:
    with pytest.raises(ParameterError, match="tile_m"):
        density_clusters_tiled(np.zeros((1, 2)), eps_m=10, min_points=1, tile_m=19)


def test_wide_region_is_cut_in_its_valley() -> None:
    rng = np.random.default_rng(1)
    # Two planted heaps, 260 m apart on a slant, joined by a thin bridge of reports.
    heaps = np.concatenate([rng.normal(0, 25, (80, 2)), rng.normal(184, 25, (80, 2))])
    bridge = np.linspace((40, 40), (144, 144), 8)
    label = split_at_valleys(np.concatenate([heaps, bridge]), max_width_m=300)
    assert len(set(label[:80].tolist())) == len(set(label[80:160].tolist())) == 1
    assert label[0] != label[80]


@given(POINTS, st.sampled_from([5.0, 20.0, 100.0]))
@settings(max_examples=80, deadline=None)
def test_parts_are_no_wider_than_asked_and_narrow_regions_stay_whole(xy, width) -> None:
    label = split_at_valleys(xy, max_width_m=width, bandwidth_m=3)
    assert set(label.tolist()) == set(range(int(label.max(initial=-1)) + 1))
    for part in np.unique(label):
        points = xy[label == part]
        spread = points - points.mean(axis=0)
        axis = np.linalg.svd(spread)[2][0]
        assert np.ptp(spread @ axis) <= width + 1e-9 or len(np.unique(points, axis=0)) == 1
    if len(xy) and np.hypot(*np.ptp(xy, axis=0)) <= width:
        assert set(label.tolist()) == {0}


def test_a_border_point_between_two_clusters_goes_to_the_same_one_whatever_the_order() -> None:
    # 6 lies 4 m from a core on either side, and has too few neighbours to be one itself.
    xy = np.array([[6, 0], [2, 0], [12, 0], [12, 0], *[[0, 0]] * 15, [10, 0]], dtype=float)
    for order in (np.arange(20), np.arange(20)[::-1], np.roll(np.arange(20), 7)):
        label = density_clusters(xy[order], eps_m=5, min_points=4)
        middle, west = (np.flatnonzero(xy[order, 0] == x)[0] for x in (6, 2))
        assert label[middle] == label[west]
