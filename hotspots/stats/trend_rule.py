"""Spike, trend or neither, by a rule that is the same for every series of months."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from hotspots.core.errors import ParameterError
from hotspots.stats.rates import check_counts

YEAR = 12
SLOPE_MONTHS = 24
ANNUAL_MONTHS = 48
"""Three comparisons of a year with the one before take four years."""
SIGMAS = 3.0
Direction = Literal["up", "down"]


@dataclass(frozen=True)
class Pattern:
    """What a series does.

    Attributes
    ----------
    trend
        Its direction; None where there is none, or where the two signs contradict each other.
    by_years, by_slope
        What says so: three annual comparisons one way; the slope of the last 24 months. None: no
        direction, or too few months to tell.
    slope_p_value
        Null with fewer than 24 months.
    spikes
        How many months ago, from 1 for the last; of the last 12, those above the control limit.
    control_limit
        Of a month; null with fewer than 24 months.
    months
        How many months without a gap, up to the last, were looked at.
    """

    trend: Direction | None
    by_years: Direction | None
    by_slope: Direction | None
    slope_p_value: float
    spikes: tuple[int, ...]
    control_limit: float
    months: int


def find_pattern(counts: np.ndarray, *, level: float = 0.05) -> Pattern:
    """Apply the rule to a series of counts.

    A trend is three annual comparisons one way, or a slope of the last 24 months, free of the
    season, that is significant. A spike is a month above its control limit.

    Parameters
    ----------
    counts
        (n,) by month, oldest first, whole numbers of at least 0; NaN where there is no record.
        What comes before the last NaN is not looked at: no record is not zero.
    level
        Of the test of the slope, in (0, 1).

    Examples
    --------
    >>> rising = np.repeat([20, 24, 29, 35], 12)
    >>> find_pattern(rising).trend
    'up'
    """
    if not 0 < level < 1:
        raise ParameterError(f"level is {level}: it must be between 0 and 1")
    series = _since_last_gap(np.asarray(counts, dtype=float))
    check_counts(series)
    p_value, slope = _slope(series)
    by_slope: Direction | None = None
    if p_value < level:
        by_slope = "up" if slope > 0 else "down"
    by_years = _years_one_way(series)
    trends = {by_years, by_slope} - {None}
    limit = _control_limit(series)
    return Pattern(
        trend=trends.pop() if len(trends) == 1 else None,
        by_years=by_years,
        by_slope=by_slope,
        slope_p_value=p_value,
        spikes=tuple(int(n) for n in YEAR - np.flatnonzero(series[-YEAR:] > limit)),
        control_limit=limit,
        months=len(series),
    )


def _since_last_gap(series: np.ndarray) -> np.ndarray:
    gaps = np.flatnonzero(np.isnan(series))
    return series[gaps[-1] + 1 :] if len(gaps) else series


def _years_one_way(series: np.ndarray) -> Direction | None:
    if len(series) < ANNUAL_MONTHS:
        return None
    changes = np.diff(series[-ANNUAL_MONTHS:].reshape(-1, YEAR).sum(axis=1))
    if (changes > 0).all():
        return "up"
    return "down" if (changes < 0).all() else None


def _slope(series: np.ndarray) -> tuple[float, float]:
    """p-value and slope a month, of a straight line beside one level for each calendar month.

    With two years, the least squares of that line are those of the 12 differences between a month
    and the same of the year before: their mean over 12, and Student's t of their mean.
    """
    if len(series) < SLOPE_MONTHS:
        return np.nan, np.nan
    first, second = series[-SLOPE_MONTHS:].reshape(2, YEAR)
    change = second - first
    slope = float(change.mean() / YEAR)
    if np.ptp(change) == 0:  # no scatter at all: t is 0/0, or infinite
        return (0.0 if slope else 1.0), slope
    t = change.mean() / (change.std(ddof=1) / np.sqrt(YEAR))
    return float(2 * stats.t.sf(abs(t), YEAR - 1)), slope


def _control_limit(series: np.ndarray) -> float:
    """Three sigmas above the mean of the months before the last 12 (two years, if there are).

    Sigma is Poisson's, wider where those months scatter more than that; small counts take the
    exact quantile that leaves as much above it.
    """
    if len(series) < SLOPE_MONTHS:
        return np.nan
    baseline = series[-3 * YEAR : -YEAR]
    mean = baseline.mean()
    if mean == 0:
        return np.nan  # nothing was ever counted: the first count is news, but no spike
    spread = SIGMAS * np.sqrt(max(mean, baseline.var(ddof=1)))
    return float(max(mean + spread, stats.poisson.isf(stats.norm.sf(SIGMAS), mean)))
