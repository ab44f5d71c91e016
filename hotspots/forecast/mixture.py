"""A mixture of kernels over cells, whose weights the incidents themselves teach.

Each component spreads the past incidents by one kernel width and forgets them by one half-life. How
much each says about the next incidents is learnt by expectation-maximisation on the past months,
each told of by all the others. In the line of Mohler et al. (2011), Journal of the American
Statistical Association 106(493), 100-108, over cells instead of points.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hotspots.forecast.kernel_maps import NEVER, Kernels
from hotspots.forecast.kernels import Component, Mixture


@dataclass(frozen=True, eq=False)
class HeldOutMonth:
    """A month of the past, told of by all others.

    Attributes
    ----------
    apart
        Of each layer, the incidents first: the days between the month and each event, `NEVER` for
        its own.
    cells, counts
        The cells that its incidents struck, and how often.
    """

    apart: list[np.ndarray]
    cells: np.ndarray
    counts: np.ndarray


@dataclass(frozen=True, eq=False)
class Lessons:
    """What each of k components says of the n (month, cell) pairs that were struck.

    Attributes
    ----------
    likelihood, counts, months
        (n, k), (n,) and (n,): chances, how often, and the number of the month.
    """

    likelihood: np.ndarray
    counts: np.ndarray
    months: np.ndarray

    def without(self, is_out: np.ndarray) -> "Lessons":
        """Those of the other rows."""
        return Lessons(self.likelihood[~is_out], self.counts[~is_out], self.months[~is_out])


def named(mixture: Mixture, weights: np.ndarray) -> dict[Component, float]:
    """Weights by component."""
    return dict(zip(mixture.components, weights.tolist(), strict=True))


def held_out_months(
    cell: np.ndarray, days: Sequence[np.ndarray], month_starts: Sequence[float]
) -> list[HeldOutMonth]:
    """Each month that has incidents, and others to tell of it.

    Every month is told of by all the other months, those after it too, which are past as well: so
    few incidents teach the most, and each from nearly as long a record as the forecast has. (Each
    month from those before it alone: 1 % fewer hits, on average over docs/forecast.md's data.)

    Parameters
    ----------
    cell
        (n,) flat cell of each incident.
    days
        Of each layer, the incidents first: days from now.
    month_starts
        When each month that is learnt from began, in days from now, ascending; the last ends now.
    """
    months = []
    for start, end in itertools.pairwise([*month_starts, NEVER]):
        chosen = (days[0] >= start) & (days[0] < end)
        if chosen.any() and not chosen.all():
            cells, counts = np.unique(cell[chosen], return_counts=True)
            apart = [_apart(each, start, end) for each in days]
            months.append(HeldOutMonth(apart, cells, counts.astype(float)))
    return months


def _apart(days: np.ndarray, start: float, end: float) -> np.ndarray:
    return np.where(days < start, start - days, np.where(days >= end, days - end, NEVER))


def take_lessons(kernels: Kernels, months: Sequence[HeldOutMonth], mixture: Mixture) -> Lessons:
    """What each component says of each month from the others."""
    shares = [np.empty((0, len(mixture.components)))]
    shares += [kernels.shares(month.cells, month.apart, mixture) for month in months]
    counts = np.concatenate([np.empty(0), *(month.counts for month in months)])
    numbers = np.arange(len(months)).repeat([len(month.cells) for month in months])
    return Lessons(np.concatenate(shares), counts, numbers)


def learn_weights(
    likelihood: np.ndarray,
    counts: np.ndarray,
    mixture: Mixture,
    *,
    start: np.ndarray | None = None,
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
    start
        (k,) weights to begin with, where good ones are known; the answer is the same.
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
    if start is not None and counts.sum() > 0:
        weights = start
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
