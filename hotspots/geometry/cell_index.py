"""Points sorted by square cell: whatever lies within a cell's side of a place is in nine cells.

In the sorted order the three cells of one row are one stretch, so that all neighbours of a place
are in three stretches, found by bisection. Memory stays linear: pairs come in chunks.

    key = row * width + column         ┌────┬────┬────┐
                                  up 1 │ +w-1  +w  +w+1 │  stretch 3
    w = width                     up 0 │  -1    0   +1  │  stretch 2: keys of one row follow
                                 up -1 │ -w-1  -w  -w+1 │  stretch 1   one another when sorted
                                       └────┴────┴────┘
Source: the cell lists of Hockney and Eastwood (1981), Computer Simulation Using Particles, ch. 8.
"""

from collections.abc import Iterator

import numpy as np

CHUNK = 100_000
"""Pairs that are measured together: little enough for the processor's cache."""

Pairs = Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]
"""Rows of one side, rows of the other, and their distances in metres."""
Stretches = Iterator[tuple[np.ndarray, np.ndarray]]
"""Where in the sorted order each row's stretch begins, and where it has ended."""


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
    origin
        (2,) metres, south-west of all points: cells are counted from there, and points about a
        centre come in one order whichever others there are. None: from the points' own corner.
    """

    def __init__(
        self,
        points: np.ndarray,
        reach_m: float,
        layer: np.ndarray | None = None,
        *,
        origin: np.ndarray | None = None,
    ) -> None:
        # Axis by axis: NumPy reduces rows of two a hundred times slower than columns.
        low = np.array([axis.min() for axis in points.T]) if origin is None else origin
        self._low, self._reach_m = low, reach_m
        cell = self._cell(points)
        # An empty cell on each side keeps ends of rows, and of layers, apart.
        self._width, self._height = (int(axis.max()) + 3 for axis in cell.T)
        row = cell[:, 1] if layer is None else cell[:, 1] + layer * self._height
        key = row * self._width + cell[:, 0]
        self._order = np.argsort(key, kind=None if origin is None else "stable")
        self._key = key[self._order]
        self._x, self._y = points[self._order].T.copy()

    def _cell(self, points: np.ndarray) -> np.ndarray:
        return np.asarray(np.floor((points - self._low) / self._reach_m).astype(np.int64))

    def pairs(self) -> Pairs:
        """Pairs of points within reach, once each."""
        for first, last in self._onward():
            for part, lengths, b in _chunks(first, last):
                apart = self._apart(self._x[part], self._y[part], lengths, b)
                near = np.flatnonzero(apart <= self._reach_m)
                a = np.repeat(self._order[part], lengths)
                yield a[near], self._order[b[near]], apart[near]

    def about(self, centres: np.ndarray, layer: np.ndarray | None = None) -> Pairs:
        """Each centre with every point within reach of it, of its own layer where there are any."""
        x, y = centres.T.copy()
        for first, last in self._around(centres, layer):
            for part, lengths, b in _chunks(first, last):
                apart = self._apart(x[part], y[part], lengths, b)
                near = np.flatnonzero(apart <= self._reach_m)
                a = np.repeat(np.arange(part.start, part.stop), lengths)
                yield a[near], self._order[b[near]], apart[near]

    def counts(
        self, centres: np.ndarray, radii: np.ndarray, layer: np.ndarray | None = None
    ) -> np.ndarray:
        """(c, k) points within each radius of each centre, of its own layer where there are any.

        A point at exactly a radius is inside; radii are ascending, the last at most the reach.
        """
        x, y = centres.T.copy()
        rings = np.zeros((len(centres), len(radii) + 1), dtype=np.int64)
        for first, last in self._around(centres, layer):
            for part, lengths, b in _chunks(first, last):
                ring = _rings(self._apart(x[part], y[part], lengths, b), radii)
                a = np.repeat(np.arange(len(lengths)), lengths)
                rings[part] += _tally(a, ring, rings[part].shape)
        return np.asarray(rings[:, :-1].cumsum(axis=1))

    def own_counts(self, radii: np.ndarray) -> np.ndarray:
        """(n, k) points of its layer within each radius of each point of the index, itself too."""
        rings = np.zeros((len(self._key), len(radii) + 1), dtype=np.int64)
        for first, last in self._onward():
            for part, lengths, b in _chunks(first, last):
                if len(b) == 0:
                    continue
                ring = _rings(self._apart(self._x[part], self._y[part], lengths, b), radii)
                a = np.repeat(np.arange(len(lengths)), lengths)
                rings[part] += _tally(a, ring, rings[part].shape)
                seen = slice(b.min(), b.max() + 1)  # a narrow stretch: both sides are sorted
                rings[seen] += _tally(b - seen.start, ring, rings[seen].shape)
        # Each pair was counted for both; a point itself lies in every disc about it.
        counts = np.empty((len(rings), len(radii)), dtype=np.int64)
        counts[self._order] = 1 + rings[:, :-1].cumsum(axis=1)
        return counts

    def _onward(self) -> Stretches:
        """Of each point the two stretches in which all points near it lie that come after it."""
        # Half of the nine cells, so that each pair comes once: the rest of the own cell and the
        # next one east; then the three cells of the row above.
        key, width = self._key, self._width
        yield np.arange(len(key)) + 1, np.searchsorted(key, key + 1, side="right")
        above = np.searchsorted(key, key + width + 1, side="right")
        yield np.searchsorted(key, key + width - 1), above

    def _around(self, centres: np.ndarray, layer: np.ndarray | None) -> Stretches:
        """Of each centre the three stretches in which all points near it lie."""
        # A centre beyond an edge would be taken for a cell of another row: it sees its own edge.
        size = np.array([self._width, self._height]) - 2
        column, row = np.clip(self._cell(centres), -1, size).T
        if layer is not None:
            row = row + layer * self._height
        for up in (-1, 0, 1):
            middle = (row + up) * self._width + column
            last = np.searchsorted(self._key, middle + 1, side="right")
            yield np.searchsorted(self._key, middle - 1), last

    def _apart(
        self, x: np.ndarray, y: np.ndarray, lengths: np.ndarray, b: np.ndarray
    ) -> np.ndarray:
        """Distances of places from the points of their stretches, in metres."""
        dx, dy = np.repeat(x, lengths) - self._x[b], np.repeat(y, lengths) - self._y[b]
        return np.asarray(np.sqrt(dx * dx + dy * dy))


def _chunks(first: np.ndarray, last: np.ndarray) -> Iterator[tuple[slice, np.ndarray, np.ndarray]]:
    """Stretches of several rows at a time: the rows, their lengths, and all that lies in them."""
    lengths = np.maximum(last - first, 0)
    ends = lengths.cumsum()
    start = 0
    while start < len(lengths):
        done = ends[start - 1] if start else 0
        stop = max(int(np.searchsorted(ends, done + CHUNK, side="right")), start + 1)
        part = slice(start, stop)
        # Stretches [5, 6, 7] and [2, 3] are written as 0 1 2 | 3 4 and shifted by 5 - 0 and 2 - 3.
        offset = first[part] - (ends[part] - lengths[part] - done)
        within = np.arange(ends[stop - 1] - done)
        yield part, lengths[part], within + np.repeat(offset, lengths[part])
        start = stop


def _rings(apart: np.ndarray, radii: np.ndarray) -> np.ndarray:
    """(n,) how many of the radii each distance exceeds."""
    ring = np.zeros(len(apart), dtype=np.int64)
    for radius in radii:
        ring += apart > radius
    return ring


def _tally(row: np.ndarray, ring: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """How often each row and ring come together."""
    return np.bincount(row * shape[1] + ring, minlength=shape[0] * shape[1]).reshape(shape)


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
    if len(points) == 0:
        return np.zeros((0, len(radii)), dtype=np.int64)
    return CellIndex(points, float(radii[-1]), layer).own_counts(radii)
