"""Which reports may have to do with another one: the rest need no linking.

A report joins an incident within reach of its first report, and soon after its last one, which
lies within reach of the first as well. So whatever joins or is joined has another report within
twice the reach and one window of time; a report that has none is an incident by itself.
"""

import numpy as np

MOST_CELLS = 1_000_000
"""Along one axis: cells get larger, and rule out less, where there would be more."""


def is_linkable(
    x: np.ndarray, y: np.ndarray, at: np.ndarray, *, reach_m: float, window_us: int
) -> np.ndarray:
    """(n,) whether each report may have another within a distance and a time; none is missed.

    Parameters
    ----------
    x, y, at
        (n,) metres, and integer microseconds.
    reach_m, window_us
        Largest distance, > 0, and longest time apart, ≥ 0.
    """
    if len(x) == 0:
        return np.zeros(0, dtype=bool)
    column, row = _cells(x, reach_m), _cells(y, reach_m)
    step = _cells(at - at.min(), max(window_us, 1))
    height, depth = row.max() + 2, step.max() + 2
    key = (column * height + row) * depth + step
    order = np.argsort(key)
    key = key[order]
    near = np.zeros(len(key), dtype=np.int64)
    for beside in (-1, 0, 1):
        for above in (-1, 0, 1):
            middle = key + (beside * height + above) * depth
            near += np.searchsorted(key, middle + 1, side="right")
            near -= np.searchsorted(key, middle - 1)
    has_neighbour = np.empty(len(key), dtype=bool)
    has_neighbour[order] = near > 1  # each finds itself
    return has_neighbour


def near_places(x: np.ndarray, y: np.ndarray, places: np.ndarray, *, reach_m: float) -> np.ndarray:
    """(n,) whether each report may lie within a distance of any of (k, 2) places."""
    if len(x) == 0 or len(places) == 0:
        return np.zeros(len(x), dtype=bool)
    key, stride = cell_keys(np.append(x, places[:, 0]), np.append(y, places[:, 1]), reach_m)
    around = np.add.outer(key[len(x) :], [dx * stride + dy for dx in _NEAR for dy in _NEAR])
    return np.isin(key[: len(x)], around)


def cell_keys(x: np.ndarray, y: np.ndarray, side_m: float) -> tuple[np.ndarray, int]:
    """(n,) a number for the square cell of each place, and the step to the next column."""
    column, row = _cells(x, side_m), _cells(y, side_m)
    stride = int(row.max(initial=0)) + 2
    return column * stride + row, stride


_NEAR = (-1, 0, 1)


def _cells(values: np.ndarray, side: float) -> np.ndarray:
    """(n,) number of the cell along one axis, from 1: an empty one on each side of all."""
    if len(values) == 0:
        return np.zeros(0, dtype=np.int64)
    low = values.min()
    side = max(side, float(values.max() - low) / MOST_CELLS)
    return np.asarray(np.floor((values - low) / side).astype(np.int64) + 1)
