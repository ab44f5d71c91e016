"""Mann and Kendall's test against a published series, scipy's tau and brute force."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from hotspots.core.errors import ParameterError, TooFewError
from hotspots.stats.mann_kendall import mann_kendall, sens_slope

PUBLISHED = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8]


def test_a_series_with_ties_is_as_published() -> None:
    test = mann_kendall(np.array(PUBLISHED))
    assert (test.s, test.variance) == (25, 207)
    assert test.z == pytest.approx(1.668115, abs=1e-6)
    assert test.p_value == pytest.approx(0.095293, abs=1e-6)
    assert sens_slope(np.array(PUBLISHED)) == pytest.approx(0.366667, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 8), min_size=3, max_size=20))
def test_pairs_and_slope_are_those_of_trying_every_two(values: list[int]) -> None:
    pairs = [(i, j) for j in range(len(values)) for i in range(j)]
    test = mann_kendall(np.array(values))
    assert test.s == sum(np.sign(values[j] - values[i]) for i, j in pairs)
    assert sens_slope(np.array(values)) == pytest.approx(
        np.median([(values[j] - values[i]) / (j - i) for i, j in pairs])
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 8), min_size=4, max_size=20).filter(lambda v: len(set(v)) > 1))
def test_without_the_continuity_correction_it_is_kendalls_tau(values: list[int]) -> None:
    test = mann_kendall(np.array(values))
    tau = stats.kendalltau(range(len(values)), values, method="asymptotic")
    assert 2 * stats.norm.sf(abs(test.s) / np.sqrt(test.variance)) == pytest.approx(tau.pvalue)


def test_a_series_turned_round_falls_as_it_rose() -> None:
    values = np.array([1, 2, 2, 4, 7, 5])
    rise, fall = mann_kendall(values), mann_kendall(values[::-1])
    assert (fall.s, fall.p_value) == (-rise.s, rise.p_value)
    assert sens_slope(values[::-1]) == -sens_slope(values)


def test_a_flat_series_has_no_trend() -> None:
    flat = mann_kendall(np.full(6, 3))
    assert (flat.s, flat.z, flat.p_value) == (0, 0, 1)
    assert sens_slope(np.full(6, 3)) == 0


@settings(max_examples=40, deadline=None)
@given(
    arrays(np.int64, st.tuples(st.integers(1, 5), st.integers(3, 12)), elements=st.integers(0, 4))
)
def test_each_of_many_series_is_tested_as_if_it_were_alone(values: np.ndarray) -> None:
    together = mann_kendall(values)
    for row, series in enumerate(values):
        alone = mann_kendall(series)
        for name in ("s", "variance", "z", "p_value"):
            assert getattr(together, name)[row] == getattr(alone, name)
        assert sens_slope(values)[row] == sens_slope(series)


def test_too_few_or_missing_values_are_refused() -> None:
    with pytest.raises(TooFewError):
        mann_kendall(np.array([1, 2]))
    with pytest.raises(ParameterError):
        mann_kendall(np.array([1, np.nan, 3]))
