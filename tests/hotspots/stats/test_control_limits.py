"""Control limits against arithmetic by hand and chance that was drawn."""

import numpy as np
import pytest

from hotspots.core.errors import ParameterError
from hotspots.stats.control_limits import individuals_limits, share_limits


def test_limits_come_from_the_ranges_of_neighbours() -> None:
    # Mean (8 * 6 + 4 * 0) / 8 = 24 / 8 = 3 of 0 and 6 in turn; every range is 6: 2.66 * 6 = 15.96
    limits = individuals_limits(np.array([0, 6, 0, 6, 0, 6, 0, 6]))
    assert (limits.mean, limits.lower) == (3, 0)
    assert limits.upper == pytest.approx(18.96)
    assert limits.holds(0)
    assert limits.holds(18)
    assert not limits.holds(19)


def test_ordinary_months_are_hardly_ever_out_of_their_limits() -> None:
    counts = np.random.default_rng(3).poisson(40, 2_000)
    limits = individuals_limits(counts)
    out = np.mean([not limits.holds(count) for count in counts])
    assert out < 0.006  # of a normal law 0.0027 lie three deviations away


@pytest.mark.parametrize("counts", [[], [3], [3] * 7])
def test_few_months_have_no_limits(counts: list[int]) -> None:
    assert individuals_limits(np.array(counts, float)) is None


def test_counts_with_a_gap_are_refused() -> None:
    with pytest.raises(ParameterError, match="without a gap"):
        individuals_limits(np.array([1.0, np.nan] * 5))


def test_shares_of_few_have_wide_limits_that_stay_within_0_and_1() -> None:
    many, few, none = share_limits(np.array([90, 0, 0]), np.array([96, 4, 0]))
    # 90 of 100; 3 * sqrt(0.9 * 0.1 / 96) = 0.0919, 3 * sqrt(0.09 / 4) = 0.45
    assert (many.mean, few.mean, none) == (0.9, 0.9, None)
    assert (many.lower, many.upper) == pytest.approx((0.8081, 0.9919), abs=1e-4)
    assert (few.lower, few.upper) == pytest.approx((0.45, 1.0))


def test_more_met_than_there_were_is_refused() -> None:
    with pytest.raises(ParameterError, match="each met"):
        share_limits(np.array([2]), np.array([1]))
