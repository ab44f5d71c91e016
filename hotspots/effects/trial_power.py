"""What a trial can show, before anybody puts up a poster.

Most trials of a few sites cannot show even a halving; to know that first saves a year.
"""

import numpy as np
from scipy import stats

from hotspots.core.errors import ParameterError


def trial_power(
    treated: float,
    comparison: float,
    *,
    reduction: float = 0.5,
    displacement: float = 0.0,
    alpha: float = 0.05,
) -> float:
    """Chance that a true reduction shows as a weighted displacement difference beyond chance.

    Parameters
    ----------
    treated, comparison
        Incidents expected at the sites, and at the comparison sites, in each of two equal periods.
    reduction
        Share of the treated sites' incidents that goes away, in (0, 1].
    displacement
        Incidents expected in each period in the ring around the sites, and as many in that of the
        comparison sites; 0 where rings are not counted.
    alpha
        Level of the two-sided test, in (0, 1).

    Examples
    --------
    >>> round(trial_power(20, 20), 2), round(trial_power(110, 110), 2)
    (0.22, 0.8)
    """
    _check(reduction, alpha)
    if not (treated > 0 and comparison > 0 and displacement >= 0):
        raise ParameterError(
            f"treated is {treated} and comparison {comparison}: both must be above 0, and "
            f"displacement ({displacement}) at least 0"
        )
    variance = treated * (2 - reduction) + 2 * comparison + 4 * displacement
    effect = reduction * treated / np.sqrt(variance)
    limit = stats.norm.isf(alpha / 2)
    return float(stats.norm.sf(limit - effect) + stats.norm.cdf(-limit - effect))


def dumps_needed(
    *,
    reduction: float = 0.5,
    power: float = 0.8,
    with_rings: bool = False,
    alpha: float = 0.05,
) -> int:
    """Incidents each arm needs in each period for a reduction to show.

    Parameters
    ----------
    reduction, alpha
        As for `trial_power`.
    power
        Chance of seeing it, above ``alpha`` and below 1.
    with_rings
        Whether displacement is counted in rings with as many incidents again.

    Examples
    --------
    >>> dumps_needed(reduction=0.5), dumps_needed(reduction=0.2)
    (110, 746)
    """
    _check(reduction, alpha)
    if not alpha < power < 1:
        raise ParameterError(f"power is {power}: it must lie between alpha ({alpha}) and 1")
    quantiles = stats.norm.isf(alpha / 2) + stats.norm.ppf(power)
    counts = 4 - reduction + 4 * with_rings
    return int(np.ceil(quantiles**2 * counts / reduction**2))


def _check(reduction: float, alpha: float) -> None:
    if not 0 < reduction <= 1 or not 0 < alpha < 1:
        raise ParameterError(
            f"reduction is {reduction} and alpha {alpha}: they must lie between 0 and 1"
        )
