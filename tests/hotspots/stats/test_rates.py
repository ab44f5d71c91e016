"""Small counts against published values, scipy's binomial test and simulation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from hotspots.core.errors import ParameterError
from hotspots.stats.rates import e_test, poisson_interval, rate_ratio

SMALL = st.integers(0, 40)


@pytest.mark.parametrize(
    ("first", "second", "published"),
    [(6, 2, 0.1748748), (0, 3, 0.0883790), (10, 20, 0.0688318)],
)
def test_the_e_test_gives_its_authors_values(first: int, second: int, published: float) -> None:
    assert e_test(first, second) == pytest.approx(published, abs=1e-7)
    assert e_test(second, first) == pytest.approx(published, abs=1e-7)


def test_the_e_test_knows_exposure() -> None:
    # Twice the count in twice the time is the same rate.
    assert e_test(20, 10, first_exposure=2) > 0.9
    assert e_test(20, 10, second_exposure=2) < 0.01


@pytest.mark.parametrize(
    ("count", "low", "high"),
    # Garwood's table: 0 (0, 3.69), 1 (0.025, 5.57), 10 (4.80, 18.39)
    [(0, 0.0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.39)],
)
def test_poisson_intervals_are_garwoods(count: int, low: float, high: float) -> None:
    ends = poisson_interval(count)
    assert ends[0] == pytest.approx(low, abs=5e-4)
    assert ends[1] == pytest.approx(high, abs=5e-3)


@settings(max_examples=60, deadline=None)
@given(st.lists(SMALL, min_size=1, max_size=5))
def test_the_ends_are_where_the_count_would_just_be_extreme(counts: list[int]) -> None:
    low, high = poisson_interval(np.array(counts))
    assert stats.poisson.cdf(counts, high) == pytest.approx(0.025)
    above = np.array(counts) > 0
    assert stats.poisson.sf(np.array(counts) - 1, low)[above] == pytest.approx(0.025)


@settings(max_examples=60, deadline=None)
@given(SMALL, SMALL, st.floats(0.1, 10))
def test_the_interval_of_a_ratio_is_that_of_the_binomial_share(
    first: int, second: int, exposure: float
) -> None:
    ratio = rate_ratio(first, second, second_exposure=exposure)
    if first + second == 0:
        assert (ratio.low, ratio.high) == (0.0, np.inf)
        assert np.isnan(ratio.ratio)
        return
    share = stats.binomtest(first, first + second).proportion_ci(0.95, method="exact")
    for end, of_share in ((ratio.low, share.low), (ratio.high, share.high)):
        odds = of_share / (1 - of_share) if of_share < 1 else np.inf
        assert end == pytest.approx(odds * exposure)
    assert ratio.low <= ratio.ratio <= ratio.high


@settings(max_examples=60, deadline=None)
@given(SMALL, SMALL)
def test_the_ratio_turned_round_is_its_reciprocal(first: int, second: int) -> None:
    ratio, turned = rate_ratio(first, second), rate_ratio(second, first)
    assert ratio.low * turned.high == pytest.approx(1, abs=1e-9) or ratio.low == 0
    assert ratio.p_value == pytest.approx(turned.p_value)


def test_the_interval_covers_a_planted_ratio() -> None:
    # An exact interval covers at least 95 % of 500: 475; fewer than 460 has probability 0.2 %.
    rng = np.random.default_rng(9)
    pairs = zip(rng.poisson(6, 500).tolist(), rng.poisson(4, 500).tolist(), strict=True)
    intervals = [rate_ratio(first, second) for first, second in pairs]
    assert sum(i.low <= 1.5 <= i.high for i in intervals) >= 460


@pytest.mark.parametrize("wrong", [-1, 2.5, float("nan")])
def test_counts_that_are_none_are_refused(wrong: float) -> None:
    with pytest.raises(ParameterError):
        poisson_interval(np.array([3, wrong]))
    with pytest.raises(ParameterError):
        e_test(wrong, 3)  # type: ignore[arg-type]


def test_exposure_and_confidence_must_mean_something() -> None:
    with pytest.raises(ParameterError):
        rate_ratio(1, 2, first_exposure=0)
    with pytest.raises(ParameterError):
        rate_ratio(1, 2, confidence=95)
