"""From simulated maxima to p-values, and from p-values to how often to expect a false alarm."""

import numpy as np
from scipy.stats import gumbel_r

TIE = 1e-9
"""Maxima that differ by less than this share are equal: counts are whole, logarithms are not."""


def pseudo_p_values(statistic: np.ndarray, maxima: np.ndarray) -> np.ndarray:
    """Share of maps, the observed one among them, whose maximum is at least as large.

    Parameters
    ----------
    statistic
        (k,) observed values.
    maxima
        (n_simulations,) largest value of each simulated map.

    Returns
    -------
    ndarray
        (k,) in [1 / (n_simulations + 1), 1].

    Examples
    --------
    >>> pseudo_p_values(np.array([3.0, 9.0]), np.array([1.0, 3.0, 5.0])).tolist()
    [0.75, 0.25]
    """
    least = statistic - TIE * np.maximum(1.0, statistic)
    reached = len(maxima) - np.searchsorted(np.sort(maxima), least, side="left")
    return np.asarray((1 + reached) / (len(maxima) + 1))


def gumbel_p_values(statistic: np.ndarray, maxima: np.ndarray) -> np.ndarray:
    """p-values from a Gumbel distribution fitted to the maxima by their moments.

    For p-values below what the number of simulations can tell; above, prefer the pseudo p-value,
    which is also the answer where the maxima do not vary.

    Source: Abrams, Kulldorff and Kleinman (2010), International Journal of Health Geographics
    9:61.
    """
    if len(maxima) < 2 or np.ptp(maxima) == 0:
        return pseudo_p_values(statistic, maxima)
    scale = np.std(maxima, ddof=1) * np.sqrt(6) / np.pi
    location = np.mean(maxima) - np.euler_gamma * scale
    return np.asarray(gumbel_r.sf(statistic, location, scale))


def recurrence_interval_days(p_values: np.ndarray, *, every_days: float = 1.0) -> np.ndarray:
    """Days within which chance alone would raise one such alarm, at one analysis in so many days.

    Examples
    --------
    >>> recurrence_interval_days(np.array([0.2, 0.001])).tolist()
    [5.0, 1000.0]
    """
    return every_days / np.asarray(p_values, dtype=float)
