"""Does one incident draw the next? Pairs close in space and time, against chance.

Knox counted the pairs that are close in both; near-repeat ratios do so band by band (Townsley,
Homel and Chaseling 2003; Ratcliffe and Rengert 2008). Chance is the same points with their times
shuffled, so that neither busy streets nor busy months count as evidence.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import stats
from scipy.spatial import cKDTree

from hotspots.core.errors import ParameterError


@dataclass(frozen=True)
class KnoxTest:
    """Pairs that are close both in space and in time.

    Attributes
    ----------
    observed
        Number of them.
    expected
        Pairs close in space times the share of all pairs that are close in time.
    p_poisson
        Chance of *more* than observed if their number were Poisson, as PySAL prints it.
    p_value
        Pseudo p-value, in (0, 1]: share of shuffles with at least as many.
    """

    observed: int
    expected: float
    p_poisson: float
    p_value: float


def knox_test(
    xy: np.ndarray,
    days: np.ndarray,
    *,
    distance_m: float,
    within_days: float,
    n_simulations: int = 999,
    rng: np.random.Generator,
) -> KnoxTest:
    """Knox's test of clustering in space and time together.

    Parameters
    ----------
    xy
        (n, 2) points, metres.
    days
        (n,) when, in days from any origin.
    distance_m, within_days
        Pairs are close when no further apart than this.
    n_simulations
        Shuffles of the times, ≥ 1.
    rng
        Source of the shuffles; the same one gives the same result.

    References
    ----------
    Knox (1964), Applied Statistics 13(1), 25-29.

    Examples
    --------
    >>> xy = np.array([[0.0, 0], [10, 0], [500, 0], [510, 0]])
    >>> test = knox_test(xy, np.array([0, 1, 50, 51]), distance_m=50, within_days=7,
    ...                  rng=np.random.default_rng(1))
    >>> test.observed, round(test.expected, 3)
    (2, 0.667)
    """
    xy, days = _checked(xy, days, n_simulations)
    pairs = _close_pairs(xy, distance_m)
    gaps = _gaps(pairs, days, rng)
    observed = int((next(gaps) <= within_days).sum())
    simulated = np.array([(next(gaps) <= within_days).sum() for _ in range(n_simulations)])
    all_pairs = len(days) * (len(days) - 1) / 2
    near_in_time = _pairs_within(days, within_days)
    expected = len(pairs) * near_in_time / all_pairs if all_pairs else 0.0
    p_value = (1 + int((simulated >= observed).sum())) / (n_simulations + 1)
    return KnoxTest(observed, expected, float(stats.poisson.sf(observed, expected)), p_value)


def near_repeat_ratios(
    xy: np.ndarray,
    days: np.ndarray,
    *,
    distance_bands_m: tuple[float, ...] = (0.0, 1.0, 50.0, 100.0, 200.0, 400.0),
    day_bands: tuple[float, ...] = (0.0, 7.0, 14.0, 28.0, 56.0),
    n_simulations: int = 199,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """How many times more pairs there are in each band of space and time than by chance.

    Parameters
    ----------
    xy, days, n_simulations, rng
        As for `knox_test`.
    distance_bands_m, day_bands
        Rising edges; a band holds its lower edge and not its upper one. A first distance band of
        0 to 1 m is "the same address".

    Returns
    -------
    DataFrame
        One row a band of space and time: ``from_m``, ``to_m``, ``from_days``, ``to_days``,
        ``observed``, ``expected`` (mean over the shuffles), ``ratio`` (null where none is
        expected) and ``p_value`` in (0, 1].

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> xy, days = rng.uniform(0, 2_000, (80, 2)), rng.uniform(0, 365, 80)
    >>> twice = np.vstack([xy, xy + 20]), np.concatenate([days, days + 3])
    >>> table = near_repeat_ratios(*twice, rng=rng)
    >>> int(table["ratio"].idxmax()), table.loc[4, ["from_m", "to_days"]].tolist()
    (4, [1.0, 7.0])
    """
    xy, days = _checked(xy, days, n_simulations)
    edges_m, edges_days = _edges(distance_bands_m), _edges(day_bands)
    pairs = _close_pairs(xy, edges_m[-1])
    apart = np.hypot(*(xy[pairs[:, 0]] - xy[pairs[:, 1]]).T)
    band = np.searchsorted(edges_m, apart, side="right") - 1
    inside = (band >= 0) & (band < len(edges_m) - 1)
    pairs, band = pairs[inside], band[inside]
    shape = len(edges_m) - 1, len(edges_days) - 1
    tables = (_table(band, gap, edges_days, shape) for gap in _gaps(pairs, days, rng))
    observed = next(tables)
    simulated = np.array([next(tables) for _ in range(n_simulations)])
    expected = simulated.mean(axis=0)
    frame = pd.DataFrame(
        [(*space, *time) for space in pairwise(edges_m) for time in pairwise(edges_days)],
        columns=["from_m", "to_m", "from_days", "to_days"],
    )
    frame["observed"], frame["expected"] = observed.ravel(), expected.ravel()
    frame["ratio"] = frame["observed"] / frame["expected"].where(frame["expected"] > 0)
    reached = (simulated >= observed).sum(axis=0).ravel()
    return frame.assign(p_value=(1 + reached) / (n_simulations + 1))


def _checked(xy: np.ndarray, days: np.ndarray, n_simulations: int) -> tuple[np.ndarray, np.ndarray]:
    points, when = np.asarray(xy, dtype=float).reshape(-1, 2), np.asarray(days, dtype=float)
    if len(points) != len(when):
        raise ParameterError(f"{len(points)} points but {len(when)} days: give one day a point")
    if not (np.isfinite(points).all() and np.isfinite(when).all()):
        raise ParameterError("points and days must be finite: leave out rows without a time")
    if n_simulations < 1:
        raise ParameterError(f"n_simulations is {n_simulations}: it must be at least 1")
    return points, when


def _edges(bands: tuple[float, ...]) -> np.ndarray:
    edges = np.asarray(bands, dtype=float)
    if len(edges) < 2 or edges[0] < 0 or not (np.diff(edges) > 0).all():
        raise ParameterError(f"bands are {bands}: give two or more rising edges from 0 on")
    return edges


def _close_pairs(xy: np.ndarray, distance_m: float) -> np.ndarray:
    """(k, 2) rows of the points no further apart than this, each pair once."""
    if not 0 <= distance_m < np.inf:
        raise ParameterError(f"distance_m is {distance_m}: it must be 0 or more")
    if len(xy) == 0:
        return np.empty((0, 2), dtype=np.int64)
    pairs: np.ndarray = cKDTree(xy).query_pairs(distance_m, output_type="ndarray")
    return pairs


def _pairs_within(days: np.ndarray, within_days: float) -> int:
    """How many of all pairs are close in time."""
    ordered = np.sort(days)
    last = np.searchsorted(ordered, ordered + within_days, side="right")
    return int((last - np.arange(len(days)) - 1).sum())


def _gaps(pairs: np.ndarray, days: np.ndarray, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Days between the two of each pair: as they are first, then with the times shuffled."""
    when = days
    while True:
        yield np.abs(when[pairs[:, 0]] - when[pairs[:, 1]])
        when = rng.permutation(days)


def _table(
    band: np.ndarray, gaps: np.ndarray, edges_days: np.ndarray, shape: tuple[int, int]
) -> np.ndarray:
    """(bands of space, bands of time) number of pairs."""
    column = np.searchsorted(edges_days, gaps, side="right") - 1
    inside = (column >= 0) & (column < shape[1])
    flat = band[inside] * shape[1] + column[inside]
    return np.bincount(flat, minlength=shape[0] * shape[1]).reshape(shape)
