"""Rates of few events, drawn towards those of their like, with intervals that hold.

Three nights in three months may be one a month, or a chance of less or more. What the other
hotspots of the same run have says which rates are likely beforehand: rates are gamma-distributed
over them, counts Poisson. With prior shape a and mean μ, and n counted in T, the rate is gamma of
shape a + n and rate a / μ + T.

The prior itself is learnt from few. It is not taken at its best fit, which would claim too much:
what is said is averaged over every prior by how well it explains all counts, with log μ flat and
the share of the prior in a typical count, a / (a + typical count), even between 0 and 1.

References
----------
Christiansen and Morris (1997), Journal of the American Statistical Association 92(438), 618-632,
whose prior this is; Clayton and Kaldor (1987), Biometrics 43(3), 671-681.
"""

import numpy as np
import pandas as pd
from scipy import special, stats

from hotspots.core.errors import ParameterError
from hotspots.stats.rates import check_counts

SHAPES = 33
LEAST_SHAPE, FARTHEST = 0.2, 5.0
"""Shapes of the prior go from the least, or e⁻⁵ typical counts if that is less, to e⁵ of them."""
MEANS = np.linspace(-1.0, 1.0, 41)
"""Steps of the logarithm of the mean, in the half-width that is likely."""
FEWEST_GROUPS = 3
JEFFREYS = np.array([0.5]), np.array([0.0]), np.array([1.0])
"""Shape, rate and weight of the prior of one or two groups, which cannot teach one."""


def shrunk_rates(
    counts: np.ndarray, exposures: np.ndarray, *, confidence: float = 0.9
) -> pd.DataFrame:
    """Rate of each group, as much drawn to the others' as all their counts ask for.

    Parameters
    ----------
    counts
        (k,) whole numbers of at least 0.
    exposures
        (k,) what each was counted over (months, expected incidents), above 0.
    confidence
        Of the interval, in (0, 1).

    Returns
    -------
    DataFrame
        k rows: ``rate`` a unit of exposure (posterior mean), ``low``, ``high`` (equal tails),
        ``prior_share`` (how much of the rate is the others', in [0, 1); 0 for fewer than
        three groups).

    Raises
    ------
    ParameterError
        Counts that are no counts, exposures that are not above 0.

    Examples
    --------
    >>> few = shrunk_rates(np.array([9, 3, 2, 0]), np.full(4, 3.0))
    >>> few["rate"].round(1).tolist()  # counted: 3, 1, 0.7 and 0 a month
    [2.4, 1.1, 0.8, 0.4]
    """
    n, exposure = check_counts(counts).astype(float), np.asarray(exposures, dtype=float)
    if exposure.shape != n.shape or not ((exposure > 0) & (exposure < np.inf)).all():
        raise ParameterError(f"exposures are {exposure}: give one above 0 a count")
    if not 0 < confidence < 1:
        raise ParameterError(f"confidence is {confidence}: it must be between 0 and 1")
    if len(n) == 0:
        return pd.DataFrame(columns=["rate", "low", "high", "prior_share"], dtype=float)
    priors = _priors(n, exposure) if len(n) >= FEWEST_GROUPS else JEFFREYS
    shape, rate, weight = priors
    mean = (shape + n[:, None]) / (rate + exposure[:, None])
    square = mean * (shape + n[:, None] + 1) / (rate + exposure[:, None])
    first = mean @ weight
    # A mixture of gammas is all but one itself: that of its mean and variance (Christiansen and
    # Morris). The coverage is tested.
    variance = square @ weight - first**2
    likely = stats.gamma(first**2 / variance, scale=variance / first)
    tail = (1 - confidence) / 2
    return pd.DataFrame(
        {
            "rate": first,
            "low": likely.ppf(tail),
            "high": likely.isf(tail),
            "prior_share": (rate / (rate + exposure[:, None])) @ weight,
        }
    )


def _priors(n: np.ndarray, exposure: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(g,) shape and rate of each gamma prior, and how likely it is given all counts."""
    pooled = (n.sum() + 0.5) / exposure.sum()
    width = min(4 * np.sqrt(1 / (n.sum() + 0.5) + 2 / len(n)), 3.0)
    typical = pooled * exposure.mean()
    log_odds = np.linspace(min(np.log(LEAST_SHAPE / typical), -FARTHEST), FARTHEST, SHAPES)
    log_odds, log_mean = (axis.ravel() for axis in np.meshgrid(log_odds, width * MEANS))
    shape = typical * np.exp(log_odds)  # odds of the prior's share in a typical count
    rate = shape / (pooled * np.exp(log_mean))
    chance = rate / (rate + exposure[:, None])
    fit = stats.nbinom.logpmf(n[:, None], shape, chance).sum(axis=0)
    share = special.expit(log_odds)
    weight = (
        np.exp(fit - fit.max()) * share * (1 - share)
    )  # even in the share, by steps of its odds
    return shape, rate, weight / weight.sum()
