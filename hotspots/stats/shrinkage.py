"""Shares of few draws, drawn towards known ones: empirical Bayes for profiles.

Ten incidents say little about a week, the borough's thousand much. How far a hotspot's shares are
drawn towards the borough's is decided by prediction: by the weight of the borough's shares with
which each draw is best foretold from the others. (The usual marginal likelihood needs draws whose
cell is known; that of draws spread over several cells always asks for the borough's shares alone.)
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

LARGEST = 1e4
"""Weight of the prior where groups differ no more than chance makes them."""
MOST_DRAWS = 10_000
"""So many draws tell the weight well enough; of more, every second, third, … is asked."""


@dataclass(frozen=True, eq=False)
class SpreadDraws:
    """Draws whose cell is not quite known: one entry for each draw and cell it may be in.

    Attributes
    ----------
    draw, group, cell
        (e,) number of the draw, of the group it belongs to and of the cell, all from 0.
    weight
        (e,) how much of the draw is thought to be in the cell; a draw's weights sum to 1.
    chance
        (e,) chance of what is known of the draw, were it in the cell.
    """

    draw: np.ndarray
    group: np.ndarray
    cell: np.ndarray
    weight: np.ndarray
    chance: np.ndarray

    def counts(self, groups: int, cells: int) -> np.ndarray:
        """(groups, cells) sums of the weights."""
        flat = np.bincount(self.group * cells + self.cell, self.weight, groups * cells)
        table: np.ndarray = flat.reshape(groups, cells)
        return table


def shrunk_shares(
    draws: SpreadDraws, prior: np.ndarray, *, groups: int
) -> tuple[np.ndarray, np.ndarray]:
    """Shares of each group over the cells, as much of the prior in them as foretells best.

    Parameters
    ----------
    draws
        What is known.
    prior
        (m,) shares above 0 that sum to 1.
    groups
        Their number k; a group without draws gets the prior.

    Returns
    -------
    tuple of ndarray
        (k, m) shares, each row summing to 1; (k,) how much of each row is prior, in (0, 1].

    Examples
    --------
    >>> ones, cell = np.ones(40), np.repeat([0, 1], [38, 2])
    >>> draws = SpreadDraws(np.arange(40), np.zeros(40, int), cell, ones, ones)
    >>> shares, of_prior = shrunk_shares(draws, np.array([0.5, 0.5]), groups=1)
    >>> bool(shares[0, 0] > 0.9), bool(of_prior[0] < 0.1)
    (True, True)
    """
    counts = draws.counts(groups, len(prior))
    weight = prior_weight(draws, prior, counts)
    total = counts.sum(axis=1) + weight
    return (counts + weight * prior) / total[:, None], weight / total


def prior_weight(draws: SpreadDraws, prior: np.ndarray, counts: np.ndarray) -> float:
    """For how many draws the prior stands, from 1 to `LARGEST`.

    Parameters
    ----------
    draws, prior
        As for `shrunk_shares`.
    counts
        (k, m) as from ``draws.counts``.
    """
    if len(draws.draw) == 0:
        return LARGEST
    n, m = int(draws.draw.max()) + 1, len(prior)
    is_sampled = draws.draw % (1 + n // MOST_DRAWS) == 0
    draw, group, cell = draws.draw[is_sampled], draws.group[is_sampled], draws.cell[is_sampled]
    chance = draws.chance[is_sampled]
    # All of a draw's own weight in a cell is left out, though it have several entries there.
    pair, entry = np.unique(draw * m + cell, return_inverse=True)
    own = np.bincount(entry, draws.weight[is_sampled])[entry]
    others = np.maximum(counts[group, cell] - own, 0.0)
    n_others = counts.sum(axis=1)[group] - 1
    drawn = np.unique(pair // m)

    def negative_log_likelihood(log_weight: float) -> float:
        weight = np.exp(log_weight)
        share = (others + weight * prior[cell]) / (n_others + weight)
        return -float(np.log(np.bincount(draw, chance * share, n)[drawn]).sum())

    best = minimize_scalar(negative_log_likelihood, bounds=(0.0, np.log(LARGEST)), method="bounded")
    return float(np.exp(best.x))
