"""The history of an incident: events are added and never changed."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geodata.core.vocabulary import IncidentEventKind
from geodata.models import Incident, IncidentEvent, User

STOPPING = (IncidentEventKind.PAUSED.value, IncidentEventKind.RESUMED.value)


def append(
    session: Session,
    incident_id: int,
    kind: IncidentEventKind,
    *,
    at: datetime,
    now: datetime,
    user_id: int | None = None,
    reason: str | None = None,
    details: Mapping[str, object] | None = None,
) -> None:
    """Add an event: ``at`` is when it happened, ``now`` when it is recorded."""
    session.add(
        IncidentEvent(
            incident_id=incident_id,
            kind=kind.value,
            at=at,
            recorded_at=now,
            user_id=user_id,
            reason=reason,
            details=details,
        )
    )
    session.flush()


def history(session: Session, incident_id: int) -> Sequence[IncidentEvent]:
    """All events of an incident, oldest first."""
    query = select(IncidentEvent).where(IncidentEvent.incident_id == incident_id)
    return session.scalars(query.order_by(IncidentEvent.at, IncidentEvent.id)).all()


def last_reopened_at(session: Session, incident_id: int) -> datetime | None:
    """When somebody last said that what was done with is still there; None where nobody did."""
    query = (
        select(IncidentEvent.at)
        .where(
            IncidentEvent.incident_id == incident_id,
            IncidentEvent.kind == IncidentEventKind.REOPENED.value,
        )
        .order_by(IncidentEvent.at.desc())
        .limit(1)
    )
    return session.scalar(query)


def is_paused(session: Session, incident_id: int) -> bool:
    """Whether the last word about the clock was that it stands still."""
    query = (
        select(IncidentEvent.kind)
        .where(IncidentEvent.incident_id == incident_id, IncidentEvent.kind.in_(STOPPING))
        .order_by(IncidentEvent.id.desc())
        .limit(1)
    )
    return session.scalar(query) == IncidentEventKind.PAUSED.value


def pauses(
    session: Session, incident_ids: Sequence[int]
) -> dict[int, list[tuple[datetime, datetime | None]]]:
    """When each incident's clock stood still: from, and to where it runs again."""
    query = (
        select(IncidentEvent.incident_id, IncidentEvent.kind, IncidentEvent.at)
        .where(IncidentEvent.incident_id.in_(incident_ids), IncidentEvent.kind.in_(STOPPING))
        .order_by(IncidentEvent.id)
    )
    spans_of: dict[int, list[tuple[datetime, datetime | None]]] = {}
    for incident_id, kind, at in session.execute(query):
        spans = spans_of.setdefault(incident_id, [])
        is_running = not spans or spans[-1][1] is not None
        if kind == IncidentEventKind.PAUSED.value and is_running:
            spans.append((at, None))
        elif kind == IncidentEventKind.RESUMED.value and not is_running:
            spans[-1] = (spans[-1][0], max(at, spans[-1][0]))
    return spans_of


def after(session: Session, event_id: int, *, limit: int) -> Sequence[IncidentEvent]:
    """The events that follow one in the order in which they were recorded."""
    query = select(IncidentEvent).where(IncidentEvent.id > event_id)
    return session.scalars(query.order_by(IncidentEvent.id).limit(limit)).all()


def latest_id(session: Session) -> int:
    """The key of the newest event of all; 0 before the first."""
    return session.scalar(select(func.max(IncidentEvent.id))) or 0


def story(session: Session, incident_id: int) -> list[tuple[IncidentEvent, str, str]]:
    """(event, key of its incident, who) of an incident and of those merged into it, oldest first.

    ``who`` is the account's name, or "" where the public or the program did it.
    """
    chain = select(Incident.id).where(Incident.id == incident_id).cte("chain", recursive=True)
    chain = chain.union(select(Incident.id).join(chain, Incident.merged_into_id == chain.c.id))
    query = (
        select(IncidentEvent, Incident.key, User.name)
        .join(Incident, Incident.id == IncidentEvent.incident_id)
        .outerjoin(User, User.id == IncidentEvent.user_id)
        .where(IncidentEvent.incident_id.in_(select(chain.c.id)))
        .order_by(IncidentEvent.at, IncidentEvent.id)
    )
    return [(event, key, name or "") for event, key, name in session.execute(query)]
