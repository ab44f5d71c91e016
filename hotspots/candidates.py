"""Where in a large map a disc could hold enough cases: the rest need not be counted.

A disc about any point of a square cell lies inside a box of cells. A box that holds too few cases
for every radius rules all its middle's discs out at once; the boxes cost one cumulative sum.
"""

import numpy as np

MOST_CELLS = 25_000_000
"""Of the grid: it gets coarser, and rules out less, where it would be larger."""


def promising_rows(cases: np.ndarray, radii: np.ndarray, least: np.ndarray) -> np.ndarray:
    """Rows of cases about which some disc may hold at least so many cases; none is missed.

    Parameters
    ----------
    cases
        (n, 2) metres, n ≥ 1.
    radii, least
        (k,) radii in metres, and the fewest cases in a disc of each that would matter.
    """
    low, size = cases.min(axis=0), np.ptp(cases, axis=0)
    side = max(float(radii.min()), float(np.sqrt(size.prod() / MOST_CELLS)), size.max() / 1e6, 1.0)
    column, row = np.floor((cases - low) / side).astype(np.int64).T
    width, height = int(column.max()) + 1, int(row.max()) + 1
    counts = np.bincount(row * width + column, minlength=width * height).reshape(height, width)
    total = np.zeros((height + 1, width + 1), dtype=np.int32)
    counts.cumsum(axis=0, dtype=np.int32).cumsum(axis=1, out=total[1:, 1:])
    is_promising = np.zeros((height, width), dtype=bool)
    for radius, fewest in zip(radii, least, strict=True):
        is_promising |= _box_sums(total, int(np.ceil(radius / side))) >= fewest
    return np.flatnonzero(is_promising[row, column])


def _box_sums(total: np.ndarray, reach: int) -> np.ndarray:
    """(height, width) cases in the cells up to ``reach`` away, from a cumulative sum."""
    height, width = total.shape[0] - 1, total.shape[1] - 1
    edged = np.pad(total, reach, mode="edge")
    span = 2 * reach + 1
    rows = edged[span : span + height] - edged[:height]
    return np.asarray(rows[:, span : span + width] - rows[:, :width])


def one_in_each_cell(points: np.ndarray, side_m: float) -> np.ndarray:
    """Rows of the south-westernmost point of each occupied square cell, ascending.

    Cells are counted from the points' own corner, so that neither a translation nor the order of
    rows changes which points they are.
    """
    if len(points) == 0:
        return np.empty(0, dtype=np.int64)
    column, row = np.floor((points - points.min(axis=0)) / side_m).astype(np.int64).T
    order = np.lexsort((points[:, 0], points[:, 1]))
    key = (row * (column.max() + 1) + column)[order]
    _, first = np.unique(key, return_index=True)
    return np.sort(order[first])
