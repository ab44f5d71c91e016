"""Control limits: between which values an ordinary month lies, by its like alone."""

from dataclasses import dataclass

import numpy as np

from hotspots.core.errors import ParameterError

FEWEST = 8
"""Limits from fewer values move with each new one (Wheeler 2003)."""
TO_SIGMAS = 2.66
"""3 / 1.128: three standard deviations from the mean range of two neighbours (Shewhart)."""


@dataclass(frozen=True)
class ControlLimits:
    """The mean of a stretch and what is ordinary about it: ``lower`` is never below 0."""

    mean: float
    lower: float
    upper: float

    def holds(self, value: float) -> bool:
        """Whether a value is ordinary; the limits themselves are."""
        return self.lower <= value <= self.upper


def individuals_limits(counts: np.ndarray) -> ControlLimits | None:
    """Limits of single values, from how much neighbours differ (the XmR chart).

    Counts of dumps spread more than Poisson's law has it, so that its limits cry wolf; the ranges
    of neighbours know how much they do.

    Parameters
    ----------
    counts
        (n,) in order of time, no nulls.

    Returns
    -------
    ControlLimits or None
        None of fewer than ``FEWEST`` values.

    References
    ----------
    Wheeler (2003), Making Sense of Data, chapter 9.

    Examples
    --------
    >>> individuals_limits(np.array([10, 12, 10, 12, 10, 12, 10, 12]))
    ControlLimits(mean=11.0, lower=5.68, upper=16.32)
    """
    values = np.asarray(counts, float)
    if values.ndim != 1 or np.isnan(values).any():
        raise ParameterError("counts must be one row of numbers without a gap")
    if len(values) < FEWEST:
        return None
    mean, reach = values.mean(), TO_SIGMAS * np.abs(np.diff(values)).mean()
    return ControlLimits(float(mean), float(max(mean - reach, 0)), float(mean + reach))


def share_limits(met: np.ndarray, of: np.ndarray) -> list[ControlLimits | None]:
    """Limits of shares, wider where fewer were counted (the p chart, three standard deviations).

    Parameters
    ----------
    met, of
        (n,) whole numbers, each ``met`` from 0 to ``of``.

    Returns
    -------
    list
        For each its limits within [0, 1]; None where nothing was counted.

    References
    ----------
    Montgomery (2013), Introduction to Statistical Quality Control, 7th edition, section 7.2.

    Examples
    --------
    >>> share_limits(np.array([50, 50]), np.array([100, 100]))[0]
    ControlLimits(mean=0.5, lower=0.35, upper=0.65)
    """
    good, all_ = np.asarray(met, float), np.asarray(of, float)
    if good.shape != all_.shape or ((good < 0) | (good > all_)).any():
        raise ParameterError("met and of must be as many, and each met from 0 to its of")
    if not all_.sum():
        return [None] * len(all_)
    mean = good.sum() / all_.sum()
    limits: list[ControlLimits | None] = []
    for n in all_:
        reach = 3 * np.sqrt(mean * (1 - mean) / n) if n else np.nan
        ends = np.clip([mean - reach, mean + reach], 0, 1).round(12)
        limits.append(ControlLimits(float(mean), *map(float, ends)) if n else None)
    return limits
