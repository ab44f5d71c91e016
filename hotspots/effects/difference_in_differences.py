"""The main estimate of an effect: how the treated sites departed from the borough.

A negative-binomial model of every site and period: each site has a level of its own, the borough's
total is the exposure, all sites may depart from it together afterwards, and the treated ones by a
ratio more. Clumping of incidents widens the interval, as a difference of four sums cannot.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.optimize import minimize_scalar

from hotspots.core.errors import FrameError, ParameterError, TooFewError
from hotspots.stats.log_linear import fit_loglinear

LEAST_DISPERSION, MOST_DISPERSION = 1e-4, 10.0


@dataclass(frozen=True)
class DifferenceInDifferences:
    """Effect of an intervention as a ratio of rates.

    Attributes
    ----------
    ratio, low, high
        How many times as many incidents as without it; ends of the interval.
    p_value
        That the ratio is 1, two-sided.
    dispersion
        Variance is mean + dispersion × mean²; 0 where counts do not clump.
    """

    ratio: float
    low: float
    high: float
    p_value: float
    dispersion: float


def difference_in_differences(
    counts: np.ndarray,
    treated: np.ndarray,
    after: np.ndarray,
    borough: np.ndarray,
    *,
    confidence: float = 0.95,
) -> DifferenceInDifferences:
    """Estimate an effect over sites and periods.

    Parameters
    ----------
    counts
        (sites, periods) incidents. Leave out the periods by which the sites were chosen.
    treated
        (sites,) whether something was done there; both kinds are needed.
    after
        (periods,) whether it was done by then; both kinds are needed.
    borough
        (periods,) the borough's totals; a period in which it had none tells nothing.
    confidence
        Of the interval, in (0, 1): Wald's, with the t distribution.

    Raises
    ------
    TooFewError
        The treated or the other sites had no incident before or none after: there is no finite
        ratio (see `hotspots.effects.judge_effect`, which is exact).

    References
    ----------
    Hilbe (2011), Negative Binomial Regression, chapter 8.

    Examples
    --------
    >>> counts = np.array([[8, 10, 9, 4, 5, 4], [6, 5, 7, 6, 6, 5]])
    >>> effect = difference_in_differences(counts, np.array([True, False]),
    ...     np.arange(6) >= 3, np.full(6, 100))
    >>> round(effect.ratio, 3)  # (13 / 27) / (17 / 18)
    0.51
    """
    table, is_treated, is_after, borough_totals = _checked(
        counts, treated, after, borough, confidence
    )
    sites, periods = table.shape
    site, period = np.divmod(np.arange(sites * periods), periods)
    design = np.column_stack(
        [site[:, None] == np.arange(sites), is_after[period], is_treated[site] & is_after[period]]
    ).astype(float)
    y, offset = table.ravel(), np.log(borough_totals)[period]

    def negative_log_likelihood(log_dispersion: float) -> float:
        fit = fit_loglinear(y, design, offset=offset, dispersion=float(np.exp(log_dispersion)))
        return -fit.log_likelihood

    bounds = np.log(LEAST_DISPERSION), np.log(MOST_DISPERSION)
    best = minimize_scalar(negative_log_likelihood, bounds=bounds, method="bounded")
    poisson = fit_loglinear(y, design, offset=offset)
    dispersion = float(np.exp(best.x)) if -best.fun > poisson.log_likelihood else 0.0
    fit = fit_loglinear(y, design, offset=offset, dispersion=dispersion)
    effect, error = float(fit.coefficients[-1]), float(np.sqrt(fit.covariance[-1, -1]))
    student_t = stats.t(len(y) - design.shape[1])
    reach = student_t.isf((1 - confidence) / 2) * error
    low, ratio, high = np.exp([effect - reach, effect, effect + reach]).tolist()
    return DifferenceInDifferences(
        ratio, low, high, float(2 * student_t.sf(abs(effect) / error)), dispersion
    )


def _checked(
    counts: np.ndarray,
    treated: np.ndarray,
    after: np.ndarray,
    borough: np.ndarray,
    confidence: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """What tells something: sites with incidents, in periods in which the borough had any."""
    table, borough_totals = np.asarray(counts, dtype=float), np.asarray(borough, dtype=float)
    is_treated, is_after = np.asarray(treated, dtype=bool), np.asarray(after, dtype=bool)
    shape = (*is_treated.shape, *is_after.shape)
    if table.shape != shape or borough_totals.shape != is_after.shape:
        raise FrameError(
            f"counts are {table.shape} and borough {borough_totals.shape}: "
            f"they must be {shape} (sites, periods) and {is_after.shape}"
        )
    if not ((table >= 0).all() and (borough_totals >= 0).all()):
        raise FrameError("counts and borough must be at least 0, without nulls")
    if not 0 < confidence < 1:
        raise ParameterError(f"confidence is {confidence}: it must be between 0 and 1")
    has_borough = borough_totals > 0
    table, is_after, borough_totals = (
        table[:, has_borough],
        is_after[has_borough],
        borough_totals[has_borough],
    )
    for of_site, where in ((is_treated, "treated"), (~is_treated, "comparison")):
        for of_period, when in ((~is_after, "before"), (is_after, "after")):
            if table[of_site][:, of_period].sum() == 0:
                raise TooFewError(f"no incident at the {where} sites {when}: no ratio can be given")
    has_incidents = table.sum(axis=1) > 0
    table, is_treated = table[has_incidents], is_treated[has_incidents]
    if table.size <= len(table) + 2:
        raise TooFewError(f"{table.shape[1]} periods are too few: give 3 or more")
    return table, is_treated, is_after, borough_totals
