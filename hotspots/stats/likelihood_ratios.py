"""How much better a window's own rate explains its cases than one rate for all (Kulldorff 1997).

Source: Kulldorff (1997), Communications in Statistics: Theory and Methods 26(6), 1481-1496.
"""

import numpy as np

from hotspots.core.errors import ParameterError

FEWEST_CASES = 2
"""A window of a single case is no cluster; SaTScan's default too."""


def poisson_llr(
    observed: np.ndarray, expected: np.ndarray, total: float | np.ndarray
) -> np.ndarray:
    """Log-likelihood ratio of windows under a Poisson (or permutation) model.

    n ln(n/e) + (N-n) ln((N-n)/(N-e)) where more than expected lies inside, else 0.

    Parameters
    ----------
    observed
        Cases n in each window; any shape.
    expected
        Cases e that the null puts there, summing to ``total`` over everything; broadcast.
    total
        All cases N.

    Examples
    --------
    >>> poisson_llr(np.array([4, 1]), np.array([1.0, 1.0]), 10).round(6).tolist()
    [3.112387, 0.0]
    """
    n, e = np.broadcast_arrays(np.asarray(observed, dtype=float), np.asarray(expected, dtype=float))
    ratio = np.zeros(n.shape)
    high = (n > e) & (n >= FEWEST_CASES)
    inside, expected_n = n[high], e[high]
    if (expected_n <= 0).any():
        raise ParameterError("expected is 0 in a window that holds cases: the null excludes them")
    rest = np.asarray(total, dtype=float) - inside
    beside = np.maximum(rest, 1e-300) / np.maximum(np.asarray(total) - expected_n, 1e-300)
    ratio[high] = inside * np.log(inside / expected_n) + np.where(
        rest > 0, rest * np.log(beside), 0.0
    )
    return ratio


def bernoulli_llr(
    cases: np.ndarray, population: np.ndarray, total_cases: float, total_population: float
) -> np.ndarray:
    """Log-likelihood ratio of windows under a Bernoulli model of cases among a population.

    Parameters
    ----------
    cases, population
        Cases in each window, and cases and controls together; broadcast.
    total_cases, total_population
        The same over everything.

    Examples
    --------
    Four of four, where 62 of 203 are cases (SaTScan's North Humberside example):

    >>> bernoulli_llr(np.array([4]), np.array([4]), 62, 203).round(6).tolist()
    [4.836516]
    """
    c, n = np.broadcast_arrays(np.asarray(cases, dtype=float), np.asarray(population, dtype=float))
    ratio = np.zeros(c.shape)
    high = (c >= FEWEST_CASES) & (c * total_population > total_cases * n)
    c, n = c[high], n[high]
    others, rest = total_cases - c, total_population - n
    null = _entropy(total_cases, total_population)
    ratio[high] = _entropy(c, n) + _entropy(others, rest) - null
    return ratio


def _entropy(cases: np.ndarray | float, population: np.ndarray | float) -> np.ndarray:
    """ln of the binomial likelihood at its own rate: c ln(c/n) + (n-c) ln((n-c)/n)."""
    c, n = np.asarray(cases, dtype=float), np.asarray(population, dtype=float)
    return np.asarray(_x_log_ratio(c, n) + _x_log_ratio(n - c, n))


def _x_log_ratio(x: np.ndarray, total: np.ndarray) -> np.ndarray:
    safe = np.where(x > 0, x, 1.0)
    return np.asarray(np.where(x > 0, x * np.log(safe / np.maximum(total, 1e-300)), 0.0))
