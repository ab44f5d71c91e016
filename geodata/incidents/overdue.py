"""Incidents that should have been cleared by now."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from geodata.core.vocabulary import IncidentState
from geodata.models import Incident


def overdue(session: Session, *, now: datetime) -> Sequence[Incident]:
    """Open incidents past their due time, the longest overdue first; paused ones are not."""
    query = select(Incident).where(*_is_overdue(now))
    return session.scalars(query.order_by(Incident.due_at, Incident.id)).all()


def count_overdue(session: Session, *, now: datetime) -> int:
    """How many there are."""
    return session.scalar(select(func.count()).where(*_is_overdue(now))) or 0


def _is_overdue(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Incident.state == IncidentState.OPEN.value,
        Incident.due_at < now,
        Incident.merged_into_id.is_(None),
    )
