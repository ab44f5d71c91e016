"""Drawing few data towards many: planted groups, and the exact rule for draws that are known."""

import numpy as np
import pytest

from hotspots.stats.shrinkage import LARGEST, SpreadDraws, prior_weight, shrunk_shares

EVEN = np.full(4, 0.25)


def known(group: np.ndarray, cell: np.ndarray) -> SpreadDraws:
    ones = np.ones(len(cell))
    return SpreadDraws(np.arange(len(cell)), group, cell, ones, ones)


def test_the_share_is_counts_and_prior_together() -> None:
    rng = np.random.default_rng(1)
    draws = known(np.repeat([0, 1], 20), rng.choice(4, 40, p=[0.7, 0.1, 0.1, 0.1]))
    shares, of_prior = shrunk_shares(draws, EVEN, groups=2)
    weight = prior_weight(draws, EVEN, draws.counts(2, 4))
    expected = (draws.counts(2, 4) + weight / 4) / (20 + weight)
    assert shares == pytest.approx(expected)
    assert of_prior == pytest.approx([weight / (20 + weight)] * 2)
    assert shares.sum(axis=1) == pytest.approx([1, 1])


def test_the_weight_is_that_which_foretells_each_draw_from_the_others() -> None:
    # Two groups of three: cells 0 0 1 and 2 2 3. Brute force over the weight.
    group, cell = np.repeat([0, 1], 3), np.array([0, 0, 1, 2, 2, 3])

    def foretold(weight: float) -> float:
        total = 0.0
        for i in range(6):
            others = [j for j in range(6) if j != i and group[j] == group[i]]
            same = sum(cell[j] == cell[i] for j in others)
            total += np.log((same + weight / 4) / (2 + weight))
        return total

    draws = known(group, cell)
    weight = prior_weight(draws, EVEN, draws.counts(2, 4))
    grid = np.exp(np.linspace(0, np.log(LARGEST), 2_000))
    assert foretold(weight) >= max(foretold(w) for w in grid) - 1e-6


def test_groups_that_differ_by_chance_alone_are_mostly_prior() -> None:
    rng = np.random.default_rng(3)
    alike = known(np.repeat(np.arange(30), 20), rng.choice(4, 600))
    apart = known(np.repeat(np.arange(30), 20), np.repeat(rng.choice(4, 30), 20))
    assert shrunk_shares(alike, EVEN, groups=30)[1][0] > 0.7
    assert shrunk_shares(apart, EVEN, groups=30)[1][0] < 0.1


def test_a_draw_does_not_speak_for_itself_though_it_has_two_entries_in_a_cell() -> None:
    # One draw, twice in cell 0: nothing is left to foretell it but the prior, whatever its weight.
    one = SpreadDraws(
        np.zeros(2, int), np.zeros(2, int), np.zeros(2, int), np.full(2, 0.5), np.ones(2)
    )
    many = known(np.zeros(1, int), np.zeros(1, int))
    counts = one.counts(1, 4)
    assert counts.tolist() == many.counts(1, 4).tolist() == [[1, 0, 0, 0]]
    assert prior_weight(one, EVEN, counts) == pytest.approx(prior_weight(many, EVEN, counts))


def test_a_group_without_draws_has_the_prior() -> None:
    draws = known(np.zeros(5, int), np.zeros(5, int))
    shares, of_prior = shrunk_shares(draws, EVEN, groups=2)
    assert shares[1] == pytest.approx(EVEN)
    assert of_prior[1] == 1
    none = known(np.empty(0, int), np.empty(0, int))
    assert prior_weight(none, EVEN, none.counts(1, 4)) == LARGEST
