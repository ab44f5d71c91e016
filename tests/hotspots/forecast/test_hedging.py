"""Weights of experts against the published bounds, and rules in closed form."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.forecast.hedging import bayes_weights, hedged_weights


def lost_online(losses: np.ndarray, rate: float, prior: np.ndarray) -> float:
    """What is lost by trusting, in each round, the weights learnt from those before it."""
    rounds = range(len(losses))
    return sum(float(hedged_weights(losses[:t], rate, prior) @ losses[t]) for t in rounds)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 9), st.integers(1, 40))
def test_no_sequence_of_losses_costs_more_than_is_published(seed: int, n: int, rounds: int) -> None:
    rng = np.random.default_rng(seed)
    losses = rng.exponential(rng.uniform(0.1, 3, n), (rounds, n)) - rng.uniform(0, 2)
    rate, prior = rng.uniform(0.02, 2), rng.dirichlet(np.ones(n)) + 1e-6
    lost = lost_online(losses, rate, prior)
    spread = rate * (np.ptp(losses, axis=1) ** 2).sum() / 8
    for expert, share in enumerate(prior / prior.sum()):
        assert lost - losses[:, expert].sum() <= -np.log(share) / rate + spread + 1e-9


def test_a_lead_of_ten_counts_by_its_rate() -> None:
    # Odds of e^(0.1 x 10) = 2.718 to 1, times the prior's 3 to 1.
    first, second = hedged_weights(np.array([[0.0, 4.0], [0.0, 6.0]]), 0.1, np.array([3.0, 1.0]))
    np.testing.assert_allclose(first / second, 3 * np.e)


def test_without_rounds_the_prior_is_the_answer() -> None:
    assert hedged_weights(np.empty((0, 2)), 0.1, np.array([3.0, 1.0])).tolist() == [0.75, 0.25]
    assert bayes_weights(np.empty((0, 4))).tolist() == [0.25] * 4


def test_a_mixture_of_densities_is_within_ln_n_of_the_best() -> None:
    log_likelihood = np.random.default_rng(8).normal(-9, 1, (30, 6))
    online = [
        np.log(bayes_weights(log_likelihood[:t]) @ np.exp(log_likelihood[t])) for t in range(30)
    ]
    assert sum(online) >= log_likelihood.sum(axis=0).max() - np.log(6)
