"""Spike, trend or neither: planted series, least squares done the long way, false alarms."""

import numpy as np
import pytest
from scipy import stats

from hotspots.core.errors import ParameterError
from hotspots.stats.trend_rule import find_pattern

SEASON = np.array([8, 9, 10, 12, 15, 18, 20, 19, 14, 11, 9, 8])


def test_three_years_one_way_are_a_trend() -> None:
    # Totals 120, 132, 144, 156; the last two years differ by nothing that the slope could test
    # for scatter, but by 1 in each month.
    pattern = find_pattern(np.repeat([10, 11, 12, 13], 12))
    assert (pattern.by_years, pattern.trend) == ("up", "up")


def test_two_years_up_and_one_down_are_none() -> None:
    years = [SEASON, SEASON + 1, SEASON + 2, SEASON + np.tile([-1, 0, 0], 4)]
    assert find_pattern(np.concatenate(years)).by_years is None


def test_the_slope_is_that_of_least_squares_with_a_level_for_each_month() -> None:
    rng = np.random.default_rng(3)
    series = rng.poisson(np.tile(SEASON, 2) * np.repeat([1.0, 1.3], 12)).astype(float)
    design = np.column_stack([np.arange(24), np.tile(np.eye(12), (2, 1))])
    solved, *_ = np.linalg.lstsq(design, series, rcond=None)
    residual = series - design @ solved
    sigma2 = residual @ residual / (24 - 13)
    t = solved[0] / np.sqrt(sigma2 * np.linalg.inv(design.T @ design)[0, 0])
    assert find_pattern(series).slope_p_value == pytest.approx(2 * stats.t.sf(abs(t), 11))


def test_a_season_alone_is_no_trend() -> None:
    pattern = find_pattern(np.tile(SEASON, 2))
    assert (pattern.trend, pattern.slope_p_value, pattern.spikes) == (None, 1.0, ())


def test_one_month_above_its_limit_is_a_spike() -> None:
    # Mean 4: the limit is 4 + 3 x 2 = 10; Poisson leaves 0.0028 above 10 and 0.0009 above 11.
    series = np.full(36, 4)
    series[-5] = 12
    pattern = find_pattern(series)
    assert (pattern.control_limit, pattern.spikes) == (11, (5,))
    series[-5] = 11
    assert find_pattern(series).spikes == ()


def test_no_record_is_not_zero() -> None:
    series = np.concatenate([np.full(20, np.nan), np.full(28, 9.0)])
    pattern = find_pattern(series)
    assert (pattern.months, pattern.trend) == (28, None)
    gap = np.full(48, 9.0)
    gap[-10] = np.nan
    assert find_pattern(gap).months == 9


def test_too_few_months_say_nothing() -> None:
    pattern = find_pattern(np.arange(23))
    assert pattern.trend is None
    assert np.isnan(pattern.slope_p_value)
    assert np.isnan(pattern.control_limit)
    assert find_pattern(np.array([])).months == 0


def test_chance_alone_rarely_makes_a_slope() -> None:
    rng = np.random.default_rng(11)
    drawn = rng.poisson(20, (600, 24))
    alarms = np.mean([find_pattern(series).by_slope is not None for series in drawn])
    # Binomial: 0.05 +- 3 x sqrt(0.05 x 0.95 / 600) = 0.023 to 0.077
    assert 0.023 < alarms < 0.077


@pytest.mark.parametrize("bad", [[-1.0] * 24, [1.5] * 24])
def test_what_is_no_count_is_refused(bad: list[float]) -> None:
    with pytest.raises(ParameterError, match="whole numbers"):
        find_pattern(np.array(bad))
