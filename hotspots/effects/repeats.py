"""When the next incident was told of at a place that had been cleared."""

from collections.abc import Iterator

import numpy as np
from scipy.spatial import cKDTree

REPEAT_RADIUS_M = 25.0
REPEAT_DAYS = (7, 28)
NEVER = np.datetime64("9999-01-01", "us")
_SPAN = np.timedelta64(max(REPEAT_DAYS), "D").astype("timedelta64[us]")
_HAIR_M = 0.01
"""The tree's distances are rounded: it looks this much farther, and the exact test follows."""


def next_told(
    reported: np.ndarray, where: np.ndarray, closed: np.ndarray, at: np.ndarray
) -> np.ndarray:
    """When the next incident within 25 m was told of, after each of some was cleared.

    It is looked for in spans as long as the longest wait, so that of all that was ever told of at
    a busy spot only what can follow is gone through.

    Parameters
    ----------
    reported, where
        (m,) UTC moments (``datetime64[us]``) and (m, 2) metres of all incidents.
    closed, at
        (n,) and (n, 2): when and where those that are asked of were cleared.

    Returns
    -------
    (n,) UTC moments; ``NEVER`` where nobody told of another, or only after more than 28 days
    """
    following = np.full(len(closed), NEVER)
    order = np.argsort(reported, kind="stable")
    reported, where = reported[order], where[order]
    for rows in _spans(closed):
        first = closed[rows].min()
        low, high = np.searchsorted(reported, np.array([first, first + 2 * _SPAN]), side="right")
        if low < high:
            following[rows] = _next_of(reported[low:high], where[low:high], closed[rows], at[rows])
    return following


def _spans(closed: np.ndarray) -> Iterator[np.ndarray]:
    """Positions of those cleared in the same span of 28 days."""
    if not len(closed):
        return
    span = (closed - closed.min()) // _SPAN
    order = np.argsort(span, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(span[order])) + 1)


def _next_of(
    reported: np.ndarray, where: np.ndarray, closed: np.ndarray, at: np.ndarray
) -> np.ndarray:
    """The same of a span. Incidents at one and the same point are searched as one place: in order
    of place and then time, the next at a place is found by halving."""
    places, place = _places(where)
    after = np.argsort(place, kind="stable")  # reported is in order
    base, width = closed.min(), int(3 * _SPAN.astype(int))
    in_order = place[after] * width + (reported[after] - base).astype(np.int64)
    row, near = _pairs(at, places)
    position = np.searchsorted(
        in_order, near * width + (closed[row] - base).astype(np.int64), side="right"
    )
    is_there = position < len(after)
    row, near, later = row[is_there], near[is_there], after[position[is_there]]
    is_same = place[later] == near
    following = np.full(len(closed), NEVER)
    np.minimum.at(following, row[is_same], reported[later[is_same]])
    return following


def _places(where: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The points that differ, and which of them each row is."""
    order = np.lexsort((where[:, 1], where[:, 0]))
    is_new = np.r_[True, np.any(np.diff(where[order], axis=0) != 0, axis=1)]
    place = np.empty(len(where), dtype=np.int64)
    place[order] = np.cumsum(is_new) - 1
    return where[order][is_new], place


def _pairs(at: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows of ``at``, and of the places within the radius of each."""
    pairs = cKDTree(at).sparse_distance_matrix(
        cKDTree(places), REPEAT_RADIUS_M + _HAIR_M, output_type="ndarray"
    )
    row, near = pairs["i"], pairs["j"]
    apart = ((at[row] - places[near]) ** 2).sum(axis=1)
    is_near = apart <= REPEAT_RADIUS_M**2
    return row[is_near], near[is_near]
