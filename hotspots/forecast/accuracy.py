"""How good was a forecast? Hits among the cells searched first, and what they are worth.

The measures are the hit rate; the prediction accuracy index, hit rate over share of area
(Chainey, Tompson and Uhlig 2008, Security Journal 21, 4-28); and the prediction efficiency index,
hits over the most that as many cells could have caught (Hunt 2016).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

UNIFORM_PART = 0.01
"""Every method's log-score is of its density with so much flat ground mixed in: none says never."""


@dataclass(frozen=True, eq=False)
class Caught:
    """Incidents of each forecast month, (months, shares) and (months,).

    Attributes
    ----------
    hits, best
        In the cells that a method searched first, and in those it should have.
    totals
        In all cells.
    """

    hits: np.ndarray
    best: np.ndarray
    totals: np.ndarray


def ranked_hits(
    score: np.ndarray, observed: np.ndarray, n_searched: Sequence[int], tie_break: np.ndarray
) -> np.ndarray:
    """Incidents in the first so many cells by score.

    Parameters
    ----------
    score, observed, tie_break
        (cells,) a higher score is searched earlier; of equal ones, the lower ``tie_break``.
    n_searched
        Numbers of cells.

    Examples
    --------
    >>> predicted, observed = np.array([8, 4, 4, 2, 1, 0]), np.array([6, 7, 3, 2, 1, 0])
    >>> ranked_hits(predicted, observed, [1, 2], np.arange(6)).tolist()
    [6, 13]
    """
    order = np.lexsort((tie_break, -score))
    caught = np.concatenate([[0], observed[order].cumsum()])
    return np.asarray(caught[np.asarray(n_searched)])


def expected_hits(score: np.ndarray, observed: np.ndarray, n_searched: Sequence[int]) -> np.ndarray:
    """(len(n_searched),) incidents in the first cells by score, on average over orders of ties.

    >>> expected_hits(np.array([3.0, 1.0, 1.0]), np.array([4, 2, 0]), [1, 2]).tolist()
    [4.0, 5.0]
    """
    places = len(score) - np.asarray(n_searched)
    bounds = np.partition(score, places)[places]
    hits = []
    for n, bound in zip(n_searched, bounds, strict=True):
        above, level = score > bound, score == bound
        part = (n - above.sum()) / level.sum()
        hits.append(observed[above].sum() + part * observed[level].sum())
    return np.array(hits)


def log_densities(score: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """(n,) log chance of each incident's cell; a method's scores over the cells are its density."""
    positive = np.maximum(score, 0.0)
    flat = 1 / len(score)
    total = positive.sum()
    density = positive / total if total > 0 else np.full(len(score), flat)
    return np.asarray(np.log((1 - UNIFORM_PART) * density[cells] + UNIFORM_PART * flat))


def accuracy_table(
    caught: Mapping[str, Caught], shares: Sequence[float], *, n_bootstrap: int, seed: int
) -> pd.DataFrame:
    """Each method's accuracy at each share of the area, over all months together.

    Parameters
    ----------
    caught
        Method → what it caught of the same months.
    shares
        Of the area, in the order of the columns of ``hits``.
    n_bootstrap
        Resamples of the months, the same for all methods.

    Returns
    -------
    DataFrame
        One row a (``method``, ``share``): ``hits``, ``hit_rate`` with ``low`` and ``high`` (95 %),
        ``pai``, ``pei`` (NaN where no incident could be caught).
    """
    rows = []
    for name, one in caught.items():
        rng = np.random.default_rng(seed)
        drawn = rng.integers(0, len(one.totals), (n_bootstrap, len(one.totals)))
        resampled = one.hits[drawn].sum(axis=1) / one.totals[drawn].sum(axis=1)[:, None]
        hits, best = one.hits.sum(axis=0), one.best.sum(axis=0)
        rate = hits / one.totals.sum()
        columns = {
            "share": shares,
            "hits": hits,
            "hit_rate": rate,
            "low": np.quantile(resampled, 0.025, axis=0),
            "high": np.quantile(resampled, 0.975, axis=0),
            "pai": rate / np.asarray(shares),
            "pei": np.where(best > 0, hits / np.maximum(best, 1), np.nan),
        }
        rows.append(pd.DataFrame({"method": name, **columns}))
    return pd.concat(rows, ignore_index=True)
