"""How much of a year's dumping each calendar month has, from the borough's own record."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from hotspots.core.frames import aware_utc
from hotspots.timing.nights import dump_nights
from hotspots.timing.periods import month_ends

YEAR_DAYS = 365
"""A shorter record shows no season."""


def month_weights(
    incidents: pd.DataFrame, *, as_of: datetime | pd.Timestamp | str, months: int = 15
) -> np.ndarray:
    """What the borough's season would have dumped in each of the months that end with a day.

    A calendar month's factor is its number over what an even year would give it, drawn towards 1
    as far as chance explains the difference (gamma-Poisson, moments). In its first year a record
    shows no season: all factors are 1.

    Parameters
    ----------
    incidents
        Of the whole borough, as for `hotspots.timing.nights.dump_nights`; the longer the better.
    as_of
        Incidents reported later are not seen.
    months
        Number of months, ≥ 1.

    Returns
    -------
    ndarray
        (months,) oldest first, in average days; null for months that began before the record.

    Examples
    --------
    >>> nights = pd.date_range("2024-01-01T07:00Z", "2026-01-01T07:00Z")
    >>> summer = nights.month.isin([6, 7, 8])
    >>> told = nights.repeat(np.where(summer, 4, 1))
    >>> weights = month_weights(pd.DataFrame({"first_reported_at": told}),
    ...                         as_of="2025-12-31T09:00Z", months=12)
    >>> bool(3.5 < weights[6] / weights[0] < 4.5)  # July and January
    True
    """
    past = incidents[(incidents["first_reported_at"] <= aware_utc(as_of)).to_numpy()]
    ends = month_ends(as_of, months)
    if len(past) == 0:
        return np.full(months, np.nan)
    nights = dump_nights(past)
    days = pd.date_range(min(nights.min(), ends[0] + pd.Timedelta(days=1)), ends[-1])
    factor = seasons_of(nights, days[days >= nights.min()]).factors[days.month - 1]
    weights = np.add.reduceat(factor, days.searchsorted(ends[:-1] + pd.Timedelta(days=1)))
    weights[ends[:-1] + pd.Timedelta(days=1) < nights.min()] = np.nan
    return weights


@dataclass(frozen=True, eq=False)
class Seasons:
    """The calendar months of a record.

    Attributes
    ----------
    factors
        (12,) how many times an average day's dumping a day of each month has, January first.
    variances
        (12,) relative variance of each: how far chance may have moved it.
    """

    factors: np.ndarray
    variances: np.ndarray


EVEN_YEAR = Seasons(np.ones(12), np.zeros(12))


def seasons_of(nights: pd.Series, days: pd.DatetimeIndex) -> Seasons:
    """Factors of the calendar months over the days of a record, as `month_weights` has them.

    A month's factor is gamma beforehand, with mean 1 and the variance by which the months differ
    beyond chance; its relative variance is one over the shape that it has after the counts.

    Parameters
    ----------
    nights
        Local night of each incident.
    days
        Every day of the record, ascending.
    """
    if len(days) < YEAR_DAYS:
        return EVEN_YEAR
    observed = np.bincount(nights.dt.month - 1, minlength=12)
    expected = len(nights) * np.bincount(days.month - 1, minlength=12) / len(days)
    spread = ((observed - expected) ** 2 - expected).sum() / (expected**2).sum()
    if spread <= 0:
        return EVEN_YEAR
    shape = observed + 1 / spread
    return Seasons(shape / (expected + 1 / spread), 1 / shape)
