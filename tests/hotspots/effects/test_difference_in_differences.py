"""The ratio against closed forms, a general optimiser, and planted effects in clumped counts."""

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import minimize

from hotspots.core.errors import FrameError, ParameterError, TooFewError
from hotspots.effects.difference_in_differences import difference_in_differences

AFTER = np.arange(8) >= 4
PAIR = np.array([True, False])
CALM = np.array([[9, 10, 9, 10, 5, 4, 5, 5], [6, 5, 6, 6, 5, 6, 5, 6]])


def test_with_one_site_each_it_is_the_ratio_of_ratios() -> None:
    effect = difference_in_differences(CALM, PAIR, AFTER, np.full(8, 100))
    # (19 / 38) / (22 / 23); Poisson: variance of the log is 1/19 + 1/38 + 1/22 + 1/23
    assert effect.ratio == pytest.approx((19 / 38) / (22 / 23))
    assert effect.dispersion == 0
    error = (1 / 19 + 1 / 38 + 1 / 22 + 1 / 23) ** 0.5
    reach = stats.t.isf(0.025, 16 - 4) * error
    assert np.log(effect.high / effect.ratio) == pytest.approx(reach)
    assert np.log(effect.ratio / effect.low) == pytest.approx(reach)


def test_what_the_whole_borough_does_is_no_effect() -> None:
    borough = np.array([100, 120, 80, 100, 300, 340, 320, 280])
    counts = np.vstack([borough // 10, borough // 20])
    effect = difference_in_differences(counts, PAIR, AFTER, borough)
    assert effect.ratio == pytest.approx(1)


def test_sites_have_levels_of_their_own() -> None:
    loud = np.vstack([CALM, CALM[1] * 10])
    effect = difference_in_differences(loud, np.array([True, False, False]), AFTER, np.full(8, 50))
    # Comparison sites both go from 23 to 22 (times ten): the ratio is as before.
    assert effect.ratio == pytest.approx((19 / 38) / (22 / 23), rel=1e-3)


def test_clumped_counts_are_fitted_as_a_general_optimiser_does() -> None:
    rng = np.random.default_rng(3)
    borough = rng.integers(30, 60, 12)
    counts = rng.negative_binomial(2, 0.25, (3, 12))
    treated, after = np.array([True, False, False]), np.arange(12) >= 6
    effect = difference_in_differences(counts, treated, after, borough)
    assert effect.dispersion > 0.05

    def surprise(x: np.ndarray) -> float:
        mean = borough * np.exp(x[:3, None] + x[3] * after + x[4] * (treated[:, None] & after))
        shape = np.exp(-x[5])
        return -stats.nbinom.logpmf(counts, shape, shape / (shape + mean)).sum()

    start = np.array([-2.0, -2.0, -2.0, 0.0, 0.0, -1.0])
    best = minimize(surprise, start, method="BFGS")
    assert np.log(effect.ratio) == pytest.approx(best.x[4], abs=2e-3)
    assert np.log(effect.dispersion) == pytest.approx(best.x[5], abs=2e-2)


@pytest.mark.parametrize("planted", [1.0, 0.5])
def test_the_interval_holds_the_planted_effect(planted: float) -> None:
    # 120 trials at 95 %: 6 misses expected; more than 14 has probability 0.1 %.
    rng = np.random.default_rng(5)
    treated, after = np.arange(6) < 2, np.arange(20) >= 10
    misses = 0
    for _ in range(120):
        borough = rng.poisson(60 + 30 * np.sin(np.arange(20) / 3))
        mean = 5 * borough / 60 * np.where(treated[:, None] & after, planted, 1)
        counts = rng.poisson(rng.gamma(1 / 0.3, mean * 0.3))
        effect = difference_in_differences(counts, treated, after, borough)
        misses += not effect.low <= planted <= effect.high
    assert misses <= 14


def test_silent_sites_and_periods_tell_nothing() -> None:
    borough = np.full(8, 100)
    alone = difference_in_differences(CALM, PAIR, AFTER, borough)
    padded = np.zeros((3, 9), int)
    padded[:2, :8] = CALM
    effect = difference_in_differences(
        padded, np.array([True, False, False]), np.append(AFTER, True), np.append(borough, 0)
    )
    assert effect.ratio == pytest.approx(alone.ratio)


def test_no_ratio_is_given_where_there_is_none() -> None:
    silent = CALM.copy()
    silent[0, 4:] = 0
    with pytest.raises(TooFewError, match="treated sites after"):
        difference_in_differences(silent, PAIR, AFTER, np.full(8, 9))
    with pytest.raises(TooFewError, match="comparison sites before"):
        difference_in_differences(CALM, np.array([True, True]), AFTER, np.full(8, 9))
    with pytest.raises(TooFewError, match="periods"):
        difference_in_differences(CALM[:, 3:5], PAIR, AFTER[3:5], np.full(2, 9))


def test_input_without_meaning_is_refused() -> None:
    with pytest.raises(FrameError, match=r"\(2, 7\)"):
        difference_in_differences(CALM, PAIR, AFTER[1:], np.full(7, 9))
    with pytest.raises(FrameError, match="at least 0"):
        difference_in_differences(-CALM, PAIR, AFTER, np.full(8, 9))
    with pytest.raises(ParameterError):
        difference_in_differences(CALM, PAIR, AFTER, np.full(8, 9), confidence=95)
