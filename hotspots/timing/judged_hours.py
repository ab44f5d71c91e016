"""Does a place's own week tell when its next incidents come, better than the borough's week?

Judged out of sample: of each held-out period, profiles are learnt from what was known before it,
and asked for the chance of what then came.
"""

from datetime import datetime

import numpy as np
import pandas as pd

from hotspots.core.frames import aware_utc
from hotspots.timing.aoristic import HOURS_OF_WEEK, PossibleHours, possible_hours
from hotspots.timing.profiles import hour_profiles

PERIOD_DAYS = 91
PERIODS = 4
LEAST_PAST = 10
"""Incidents that a place needs before a period, to have hours of its own there."""
PLANNED_HOURS = 24
"""Of the week's 168, those in which patrols are planned: the likeliest ones."""
Z_90 = 1.6449
COLUMNS = ("place", "period", "own", "borough", "even", "own_hit", "borough_hit")


def judge_hours(
    incidents: pd.DataFrame,
    places: pd.Series | np.ndarray,
    *,
    as_of: datetime | pd.Timestamp | str,
    periods: int = PERIODS,
    period_days: float = PERIOD_DAYS,
) -> pd.DataFrame:
    """One row a held-out incident whose hours are known, at a place with a past.

    Parameters
    ----------
    incidents, places
        As `hotspots.timing.profiles.hour_profiles` takes them.
    as_of
        End of the last period.
    periods, period_days
        So many periods, one after another, are held out.

    Returns
    -------
    DataFrame
        ``place``, ``period`` (0 is the last), ``own``, ``borough`` and ``even``: the log of the
        chance that each profile gave to the hours in which it may have happened; ``own_hit`` and
        ``borough_hit``: how much of it lies in the `PLANNED_HOURS` likeliest hours of each, 0 to 1.
    """
    reported = incidents["first_reported_at"]
    end, labels = aware_utc(as_of), np.asarray(places)
    parts = [pd.DataFrame(columns=list(COLUMNS))]
    for period in range(periods):
        start = end - pd.Timedelta(days=period_days)
        is_past, is_next = (
            (reported <= start).to_numpy(),
            ((reported > start) & (reported <= end)).to_numpy(),
        )
        parts.append(_judged(incidents, labels, is_past, is_next, start).assign(period=period))
        end = start
    some = [part for part in parts if len(part)] or parts[:1]
    return pd.concat(some, ignore_index=True)[list(COLUMNS)]


def _judged(
    incidents: pd.DataFrame,
    labels: np.ndarray,
    is_past: np.ndarray,
    is_next: np.ndarray,
    start: pd.Timestamp,
) -> pd.DataFrame:
    past, theirs = incidents[is_past], labels[is_past]
    known = possible_hours(past).is_known
    counts = pd.Series(theirs[known & (theirs >= 0)]).value_counts()
    with_past = counts.index[counts >= LEAST_PAST]
    if with_past.empty:
        return pd.DataFrame()
    profiles = hour_profiles(past, np.where(np.isin(theirs, with_past), theirs, -1), as_of=start)
    is_judged = is_next & np.isin(labels, with_past)
    next_ones, of = incidents[is_judged], labels[is_judged]
    hours = possible_hours(next_ones)
    shares = profiles.shares.loc[of].to_numpy() if len(of) else np.empty((0, HOURS_OF_WEEK))
    borough = np.broadcast_to(profiles.borough, shares.shape)
    table = pd.DataFrame(
        {
            "place": of,
            "own": _log_chances(hours, shares),
            "borough": _log_chances(hours, borough),
            "even": _log_chances(hours, np.full(shares.shape, 1 / HOURS_OF_WEEK)),
            "own_hit": _planned(hours, shares),
            "borough_hit": _planned(hours, borough),
        }
    )
    return table[hours.is_known]


def _log_chances(hours: PossibleHours, shares: np.ndarray) -> np.ndarray:
    """(n,) log chance of the hours in which each may have happened; 0 where not known."""
    chance = np.bincount(
        hours.row, hours.overlap * shares[hours.row, hours.hour], len(hours.is_known)
    )
    return np.log(np.where(hours.is_known, np.maximum(chance, 1e-300), 1.0))


def _planned(hours: PossibleHours, shares: np.ndarray) -> np.ndarray:
    """(n,) part of each one's possible time that lies in the likeliest hours."""
    order = np.argsort(-shares, axis=1, kind="stable")[:, :PLANNED_HOURS]
    is_planned = np.zeros(shares.shape, dtype=bool)
    np.put_along_axis(is_planned, order, True, axis=1)
    n = len(hours.is_known)
    inside = np.bincount(hours.row, hours.overlap * is_planned[hours.row, hours.hour], n)
    return np.asarray(inside / np.maximum(np.bincount(hours.row, hours.overlap, n), 1e-12))


def gains(judged: pd.DataFrame) -> pd.DataFrame:
    """By place, how much better its own hours were than the borough's: ``n``, ``gain`` (mean log
    ratio an incident, nats) with the 90 % interval ``low`` to ``high``, by normal theory.

    >>> one = pd.DataFrame({"place": [3] * 4, "own": [-4.0, -3, -4, -3], "borough": [-5.0] * 4})
    >>> gains(one).round(2).to_dict("records")
    [{'n': 4, 'gain': 1.5, 'low': 1.03, 'high': 1.97}]
    """
    ratio = (judged["own"] - judged["borough"]).astype(float).groupby(judged["place"])
    n, mean = ratio.size(), ratio.mean()
    half = Z_90 * ratio.std() / np.sqrt(n)
    return pd.DataFrame({"n": n, "gain": mean, "low": mean - half, "high": mean + half})


LEAST_JUDGED = 8


def hours_verdict(n: int, low: float, high: float) -> str:
    """What an officer reads of a place; n is how many held-out incidents it was judged by.

    >>> hours_verdict(20, 0.1, 0.4)
    "Its own hours told when its last 20 incidents would come better than the borough's did."
    >>> hours_verdict(20, -0.1, 0.4)
    "Whether its own hours tell more than the borough's cannot be said from its last 20 incidents."
    """
    if n < LEAST_JUDGED or not np.isfinite(low):
        return "Too few incidents with known hours to judge its own hours against the borough's."
    if low > 0:
        return (
            f"Its own hours told when its last {n} incidents would come better than the borough's "
            "did."
        )
    if high < 0:
        return f"The borough's hours told when its last {n} incidents would come better: use them."
    return (
        f"Whether its own hours tell more than the borough's cannot be said from its last {n} "
        "incidents."
    )
