"""Incidents and reports by London's day, as the store keeps them: years are a short read."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.models import DayCount
from geodata.rules.days import LONDON, local_day
from geodata.store.day_counts import AMOUNTS, LAST_HOUR


@dataclass(frozen=True)
class Amounts:
    """What was first reported on a day; ``cylinders`` that nobody counted add none."""

    incidents: int = 0
    with_cylinders: int = 0
    cylinders: int = 0
    reports: int = 0

    def __add__(self, other: "Amounts") -> "Amounts":
        return Amounts(
            self.incidents + other.incidents,
            self.with_cylinders + other.with_cylinders,
            self.cylinders + other.cylinders,
            self.reports + other.reports,
        )


def by_day(
    session: Session, since: date | None = None, until: date | None = None
) -> dict[date, Amounts]:
    """By London's day, in order, those on which anything was reported; both ends included."""
    amounts = [getattr(DayCount, name) for name in AMOUNTS]
    query = select(DayCount.utc_day, DayCount.is_last_hour, *amounts)
    if since is not None:
        query = query.where(DayCount.utc_day >= since - timedelta(days=1))
    if until is not None:
        query = query.where(DayCount.utc_day <= until)
    days: dict[date, Amounts] = {}
    for utc_day, is_last_hour, *counts in session.execute(query.order_by(DayCount.utc_day)):
        day = (
            local_day(datetime.combine(utc_day, time(LAST_HOUR), UTC)) if is_last_hour else utc_day
        )
        if any(counts) and (since or day) <= day <= (until or day):
            days[day] = days.get(day, Amounts()) + Amounts(*counts)
    return dict(sorted(days.items()))


def incident_days(session: Session) -> tuple[list[date], int]:
    """London's days on which an incident was first reported, in order, and how many incidents.

    Of all years at once: decades of days are turned by NumPy, in as many milliseconds.
    """
    query = select(DayCount.utc_day, DayCount.is_last_hour, DayCount.incidents)
    rows = session.execute(query.where(DayCount.incidents != 0)).all()
    if not rows:
        return [], 0
    days, is_last, counts = (np.array(column) for column in zip(*rows, strict=True))
    moments = pd.DatetimeIndex(days.astype("datetime64[D]")) + pd.Timedelta(hours=LAST_HOUR)
    hours = moments.tz_localize("UTC").tz_convert(LONDON).hour
    is_next = is_last.astype(bool) & (hours == 0)
    local = np.unique(days.astype("datetime64[D]") + is_next.astype(int))
    return local.tolist(), int(counts.sum())
