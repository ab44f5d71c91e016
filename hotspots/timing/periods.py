"""Counts by week, by four weeks and by month, up to a moment and not beyond it."""

from datetime import datetime

import numpy as np
import pandas as pd

from hotspots.core.errors import FrameError, ParameterError
from hotspots.core.frames import LONDON, aware_utc
from hotspots.core.row_order import coded_labels
from hotspots.timing.nights import dump_nights

PERIOD_DAYS = 28
PERIODS_A_YEAR = 13


def weekly_counts(incidents: pd.DataFrame, *, as_of: datetime | pd.Timestamp | str) -> pd.Series:
    """Incidents by the week of their dump-night, whole weeks only.

    Parameters
    ----------
    incidents
        As for `hotspots.timing.nights.dump_nights`.
    as_of
        Incidents reported later are not seen; the week that holds its night is left out.

    Returns
    -------
    Series
        int, by the Monday (naive) on which each week begins, from that of the first incident on;
        weeks without any have 0.

    Examples
    --------
    >>> told = pd.to_datetime(["2026-06-01T07:00Z", "2026-06-10T07:00Z", "2026-06-22T07:00Z"])
    >>> weekly_counts(pd.DataFrame({"first_reported_at": told}), as_of="2026-06-23T09:00Z").tolist()
    [1, 0, 1, 1]
    """
    nights, _ = _past_nights(incidents, np.full(len(incidents), -1), as_of)
    monday = nights - pd.to_timedelta(nights.dt.day_of_week, unit="D")
    # Sunday's night lasts until noon on Monday: before that its week is not over.
    now = pd.DataFrame({"first_reported_at": [aware_utc(as_of)]})
    this_week = _monday(dump_nights(now).iloc[0])
    counts = monday[monday < this_week].value_counts()
    first = counts.index.min() if len(counts) else this_week
    weeks = pd.date_range(first, this_week, freq="7D", inclusive="left", name="week")
    return counts.reindex(weeks, fill_value=0).rename("incidents")


def four_week_counts(
    incidents: pd.DataFrame,
    hotspots: pd.Series | np.ndarray,
    *,
    as_of: datetime | pd.Timestamp | str,
    periods: int,
) -> tuple[pd.DataFrame, np.ndarray]:
    """Dump-nights of each hotspot, and of all the borough, in periods of four weeks.

    Parameters
    ----------
    incidents
        n rows, as for `hotspots.timing.nights.dump_nights`.
    hotspots
        (n,) label of each row's hotspot, -1 or null where it has none.
    as_of
        The last period ends with this day; incidents reported later are not seen.
    periods
        Number of periods, ≥ 1; a year has 13.

    Returns
    -------
    tuple of DataFrame and ndarray
        One row a hotspot, one column a period (by its first day, naive), oldest first: nights
        with an incident; (periods,) all of these, and the incidents elsewhere.

    Examples
    --------
    >>> told = pd.to_datetime(["2026-05-01T07:00Z", "2026-06-10T07:00Z", "2026-06-10T08:00Z"])
    >>> counts, borough = four_week_counts(pd.DataFrame({"first_reported_at": told}),
    ...     np.array([1, 1, 1]), as_of="2026-06-23T09:00Z", periods=2)
    >>> counts.to_numpy().tolist(), borough.tolist()  # two incidents of one night are one
    ([[1, 1]], [1, 1])
    """
    if periods < 1:
        raise ParameterError(f"periods is {periods}: it must be 1 or more")
    today = _day(aware_utc(as_of))
    ends = today - pd.to_timedelta(np.arange(periods, -1, -1) * PERIOD_DAYS, unit="D")
    return _counts(incidents, hotspots, as_of, pd.DatetimeIndex(ends))


def nights_by_month(
    incidents: pd.DataFrame,
    hotspots: pd.Series | np.ndarray,
    *,
    as_of: datetime | pd.Timestamp | str,
    months: int = 15,
) -> pd.DataFrame:
    """Dump-nights of each hotspot in the months that end with a day.

    Parameters
    ----------
    incidents, hotspots, as_of
        As for `four_week_counts`.
    months
        Number of months, ≥ 1.

    Returns
    -------
    DataFrame
        One row a hotspot, one column a month (by its first day, naive), oldest first.

    Examples
    --------
    >>> told = pd.to_datetime(["2026-05-01T07:00Z", "2026-06-10T07:00Z", "2026-06-10T08:00Z"])
    >>> nights_by_month(pd.DataFrame({"first_reported_at": told}), np.array([1, 1, 1]),
    ...                 as_of="2026-06-23T09:00Z", months=3).to_numpy().tolist()
    [[0, 1, 1]]
    """
    return _counts(incidents, hotspots, as_of, month_ends(as_of, months))[0]


def month_ends(as_of: datetime | pd.Timestamp | str, months: int) -> pd.DatetimeIndex:
    """(months + 1) last days (naive) of the months that end with a day, oldest first."""
    if months < 1:
        raise ParameterError(f"months is {months}: it must be 1 or more")
    today = _day(aware_utc(as_of))
    return pd.DatetimeIndex([today - pd.DateOffset(months=back) for back in range(months, -1, -1)])


def _counts(
    incidents: pd.DataFrame,
    hotspots: pd.Series | np.ndarray,
    as_of: datetime | pd.Timestamp | str,
    ends: pd.DatetimeIndex,
) -> tuple[pd.DataFrame, np.ndarray]:
    """Nights a hotspot and period, and of all the borough a period; periods end with ``ends``."""
    if len(hotspots) != len(incidents):
        raise FrameError(f"{len(hotspots)} labels for {len(incidents)} incidents: give one a row")
    night, labels = _past_nights(incidents, np.asarray(hotspots), as_of)
    code, names = coded_labels(labels)
    period = np.searchsorted(ends.to_numpy(), night.to_numpy(), side="left") - 1
    n_periods = len(ends) - 1
    inside = code >= 0
    keys = pd.DataFrame({"code": code[inside], "night": night.to_numpy()[inside]})
    counted = (period >= 0) & (period < n_periods)
    counted[inside] &= ~keys.duplicated().to_numpy()
    flat = (code * n_periods + period)[counted & inside]
    table = np.bincount(flat, minlength=len(names) * n_periods).reshape(len(names), n_periods)
    first_days = ends[:-1] + pd.Timedelta(days=1)
    borough = np.bincount(period[counted], minlength=n_periods)
    return pd.DataFrame(table, names, first_days), borough


def _past_nights(
    incidents: pd.DataFrame, labels: np.ndarray, as_of: datetime | pd.Timestamp | str
) -> tuple[pd.Series, np.ndarray]:
    is_past = (incidents["first_reported_at"] <= aware_utc(as_of)).to_numpy()
    return dump_nights(incidents[is_past]), labels[is_past]


def _day(moment: pd.Timestamp) -> pd.Timestamp:
    return moment.tz_convert(LONDON).tz_localize(None).normalize()


def _monday(day: pd.Timestamp) -> pd.Timestamp:
    return day - pd.Timedelta(days=day.day_of_week)
