"""A map in tiles, each with a halo: what lies about its own centres is all there.

A tile is a band of the map from west to east that holds so many centres, since bands of equal
work need no search for where the towns are. Its halo is every point within reach of the band.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from hotspots.core.executors import IN_TURN, Executor, in_parts
from hotspots.geometry.cell_index import CellIndex

CENTRES = 50_000
"""Of a tile: a million make twenty tiles, of some MB each."""
ROUNDING = 1 + 1e-9
"""A point at exactly a radius is inside; rounding must not put it beyond the halo."""


class Tile(NamedTuple):
    """Rows of the centres in it, and of the points within reach of any of them, ascending."""

    centres: np.ndarray
    points: np.ndarray


def tiles(
    centres: np.ndarray, points: np.ndarray, reach_m: float, *, most: int = 0
) -> Iterator[Tile]:
    """Tiles that hold every centre once, southernmost first.

    Parameters
    ----------
    centres, points
        (c, 2) and (n, 2) metres.
    reach_m
        Width of the halo, > 0.
    most
        Centres of a tile; 0 for ``CENTRES``.

    Examples
    --------
    >>> line = np.column_stack([np.zeros(4), [0.0, 10, 20, 90]])
    >>> [(tile.centres.tolist(), tile.points.tolist()) for tile in tiles(line, line, 10, most=2)]
    [([0, 1], [0, 1, 2]), ([2, 3], [1, 2, 3])]
    """
    most = most or CENTRES
    by_south = np.argsort(centres[:, 1], kind="stable")
    points_by_south = np.argsort(points[:, 1], kind="stable")
    y = points[points_by_south, 1]
    halo_m = reach_m * ROUNDING + 1e-6
    for first in range(0, len(centres), most):
        rows = by_south[first : first + most]
        south, north = centres[rows[[0, -1]], 1]
        near = slice(*np.searchsorted(y, [south - halo_m, north + halo_m]))
        yield Tile(np.sort(rows), np.sort(points_by_south[near]))


def counts_about(
    centres: np.ndarray, points: np.ndarray, radii: np.ndarray, executor: Executor = IN_TURN
) -> np.ndarray:
    """(c, k) points within each radius of each centre, tile by tile.

    Parameters
    ----------
    centres, points
        (c, 2) and (n, 2) metres.
    radii
        (k,) ascending, > 0; a point at exactly a radius is inside.

    Examples
    --------
    >>> line = np.array([[0.0, 0], [30, 0], [100, 0]])
    >>> counts_about(line[:2], line, np.array([50.0, 80.0])).tolist()
    [[2, 2], [2, 3]]
    """
    counts = np.zeros((len(centres), len(radii)), dtype=np.int64)
    parts = list(tiles(centres, points, float(radii[-1])))
    sent = ((centres[tile.centres], points[tile.points], radii) for tile in parts)
    for tile, counted in zip(parts, in_parts(executor, _counts, sent), strict=True):
        counts[tile.centres] = counted
    return counts


def _counts(centres: np.ndarray, points: np.ndarray, radii: np.ndarray) -> np.ndarray:
    if len(points) == 0:
        return np.zeros((len(centres), len(radii)), dtype=np.int64)
    return CellIndex(points, float(radii[-1]) * ROUNDING).counts(centres, radii)
