"""A mixture of kernels over cells, whose weights the incidents themselves teach.

Each component spreads the past incidents by one kernel width and forgets them by one half-life. How
much each says about the next incidents is learnt by expectation-maximisation on the past months,
each told of by all the others. In the line of Mohler et al. (2011), Journal of the American
Statistical Association 106(493), 100-108, over cells instead of points.
"""

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
from scipy.ndimage import gaussian_filter

from hotspots.forecast.kernels import FLAT, Component, Mixture
from hotspots.geometry.grid import SquareGrid

REACH = 4.0
"""Kernels end at so many standard deviations."""
NEVER = np.inf
"""Of days: after every incident; between an incident and a month, so far that it tells nothing."""


def fit_mixture(
    grid: SquareGrid,
    xy: np.ndarray,
    days: np.ndarray,
    month_starts: Sequence[float],
    mixture: Mixture,
) -> tuple[np.ndarray, dict[Component, float]]:
    """The chance that the next incident falls into each cell, and the weights behind it.

    Every month is told of by all the other months, those after it too, which are past as well: so
    few incidents teach the most, and each from nearly as long a record as the forecast has. (Each
    month from those before it alone: 1 % fewer hits, on average over docs/forecast.md's data.)

    Parameters
    ----------
    grid
        Cells; those not inside get nothing.
    xy
        (n, 2) past incidents in metres, in inside cells of the grid.
    days
        (n,) days from now, ≤ 0.
    month_starts
        When each month that is learnt from began, in days from now, ascending; the last ends now.

    Returns
    -------
    density : (rows, columns) float64, sums to 1 over the grid
    weights : share of each component; they sum to 1
    """
    kernels = Kernels(grid, xy, mixture.scales_m)
    shares, counts = [np.empty((0, len(mixture.components)))], [np.empty(0)]
    for apart, cells, counts_there in _months(kernels.cell, days, month_starts):
        shares.append(kernels.shares(cells, apart, mixture))
        counts.append(counts_there)
    weights = learn_weights(np.concatenate(shares), np.concatenate(counts), mixture)
    named = dict(zip(mixture.components, weights.tolist(), strict=True))
    return kernels.mixed(days, named), named


def learn_weights(
    likelihood: np.ndarray,
    counts: np.ndarray,
    mixture: Mixture,
    *,
    rounds: int = 500,
    settled: float = 1e-4,
) -> np.ndarray:
    """Weights of a mixture, by expectation-maximisation from what is believed beforehand.

    Parameters
    ----------
    likelihood
        (n, k) what each component says of each of n outcomes, ≥ 0.
    counts
        (n,) how often each outcome came.
    mixture
        Its k components and its prior; without outcomes the prior is the answer.
    rounds, settled
        It ends after so many rounds, or when no weight changes by so much in one.

    Returns
    -------
    ndarray
        (k,) positive, summing to 1. Each round raises the posterior of the tree of Dirichlet
        distributions, 1 + ``prior_widths`` over widths and 1 + ``prior_memory`` within each.

    Examples
    --------
    >>> mixture = Mixture((0.0,), (np.inf,), 1, 1, 1, 1)
    >>> likelihood = np.array([[1.0, 0.0], [0.0, 1.0]])
    >>> learn_weights(likelihood, np.array([2.0, 5.0]), mixture).round(4)
    array([0.3333, 0.6667])
    """
    weights = _shared_out(np.zeros(likelihood.shape[1]), mixture)
    for _ in range(rounds if counts.sum() > 0 else 0):
        # E: component k's responsibility for outcome i is w_k f_k(i) / sum_j w_j f_j(i), summed
        # over the outcomes by their counts. M: weights from these and the prior's counts (Dempster,
        # Laird and Rubin 1977, JRSS B 39(1), 1-38; with a prior: the posterior's mode).
        density = np.maximum(likelihood @ weights, np.finfo(float).tiny)
        new = _shared_out(weights * (likelihood.T @ (counts / density)), mixture)
        if np.abs(new - weights).max() < settled:
            return new
        weights = new
    return weights


def _shared_out(responsibility: np.ndarray, mixture: Mixture) -> np.ndarray:
    """(k,) weights after so many incidents were put down to each component."""
    widths, memory = mixture.widths, mixture.prior_memory
    held = np.bincount(widths, responsibility)
    within = (responsibility + memory) / (held + np.bincount(widths, memory))[widths]
    share = held + mixture.prior_widths
    return np.asarray(share[widths] / share.sum() * within)


