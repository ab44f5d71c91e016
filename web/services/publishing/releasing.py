"""Figures are released once: a month when it has ended, a year's wards a month after it has.

What comes in later is in the year's release, which has its months once more; what comes after
that is published nowhere. So no two versions of a ward's count exist to be subtracted.
"""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from geodata.enforcement import actions
from geodata.frames.published_incidents import first_told_at
from geodata.rules.days import local_day
from geodata.store import releases
from geodata.store.engine import lock
from geodata.store.releases import ENFORCEMENT, MONTH, YEAR
from web.services.publishing.enforcement_activity import activity_cells
from web.services.publishing.release_cells import (
    Period,
    month_cells,
    months_within,
    year_cells,
    year_of,
)

LOCK = "figure_releases"
YEAR_WAITS = timedelta(days=31)
"""A year is released from 1 February: what December's crews and files told late is in it."""


def is_due(session: Session, *, now: datetime) -> bool:
    """Whether a month or a year has ended that is not released; cheap, and holds no lock."""
    return any(_due(session, kind, now) for kind in (MONTH, YEAR, ENFORCEMENT))


def release_due(session: Session, *, now: datetime) -> list[str]:
    """Release what has ended and is not released yet; the names of the periods.

    A month without any report is left for later: no record is not zero.
    """
    lock(session, LOCK)
    made = []
    for month in _due(session, MONTH, now):
        if cells := month_cells(session, month):
            _add(session, MONTH, month, cells, now)
            made.append(month.name)
    for year in _due(session, YEAR, now):
        _add(session, YEAR, year, year_cells(session, year), now)
        made.append(year.name)
    for year in _due(session, ENFORCEMENT, now):
        _add(session, ENFORCEMENT, year, activity_cells(session, year), now)
        made.append(f"enforcement {year.name}")
    return made


def _add(
    session: Session, kind: str, period: Period, cells: dict[str, object], now: datetime
) -> None:
    releases.add(
        session,
        kind,
        period.name,
        first_day=period.first_day,
        last_day=period.last_day,
        cells=cells,
        now=now,
    )


def _due(session: Session, kind: str, now: datetime) -> list[Period]:
    """Periods of a kind that ended since the record began and are not released, in order."""
    began = actions.first_act_at(session) if kind == ENFORCEMENT else first_told_at(session)
    if began is None:
        return []
    released = releases.released_periods(session, kind)
    known = _ended(local_day(began), local_day(now), kind)
    return [period for period in known if period.name not in released]


def _ended(first: date, today: date, kind: str) -> list[Period]:
    if kind == MONTH:
        months = months_within(Period("", first, today))
        return [month for month in months if month.last_day < today]
    years = [year_of(date(year, 1, 1)) for year in range(first.year, today.year)]
    return [year for year in years if year.last_day + YEAR_WAITS < today]
