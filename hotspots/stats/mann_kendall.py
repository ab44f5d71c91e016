"""Does a series go one way? Mann and Kendall's test, which asks only for order."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from hotspots.core.errors import ParameterError, TooFewError


@dataclass(frozen=True, eq=False)
class MannKendall:
    """Result of the test: a number of each for one series, (k,) of each for k series.

    Attributes
    ----------
    s, variance
        Pairs that rise less pairs that fall, and its variance without a trend, ties counted.
    z, p_value
        Normal score with the correction for continuity; two-sided.
    """

    s: np.ndarray
    variance: np.ndarray
    z: np.ndarray
    p_value: np.ndarray


def mann_kendall(values: np.ndarray) -> MannKendall:
    """Test one series, or each of many, for a trend, whatever its distribution.

    Parameters
    ----------
    values
        (n,) or (k, n) at equal steps, oldest first; n ≥ 3, no nulls. k series take 8 k n² bytes.

    Raises
    ------
    ParameterError
        A value that is not finite.
    TooFewError
        Fewer than three values.

    References
    ----------
    Mann (1945), Econometrica 13(3), 245-259; Kendall (1975), Rank Correlation Methods.

    Examples
    --------
    >>> test = mann_kendall(np.array([2, 3, 3, 5, 8]))
    >>> int(test.s), round(float(test.p_value), 3)
    (9, 0.043)
    """
    series = np.asarray(values, dtype=float)
    if not np.isfinite(series).all():
        raise ParameterError("values must be finite: leave out periods without a record")
    n = series.shape[-1]
    if n < 3:
        raise TooFewError(f"{n} values are too few for a trend: it takes 3")
    rises, _ = _pairs(series)
    s = np.sign(rises).sum(axis=-1).astype(np.int64)
    variance = _variance(series)
    spread = np.sqrt(np.where(variance > 0, variance, 1.0))
    z = (s - np.sign(s)) / spread  # a flat series has s = 0
    return MannKendall(s, variance, z, 2 * stats.norm.sf(np.abs(z)))


def sens_slope(values: np.ndarray) -> np.ndarray:
    """Sen's slope of one series (n,), or of each of many (k, n): the median of all pairs'.

    Parameters
    ----------
    values
        As for `mann_kendall`, n ≥ 2.

    References
    ----------
    Sen (1968), Journal of the American Statistical Association 63(324), 1379-1389.

    Examples
    --------
    >>> float(sens_slope(np.array([2, 3, 3, 5, 8])))
    1.25
    """
    rises, steps = _pairs(np.asarray(values, dtype=float))
    return np.asarray(np.median(rises / steps, axis=-1))


def _pairs(series: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """By how much each later value exceeds each earlier one, and how many steps lie between."""
    earlier, later = np.triu_indices(series.shape[-1], 1)
    return series[..., later] - series[..., earlier], later - earlier


def _variance(series: np.ndarray) -> np.ndarray:
    """Of s without a trend: n(n-1)(2n+5) less the same of each group of ties, over 18."""
    n = series.shape[-1]
    lowest, highest = (stats.rankdata(series, how, axis=-1) for how in ("min", "max"))
    size = highest - lowest + 1  # of the group of ties of each value
    tied = ((size - 1) * (2 * size + 5)).sum(axis=-1)
    return np.asarray((n * (n - 1) * (2 * n + 5) - tied) / 18)
