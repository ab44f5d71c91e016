"""Kulldorff's space-time scan over places and days: cylinders of a circle and a stretch of days.

The permutation null shuffles the days among the cases. It needs nothing but cases, and whatever
is purely spatial (a busy car park) or purely temporal (a borough-wide rise in reporting) cancels.

Sources: Kulldorff (2001), Journal of the Royal Statistical Society A 164(1), 61-72; Kulldorff,
Heffernan, Hartman, Assunção and Mostashari (2005), PLoS Medicine 2(3), e59.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from hotspots.scan.windows import Windows
from hotspots.stats.likelihood_ratios import poisson_llr
from hotspots.stats.monte_carlo import gumbel_p_values, pseudo_p_values

BATCH_BYTES = 64_000_000
"""Of cylinder counts that are simulated together: little enough for the processor's cache."""


@dataclass(frozen=True, eq=False)
class Periods:
    """Stretches of days that a cylinder may last, by first and last day, both in it."""

    first: np.ndarray
    last: np.ndarray

    def sums(self, by_day: np.ndarray) -> np.ndarray:
        """(p, days, ...) counts summed over each period: (p, periods, ...)."""
        # A stretch is the sum up to its end less the sum up to its beginning.
        total = np.cumsum(by_day, axis=1, dtype=by_day.dtype)
        total = np.concatenate([np.zeros_like(total[:, :1]), total], axis=1)
        return np.asarray(total[:, self.last + 1] - total[:, self.first])


def periods_up_to(days: int, longest: int, *, is_prospective: bool) -> Periods:
    """All periods of up to so many days; prospective ones end on the last day."""
    first, last = np.triu_indices(days)
    chosen = (last - first < longest) & ((last == days - 1) | (not is_prospective))
    return Periods(first[chosen], last[chosen])


@dataclass(frozen=True, eq=False)
class SpaceTimeScan:
    """Cylinders of which no two share a place, likeliest first.

    Attributes
    ----------
    clusters
        One row a cluster: ``centre`` (row of the place), ``radius``, ``places`` (int),
        ``first_day``, ``last_day``, ``observed``, ``expected``, ``llr``, ``p_value``, ``gumbel_p``.
    members
        Rows of the places in each, nearest to its centre first.
    maxima
        (n_simulations,) largest ratio of each simulated history.
    """

    clusters: pd.DataFrame
    members: list[np.ndarray]
    maxima: np.ndarray


Simulate = Callable[[np.random.Generator, int], np.ndarray]
"""(rng, maps) → (places, days, maps) counts under the null."""


def permutation_scan(
    windows: Windows,
    place: np.ndarray,
    day: np.ndarray,
    shape: tuple[int, int],
    periods: Periods,
    *,
    n_simulations: int,
    rng: np.random.Generator,
) -> SpaceTimeScan:
    """Is there more here now than this place's and this time's own share of all cases?

    Parameters
    ----------
    windows
        Circles over the places.
    place, day
        (n,) row of each case's place; its day from 0.
    shape
        Number of places and of days.
    periods
        What lengths of time to try, and when.
    n_simulations, rng
        Shuffled histories; the same generator gives the same result.
    """

    def shuffled(rng: np.random.Generator, maps: int) -> np.ndarray:
        # One flat number for each place, day and map: one bincount counts them all.
        days = rng.permuted(np.tile(day, (maps, 1)), axis=1)
        cell = (place * shape[1] + days) * maps + np.arange(maps)[:, None]
        counts = np.bincount(cell.ravel(), minlength=shape[0] * shape[1] * maps)
        return counts.astype(np.int32).reshape(*shape, maps)

    cases = np.bincount(place * shape[1] + day, minlength=shape[0] * shape[1]).reshape(shape)
    # Expected in a cylinder: cases of its places x cases of its days / all cases (Kulldorff 2005).
    by_period = periods.sums(cases.sum(axis=0)[None])[0]
    expected = windows.sums(cases.sum(axis=1))[:, None] * by_period / max(len(place), 1)
    return _scan(windows, cases, expected, periods, shuffled, n_simulations, rng)


def poisson_space_time_scan(
    windows: Windows,
    cases: np.ndarray,
    expected: np.ndarray,
    periods: Periods,
    *,
    n_simulations: int,
    rng: np.random.Generator,
) -> SpaceTimeScan:
    """Is there more here then than what was expected of each place and day?

    Parameters
    ----------
    cases, expected
        (places, days); the expected ones sum to all cases.
    """
    chance = expected.ravel() / expected.sum()

    def simulated_cases(rng: np.random.Generator, maps: int) -> np.ndarray:
        counts = rng.multinomial(int(cases.sum()), chance, size=maps).T
        return counts.astype(np.int32).reshape(*cases.shape, maps)

    expected_cases = windows.sums(periods.sums(expected))
    return _scan(windows, cases, expected_cases, periods, simulated_cases, n_simulations, rng)


def _scan(
    windows: Windows,
    cases: np.ndarray,
    expected: np.ndarray,
    periods: Periods,
    simulate: Simulate,
    n_simulations: int,
    rng: np.random.Generator,
) -> SpaceTimeScan:
    total = int(cases.sum())
    observed = windows.sums(periods.sums(cases))
    llr = poisson_llr(observed, expected, total)
    maxima = _simulated_maxima(windows, expected, periods, simulate, total, n_simulations, rng)
    position, period = _disjoint(windows, llr)
    chosen = llr[position, period]
    members = [windows.members_of(at) for at in position]
    clusters = pd.DataFrame(
        {
            "centre": windows.centre[position],
            "radius": windows.radius[position],
            "places": [len(rows) for rows in members],
            "first_day": periods.first[period],
            "last_day": periods.last[period],
            "observed": observed[position, period],
            "expected": expected[position, period],
            "llr": chosen,
            "p_value": pseudo_p_values(chosen, maxima),
            "gumbel_p": gumbel_p_values(chosen, maxima),
        }
    )
    return SpaceTimeScan(clusters, members, maxima)


def _simulated_maxima(
    windows: Windows,
    expected: np.ndarray,
    periods: Periods,
    simulate: Simulate,
    total: int,
    n_simulations: int,
    rng: np.random.Generator,
) -> np.ndarray:
    batch = max(1, BATCH_BYTES // (4 * max(expected.size, 1)))
    maxima = np.zeros(n_simulations)
    for first in range(0, n_simulations, batch):
        maps = min(batch, n_simulations - first)
        observed = windows.sums(periods.sums(simulate(rng, maps)))
        ratios = poisson_llr(observed, expected[:, :, None], total)
        maxima[first : first + maps] = ratios.max(axis=(0, 1), initial=0.0)
    return maxima


def _disjoint(windows: Windows, llr: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The best cylinder, the best that shares no place with it, and so on.

    Ties go to the smaller circle, then the shorter time, then the earlier centre.
    """
    best = llr.argmax(axis=1) if llr.size else np.empty(0, dtype=np.int64)
    value = llr[np.arange(len(best)), best]
    position = np.flatnonzero(value > 0)
    order = np.lexsort((position, windows.radius[position], -np.round(value[position], 9)))
    is_taken = np.zeros(int(windows.member.max(initial=-1)) + 1, dtype=bool)
    chosen = []
    for at in position[order].tolist():
        rows = windows.members_of(at)
        if not is_taken[rows].any():
            is_taken[rows] = True
            chosen.append(at)
    kept = np.array(chosen, dtype=np.int64)
    return kept, best[kept] if len(kept) else kept
