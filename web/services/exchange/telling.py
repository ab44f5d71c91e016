"""Which systems are told of what happened to an incident, worked out from its events, once."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from geodata.core.vocabulary import SystemKind
from geodata.incidents import incident_events
from geodata.people import systems
from geodata.store import settings
from geodata.store.engine import lock
from web.services.exchange import job_pushes, open311_states
from web.services.exchange.systems import FED_BY_EVENTS, LAST_PUSHED
from web.services.incidents import incident_assignment

TOO_OLD = timedelta(days=14)
"""What happened longer ago is nobody's news, such as the history of an import."""
BATCH = 500


def is_due(session: Session) -> bool:
    """Whether a system is on, and something happened since the last time."""
    return bool(systems.of_kinds(session, *FED_BY_EVENTS)) and (
        incident_events.latest_id(session) > settings.read(session, LAST_PUSHED, 0)
    )


def tell_of_events(session: Session, base_url: str, *, now: datetime) -> int:
    """Queue what the events since the last time mean for each system; how many pushes."""
    # Keys are given out under this lock, so that none below the last one can still appear.
    lock(session, incident_assignment.LOCK)
    listeners = systems.of_kinds(session, *FED_BY_EVENTS)
    events = incident_events.after(session, settings.read(session, LAST_PUSHED, 0), limit=BATCH)
    queued = 0
    for event in events:
        for system in listeners:
            if event.recorded_at <= max(system.created_at, now - TOO_OLD):
                continue
            if system.kind == SystemKind.JOBS:
                queued += job_pushes.queue(session, system, event, base_url, now=now)
            else:
                queued += open311_states.queue(session, system, event, now=now)
    if events:
        settings.write(session, LAST_PUSHED, events[-1].id)
    return queued
