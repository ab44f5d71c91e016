"""Shares and their intervals against scipy."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import CensoredData, binomtest, ecdf

from hotspots.core.errors import ParameterError
from hotspots.stats.shares import curve_quantile, kaplan_meier, wilson


@pytest.mark.parametrize(("met", "of"), [(0, 10), (1, 3), (5, 10), (9, 10), (10, 10), (400, 421)])
def test_wilson_equals_scipys(met: int, of: int) -> None:
    expected = binomtest(met, of).proportion_ci(method="wilson")
    interval = wilson(met, of)
    assert (interval.low, interval.high) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_nothing_has_no_share() -> None:
    assert math.isnan(wilson(0, 0).share)
    with pytest.raises(ParameterError, match="3 of 2"):
        wilson(3, 2)


@given(
    st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=40),
    st.sampled_from([0.1, 0.5, 0.9]),
)
def test_kaplan_meier_equals_scipys(jobs: list[tuple[int, bool]], share: float) -> None:
    hours = np.array([h for h, _ in jobs], dtype=float)
    done = np.array([d for _, d in jobs])
    curve = ecdf(CensoredData(uncensored=hours[done], right=hours[~done])).sf
    reached = curve.quantiles[curve.probabilities <= 1 - share + 1e-12]
    expected = reached[0] if len(reached) else np.inf
    assert curve_quantile(*kaplan_meier(hours, done), share) == expected


def test_open_work_lengthens_the_median() -> None:
    hours, done = np.array([10.0, 20, 30, 40]), np.array([True] * 4)
    assert curve_quantile(*kaplan_meier(hours, done), 0.5) == 20
    # The same four with six more open after 15 hours: after 10 h 9 of 10 are left, after 20 h
    # 0.9 × 2/3 = 0.6, after 30 h 0.3: the median is 30, and not the closed jobs' 20.
    hours = np.r_[hours, [15.0] * 6]
    done = np.r_[done, [False] * 6]
    assert curve_quantile(*kaplan_meier(hours, done), 0.5) == 30
