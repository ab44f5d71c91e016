"""Which events of an incident the contractor's system is told: that there is something to fetch.

A push says which job and what happened, no more: place, time and care are fetched by the key,
which knows whose jobs they are, and nothing personal leaves by it.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from geodata.clearances.contracts import crew_scope
from geodata.core.vocabulary import IncidentEventKind
from geodata.incidents import jobs, open_incidents
from geodata.people import outbox
from geodata.people.systems import System
from geodata.reports import RECORDED_ELSEWHERE, by_reference
from geodata.rules.days import local_day

if TYPE_CHECKING:
    from geodata.models import Incident, IncidentEvent

KIND = "job_push"
TYPES = {
    IncidentEventKind.OPENED.value: "job.opened",
    IncidentEventKind.REOPENED.value: "job.reopened",
    IncidentEventKind.CLEARANCE.value: "job.changed",
    IncidentEventKind.LAPSED.value: "job.changed",
    IncidentEventKind.MERGED.value: "job.changed",
    IncidentEventKind.SPLIT.value: "job.changed",
    IncidentEventKind.MOVED.value: "job.changed",
    IncidentEventKind.REASSIGNED.value: "job.changed",
    IncidentEventKind.PAUSED.value: "job.changed",
    IncidentEventKind.RESUMED.value: "job.changed",
}


def queue(
    session: Session, system: System, event: IncidentEvent, base_url: str, *, now: datetime
) -> bool:
    """Queue the push of an event, if it is one of a job of the system's contract."""
    if event.kind not in TYPES:
        return False
    incident = open_incidents.by_id(session, event.incident_id)
    scope = crew_scope(session, system.contractor, local_day(now))
    if not _is_job(session, incident) or not jobs.within(session, [incident.id], scope):
        return False
    body = {
        "type": TYPES[event.kind],
        "timestamp": event.recorded_at.isoformat(),
        "data": {
            "reference": incident.key,
            "state": incident.state,
            "address": f"{base_url}/api/jobs/{incident.key}",
        },
    }
    return _queue(session, system, f"event:{event.id}", incident.key, body, now)


def queue_test(session: Session, system: System, *, now: datetime) -> bool:
    """Queue a push that speaks of no job."""
    body = {"type": "test", "timestamp": now.isoformat(), "data": {}}
    return _queue(session, system, f"test:{now:%Y%m%d%H%M%S}", "A test", body, now)


def _queue(
    session: Session, system: System, key: str, about: str, body: object, now: datetime
) -> bool:
    return outbox.queue(
        session,
        f"push:{system.id}:{key}",
        kind=KIND,
        recipient=system.name,
        subject=about,
        body=json.dumps(body),
        system_id=system.id,
        now=now,
    )


def _is_job(session: Session, incident: Incident) -> bool:
    """Not what another system followed up before it came here by a file."""
    first = by_reference(session, incident.key)
    return first is None or first.channel not in RECORDED_ELSEWHERE
