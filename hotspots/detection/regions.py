"""From discs to places: discs that one crowd of incidents joins are one hotspot."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from hotspots.geometry.clusters import NOISE, density_clusters, split_at_valleys

DENSE_M = 50.0
"""Incidents so near to each other are one crowd: across a street, or a row of bays."""
DENSE_POINTS = 3


@dataclass(frozen=True, eq=False)
class Region:
    """One hotspot's discs and incidents.

    Attributes
    ----------
    discs
        Numbers of the discs that it is made of, ascending.
    rows
        Rows of the incidents in them, ascending.
    crowd
        Rows of those that the outline is drawn about: the crowds, so that a few incidents that
        lie apart do not stretch it; all of them, where there is no crowd.
    """

    discs: list[int]
    rows: np.ndarray
    crowd: np.ndarray


def join_discs(
    xy: np.ndarray, members: list[np.ndarray], *, max_width_m: float = 300.0
) -> list[Region]:
    """Which discs make one hotspot, in the order of their first discs.

    Discs are joined where a density cluster of their incidents reaches from one into the other: a
    car park longer than a disc is one place. What is then wider than a pair of officers can watch
    is cut at the valleys of its density, and a disc goes to the side where most of it lies.

    Parameters
    ----------
    xy
        (n, 2) metres: all incidents.
    members
        Rows of the incidents in each disc, not empty; no incident is in two discs.
    max_width_m
        Greatest width of a hotspot, unless a single disc is wider.

    Examples
    --------
    >>> row = np.column_stack([np.arange(0, 200, 20), np.zeros(10)])
    >>> [region.discs for region in join_discs(row, [np.arange(5), np.arange(5, 10)])]
    [[0, 1]]
    >>> [region.discs for region in join_discs(row, [np.arange(3), np.arange(7, 10)])]
    [[0], [1]]
    """
    if not members:
        return []
    rows = np.concatenate(members)
    at = xy[rows]
    disc = np.repeat(np.arange(len(members)), [len(part) for part in members])
    cluster = density_clusters(at, eps_m=DENSE_M, min_points=DENSE_POINTS)
    component = _components(disc, cluster, len(members))
    groups = [
        discs
        for rank in range(int(component.max()) + 1)
        for discs in _cut(at, disc, np.flatnonzero(component == rank), max_width_m)
    ]
    owner = np.empty(len(members), dtype=np.int64)
    for name, discs in enumerate(sorted(groups)):
        owner[discs] = name
    order = np.argsort(owner[disc], kind="stable")
    ends = np.searchsorted(owner[disc][order], np.arange(1, len(groups)))
    return [
        _region(discs, rows[inside], cluster[inside] != NOISE)
        for discs, inside in zip(sorted(groups), np.split(order, ends), strict=True)
    ]


def _region(discs: list[int], rows: np.ndarray, is_dense: np.ndarray) -> Region:
    crowd = rows[is_dense] if is_dense.any() else rows
    return Region(discs, np.sort(rows), np.sort(crowd))


def _components(disc: np.ndarray, cluster: np.ndarray, n_discs: int) -> np.ndarray:
    """(n_discs,) number of the component of discs that share clusters."""
    dense = cluster != NOISE
    size = n_discs + int(cluster.max(initial=NOISE)) + 1
    edges = (disc[dense], cluster[dense] + n_discs)
    graph = coo_array((np.ones(dense.sum(), dtype=bool), edges), shape=(size, size))
    _, label = connected_components(graph, directed=False)
    return np.unique(label[:n_discs], return_inverse=True)[1]


def _cut(
    xy: np.ndarray, disc: np.ndarray, joined: np.ndarray, max_width_m: float
) -> list[list[int]]:
    if len(joined) == 1:
        return [joined.tolist()]
    inside = np.isin(disc, joined)
    part, within = split_at_valleys(xy[inside], max_width_m=max_width_m), disc[inside]
    sides: dict[int, list[int]] = {}
    for name in joined.tolist():
        sides.setdefault(int(np.bincount(part[within == name]).argmax()), []).append(name)
    return list(sides.values())
