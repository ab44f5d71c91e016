"""Does a series go one way? Mann and Kendall's test, which asks only for order."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from hotspots.errors import ParameterError, TooFewError


@dataclass(frozen=True)
class MannKendall:
    """Result of the test.

    Attributes
    ----------
    s, variance
        Pairs that rise less pairs that fall, and its variance without a trend, ties counted.
    z, p_value
        Normal score with the correction for continuity; two-sided.
    slope
        Sen's: the median of the slopes of all pairs, per step.
    """

    s: int
    variance: float
    z: float
    p_value: float
    slope: float


def mann_kendall(values: np.ndarray) -> MannKendall:
    """Test a series for a trend, whatever its distribution.

    Parameters
    ----------
    values
        (n,) at equal steps, oldest first; n ≥ 3, no nulls.

    Raises
    ------
    TooFewError
        Fewer than three values.

    References
    ----------
    Mann (1945), Econometrica 13(3), 245-259; Kendall (1975), Rank Correlation Methods; Sen (1968),
    Journal of the American Statistical Association 63(324), 1379-1389.

    Examples
    --------
    >>> test = mann_kendall(np.array([2, 3, 3, 5, 8]))
    >>> test.s, round(test.p_value, 3), test.slope
    (9, 0.043, 1.25)
    """
    series = np.asarray(values, dtype=float)
    if not np.isfinite(series).all():
        raise ParameterError("values must be finite: leave out periods without a record")
    n = len(series)
    if n < 3:
        raise TooFewError(f"{n} values are too few for a trend: it takes 3")
    signs = np.sign(series[None, :] - series[:, None])
    s = int(signs[np.triu_indices(n, 1)].sum())
    ties = np.unique(series, return_counts=True)[1]
    variance = float((_pairs_term(n) - _pairs_term(ties).sum()) / 18)
    z = (s - np.sign(s)) / np.sqrt(variance) if variance else 0.0
    slope = float(stats.theilslopes(series).slope)
    return MannKendall(s, variance, float(z), float(2 * stats.norm.sf(abs(z))), slope)


def _pairs_term(n: np.ndarray | int) -> np.ndarray:
    count = np.asarray(n)
    term: np.ndarray = count * (count - 1) * (2 * count + 5)
    return term
