"""Rates of few events: between the counted and the others', and right as often as said."""

import numpy as np
import pytest
from scipy import stats

from hotspots.core.errors import ParameterError
from hotspots.stats.shrunk_rates import shrunk_rates


def test_interval_holds_the_true_rate_of_nine_in_ten_groups() -> None:
    rng = np.random.default_rng(3)
    is_held = []
    for shape in (0.5, 2, 10):  # rates that differ by 1.4, 0.7 and 0.3 of their mean
        for mean in (1, 4):
            for _ in range(6):
                rates = rng.gamma(shape, mean / shape, 50)
                shrunk = shrunk_rates(rng.poisson(3 * rates), np.full(50, 3.0))
                is_held.append((shrunk["low"] <= rates) & (rates <= shrunk["high"]))
    assert 0.87 <= np.mean(is_held) <= 0.93


def test_groups_that_differ_no_more_than_chance_share_one_rate() -> None:
    counts = np.random.default_rng(1).poisson(4, 200)
    shrunk = shrunk_rates(counts, np.full(200, 2.0))
    pooled = counts.sum() / 400
    assert (abs(shrunk["rate"] - pooled) < 0.25).all()  # counted alone: from 0 to 5
    assert np.ptp(counts / 2) > 4


def test_large_counts_speak_for_themselves() -> None:
    counts = np.array([10_000, 400, 90_000])
    shrunk = shrunk_rates(counts, np.array([10.0, 2.0, 30.0]))
    assert shrunk["rate"].to_numpy() == pytest.approx([1000, 200, 3000], rel=0.01)
    assert (shrunk["prior_share"] < 0.01).all()


def test_one_group_has_jeffreys_interval() -> None:
    shrunk = shrunk_rates(np.array([4]), np.array([3.0])).iloc[0]
    alone = stats.gamma(4.5, scale=1 / 3)  # shape n + 1/2, over T = 3
    assert shrunk["rate"] == pytest.approx(1.5)
    assert (shrunk["low"], shrunk["high"]) == pytest.approx((alone.ppf(0.05), alone.ppf(0.95)))


def test_mean_and_variance_are_those_of_a_brute_force_posterior() -> None:
    counts, exposure = np.array([0, 2, 7]), 3.0
    pooled = 9.5 / 9
    # Every prior once more, drawn by chance: share even, log mean even within the half-width
    rng = np.random.default_rng(5)
    share = rng.uniform(0, 1, 400_000)
    width = 4 * np.sqrt(1 / 9.5 + 2 / 3)
    mean = pooled * np.exp(rng.uniform(-1, 1, share.size) * min(width, 3))
    shape = pooled * exposure * share / (1 - share)
    rates = rng.gamma(shape, mean / shape, (3, share.size))
    likelihood = np.prod(stats.poisson.pmf(counts[:, None], rates * exposure), axis=0)
    posterior = rates @ likelihood / likelihood.sum()
    shrunk = shrunk_rates(counts, np.full(3, exposure))["rate"].to_numpy()
    assert shrunk == pytest.approx(posterior, rel=0.03)


def test_no_groups_have_no_rates() -> None:
    assert len(shrunk_rates(np.array([], dtype=int), np.array([]))) == 0


@pytest.mark.parametrize("exposure", [[0.0, 1.0], [1.0], [np.nan, 1.0]])
def test_an_exposure_that_is_none_is_refused(exposure: list[float]) -> None:
    with pytest.raises(ParameterError, match="exposures are"):
        shrunk_rates(np.array([1, 2]), np.array(exposure))
