"""States of our incidents, told to the Open311 service whose requests spoke of them, once each."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from geodata.incidents.report_updates import TOLD, ReportUpdate
from geodata.people import outbox
from geodata.people.systems import System
from geodata.reports import remote_requests
from web.services.exchange.open311_words import WORDS, status_of

if TYPE_CHECKING:
    from geodata.models import IncidentEvent

KIND = "open311_update"


def queue(session: Session, system: System, event: IncidentEvent, *, now: datetime) -> int:
    """Queue what an event means for the service's requests; how many updates that are."""
    if event.kind not in TOLD or not system.terms.get("sends_states"):
        return 0
    outcome = (event.details or {}).get("outcome", "")
    status = status_of(ReportUpdate(event.id, "", event.kind, outcome, event.recorded_at))
    return sum(
        outbox.queue(
            session,
            f"push:{system.id}:event:{event.id}:{request.id}",
            kind=KIND,
            recipient=system.name,
            subject=f"{request.external_ref}: {status}",
            body=json.dumps(_fields(request.external_ref, event, status)),
            system_id=system.id,
            now=now,
        )
        for request in remote_requests.of_incident(session, system.id, event.incident_id)
        if event.recorded_at >= request.taken_at
    )


def _fields(reference: str, event: IncidentEvent, status: str) -> dict[str, str]:
    return {
        "service_request_id": reference,
        "update_id": f"{event.id}-{reference}"[:100],
        "status": status,
        "updated_datetime": event.recorded_at.replace(microsecond=0).isoformat(),
        "description": WORDS.get(status, ""),
    }
