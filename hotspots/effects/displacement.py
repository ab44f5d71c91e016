"""Did incidents go away, or only round the corner? Differences of counts and a quotient.

The weighted displacement difference speaks in incidents and has a standard error; the weighted
displacement quotient is for reading only.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from hotspots.core.errors import ParameterError


@dataclass(frozen=True)
class BeforeAfter:
    """Incidents in two periods of equal length and the same season, whole numbers of at least 0."""

    before: int
    after: int

    def __post_init__(self) -> None:
        for count in (self.before, self.after):
            if count < 0 or count != int(count):
                raise ParameterError(f"{count} is no count: give whole numbers of at least 0")

    @property
    def change(self) -> int:
        """Incidents more after than before."""
        return self.after - self.before


@dataclass(frozen=True)
class WeightedDisplacement:
    """Incidents gained or lost through the intervention, displacement included.

    Attributes
    ----------
    difference, variance, z, p_value
        Negative where incidents went away; its variance if counts are Poisson; two-sided.
    low, high
        Ends of the interval of ``difference``.
    """

    difference: int
    variance: int
    z: float
    p_value: float
    low: float
    high: float


def weighted_displacement(
    treated: BeforeAfter,
    comparison: BeforeAfter,
    ring: BeforeAfter | None = None,
    comparison_ring: BeforeAfter | None = None,
    *,
    confidence: float = 0.95,
) -> WeightedDisplacement:
    """The weighted displacement difference (WDD).

    Parameters
    ----------
    treated, comparison
        Sites with and without the intervention.
    ring, comparison_ring
        Where incidents of either may have gone; both or neither.
    confidence
        Of the interval, in (0, 1).

    References
    ----------
    Wheeler and Ratcliffe (2018), Crime Science 7:11.

    Examples
    --------
    >>> wdd = weighted_displacement(BeforeAfter(20, 10), BeforeAfter(20, 20))
    >>> wdd.difference, round(wdd.variance**0.5, 4)
    (-10, 8.3666)
    """
    if (ring is None) != (comparison_ring is None):
        raise ParameterError("give both rings or neither: each is compared with the other")
    if not 0 < confidence < 1:
        raise ParameterError(f"confidence is {confidence}: it must be between 0 and 1")
    areas = [treated, comparison, *(area for area in (ring, comparison_ring) if area is not None)]
    difference = sum(sign * area.change for sign, area in zip((1, -1, 1, -1), areas, strict=False))
    variance = sum(area.before + area.after for area in areas)
    error = np.sqrt(variance)
    z = float(difference / error) if variance else 0.0
    reach = stats.norm.isf((1 - confidence) / 2) * error
    p_value = float(2 * stats.norm.sf(abs(z)))
    return WeightedDisplacement(
        difference, variance, z, p_value, float(difference - reach), float(difference + reach)
    )


def displacement_quotient(
    treated: BeforeAfter, comparison: BeforeAfter, ring: BeforeAfter
) -> float:
    """The weighted displacement quotient (WDQ): what the ring did, over what the sites did.

    Above 0 the ring gained too; below 0 incidents went there, and below -1 more than went away.

    Returns
    -------
    float
        Null unless the sites fell against the comparison, without which it has no meaning.

    References
    ----------
    Bowers and Johnson (2003), Journal of Quantitative Criminology 19(3), 275-301.

    Examples
    --------
    >>> quotient = displacement_quotient(
    ...     BeforeAfter(207, 110), BeforeAfter(308, 318), BeforeAfter(178, 157))
    >>> round(quotient, 6)
    0.258186
    """
    if comparison.before == 0 or comparison.after == 0:
        return np.nan
    success = treated.after / comparison.after - treated.before / comparison.before
    spread = ring.after / comparison.after - ring.before / comparison.before
    return spread / success if success < 0 else np.nan
