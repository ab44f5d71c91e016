"""The log-linear model against closed forms and a general optimiser."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import minimize

from hotspots.stats.log_linear import fit_loglinear, pearson_dispersion

COUNTS = np.array([3, 5, 4, 9, 15, 6])
GROUP = np.column_stack([np.ones(6), [0, 0, 0, 1, 1, 1]])


def test_groups_are_fitted_by_their_means() -> None:
    fit = fit_loglinear(COUNTS, GROUP)
    assert fit.mean == pytest.approx([4, 4, 4, 10, 10, 10])
    # Log ratio ln(30/12); variance 1/12 + 1/30 = 0.116667; leverage 1/3 each
    assert fit.coefficients[1] == pytest.approx(np.log(2.5))
    assert fit.covariance[1, 1] == pytest.approx(1 / 12 + 1 / 30)
    assert fit.leverage == pytest.approx([1 / 3] * 6)


def test_the_offset_is_the_exposure() -> None:
    exposure = np.array([1, 2, 3, 1, 2, 3])
    fit = fit_loglinear(COUNTS, GROUP, offset=np.log(exposure))
    # 12 in 6 and 30 in 6 units
    assert np.exp(fit.coefficients) == pytest.approx([2, 2.5])


def test_a_weight_of_two_is_a_count_that_came_twice() -> None:
    twice = fit_loglinear(np.append(COUNTS, 15), np.vstack([GROUP, GROUP[4]]))
    weighted = fit_loglinear(COUNTS, GROUP, weights=np.array([1, 1, 1, 1, 2, 1]))
    assert weighted.coefficients == pytest.approx(twice.coefficients)
    assert weighted.log_likelihood == pytest.approx(twice.log_likelihood)


def test_dispersion_widens_the_negative_binomial_as_its_variance_says() -> None:
    # Each group has 3 counts of variance m + 0.5 m²; the variance of a log mean is
    # (1/m + 0.5) / 3: (0.25 + 0.5) / 3 + (0.1 + 0.5) / 3 = 0.45
    fit = fit_loglinear(COUNTS, GROUP, dispersion=0.5)
    assert fit.coefficients[1] == pytest.approx(np.log(2.5))
    assert fit.covariance[1, 1] == pytest.approx(0.45)


def test_pearson_dispersion_of_hand_worked_counts() -> None:
    # (1 + 1 + 0) / 4 + (1 + 25 + 16) / 10 = 4.7, over 6 - 2
    fit = fit_loglinear(COUNTS, GROUP)
    assert pearson_dispersion(COUNTS, fit, np.ones(6)) == pytest.approx(4.7 / 4)


@pytest.mark.parametrize("dispersion", [0.0, 0.7])
def test_the_log_likelihood_is_that_of_scipy(dispersion: float) -> None:
    fit = fit_loglinear(COUNTS, GROUP, dispersion=dispersion)
    if dispersion:
        shape = 1 / dispersion
        expected = stats.nbinom.logpmf(COUNTS, shape, shape / (shape + fit.mean)).sum()
    else:
        expected = stats.poisson.logpmf(COUNTS, fit.mean).sum()
    assert fit.log_likelihood == pytest.approx(expected)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.integers(0, 30), min_size=8, max_size=8).filter(lambda c: min(c[:4]) > 0),
    st.sampled_from([0.0, 0.3]),
)
def test_no_other_coefficients_are_likelier(counts: list[int], dispersion: float) -> None:
    y = np.array(counts)
    design = np.column_stack([np.ones(8), np.linspace(-1, 1, 8)])

    def deviance(coefficients: np.ndarray) -> float:
        mean = np.exp(design @ coefficients)
        if dispersion:
            shape = 1 / dispersion
            return -float(stats.nbinom.logpmf(y, shape, shape / (shape + mean)).sum())
        return -float(stats.poisson.logpmf(y, mean).sum())

    fit = fit_loglinear(y, design, dispersion=dispersion)
    best = minimize(deviance, [np.log(y.mean()), 0.0], method="Nelder-Mead", tol=1e-10)
    assert fit.converged
    assert -fit.log_likelihood <= best.fun + 1e-6


def test_a_group_without_counts_is_said_not_to_converge_and_stays_finite() -> None:
    fit = fit_loglinear(np.array([3, 4, 0, 0]), np.column_stack([np.ones(4), [0, 0, 1, 1]]))
    assert np.isfinite(fit.coefficients).all()
    assert fit.mean[2] < 1e-6
