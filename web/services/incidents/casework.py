"""What officers decide about an incident by hand; each leaves an event with its reason."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from shapely.geometry import Point
from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.core.reasons import refuse_no_reason
from geodata.core.vocabulary import IncidentEventKind, IncidentState
from geodata.incidents import incident_changes, incident_events, incident_totals, open_incidents
from geodata.rules.clearances.service_level import service_clock
from geodata.store.engine import lock
from web.services.incidents import incident_assignment

if TYPE_CHECKING:
    from geodata.models import Incident


def merge(
    session: Session,
    incident_id: int,
    into_key: str,
    *,
    reason: str,
    user_id: int | None,
    now: datetime,
) -> Incident:
    """Say that an open incident is the same incident as another; the other one.

    Raises
    ------
    RefusedError
        They are one already, or the first is closed.
    """
    refuse_no_reason(reason)
    lock(session, incident_assignment.LOCK)
    incident = open_incidents.by_id(session, incident_id)
    into = open_incidents.by_key(session, into_key)
    if incident.closed_at is not None:
        raise RefusedError(f"{incident.key} is closed: reopen it first, or merge the other way")
    merge_into(session, incident, into, reason=reason, user_id=user_id, now=now)
    return into


def merge_into(
    session: Session,
    incident: Incident,
    into: Incident,
    *,
    reason: str | None,
    user_id: int | None,
    now: datetime,
) -> None:
    """Give an incident's reports to another one. The clock keeps the earliest public report."""
    if incident.id == into.id:
        raise RefusedError(f"{incident.key} is the same incident: give another one's reference")
    incident_changes.merge(session, incident, into)
    incident_totals.pin(session, into.id)
    incident_assignment.settle(session, into)
    for owner, other in ((incident, into), (into, incident)):
        _note(
            session,
            owner,
            IncidentEventKind.MERGED,
            reason,
            user_id,
            now,
            {"into" if owner is incident else "from": other.key},
        )


def split(
    session: Session,
    incident_id: int,
    references: Collection[str],
    *,
    reason: str,
    user_id: int | None,
    now: datetime,
) -> Incident:
    """Make some of an incident's reports an incident of their own; the new one.

    Raises
    ------
    RefusedError
        None of them is the incident's, or all are.
    """
    refuse_no_reason(reason)
    lock(session, incident_assignment.LOCK)
    incident = open_incidents.by_id(session, incident_id)
    reports = incident_totals.members(session, incident.id)
    leaving = [report for report in reports if report.reference in references]
    staying = [report for report in reports if report.reference not in references]
    if not leaving or not staying:
        raise RefusedError("Choose some of the reports: at least one must go and one must stay")
    if incident.key in {report.reference for report in leaving}:
        # The incident is known by that report's reference, on receipts and in the crew's book.
        leaving, staying = staying, leaving
    incident_totals.pin(session, incident.id)
    opened, _ = open_incidents.open_with(session, leaving[0], service_clock(session))
    incident_changes.reassign_reports(session, leaving, opened)
    for each, other, way in ((incident, opened, "into"), (opened, incident, "from")):
        incident_assignment.settle(session, each)
        _note(session, each, IncidentEventKind.SPLIT, reason, user_id, now, {way: other.key})
    return opened


def move(
    session: Session,
    incident_id: int,
    point: Point,
    *,
    reason: str,
    user_id: int | None,
    now: datetime,
) -> None:
    """Put an incident where it really lies, EPSG:27700.

    Raises
    ------
    RefusedError
        The reason is none.
    """
    refuse_no_reason(reason)
    lock(session, incident_assignment.LOCK)
    incident = open_incidents.by_id(session, incident_id)
    was = incident.geometry
    incident_changes.move(session, incident, point)
    incident_totals.pin(session, incident.id)
    places = {"from": [was.x, was.y], "to": [point.x, point.y]}
    _note(session, incident, IncidentEventKind.MOVED, reason, user_id, now, places)


def pause(
    session: Session,
    incident_id: int,
    *,
    reason: str,
    user_id: int | None,
    now: datetime,
    note: str | None = None,
) -> None:
    """Stop the clock for a reason that the rule of the incident's day knows.

    Raises
    ------
    RefusedError
        It is not open, or the rule knows no such reason.
    """
    lock(session, incident_assignment.LOCK)
    incident = open_incidents.by_id(session, incident_id)
    if incident.state != IncidentState.OPEN:
        raise RefusedError(f"{incident.key} is {incident.state}: only an open one can be paused")
    known = service_clock(session).level(incident.first_reported_at).pauses
    if reason not in known:
        raise RefusedError(f"choose what stops the clock: {', '.join(known.values())}")
    details = {"note": note} if note else None
    _note(session, incident, IncidentEventKind.PAUSED, reason, user_id, now, details)
    incident_assignment.settle(session, incident)


def resume(
    session: Session, incident_id: int, *, reason: str, user_id: int | None, now: datetime
) -> None:
    """Let the clock run again.

    Raises
    ------
    RefusedError
        It is not paused.
    """
    lock(session, incident_assignment.LOCK)
    incident = open_incidents.by_id(session, incident_id)
    if incident.state != IncidentState.PAUSED:
        raise RefusedError(f"{incident.key} is {incident.state}: it is not paused")
    _note(session, incident, IncidentEventKind.RESUMED, reason, user_id, now)
    incident_assignment.settle(session, incident)


def escalate(
    session: Session, incident_id: int, *, reason: str, user_id: int | None, now: datetime
) -> None:
    """Mark an incident for the contract manager's eye."""
    incident = open_incidents.by_id(session, incident_id)
    _note(session, incident, IncidentEventKind.ESCALATED, reason, user_id, now)


def reassign(
    session: Session,
    incident_id: int,
    contractor: str,
    *,
    reason: str,
    user_id: int | None,
    now: datetime,
) -> None:
    """Give an incident to another contractor or crew."""
    lock(session, incident_assignment.LOCK)
    incident = open_incidents.by_id(session, incident_id)
    details = {"from": incident.contractor, "to": contractor}
    incident_changes.give_to_contractor(session, incident, contractor)
    _note(session, incident, IncidentEventKind.REASSIGNED, reason, user_id, now, details)


def _note(
    session: Session,
    incident: Incident,
    kind: IncidentEventKind,
    reason: str | None,
    user_id: int | None,
    now: datetime,
    details: Mapping[str, object] | None = None,
) -> None:
    incident_events.append(
        session,
        incident.id,
        kind,
        at=now,
        now=now,
        user_id=user_id,
        reason=reason,
        details=details,
    )
