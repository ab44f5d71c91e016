"""What the council itself recorded, by day: the raw material of its own indicators.

Days are London's. ``since`` and ``until`` are days, both included.
"""

from dataclasses import astuple, fields
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import Date, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from geodata.frames import day_counts
from geodata.frames.day_counts import Amounts
from geodata.models import (
    DetectionRun,
    EnforcementAction,
    Hotspot,
    Intervention,
    PatrolVisit,
    PosterEvent,
)
from geodata.rules.days import day_starts, local_day


def dump_days(session: Session, since: date, until: date) -> pd.DataFrame:
    """``day``, ``incidents`` first reported on it, ``with_cylinders`` of them, ``cylinders`` (where
    nobody counted, none is added) and ``reports`` of every source; merged incidents are left out.
    """
    days = day_counts.by_day(session, since, until)
    names = [field.name for field in fields(Amounts)]
    return _frame(((day, *astuple(amounts)) for day, amounts in days.items()), *names)


def visit_days(session: Session, since: date, until: date) -> pd.DataFrame:
    """Of each patrol visit: ``day`` and ``hours``, null where no end was logged."""
    query = select(PatrolVisit.arrived_at, PatrolVisit.left_at)
    rows = session.execute(_between(query, PatrolVisit.arrived_at, since, until))
    return _frame(
        ((local_day(at), None if left is None else _hours(left - at)) for at, left in rows),
        "hours",
    )


def poster_events(session: Session, until: date) -> pd.DataFrame:
    """``day``, ``site`` and ``kind`` of what befell posters up to a day, in time."""
    query = select(PosterEvent.at, PosterEvent.site_id, PosterEvent.kind)
    query = query.where(PosterEvent.at < day_starts(until + timedelta(days=1)))
    rows = session.execute(query.order_by(PosterEvent.at, PosterEvent.id))
    return _frame(((local_day(at), site, kind) for at, site, kind in rows), "site", "kind")


def hotspot_classes(session: Session, since: date, until: date) -> pd.DataFrame:
    """``day``, ``run`` and ``hotspot_class`` of what each run flagged; a run that flagged nothing
    has one row without a class."""
    query = select(DetectionRun.as_of, DetectionRun.id, Hotspot.hotspot_class).outerjoin(
        Hotspot, Hotspot.run_id == DetectionRun.id
    )
    query = _between(query, DetectionRun.as_of, since, until).order_by(DetectionRun.id, Hotspot.id)
    rows = session.execute(query)
    return _frame(((local_day(at), run, name) for at, run, name in rows), "run", "hotspot_class")


def intervention_days(session: Session, since: date, until: date) -> pd.DataFrame:
    """Of each intervention that began: ``day``, ``kind`` and ``cost_pence``, null: not entered."""
    query = select(Intervention.valid_from, Intervention.kind, Intervention.cost_pence).where(
        Intervention.valid_from >= since, Intervention.valid_from <= until
    )
    rows = session.execute(query.order_by(Intervention.valid_from, Intervention.id))
    return _frame((tuple(row) for row in rows), "kind", "cost_pence")


def first_days(session: Session) -> dict[str, date | None]:
    """Since when each kind of work is recorded: the day of its first row; None: there is none."""
    return {name: days and days[0] for name, days in recorded_days(session).items()}


def recorded_days(session: Session, until: date = date.max) -> dict[str, tuple[date, date] | None]:
    """The days of the first and the last row of each kind of work, of those up to a day; None:
    there is none."""
    columns: dict[str, Any] = {
        "enforcement": EnforcementAction.offence_at,
        "patrols": PatrolVisit.arrived_at,
        "posters": PosterEvent.at,
        "interventions": Intervention.valid_from,
        "detection": DetectionRun.as_of,
    }
    after = None if until == date.max else until + timedelta(days=1)
    ends = (
        select(end(column)).where(_is_before(column, after)).scalar_subquery()
        for column in columns.values()
        for end in (func.min, func.max)
    )
    moments = session.execute(select(*ends)).one()
    return {
        name: None if first is None else (local_day(first), local_day(last))
        for name, first, last in zip(columns, moments[::2], moments[1::2], strict=True)
    }


def _is_before(column: Any, day: date | None) -> Any:
    if day is None:
        return true()
    return column < (day if isinstance(column.type, Date) else day_starts(day))


def _between(query: Any, column: InstrumentedAttribute[datetime], since: date, until: date) -> Any:
    start, end = day_starts(since), day_starts(until + timedelta(days=1))
    return query.where(column >= start, column < end).order_by(column)


def _frame(rows: Any, *names: str) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["day", *names], dtype=object)


def _hours(length: timedelta) -> float:
    return length.total_seconds() / 3600
