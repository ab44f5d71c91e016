"""A log-linear model of counts, by iteratively reweighted least squares.

The one regression that surveillance and the judging of effects need: variance ``mean + dispersion
* mean ** 2``, so that a dispersion of 0 is Poisson (or quasi-Poisson, with `pearson_dispersion`).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

MAX_STEPS = 25
TOLERANCE = 1e-8


@dataclass(frozen=True, eq=False)
class LogLinearFit:
    """A fitted model of n counts with p coefficients.

    Attributes
    ----------
    coefficients
        (p,) effects on the log scale.
    covariance
        (p, p) inverse of the Fisher information; times the dispersion for a quasi-Poisson model.
    mean, leverage
        (n,) fitted means, and diagonal of the hat matrix.
    log_likelihood
        Of the counts, weights counted as repeats.
    converged
        False where the steps ran out, as where a group has no counts at all.
    """

    coefficients: np.ndarray
    covariance: np.ndarray
    mean: np.ndarray
    leverage: np.ndarray
    log_likelihood: float
    converged: bool


def fit_loglinear(
    counts: np.ndarray,
    design: np.ndarray,
    *,
    offset: np.ndarray | float = 0.0,
    weights: np.ndarray | float = 1.0,
    dispersion: float = 0.0,
) -> LogLinearFit:
    """Fit log(mean) = offset + design @ coefficients by maximum likelihood.

    Parameters
    ----------
    counts
        (n,) numbers of at least 0.
    design
        (n, p) columns of the model, the constant among them; n ≥ p.
    offset
        (n,) log of the exposure.
    weights
        (n,) prior weights above 0.
    dispersion
        Of the negative binomial (NB2), ≥ 0; 0 is Poisson.

    References
    ----------
    McCullagh and Nelder (1989), Generalized Linear Models, section 2.5.

    Examples
    --------
    >>> group = np.array([0.0, 0.0, 1.0, 1.0])
    >>> fit = fit_loglinear(np.array([2, 4, 5, 7]), np.column_stack([np.ones(4), group]))
    >>> np.exp(fit.coefficients).round(6).tolist()  # means 3 and 6: a ratio of 2
    [3.0, 2.0]
    """
    y = np.asarray(counts, dtype=float)
    prior, shift = np.broadcast_to(weights, y.shape), np.broadcast_to(offset, y.shape)
    mean = y + 0.1
    likelihood, converged = -np.inf, False
    for _ in range(MAX_STEPS):
        root = np.sqrt(prior * mean / (1 + dispersion * mean))
        target = np.log(mean) - shift + (y - mean) / mean
        coefficients = np.linalg.lstsq(design * root[:, None], target * root, rcond=None)[0]
        mean = np.exp(shift + design @ coefficients)
        before, likelihood = likelihood, _log_likelihood(y, mean, prior, dispersion)
        if abs(likelihood - before) < TOLERANCE * (abs(likelihood) + 0.1):
            converged = True
            break
    working = prior * mean / (1 + dispersion * mean)
    covariance = np.linalg.pinv(design.T @ (design * working[:, None]), hermitian=True)
    leverage = working * np.einsum("ij,jk,ik->i", design, covariance, design)
    return LogLinearFit(coefficients, covariance, mean, leverage, likelihood, converged)


def pearson_dispersion(counts: np.ndarray, fit: LogLinearFit, weights: np.ndarray) -> float:
    """Variance over mean, by Pearson's statistic: 1 for Poisson counts, more where they clump."""
    squares = weights * (counts - fit.mean) ** 2 / fit.mean
    return float(squares.sum() / (len(counts) - len(fit.coefficients)))


def _log_likelihood(y: np.ndarray, mean: np.ndarray, prior: np.ndarray, dispersion: float) -> float:
    if dispersion == 0:
        return float((prior * (y * np.log(mean) - mean - gammaln(y + 1))).sum())
    shape = 1 / dispersion
    constant = gammaln(y + shape) - gammaln(shape) - gammaln(y + 1)
    kernel = y * np.log(dispersion * mean) - (y + shape) * np.log1p(dispersion * mean)
    return float((prior * (constant + kernel)).sum())
