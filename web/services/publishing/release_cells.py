"""What a release says: the borough of a month, and the wards of a year, as cells."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from geodata import frames
from geodata.core.vocabulary import IncidentState
from geodata.frames.published_incidents import published_counts, published_incidents
from geodata.rules.days import day_starts
from hotspots.effects.due_jobs import NOT_OURS
from web.services.publishing.disclosure import SMALLEST_SHOWN, share_percent, suppressed

Cells = dict[str, object]


@dataclass(frozen=True)
class Period:
    """Local days, the last one included; ``name`` is 2026-10 or 2026."""

    name: str
    first_day: date
    last_day: date


def month_of(day: date) -> Period:
    """The month that a day is in.

    >>> month_of(date(2024, 2, 10))
    Period(name='2024-02', first_day=datetime.date(2024, 2, 1), last_day=datetime.date(2024, 2, 29))
    """
    first = day.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return Period(f"{first:%Y-%m}", first, last)


def year_of(day: date) -> Period:
    """The calendar year that a day is in."""
    return Period(f"{day.year}", date(day.year, 1, 1), date(day.year, 12, 31))


def months_within(period: Period) -> list[Period]:
    """The months of a period, in order."""
    months = [month_of(period.first_day)]
    while months[-1].last_day < period.last_day:
        months.append(month_of(months[-1].last_day + timedelta(days=1)))
    return months


def month_cells(session: Session, period: Period) -> Cells | None:
    """The borough's figures of a month; None where it has no record at all.

    ``reported``: None where it is under 5. ``due``: fell due. ``cleared``: of these, so far.
    ``in_time``: of these, by when they were due. The last three are None where so few fell due
    that they would tell how few were reported.
    """
    counts = published_counts(session, *moments(period), not_ours=NOT_OURS)
    if not counts.reported:
        return None
    is_small = min(counts.reported, counts.due) < SMALLEST_SHOWN
    return {
        "reported": None if counts.reported < SMALLEST_SHOWN else counts.reported,
        "due": None if is_small else counts.due,
        "cleared": None if is_small else counts.cleared,
        "in_time": None if is_small else counts.in_time,
    }


def year_cells(session: Session, period: Period) -> Cells:
    """The wards' figures of a year, and its months as they are known by now.

    ``wards``: ``name``, ``reported`` (None: withheld) and ``in_time_percent`` of what fell due
    there (None: under ten, or its reports are withheld). ``months``: cells by the month's name.
    """
    facts = _facts(session, period)
    wards = frames.wards(session, period.last_day)
    sums = facts.drop(columns="geometry").groupby(ward_of(facts, wards)).sum()
    sums = sums.reindex(range(-1, len(wards)), fill_value=0)
    reported = [int(count) for count in sums["reported"]]
    shown = suppressed(reported[1:], elsewhere=reported[0])
    due, in_time = sums["due"].to_numpy()[1:], sums["in_time"].to_numpy()[1:]
    rows = [
        {
            "name": name,
            "reported": count,
            "in_time_percent": None if count is None else share_percent(int(part), int(fell_due)),
        }
        for name, count, part, fell_due in zip(wards["name"], shown, in_time, due, strict=True)
    ]
    months = {month.name: month_cells(session, month) for month in months_within(period)}
    return {"wards": rows, "months": {name: cells for name, cells in months.items() if cells}}


def moments(period: Period) -> tuple[datetime, datetime]:
    """When a period begins, and when the next one does."""
    return day_starts(period.first_day), day_starts(period.last_day + timedelta(days=1))


def _facts(session: Session, period: Period) -> gpd.GeoDataFrame:
    """Of each incident 0 or 1: reported, due, cleared and in time."""
    since, until = moments(period)
    incidents = published_incidents(session, since, until)
    is_reported = incidents["first_reported_at"].between(since, until, inclusive="left")
    is_due = incidents["due_at"].between(since, until, inclusive="left")
    is_due &= ~incidents["state"].isin(NOT_OURS)
    is_cleared = is_due & (incidents["state"] == IncidentState.CLEARED.value)
    is_in_time = is_cleared & (incidents["closed_at"] <= incidents["due_at"])
    flags = {
        "reported": is_reported,
        "due": is_due,
        "cleared": is_cleared,
        "in_time": is_in_time,
    }
    counted = pd.DataFrame(flags).astype(int)
    return gpd.GeoDataFrame(counted, geometry=incidents.geometry, crs=incidents.crs)


def ward_of(incidents: gpd.GeoDataFrame, wards: gpd.GeoDataFrame) -> np.ndarray:
    """Position of each incident's ward; -1 outside them all, the first where borders meet."""
    tree = shapely.STRtree(wards.geometry.to_numpy())
    inside, ward = tree.query(incidents.geometry.to_numpy(), predicate="intersects")
    first = pd.Series(ward).groupby(inside).min()
    return np.asarray(first.reindex(range(len(incidents)), fill_value=-1))
