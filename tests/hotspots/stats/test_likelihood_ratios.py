"""Ratios against hand arithmetic and the likelihoods themselves."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, multinomial

from hotspots.core.errors import ParameterError
from hotspots.stats.likelihood_ratios import bernoulli_llr, poisson_llr


def test_the_poisson_ratio_of_a_hand_worked_window() -> None:
    # 4 of 10 inside where 1 is expected: 4 ln 4 + 6 ln(6/9) = 5.545177 - 2.432791
    assert float(poisson_llr(np.array(4), np.array(1.0), 10)) == pytest.approx(3.112387, abs=1e-6)


@given(st.integers(2, 40), st.integers(0, 40), st.floats(0.01, 0.9))
def test_the_poisson_ratio_is_that_of_two_multinomials(n: int, rest: int, share: float) -> None:
    total = n + rest
    ratio = float(poisson_llr(np.array(n), np.array(total * share), total))
    own = multinomial.logpmf([n, rest], total, [n / total, rest / total])
    null = multinomial.logpmf([n, rest], total, [share, 1 - share])
    expected = own - null if n > total * share else 0.0
    assert ratio == pytest.approx(expected, abs=1e-8)


@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20), st.integers(0, 20))
def test_the_bernoulli_ratio_is_that_of_two_binomials(a: int, b: int, c: int, d: int) -> None:
    inside, outside, cases = a + b, c + d, a + c
    population = inside + outside
    if inside == 0 or outside == 0:
        return
    ratio = float(bernoulli_llr(np.array(a), np.array(inside), cases, population))
    own = binom.logpmf(a, inside, a / inside) + binom.logpmf(c, outside, c / outside)
    null = binom.logpmf(a, inside, cases / population) + binom.logpmf(
        c, outside, cases / population
    )
    is_high = a >= 2 and a * population > cases * inside
    assert ratio == pytest.approx(own - null if is_high else 0.0, abs=1e-8)


def test_no_more_than_expected_and_a_single_case_are_no_evidence() -> None:
    assert poisson_llr(np.array([0, 1, 2]), np.array(2.0), 10).tolist() == [0, 0, 0]
    assert poisson_llr(np.array([1]), np.array([0.001]), 10).tolist() == [0]


def test_cases_where_none_can_be_are_refused() -> None:
    with pytest.raises(ParameterError, match="the null excludes"):
        poisson_llr(np.array([3]), np.array([0.0]), 10)
