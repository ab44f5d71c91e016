"""The hours in which an incident may have happened, each with its weight.

Nobody sees the dumping: a place was clean in the evening and littered in the morning. Each hour
between gets a part of the incident's weight of 1 (Ratcliffe 2000, International Journal of
Geographical Information Science 14(7), 669-679), by how much of the hour lies in the interval
and, where that is known, by how much is dumped in such hours.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hotspots.core.frames import LONDON

HOURS_OF_WEEK = 168
_HOUR_S = 3_600


@dataclass(frozen=True, eq=False)
class PossibleHours:
    """Hours in which incidents may have happened, one row for each incident and hour.

    Attributes
    ----------
    row
        (m,) position of the incident.
    hour
        (m,) hour of the London week: 0 is Monday 00:00 to 01:00, 167 Sunday 23:00 to 24:00.
    overlap
        (m,) part of the hour that lies in the interval, in (0, 1].
    is_known
        (n,) whether the interval of each incident is short enough to tell the hour; the others
        have no rows above.
    """

    row: np.ndarray
    hour: np.ndarray
    overlap: np.ndarray
    is_known: np.ndarray


def possible_hours(incidents: pd.DataFrame, *, longest_h: float = 24.0) -> PossibleHours:
    """The hours between the last time a place was known clean and the first sight of the incident.

    Parameters
    ----------
    incidents
        ``first_reported_at`` (aware); where present ``first_seen_at`` (an earlier sight) and
        ``last_clean_at``. Where there is no ``last_clean_at``, or it is not before the sight, or
        it is more than ``longest_h`` before, the hour is unknown.
    longest_h
        Longest interval that is used, hours.

    Examples
    --------
    >>> frame = pd.DataFrame({
    ...     "last_clean_at": pd.to_datetime(["2026-06-05T21:30Z"]),  # Friday 22:30 in London
    ...     "first_reported_at": pd.to_datetime(["2026-06-05T23:00Z"])})
    >>> hours = possible_hours(frame)
    >>> hours.hour.tolist(), hours.overlap.tolist()  # Friday 22:00 and 23:00
    ([118, 119], [0.5, 1.0])
    """
    start, end = _interval_s(incidents)
    is_known = (start < end) & (end - start <= longest_h * _HOUR_S)
    rows, hours, overlaps = [np.empty(0, int)], [np.empty(0, int)], [np.empty(0)]
    # The first hour of every interval, then the second of those that last, and so on: as many turns
    # as the longest has hours, whatever the number of incidents.
    active, step = np.flatnonzero(is_known), 0
    while len(active):
        hour = start[active] // _HOUR_S + step
        low, high = hour * _HOUR_S, (hour + 1) * _HOUR_S
        inside = np.minimum(end[active], high) - np.maximum(start[active], low)
        rows.append(active)
        hours.append(hour)
        overlaps.append(inside / _HOUR_S)
        active, step = active[end[active] > high], step + 1
    utc_hour = np.concatenate(hours)
    return PossibleHours(
        np.concatenate(rows), _hour_of_week(utc_hour), np.concatenate(overlaps), is_known
    )


def aoristic_weights(hours: PossibleHours, likely: np.ndarray | None = None) -> np.ndarray:
    """(m,) weight of each possible hour; the weights of a known incident sum to 1.

    Parameters
    ----------
    hours
        As from `possible_hours`.
    likely
        (m,) how much is dumped in each of them, above 0; None: the same in each.

    Examples
    --------
    >>> hours = PossibleHours(np.array([0, 0]), np.array([3, 4]), np.ones(2), np.ones(1, bool))
    >>> aoristic_weights(hours).tolist()
    [0.5, 0.5]
    >>> aoristic_weights(hours, np.array([3.0, 1.0])).tolist()
    [0.75, 0.25]
    """
    weight = hours.overlap if likely is None else hours.overlap * likely
    share: np.ndarray = weight / np.bincount(hours.row, weight)[hours.row]
    return share


def _interval_s(incidents: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Seconds since 1970 between which each incident happened; no length where unknown."""
    seen = incidents["first_reported_at"]
    if "first_seen_at" in incidents:
        seen = incidents["first_seen_at"].fillna(seen).clip(upper=seen)
    clean = incidents["last_clean_at"].fillna(seen) if "last_clean_at" in incidents else seen
    return _seconds(clean), _seconds(seen)


def _seconds(times: pd.Series) -> np.ndarray:
    utc: np.ndarray = times.to_numpy(dtype="datetime64[s]").astype(np.int64)
    return utc


def _hour_of_week(utc_hour: np.ndarray) -> np.ndarray:
    """Hour of the London week of hours since 1970; clocks change on the full hour."""
    if len(utc_hour) == 0:
        return utc_hour
    first = int(utc_hour.min())
    span = pd.to_datetime(np.arange(first, int(utc_hour.max()) + 1) * _HOUR_S, unit="s", utc=True)
    local = span.tz_convert(LONDON)
    hour: np.ndarray = (local.day_of_week * 24 + local.hour).to_numpy()[utc_hour - first]
    return hour
