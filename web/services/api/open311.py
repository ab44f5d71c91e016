"""Open311 GeoReport v2: requests in, states and updates out, what their reporters add."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from geodata import reports
from geodata.accounts.api_keys import Holder
from geodata.core.errors import NotFoundError
from geodata.core.vocabulary import IncidentEventKind, IncidentState, Scope
from geodata.incidents import incident_events, open_incidents, report_updates
from geodata.incidents.report_updates import FollowedReport
from geodata.people.personal_data import taken_out
from web.services import clearing
from web.services.common.placing import Spot
from web.services.exchange.open311_words import CHANNEL
from web.services.reporting import quick_reports

if TYPE_CHECKING:
    from geodata.models import Incident

MOST = 1_000
"""Rows of an answer, as the specification has it."""
LONGEST_NOTE = 1_000
SAYS_OPEN = frozenset({"OPEN", "CONFIRMED", "REOPENED"})


@dataclass(frozen=True)
class ToldUpdate:
    """What a reporter added in another system. Who they are is not part of it.

    Attributes
    ----------
    external_ref
        The update's own reference there.
    status
        As that system writes it.
    at
        When it was written there.
    """

    reference: str
    external_ref: str
    status: str
    text: str
    at: datetime


def seen_channel(holder: Holder) -> str | None:
    """Whose reports a key sees: all (None), or those that came by Open311."""
    return None if holder.may(Scope.READ_OFFICER) else CHANNEL


def is_closed(followed: FollowedReport) -> bool:
    """Whether nothing more is to be done about a report."""
    return followed.incident is not None and followed.incident.closed_at is not None


def spot_of_words(session: Session, words: str, *, now: datetime) -> Spot | None:
    """The one place that an address means; None: there is none, or several."""
    matches = quick_reports.look_up(session, words, now=now)
    return quick_reports.found_spot(matches[0]) if len(matches) == 1 else None


def add_update(session: Session, holder: Holder, update: ToldUpdate, *, now: datetime) -> int:
    """Note what a reporter adds, once; its number here.

    "Open" about what was closed before they wrote it opens it again, within the time in which
    reporters may say so here. "Fixed" closes nothing: the crew's word does.

    Raises
    ------
    NotFoundError
        There is no such report.
    """
    known = report_updates.told_before(session, holder.id, update.external_ref)
    if known is not None:
        return known.id
    report = reports.by_reference(session, update.reference)
    if report is None or report.incident_id is None:
        raise NotFoundError(f"There is no service request {update.reference[:40]!r}")
    incident = open_incidents.by_id(session, report.incident_id)
    if update.status.upper() in SAYS_OPEN and _may_reopen(incident, update.at, now):
        clearing.reopen(session, incident.id, now=now)
    incident_events.append(
        session,
        incident.id,
        IncidentEventKind.NOTE,
        at=min(update.at, now),
        now=now,
        reason=taken_out(update.text) or None,
        details={"from": holder.name, "status": update.status, "update": update.external_ref},
    )
    row = report_updates.add_told(
        session,
        key_id=holder.id,
        external_ref=update.external_ref,
        report_id=report.id,
        status=update.status,
        recorded_at=now,
    )
    return row.id


def _may_reopen(incident: Incident, at: datetime, now: datetime) -> bool:
    """Not by what was written before the crew came, which arrives late."""
    closed_at = incident.closed_at
    if closed_at is None or incident.state == IncidentState.DUPLICATE:
        return False
    return at > closed_at and now - closed_at <= clearing.REOPEN_WITHIN
