"""One party in five piles is one dump-night's evidence, not five."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from hotspots.core.executors import IN_TURN, Executor, in_parts
from hotspots.geometry.cell_index import CellIndex

POINTS = 50_000
"""Of the nights that are looked at together."""


def one_a_party(
    xy: np.ndarray, nights: pd.Series, radius_m: float, executor: Executor = IN_TURN
) -> np.ndarray:
    """Rows of the first incident of each night's groups; a group reaches from pile to pile.

    Parameters
    ----------
    xy
        (n, 2) metres.
    nights
        (n,) from ``dump_nights``, in the order of ``xy``.
    radius_m
        Piles of one night at most so far apart belong together.
    executor
        Does some nights each; the result is the same.

    Returns
    -------
    (m,) ascending rows.

    Examples
    --------
    >>> nights = pd.Series(pd.to_datetime(["2026-06-05", "2026-06-05", "2026-06-06"]))
    >>> one_a_party(np.array([[0, 0], [90, 0], [90, 0]]), nights, 100).tolist()
    [0, 2]
    """
    if len(xy) == 0:
        return np.empty(0, dtype=np.int64)
    night = nights.to_numpy().astype("datetime64[D]").astype(np.int64)
    # A depot's or a postcode's point may hold thousands a night: one stands for them, or all their
    # pairs would be measured.
    apart = pd.DataFrame({"x": xy[:, 0], "y": xy[:, 1], "night": night}).duplicated()
    rows = np.flatnonzero(~apart.to_numpy())
    parts = list(_nights_together(rows, night[rows]))
    sent = ((xy[part], night[part], radius_m) for part in parts)
    firsts = in_parts(executor, _firsts, sent)
    return np.sort(np.concatenate([part[at] for part, at in zip(parts, firsts, strict=True)]))


def _nights_together(rows: np.ndarray, night: np.ndarray) -> Iterator[np.ndarray]:
    """Rows of some whole nights each, ascending."""
    order = np.argsort(night, kind="stable")
    starts = np.flatnonzero(np.diff(night[order], prepend=night[order[0]] - 1))
    part = starts // POINTS
    for together in np.split(order, starts[np.flatnonzero(np.diff(part)) + 1]):
        yield np.sort(rows[together])


def _firsts(xy: np.ndarray, night: np.ndarray, radius_m: float) -> np.ndarray:
    """Rows of the first of each group."""
    pairs = list(CellIndex(xy, radius_m, layer=night - night.min()).pairs())
    a, b = (np.concatenate([pair[side] for pair in pairs]) for side in (0, 1))
    links = coo_array((np.ones(len(a), dtype=bool), (a, b)), shape=(len(xy),) * 2)
    _, group = connected_components(links, directed=False)
    return np.asarray(np.unique(group, return_index=True)[1])
