import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from hotspots.stats.false_discovery import q_values_of_maxima


@given(st.lists(st.floats(0.001, 0.6), min_size=1, max_size=30))
def test_q_values_are_benjamini_and_hochbergs_over_many_windows(p_values: list[float]) -> None:
    # Of m windows each has p/m or so; scipy then adjusts all m of them, most without effect.
    m = 100_000
    single = -np.log1p(-np.array(p_values)) / m
    oracle = false_discovery_control(np.concatenate([single, np.ones(m - len(single))]))
    np.testing.assert_allclose(
        q_values_of_maxima(np.array(p_values)), oracle[: len(single)], rtol=1e-9
    )


def test_chance_alone_is_flagged_as_often_as_is_said() -> None:
    # False windows as a Poisson process of rate 1 in their expected number: some are flagged at
    # 5 % in 5 % of maps (Daniels 1945). 4,000 maps: standard deviation 0.34 %.
    rng = np.random.default_rng(2)
    arrivals = rng.exponential(size=(4000, 30)).cumsum(axis=1)
    flagged = [(q_values_of_maxima(-np.expm1(-row)) <= 0.05).any() for row in arrivals]
    assert np.mean(flagged) == pytest.approx(0.05, abs=4 * 0.0034)


def test_certain_chance_has_q_one_and_nothing_gives_nothing() -> None:
    assert q_values_of_maxima(np.array([1.0])).tolist() == [1.0]
    assert q_values_of_maxima(np.array([])).tolist() == []
