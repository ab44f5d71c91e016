"""Is this week out of the ordinary for the whole borough? Upper bounds of weekly counts.

Two bounds that public-health agencies use every week: EARS C1, which knows only the last seven
weeks, and the improved method of Farrington, which knows the season and the trend and gives past
outbreaks less weight. Both see only the weeks before the one they judge.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import stats

from hotspots.core.errors import FrameError, ParameterError
from hotspots.stats.log_linear import LogLinearFit, fit_loglinear, pearson_dispersion

WEEK = pd.Timedelta(days=7)


@dataclass(frozen=True)
class FarringtonParams:
    """How the expected count of a week is reckoned.

    Attributes
    ----------
    years
        Years to look back, ≥ 1; a trend takes 3.
    half_window
        Weeks on either side of the same week of an earlier year that share its season, ≥ 0.
    seasons
        Blocks that the year is cut into, the one around the week itself included, ≥ 2; two or more
        weeks of the record for each.
    weeks_left_out
        Weeks just before that are not learnt from, lest a rise hides itself, ``half_window`` to 26.
    residual_limit
        Weeks with a larger standardised residual count less.
    alpha
        Chance of an alarm in an ordinary week.
    trend_alpha
        Largest p-value of a trend that is used.
    min_cases, min_cases_weeks
        No bound where fewer cases fell in so many weeks, this one included.
    """

    years: int = 4
    half_window: int = 3
    seasons: int = 10
    weeks_left_out: int = 26
    residual_limit: float = 2.58
    alpha: float = 0.01
    trend_alpha: float = 0.05
    min_cases: int = 5
    min_cases_weeks: int = 4

    def __post_init__(self) -> None:
        most_seasons = min(52 - 2 * self.half_window, (52 * self.years - self.weeks_left_out) // 2)
        limits = {
            "years": (self.years, 1, 100),
            "half_window": (self.half_window, 0, 12),
            "weeks_left_out": (self.weeks_left_out, self.half_window, 26),
            "seasons": (self.seasons, 2, most_seasons),
            "min_cases": (self.min_cases, 0, np.inf),
            "min_cases_weeks": (self.min_cases_weeks, 1, np.inf),
        }
        for name, (value, least, most) in limits.items():
            if not least <= value <= most:
                raise ParameterError(f"{name} is {value}: it must be from {least} to {most}")
        for name in ("alpha", "trend_alpha"):
            if not 0 < getattr(self, name) < 1:
                raise ParameterError(f"{name} is {getattr(self, name)}: it must lie in (0, 1)")


def ears_c1_bounds(weekly: pd.Series, *, baseline: int = 7, alpha: float = 0.001) -> pd.DataFrame:
    """EARS C1: mean of the last weeks plus a normal quantile of their standard deviations.

    Parameters
    ----------
    weekly
        Counts by the day each week began (naive, oldest first, no week missing).
    baseline
        Weeks before that are known, ≥ 3.
    alpha
        Chance of an alarm in an ordinary week, were counts normal.

    Returns
    -------
    DataFrame
        On the same index: ``count``, ``expected``, ``upper`` (null in the first weeks), ``alarm``.

    References
    ----------
    Hutwagner et al. (2003), Journal of Urban Health 80(2), i89-i96.

    Examples
    --------
    >>> weeks = pd.date_range("2026-01-05", periods=8, freq="7D")
    >>> ears_c1_bounds(pd.Series([2, 3, 2, 1, 2, 3, 1, 9], weeks))["alarm"].tolist()[-1]
    True
    """
    if baseline < 3 or not 0 < alpha < 1:
        raise ParameterError(f"baseline is {baseline} (from 3), alpha {alpha} (between 0 and 1)")
    counts = _checked(weekly)
    past = counts.rolling(baseline)
    expected = past.mean().shift(1)
    upper = expected + stats.norm.isf(alpha) * past.std().shift(1)
    return _bounds(counts, expected, upper)


def farrington_bounds(
    weekly: pd.Series, params: FarringtonParams | None = None, *, last_weeks: int | None = None
) -> pd.DataFrame:
    """The improved method of Farrington: a quasi-Poisson model of season and trend.

    Past weeks that were themselves out of the ordinary count less. The bound is a quantile of the
    negative binomial with the predicted mean and the fitted dispersion.

    Parameters
    ----------
    weekly
        Counts by the day each week began (naive, oldest first, no week missing).
    params
        How the expected count is reckoned.
    last_weeks
        Judge only so many of the latest weeks; all that have the years before them where None.

    Returns
    -------
    DataFrame
        On the same index: ``count``, ``expected``, ``upper`` (null where it was not asked for,
        where the years before are not there, or where there were too few cases of late), ``alarm``.

    References
    ----------
    Noufaily et al. (2013), Statistics in Medicine 32(7), 1206-1222, as in ``farringtonFlexible``
    of R's surveillance (Salmon, Schumacher and Höhle 2016, Journal of Statistical Software 70(10)).

    Examples
    --------
    >>> weeks = pd.date_range("2021-01-04", periods=300, freq="7D")
    >>> quiet = np.random.default_rng(1).poisson(6, 300)
    >>> quiet[-1] = 30
    >>> bool(farrington_bounds(pd.Series(quiet, weeks), last_weeks=1)["alarm"].iloc[-1])
    True
    """
    params = params or FarringtonParams()
    counts = _checked(weekly)
    expected = pd.Series(np.nan, counts.index)
    upper = expected.copy()
    enough = counts.rolling(params.min_cases_weeks).sum() >= params.min_cases
    start = 0 if last_weeks is None else max(len(counts) - last_weeks, 0)
    for week in range(start, len(counts)):
        same_weeks = _same_week_of_years(counts.index, week, params.years)
        if enough.iloc[week] and same_weeks[-1] >= params.half_window:
            mean, dispersion = _prediction(counts.to_numpy(), week, same_weeks, params)
            expected.iloc[week] = mean
            upper.iloc[week] = _quantile(1 - params.alpha, mean, dispersion)
    return _bounds(counts, expected, upper)


def first_bounded_week(
    first_week: pd.Timestamp, params: FarringtonParams | None = None
) -> pd.Timestamp:
    """The first week that `farrington_bounds` can judge in a record that begins with a week.

    Parameters
    ----------
    first_week
        The (naive) day on which the record's first week began.
    params
        As for `farrington_bounds`.

    Examples
    --------
    >>> first_bounded_week(pd.Timestamp("2022-01-03")).date().isoformat()
    '2026-01-26'
    """
    params = params or FarringtonParams()
    week = 52 * params.years
    weeks = pd.date_range(
        first_week, periods=week + params.years + params.half_window + 4, freq=WEEK
    )
    while _same_week_of_years(weeks, week, params.years)[-1] < params.half_window:
        week += 1
    return weeks[week]


def _checked(weekly: pd.Series) -> pd.Series:
    if not isinstance(weekly.index, pd.DatetimeIndex) or weekly.index.tz is not None:
        raise FrameError("weekly: the index must be the (naive) day on which each week began")
    if len(weekly) > 1 and not (np.diff(weekly.index) == WEEK).all():
        raise FrameError("weekly: weeks must follow each other by seven days: fill gaps with 0")
    counts = weekly.astype(float)
    if not (counts >= 0).all():
        raise FrameError("weekly: counts must be numbers of at least 0, without nulls")
    return counts


def _bounds(counts: pd.Series, expected: pd.Series, upper: pd.Series) -> pd.DataFrame:
    frame = {"count": counts, "expected": expected, "upper": upper, "alarm": counts > upper}
    return pd.DataFrame(frame, index=counts.index)


def _same_week_of_years(weeks: pd.DatetimeIndex, week: int, years: int) -> list[int]:
    """Positions of the weeks nearest to the same date, latest first; below 0 before the record."""
    dates = [weeks[week] - pd.DateOffset(years=back) for back in range(years + 1)]
    return [week + round((date - weeks[week]) / WEEK) for date in dates]


def _seasons(n: int, same_weeks: list[int], params: FarringtonParams) -> np.ndarray:
    """(n,) block of each week: 0 around the same week of each year, 1.. between; -1 not used."""
    season = np.full(n, -1)
    width = params.half_window
    for later, earlier in pairwise(same_weeks):
        season[earlier - width : earlier + width + 1] = 0
        between = np.array_split(np.arange(earlier + width + 1, later - width), params.seasons - 1)
        for block, weeks in enumerate(between, start=1):
            season[weeks] = block
    season[same_weeks[0] - params.weeks_left_out :] = -1
    return season


def _prediction(
    counts: np.ndarray, week: int, same_weeks: list[int], params: FarringtonParams
) -> tuple[float, float]:
    """Mean and dispersion of the week, with a trend where there is one to speak of."""
    season = _seasons(len(counts), same_weeks, params)
    used = np.flatnonzero(season >= 0)
    blocks = (season[used, None] == np.arange(1, params.seasons)).astype(float)
    level = np.column_stack([np.ones(len(used)), blocks])
    ahead = (week - used).astype(float)  # so that the constant is the log mean of this week
    past = counts[used]
    fit, dispersion, p_value = _reweighted(past, np.column_stack([level, ahead]), params)
    mean = float(np.exp(fit.coefficients[0]))
    is_trend = params.years >= 3 and p_value < params.trend_alpha and mean <= past.max()
    if not is_trend:
        fit, dispersion, _ = _reweighted(past, level, params)
        mean = float(np.exp(fit.coefficients[0]))
    return mean, dispersion


def _reweighted(
    past: np.ndarray, design: np.ndarray, params: FarringtonParams
) -> tuple[LogLinearFit, float, float]:
    """The fit with outbreaks weighted down, its dispersion, and the last column's p-value."""
    even = np.ones(len(past))
    first = fit_loglinear(past, design)
    spread = max(pearson_dispersion(past, first, even), 1.0)
    anscombe = 1.5 * (past ** (2 / 3) * first.mean ** (-1 / 6) - np.sqrt(first.mean))
    residual = anscombe / np.sqrt(spread * np.maximum(1 - first.leverage, 1e-12))
    weights = np.where(residual > params.residual_limit, np.maximum(residual, 1e-12) ** -2.0, 1.0)
    weights *= len(past) / weights.sum()
    fit = fit_loglinear(past, design, weights=weights)
    dispersion = max(pearson_dispersion(past, fit, weights), 1.0)
    # R judges the trend with the dispersion of relative residuals (its summary reads the prior
    # weights in place of the working ones); we follow it, since our bounds are to be equal to its.
    freedom = len(past) - design.shape[1]
    relative = (weights * (past / fit.mean - 1) ** 2).sum() / freedom
    error = np.sqrt(relative * fit.covariance[-1, -1])
    p_value = 2 * stats.t.sf(abs(fit.coefficients[-1]) / error, freedom) if error > 0 else 1.0
    return fit, dispersion, float(p_value)


def _quantile(share: float, mean: float, dispersion: float) -> float:
    if dispersion > 1:
        return float(stats.nbinom.ppf(share, mean / (dispersion - 1), 1 / dispersion))
    return float(stats.poisson.ppf(share, mean))
