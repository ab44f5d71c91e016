"""How far chosen hotspots fall by themselves.

The worst places of one quarter were bad and unlucky; next quarter the luck is gone. What remains
is told from all places that might have been chosen: their true rates are taken for gamma
distributed, and each expects its share of both (empirical Bayes).
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.stats import nbinom

from hotspots.core.errors import ParameterError, TooFewError

SMALLEST_SHAPE, LARGEST_SHAPE = 1e-3, 1e4


@dataclass(frozen=True, eq=False)
class ExpectedFall:
    """What the chosen sites would do with nothing done.

    Attributes
    ----------
    expected
        (k,) incidents of each chosen site in a next period of the same length and season.
    fall
        Share by which their sum falls; negative where it rises.
    shape
        Of the gamma distribution of true rates: small where places differ much.
    """

    expected: np.ndarray
    fall: float
    shape: float


def expected_fall(
    counts: np.ndarray, chosen: np.ndarray, *, borough_ratio: float = 1.0
) -> ExpectedFall:
    """The fall to expect from the choice alone.

    Parameters
    ----------
    counts
        (n,) incidents in the period of the choice at **every** place that might have been chosen,
        those without any included: all cells, or all streets.
    chosen
        (k,) positions of the chosen ones.
    borough_ratio
        The borough's total of the next period over that of this one, above 0.

    Raises
    ------
    TooFewError
        No site was chosen, or there was no incident anywhere.

    References
    ----------
    Hauer (1997), Observational Before-After Studies in Road Safety, chapter 11.

    Examples
    --------
    >>> counts = np.r_[np.zeros(80), np.ones(15), [3, 4, 5, 6, 9]]
    >>> fall = expected_fall(counts, np.array([98, 99]))
    >>> bool(0.1 < fall.fall < 0.7), bool(fall.expected[1] > fall.expected[0])
    (True, True)
    """
    everywhere = np.asarray(counts)
    if not (everywhere >= 0).all() or (everywhere != np.floor(everywhere)).any():
        raise ParameterError("counts must be whole numbers of at least 0")
    if not 0 < borough_ratio < np.inf:
        raise ParameterError(f"borough_ratio is {borough_ratio}: it must be above 0")
    own = everywhere[np.asarray(chosen, dtype=int)]
    if own.sum() == 0:
        raise TooFewError(f"{len(own)} chosen sites with {own.sum()} incidents: nothing can fall")
    mean = float(everywhere.mean())
    shape = _shape(everywhere, mean)
    # (shape + count) / (shape / mean + 1): the mean of a gamma rate after one period of counts.
    expected = borough_ratio * (shape + own) / (shape / mean + 1)
    return ExpectedFall(expected, float(1 - expected.sum() / own.sum()), shape)


def _shape(counts: np.ndarray, mean: float) -> float:
    """By maximum likelihood; the mean's own estimate is the sample's."""
    values, times = np.unique(counts, return_counts=True)

    def negative_log_likelihood(log_shape: float) -> float:
        shape = np.exp(log_shape)
        return -float((times * nbinom.logpmf(values, shape, shape / (shape + mean))).sum())

    bounds = np.log(SMALLEST_SHAPE), np.log(LARGEST_SHAPE)
    return float(
        np.exp(minimize_scalar(negative_log_likelihood, bounds=bounds, method="bounded").x)
    )
