"""Where in a large map a disc could hold enough cases: the rest need not be counted."""

import numpy as np

from hotspots.geometry.box_counts import BoxCounts

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
    size = np.ptp(cases, axis=0)
    side = max(float(radii.min()), float(np.sqrt(size.prod() / MOST_CELLS)), size.max() / 1e6, 1.0)
    boxes = BoxCounts(cases, side)
    enough = [boxes.everywhere(radius) >= few for radius, few in zip(radii, least, strict=True)]
    return np.flatnonzero(boxes.at_points(np.logical_or.reduce(enough)))


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
