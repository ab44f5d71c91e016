"""Incidents as the public's figures need them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import geopandas as gpd
import pandas as pd
from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from geodata.core.types import SRID, UTCDateTime
from geodata.core.vocabulary import IncidentState
from geodata.models import Incident


@dataclass(frozen=True)
class PublishedCounts:
    """Incidents of a period: first reported in it, due in it, and of these cleared and in time."""

    reported: int
    due: int
    cleared: int
    in_time: int


COLUMNS = ("geometry", "first_reported_at", "state", "closed_at", "due_at")


def published_incidents(session: Session, since: datetime, until: datetime) -> gpd.GeoDataFrame:
    """Incidents first reported, or due, from a moment to before another.

    Columns: ``geometry`` (Point, EPSG:27700), ``first_reported_at``, ``closed_at`` and ``due_at``
    (NaT where there is none), ``state``; ordered by key.
    """
    query = (
        select(*(getattr(Incident, name) for name in COLUMNS))
        .where(
            Incident.merged_into_id.is_(None),
            or_(
                (Incident.first_reported_at >= since) & (Incident.first_reported_at < until),
                (Incident.due_at >= since) & (Incident.due_at < until),
            ),
        )
        .order_by(Incident.id)
    )
    rows = session.execute(query).all()
    frame = gpd.GeoDataFrame(rows, columns=list(COLUMNS), geometry="geometry", crs=SRID)
    for name in ("first_reported_at", "closed_at", "due_at"):
        frame[name] = pd.to_datetime(frame[name], utc=True)
    return frame


def published_counts(
    session: Session, since: datetime, until: datetime, *, not_ours: Collection[str]
) -> PublishedCounts:
    """How many incidents were reported, fell due, were cleared and in time, in one statement.

    From a moment to before another; what ended in a state of ``not_ours`` fell due to nobody.
    """
    due = (Incident.due_at >= since) & (Incident.due_at < until) & Incident.state.not_in(not_ours)
    cleared = due & (Incident.state == IncidentState.CLEARED.value)
    query = select(
        _count((Incident.first_reported_at >= since) & (Incident.first_reported_at < until)),
        _count(due),
        _count(cleared),
        _count(cleared & (Incident.closed_at <= Incident.due_at)),
    ).where(Incident.merged_into_id.is_(None))
    reported, fell_due, were_cleared, in_time = session.execute(query).one()
    return PublishedCounts(reported, fell_due, were_cleared, in_time)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))


def first_told_at(session: Session) -> datetime | None:
    """When the record begins: of what came before nothing is known, which is not nothing."""
    query = select(func.min(Incident.first_reported_at, type_=UTCDateTime()))
    return session.scalar(query.where(Incident.merged_into_id.is_(None)))
