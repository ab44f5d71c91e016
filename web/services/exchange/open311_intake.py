"""Requests of another system become reports, by the intake that all channels share, each once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.core.vocabulary import IncidentEventKind, Source
from geodata.incidents import incident_events
from geodata.people.systems import System
from geodata.reports import remote_requests
from geodata.reports.remote_requests import CLOSED, Taken
from geodata.store.engine import Store, lock
from web.services.exchange.open311_answers import Request
from web.services.exchange.open311_words import CHANNEL
from web.services.reporting import sending
from web.services.reporting.intake import NewReport
from web.services.reporting.sending import Position

OVER_THERE = "it was closed there before it came here"


@dataclass
class Took:
    """How many requests of a page became reports, and how many were refused."""

    taken: int = 0
    refused: int = 0


def take_page(store: Store, system: System, page: Sequence[Request], *, now: datetime) -> Took:
    """Take in what of a page is meant and new; one that is refused keeps no other out."""
    meant = set(system.terms.get("services", ()))
    wanted = [each for each in page if each.service_code in meant]
    if not wanted:
        return Took()
    with store.writing() as session:
        lock(session, f"open311:{system.id}")
        known = remote_requests.known(session, system.id, [each.reference for each in wanted])
        took = Took()
        for request in wanted:
            before = known.get(request.reference)
            if before is None:
                _take(session, system, request, took, now)
            elif before.status != request.status:
                _note_status(session, system, before, request.status, now)
        return took


def _take(session: Session, system: System, request: Request, took: Took, now: datetime) -> None:
    report_id, refused = None, OVER_THERE if request.status == CLOSED else None
    if refused is None:
        try:
            with session.begin_nested():
                report_id = _report(session, system, request, now)
        except RefusedError as error:
            refused = str(error)
    took.taken += report_id is not None
    took.refused += refused is not None
    remote_requests.add(
        session,
        system.id,
        request.reference,
        status=request.status,
        report_id=report_id,
        refused=refused,
        now=now,
    )


def _report(session: Session, system: System, request: Request, now: datetime) -> int:
    if request.longitude is None or request.latitude is None:
        raise RefusedError("it has no position that can be read")
    if request.requested_at is None:
        raise RefusedError("the time when it was made cannot be read")
    spot = sending.spot_of(Position(request.longitude, request.latitude))
    new = NewReport(
        position=spot.point,
        accuracy_m=spot.accuracy_m,
        source=Source.PUBLIC.value,
        channel=CHANNEL,
        reported_at=request.requested_at,
        description=request.description or None,
        landmark=request.address or None,
        idempotency_key=sha256(f"open311:{system.id}:{request.reference}".encode()).hexdigest(),
    )
    return sending.send(session, spot, new, [], now=now).report_id


def _note_status(
    session: Session, system: System, before: Taken, status: str, now: datetime
) -> None:
    """What its reporters say there is a note here: the crew's word closes, theirs does not."""
    remote_requests.note_status(session, before.id, status)
    if before.incident_id is not None:
        incident_events.append(
            session,
            before.incident_id,
            IncidentEventKind.NOTE,
            at=now,
            now=now,
            reason=f"{system.name} says that it is {status} there.",
            details={"from": system.name, "status": status},
        )