class Kernels:
    """Incidents spread over the cells by each width, with what falls outside the area given back.

    An incident spreads from the middle of its cell. From where it lies in its cell is no better:
    reports are snapped to addresses, so that the next one comes to the same point (with kernels
    from exact positions the hit rate at 1 % of the area falls from 0.558 to 0.547 in Lancashire,
    from 0.137 to 0.132 in Chicago). Every incident keeps its whole weight inside (edge correction).
    """

    def __init__(self, grid: SquareGrid, xy: np.ndarray, scales_m: tuple[float, ...]) -> None:
        self.grid, self.cell = grid, grid.locate(xy)
        self._inside = grid.inside.astype(float)
        self._mass = {scale: self._filtered(self._inside, scale) for scale in scales_m}

    def held(self, weight: np.ndarray) -> np.ndarray:
        """(rows, columns) sum of the incidents' weights in each cell."""
        counts = np.bincount(self.cell, weight, self.grid.inside.size)
        return np.asarray(counts.reshape(self.grid.shape))

    def spread(self, scale_m: float, held: np.ndarray) -> np.ndarray:
        """(rows, columns) what the cells hold, spread by one width; its sum stays the same."""
        kept = np.divide(held, self._mass[scale_m], out=np.zeros_like(held), where=held > 0)
        return np.asarray(self._filtered(kept, scale_m) * self._inside)

    def _filtered(self, values: np.ndarray, scale_m: float) -> np.ndarray:
        sigma = scale_m / self.grid.cell_size_m
        return np.asarray(gaussian_filter(values, sigma, mode="constant", truncate=REACH))

    def shares(self, cells: np.ndarray, apart: np.ndarray, mixture: Mixture) -> np.ndarray:
        """(len(cells), k) chance that each component gives to cells, from incidents so many days
        apart."""
        faded_maps = {}
        for half_life_days in mixture.half_lives_days:
            weight = faded(apart, half_life_days)
            faded_maps[half_life_days] = self.held(weight / weight.sum())
        columns = [
            self.spread(scale_m, faded_maps[half_life_days]).ravel()[cells]
            for scale_m, half_life_days in mixture.components[:-1]
        ]
        return np.column_stack([*columns, np.full(len(cells), 1 / self._inside.sum())])

    def mixed(self, days: np.ndarray, weights: dict[Component, float]) -> np.ndarray:
        """(rows, columns) the mixture told up to now; sums to 1."""
        density = self._inside * (weights[FLAT] / self._inside.sum())
        if len(days) == 0:
            return np.asarray(density / density.sum())
        smoothed: dict[float, np.ndarray] = {}
        for (scale_m, half_life_days), share in weights.items():
            if (scale_m, half_life_days) == FLAT:
                continue
            if half_life_days not in smoothed:
                weight = faded(-days, half_life_days)
                smoothed[half_life_days] = self.held(weight / weight.sum())
            density = density + self.spread(scale_m, share * smoothed[half_life_days])
        return np.asarray(density / density.sum())


def faded(apart: np.ndarray, half_life_days: float) -> np.ndarray:
    """(n,) weight of each incident by the days between it and what it tells of; 0 for `NEVER`.

    Weights are relative: the nearest incident has 1, so that none is too small to add.
    """
    tells = apart < NEVER
    nearest = apart[tells].min(initial=NEVER)
    since = np.where(tells, apart, nearest) - nearest
    return np.where(tells, np.exp2(-since / half_life_days), 0.0)


def _months(
    cell: np.ndarray, days: np.ndarray, month_starts: Sequence[float]
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Each month that has incidents and others to tell of it: the days between it and each incident
    (`NEVER` for its own), the cells it struck, and how often."""
    for start, end in itertools.pairwise([*month_starts, NEVER]):
        before, after = days < start, days >= end
        chosen = ~(before | after)
        if chosen.any() and not chosen.all():
            cells, counts_there = np.unique(cell[chosen], return_counts=True)
            apart = np.where(before, start - days, np.where(after, days - end, NEVER))
            yield apart, cells, counts_there.astype(float)
