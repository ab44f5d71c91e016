"""Shares with their uncertainty: of jobs met, and of jobs done by a time while some are open."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.stats import norm

from hotspots.core.errors import ParameterError


@dataclass(frozen=True)
class Share:
    """A proportion with Wilson's interval; ``share`` is NaN of nothing."""

    met: int
    of: int
    share: float
    low: float
    high: float


def wilson(met: int, of: int, *, level: float = 0.95) -> Share:
    """Wilson's score interval of a proportion.

    Raises
    ------
    ParameterError
        ``met`` is not between 0 and ``of``.

    References
    ----------
    Wilson (1927), Journal of the American Statistical Association 22, 209-212.

    Examples
    --------
    >>> share = wilson(9, 10)
    >>> round(share.low, 4), round(share.high, 4)
    (0.5958, 0.9821)
    """
    if not 0 <= met <= of:
        raise ParameterError(f"{met} of {of}: the first must lie between 0 and the second")
    if of == 0:
        return Share(0, 0, np.nan, np.nan, np.nan)
    z = _normal_quantile((1 + level) / 2)
    share, spread = met / of, z * z / of
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * np.sqrt(share * (1 - share) / of + spread / (4 * of))
    low = 0.0 if met == 0 else middle - half
    high = 1.0 if met == of else middle + half
    return Share(met, of, share, float(low), float(high))


@cache
def _normal_quantile(share: float) -> float:
    """SciPy checks its arguments for as long as a page of shares takes to reckon."""
    return float(norm.ppf(share))


def curve_quantile(times: np.ndarray, surviving: np.ndarray, share: float) -> float:
    """Hours after which a share of jobs is done; infinite where the curve never falls so far.

    Parameters
    ----------
    times, surviving
        A curve as `kaplan_meier` returns it.
    share
        In (0, 1): 0.5 is the median.

    Raises
    ------
    ParameterError
        ``share`` does not lie between 0 and 1.

    Examples
    --------
    >>> curve_quantile(*kaplan_meier(np.array([5., 10., 20.]), np.array([True, True, False])), 0.5)
    10.0
    """
    if not 0 < share < 1:
        raise ParameterError(f"share is {share}: it must lie between 0 and 1")
    reached = np.flatnonzero(surviving <= 1 - share + 1e-12)
    return float(times[reached[0]]) if len(reached) else np.inf


def kaplan_meier(hours: np.ndarray, is_done: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The share not done yet after each number of hours that occurs, shortest first.

    Parameters
    ----------
    hours
        (n,) from the start to the end, or for how long an open job has been watched, ≥ 0.
    is_done
        (n,) False where the job is still open: it may take any longer time.

    Returns
    -------
    (k,) hours and (k,) shares, which hold from these hours on

    References
    ----------
    Kaplan and Meier (1958), Journal of the American Statistical Association 53, 457-481.

    Examples
    --------
    >>> times, open_ = kaplan_meier(np.array([5., 10., 20.]), np.array([True, False, True]))
    >>> times.tolist(), open_.round(2).tolist()
    ([5.0, 10.0, 20.0], [0.67, 0.67, 0.0])
    """
    times, at = np.unique(hours, return_inverse=True)
    done = np.bincount(at, weights=is_done, minlength=len(times))
    leaving = np.bincount(at, minlength=len(times))
    at_risk = len(hours) - np.r_[0, np.cumsum(leaving)[:-1]]
    return times, np.cumprod(1 - done / at_risk)
