"""One party in five piles is one dump-night's evidence, not five."""

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from hotspots.geometry.cell_index import CellIndex


def one_a_party(xy: np.ndarray, nights: pd.Series, radius_m: float) -> np.ndarray:
    """Rows of the first incident of each night's groups; a group reaches from pile to pile.

    Parameters
    ----------
    xy
        (n, 2) metres.
    nights
        (n,) from ``dump_nights``, in the order of ``xy``.
    radius_m
        Piles of one night at most so far apart belong together.

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
    pairs = list(CellIndex(xy, radius_m, layer=night - night.min()).pairs())
    a, b = (np.concatenate([pair[side] for pair in pairs]) for side in (0, 1))
    links = coo_array((np.ones(len(a), dtype=bool), (a, b)), shape=(len(xy),) * 2)
    _, group = connected_components(links, directed=False)
    first: np.ndarray = np.unique(group, return_index=True)[1]
    return np.sort(first)
