"""Rates of rare events, with intervals and tests that hold for small counts."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from hotspots.core.errors import ParameterError


@dataclass(frozen=True)
class RateRatio:
    """How many times the rate of one count is that of another.

    Attributes
    ----------
    ratio, low, high
        Estimate and the ends of its interval; ``high`` (and ``ratio``) is infinite where nothing
        was counted against it, and ``ratio`` is null where nothing was counted at all.
    p_value
        Of the E-test that both rates are the same, two-sided.
    """

    ratio: float
    low: float
    high: float
    p_value: float


def poisson_interval(
    count: np.ndarray | int, *, confidence: float = 0.95
) -> tuple[np.ndarray, np.ndarray]:
    """Exact interval of the mean of a Poisson count.

    Parameters
    ----------
    count
        Whole numbers of at least 0, of any shape.
    confidence
        Least coverage, in (0, 1).

    Returns
    -------
    tuple of ndarray
        Lower and upper ends, of the same shape.

    References
    ----------
    Garwood (1936), Biometrika 28(3/4), 437-442.

    Examples
    --------
    >>> low, high = poisson_interval(5)
    >>> round(float(low), 2), round(float(high), 2)
    (1.62, 11.67)
    """
    n = check_counts(count)
    tail = _tail(confidence)
    low = np.where(n > 0, stats.gamma.ppf(tail, np.maximum(n, 1)), 0.0)
    return low, stats.gamma.isf(tail, n + 1)


def e_test(
    first: int, second: int, *, first_exposure: float = 1.0, second_exposure: float = 1.0
) -> float:
    """p-value of the E-test that two Poisson counts have the same rate, two-sided.

    More powerful than the conditional test, which is conservative for small counts.

    Parameters
    ----------
    first, second
        Whole numbers of at least 0.
    first_exposure, second_exposure
        What each was counted over (days, sites), above 0.

    References
    ----------
    Krishnamoorthy and Thomson (2004), Journal of Statistical Planning and Inference 119(1), 23-35.

    Examples
    --------
    >>> round(e_test(6, 2), 6)
    0.174875
    """
    check_counts(np.array([first, second]))
    check_exposures(first_exposure, second_exposure)
    test = stats.poisson_means_test(first, first_exposure, second, second_exposure)
    return float(test.pvalue)


def rate_ratio(
    first: int,
    second: int,
    *,
    first_exposure: float = 1.0,
    second_exposure: float = 1.0,
    confidence: float = 0.95,
) -> RateRatio:
    """The rate of ``first`` over that of ``second``, with an exact interval.

    Given their sum, the first count is binomial: Clopper and Pearson's interval of its share is
    turned into one of the ratio.

    Parameters
    ----------
    first, second, first_exposure, second_exposure
        As for `e_test`.
    confidence
        Least coverage, in (0, 1).

    References
    ----------
    Przyborowski and Wilenski (1940), Biometrika 31(3/4), 313-323.

    Examples
    --------
    >>> halved = rate_ratio(20, 40)
    >>> round(halved.ratio, 2), round(halved.low, 2), round(halved.high, 2)
    (0.5, 0.28, 0.88)
    """
    p_value = e_test(first, second, first_exposure=first_exposure, second_exposure=second_exposure)
    tail = _tail(confidence)
    scale = second_exposure / first_exposure
    low = stats.beta.ppf(tail, first, second + 1) if first else 0.0
    high = stats.beta.isf(tail, first + 1, second) if second else 1.0
    ratio = _odds(first / (first + second)) * scale if first + second else np.nan
    return RateRatio(float(ratio), _odds(low) * scale, _odds(high) * scale, p_value)


def _odds(share: float) -> float:
    return float(share / (1 - share)) if share < 1 else np.inf


def check_counts(count: npt.ArrayLike) -> np.ndarray:
    """Whole numbers of at least 0, as an array; else a `ParameterError`."""
    n = np.asarray(count)
    if not (n >= 0).all() or (n != np.floor(n)).any():
        raise ParameterError(f"count is {n}: it must be whole numbers of at least 0")
    return n


def check_exposures(*exposures: float) -> None:
    """Refuse an exposure that is not above 0, by a `ParameterError`."""
    if not all(0 < exposure < np.inf for exposure in exposures):
        raise ParameterError(f"exposures are {exposures}: they must be above 0")


def _tail(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ParameterError(f"confidence is {confidence}: it must be between 0 and 1")
    return (1 - confidence) / 2
