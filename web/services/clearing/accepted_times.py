"""An officer accepts the time that a crew told too late for it to count by itself."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from geodata import clearances
from geodata.clearances import time_gaps
from geodata.core.errors import NotFoundError, RefusedError
from geodata.core.reasons import refuse_no_reason
from geodata.core.vocabulary import IncidentEventKind, Outcome
from geodata.incidents import incident_events, open_incidents
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.rules.clearances.device_times import CLOCK_SKEW
from geodata.store.engine import lock
from web.services.incidents import incident_assignment

if TYPE_CHECKING:
    from geodata.models import Clearance, Incident

ENTITY = "clearance"


def accept_time(session: Session, clearance_id: int, reason: str, actor: Actor) -> str:
    """Let an outcome count at the time that its crew told; the incident's reference.

    Raises
    ------
    NotFoundError
        There is no such outcome.
    RefusedError
        No reason is given, the outcome no longer stands, its time was accepted before or counts
        already, or the time cannot be true.
    """
    lock(session, incident_assignment.LOCK)
    row = clearances.get(session, clearance_id)
    if row is None or row.incident_id is None:
        raise NotFoundError(f"there is no outcome {clearance_id}")
    incident = open_incidents.by_id(session, row.incident_id)
    told_at, counted_at = row.device_at or row.occurred_at, row.occurred_at
    _refuse(session, row, incident, reason)
    time_gaps.accept(session, row, user_id=actor.user_id, reason=reason.strip(), now=actor.now)
    _note(session, incident, row, counted_at, actor)
    if row.outcome == Outcome.NO_ACCESS:
        _pause_earlier(session, incident, told_at, counted_at, actor)
    incident_assignment.settle(session, incident)
    incident_assignment.rehome_later_reports(session, incident, now=actor.now)
    return incident.key


def _refuse(session: Session, row: Clearance, incident: Incident, reason: str) -> None:
    refuse_no_reason(reason, "such as a crew without signal")
    if row.id not in {one.id for one in clearances.standing(session, incident.id)}:
        raise RefusedError("This entry was corrected or taken back: its time counts no more")
    if row.time_accepted_at is not None or row.device_at in (None, row.occurred_at):
        raise RefusedError("The time that was told counts already")
    _refuse_untrue(row, incident)


def _refuse_untrue(row: Clearance, incident: Incident) -> None:
    told_at = row.device_at or row.occurred_at
    if told_at > row.recorded_at + CLOCK_SKEW:
        raise RefusedError("The time that was told lies after its receipt: the clock was wrong")
    if told_at < incident.first_reported_at:
        raise RefusedError("The time that was told lies before the report: the clock was wrong")


def _note(
    session: Session, incident: Incident, row: Clearance, counted_at: datetime, actor: Actor
) -> None:
    facts = {"incident": incident.key, "outcome": row.outcome}
    before, after = {"occurred_at": counted_at}, {"occurred_at": row.occurred_at}
    reason = row.time_reason
    audit.write(
        session,
        actor,
        "accept_time",
        ENTITY,
        row.id,
        before=facts | before,
        after=facts | after,
        reason=reason,
    )
    incident_events.append(
        session,
        incident.id,
        IncidentEventKind.TIME_ACCEPTED,
        at=actor.now,
        now=actor.now,
        user_id=actor.user_id,
        reason=reason,
        details={"clearance": row.id, "counted_at": counted_at.isoformat()},
    )


def _pause_earlier(
    session: Session, incident: Incident, told_at: datetime, counted_at: datetime, actor: Actor
) -> None:
    """The clock stood from the told time on, in addition to what it stood since its receipt."""
    was_paused = incident_events.is_paused(session, incident.id)
    steps = [(IncidentEventKind.PAUSED, told_at), (IncidentEventKind.RESUMED, counted_at)]
    for kind, at in reversed(steps) if was_paused else steps:
        incident_events.append(
            session,
            incident.id,
            kind,
            at=at,
            now=actor.now,
            user_id=actor.user_id,
            reason=Outcome.NO_ACCESS.value,
        )
