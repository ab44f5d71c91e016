"""Discs that one crowd joins are one place, up to what two officers can watch."""

import numpy as np

from hotspots.detection.regions import join_discs


def street(length_m: int, *, gap: tuple[int, int] | None = None) -> np.ndarray:
    x = np.arange(0, length_m, 10)
    if gap:
        x = x[(x < gap[0]) | (x >= gap[1])]
    return np.column_stack([x, np.zeros(len(x))]).astype(float)


def halves(xy: np.ndarray, middle: float) -> list[np.ndarray]:
    return [np.flatnonzero(xy[:, 0] < middle), np.flatnonzero(xy[:, 0] >= middle)]


def discs_of(xy: np.ndarray, members: list[np.ndarray]) -> list[list[int]]:
    return [region.discs for region in join_discs(xy, members)]


def test_one_crowd_across_two_discs_is_one_place() -> None:
    xy = street(250)
    assert discs_of(xy, halves(xy, 125)) == [[0, 1]]


def test_two_crowds_are_two_places() -> None:
    xy = street(250, gap=(100, 160))
    assert discs_of(xy, halves(xy, 125)) == [[0], [1]]


def test_a_long_street_is_cut_where_its_density_is_lowest() -> None:
    xy = street(500, gap=(240, 280))
    discs = [
        np.flatnonzero((xy[:, 0] >= low) & (xy[:, 0] < low + 125)) for low in (0, 125, 250, 375)
    ]
    assert discs_of(xy, discs) == [[0, 1], [2, 3]]


def test_nothing_makes_no_place() -> None:
    assert discs_of(np.empty((0, 2)), []) == []


def test_the_crowd_leaves_strays_out_but_is_never_empty() -> None:
    xy = np.array([[0, 0], [10, 0], [0, 10], [140, 0]], dtype=float)
    (region,) = join_discs(xy, [np.arange(4)])
    assert region.rows.tolist() == [0, 1, 2, 3]
    assert region.crowd.tolist() == [0, 1, 2]
    (region,) = join_discs(xy * 1000, [np.arange(4)])
    assert region.crowd.tolist() == [0, 1, 2, 3]


def test_every_incident_stays_with_its_disc() -> None:
    rng = np.random.default_rng(4)
    xy = rng.uniform(0, 2000, (400, 2))
    cell = (xy // 200).astype(int) @ (1, 10)
    members = [np.flatnonzero(cell == name) for name in np.unique(cell)]
    for region in join_discs(xy, members):
        expected = np.sort(np.concatenate([members[disc] for disc in region.discs]))
        assert region.rows.tolist() == expected.tolist()
