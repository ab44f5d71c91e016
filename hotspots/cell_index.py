"""Points sorted by square cell: whatever lies within a cell's side of a place is in nine cells.

In the sorted order the three cells of one row are one stretch, so that all neighbours of a place
are in three stretches, found by bisection. Memory stays linear: pairs come in chunks.
"""

from collections.abc import Iterator

import numpy as np

CHUNK = 2_000_000
"""Candidate pairs that are measured together: bounds the memory."""

Pairs = Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]
"""Rows of one side, rows of the other, and their distances in metres."""


class CellIndex:
    """An index of points for distances up to one reach.

    Parameters
    ----------
    points
        (n, 2) metres, n ≥ 1.
    reach_m
        Largest distance that can be asked for, > 0.
    layer
        (n,) int ≥ 0: points of different layers (simulated maps, nights) do not see each other.
    """

    def __init__(self, points: np.ndarray, reach_m: float, layer: np.ndarray | None = None) -> None:
        # Axis by axis: NumPy reduces rows of two a hundred times slower than columns.
        self._low, self._reach_m = np.array([axis.min() for axis in points.T]), reach_m
        cell = self._cell(points)
        # An empty cell on each side keeps ends of rows, and of layers, apart.
        self._width, self._height = (int(axis.max()) + 3 for axis in cell.T)
        row = cell[:, 1] if layer is None else cell[:, 1] + layer * self._height
        key = row * self._width + cell[:, 0]
        self._order = np.argsort(key)
        self._key = key[self._order]
        self._x, self._y = points[self._order].T.copy()

    def _cell(self, points: np.ndarray) -> np.ndarray:
        return np.asarray(np.floor((points - self._low) / self._reach_m).astype(np.int64))

    def pairs(self) -> Pairs:
        """Pairs of points within reach, once each."""
        key, width = self._key, self._width
        for first, last in (
            (np.arange(len(key)) + 1, np.searchsorted(key, key + 1, side="right")),
            (np.searchsorted(key, key + width - 1), np.searchsorted(key, key + width + 1, "right")),
        ):
            for a, b in _expanded(first, last):
                near, apart = self._measured(self._x[a], self._y[a], b)
                yield self._order[a[near]], self._order[b[near]], apart

    def about(self, centres: np.ndarray, layer: np.ndarray | None = None) -> Pairs:
        """Each centre with every point within reach of it, of its own layer where there are any."""
        # A centre beyond an edge would be taken for a cell of another row: it sees its own edge.
        size = np.array([self._width, self._height]) - 2
        column, row = np.clip(self._cell(centres), -1, size).T
        if layer is not None:
            row = row + layer * self._height
        x, y = centres.T.copy()
        for up in (-1, 0, 1):
            middle = (row + up) * self._width + column
            first = np.searchsorted(self._key, middle - 1)
            last = np.searchsorted(self._key, middle + 1, side="right")
            for a, b in _expanded(first, last):
                near, apart = self._measured(x[a], y[a], b)
                yield a[near], self._order[b[near]], apart

    def _measured(
        self, x: np.ndarray, y: np.ndarray, b: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        dx, dy = x - self._x[b], y - self._y[b]
        apart = np.sqrt(dx * dx + dy * dy)
        near = np.flatnonzero(apart <= self._reach_m)
        return near, apart[near]


def _expanded(first: np.ndarray, last: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Each position with every position of its stretch, in chunks."""
    lengths = np.maximum(last - first, 0)
    ends = lengths.cumsum()
    start = 0
    while start < len(lengths):
        done = ends[start - 1] if start else 0
        stop = max(int(np.searchsorted(ends, done + CHUNK, side="right")), start + 1)
        part = lengths[start:stop]
        a = np.repeat(np.arange(start, stop), part)
        within = np.arange(part.sum()) - np.repeat(part.cumsum() - part, part)
        yield a, within + np.repeat(first[start:stop], part)
        start = stop


def disc_counts(
    points: np.ndarray, radii: np.ndarray, layer: np.ndarray | None = None
) -> np.ndarray:
    """(n, k) points of the same layer within each radius of each point, itself included.

    Parameters
    ----------
    points
        (n, 2) metres.
    radii
        (k,) ascending, > 0; a point at exactly a radius is inside.
    layer
        (n,) int ≥ 0, or None where all are on one map.

    Examples
    --------
    >>> disc_counts(np.array([[0, 0], [30, 0], [100, 0]]), np.array([50, 80])).tolist()
    [[2, 2], [2, 3], [1, 2]]
    """
    n, k = len(points), len(radii)
    rings = np.zeros((n, k), dtype=np.int64)
    for a, b, apart in CellIndex(points, float(radii[-1]), layer).pairs() if n else ():
        ring = np.searchsorted(radii, apart)
        flat = np.concatenate([a * k + ring, b * k + ring])
        rings += np.bincount(flat, minlength=n * k).reshape(n, k)
    return 1 + rings.cumsum(axis=1)


def disc_counts_about(
    centres: np.ndarray, index: CellIndex, radii: np.ndarray, layer: np.ndarray | None = None
) -> np.ndarray:
    """(c, k) points of an index within each radius of each centre; the largest is its reach."""
    n, k = len(centres), len(radii)
    rings = np.zeros((n, k), dtype=np.int64)
    for a, _, apart in index.about(centres, layer):
        flat = a * k + np.searchsorted(radii, apart)
        rings += np.bincount(flat, minlength=n * k).reshape(n, k)
    return np.asarray(rings.cumsum(axis=1))
