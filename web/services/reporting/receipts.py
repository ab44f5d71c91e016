"""What a reporter may know of their report, and the three things that they may do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from geodata import reports
from geodata.core.errors import NotFoundError
from geodata.core.vocabulary import IncidentEventKind, IncidentState, Moderation
from geodata.incidents import incident_events, open_incidents
from geodata.media import photos
from geodata.people import contacts, holds
from geodata.rules.days import local_day
from web.services import clearing
from web.services.common.speaking import N_
from web.services.common.speaking import gettext as _
from web.services.common.wording import due_in_words

if TYPE_CHECKING:
    from geodata.models import Incident, IncidentEvent, Report

STATUS = {
    IncidentState.OPEN.value: N_("Waiting for the crew"),
    IncidentState.PAUSED.value: N_("On hold"),
    IncidentState.CLEARED.value: N_("Cleared"),
    IncidentState.NOT_FOUND.value: N_("Not found"),
    IncidentState.NOT_OUR_LAND.value: N_("Not the council’s land"),
    IncidentState.DUPLICATE.value: N_("Dealt with under another report"),
    IncidentState.LAPSED.value: N_("No longer followed up"),
}
EXPLAINED = {
    IncidentState.PAUSED.value: N_("The crew could not get to the place. We are seeing to it."),
    IncidentState.CLEARED.value: N_("The crew took the canisters away."),
    IncidentState.NOT_FOUND.value: N_("The crew went there and did not find any canisters."),
    IncidentState.NOT_OUR_LAND.value: N_("We told the owner of the land, who is to clear it."),
    IncidentState.DUPLICATE.value: N_("The same canisters were reported before."),
    IncidentState.LAPSED.value: N_(
        "Nobody has spoken of it for a while. Report it again if need be."
    ),
}
EVENTS = {
    IncidentEventKind.OPENED.value: N_("Reported for the first time"),
    IncidentEventKind.REPORTED.value: N_("Reported again"),
    IncidentEventKind.PAUSED.value: N_("Put on hold"),
    IncidentEventKind.RESUMED.value: N_("Taken up again"),
    IncidentEventKind.REOPENED.value: N_("Opened again: it is still there"),
    IncidentEventKind.MERGED.value: N_("Joined with another report of the same canisters"),
    IncidentEventKind.LAPSED.value: N_("No longer followed up"),
}
OUTCOMES = {
    "cleared": N_("Cleared"),
    "not_found": N_("The crew did not find it"),
    "not_our_land": N_("The owner of the land was told"),
    "no_access": N_("The crew could not get to it"),
    "specialist": N_("A specialist crew was called"),
    "duplicate": N_("Found to be the same as another report"),
    "to_join": N_("It may be the same as another report: we check it"),
}


@dataclass(frozen=True)
class Tracked:
    """A report as its reporter sees it.

    Attributes
    ----------
    status, explanation
        In plain words.
    due
        "by the end of Wednesday 25 November" while it waits; else empty.
    is_overdue
        Whether that has passed.
    history
        When and what, oldest first; nobody is named.
    can_reopen
        Whether "it's still there" may be said.
    has_contact, wants_updates
        Whether an address or number is kept, and messages go to it.
    has_email, has_phone
        Which of them.
    photo_ids
        Approved ones of the report and of the clearing.
    """

    reference: str
    reported_at: datetime
    status: str
    explanation: str
    due: str
    is_overdue: bool
    is_leaking: bool
    history: list[tuple[datetime, str]]
    can_reopen: bool
    has_contact: bool
    wants_updates: bool
    has_email: bool
    has_phone: bool
    photo_ids: list[int]


def track(session: Session, reference: str, *, now: datetime) -> Tracked:
    """What became of a report.

    Raises
    ------
    NotFoundError
        No report has the reference.
    """
    report = _report(session, reference)
    incident = (
        None if report.incident_id is None else open_incidents.by_id(session, report.incident_id)
    )
    state = IncidentState.OPEN.value if incident is None else incident.state
    is_open = state in open_incidents.OPEN
    due_at = incident.due_at if incident is not None and is_open else None
    contact = contacts.of_report(session, report.id)
    events = [] if incident is None else incident_events.history(session, incident.id)
    return Tracked(
        reference=report.reference,
        reported_at=report.reported_at,
        status=_(STATUS[state]),
        explanation=_(EXPLAINED.get(state, "")),
        due=due_in_words(due_at) if due_at else "",
        is_overdue=due_at is not None and due_at < now,
        is_leaking=report.is_leaking,
        history=_history(events),
        can_reopen=_can_reopen(incident, now),
        has_contact=contact is not None,
        wants_updates=contact is not None and contact.wants_updates,
        has_email=contact is not None and bool(contact.email),
        has_phone=contact is not None and bool(contact.phone),
        photo_ids=_approved(session, report.id, events),
    )


def still_there(session: Session, reference: str, *, now: datetime) -> None:
    """The reporter says that it was not cleared: it opens again with its first clock.

    Raises
    ------
    NotFoundError
        No report has the reference.
    RefusedError
        It closed more than seven days ago.
    """
    report = _report(session, reference)
    if report.incident_id is None:
        raise NotFoundError(_("This report is not being followed up: report it again"))
    clearing.reopen(session, report.incident_id, now=now)


def remove_details(session: Session, reference: str, *, now: datetime) -> bool:
    """Delete the reporter's address and every mail to it; False where a legal hold keeps them.

    Then no more mails are sent all the same.
    """
    report_id = _report(session, reference).id
    if report_id not in holds.held(session, local_day(now)).report_ids:
        contacts.remove(session, report_id)
        return True
    contact = contacts.of_report(session, report_id)
    if contact is not None:
        stop_updates(session, contact.token, now=now)
    return False


def stop_updates(session: Session, token: str, *, now: datetime) -> bool:
    """End the mails of a link; what is held stays as a record."""
    kept = holds.held(session, local_day(now)).report_ids
    return contacts.stop_updates(session, token, kept=kept)


def may_see_photo(session: Session, reference: str, photo_id: int, *, now: datetime) -> bool:
    """Whether a photo is one that this report's page shows."""
    return photo_id in track(session, reference, now=now).photo_ids


def _report(session: Session, reference: str) -> Report:
    report = reports.by_reference(session, reference)
    if report is None:
        raise NotFoundError(
            _(
                "There is no report %(reference)s: check the reference",
                reference=reports.as_reference(reference),
            )
        )
    return report


def _history(events: Sequence[IncidentEvent]) -> list[tuple[datetime, str]]:
    steps = [(event.at, _event_in_words(event)) for event in events]
    return [(at, words) for at, words in steps if words]


def _event_in_words(event: IncidentEvent) -> str:
    """What of an event the public may know; empty for what only the office did."""
    if event.kind == IncidentEventKind.CLEARANCE.value:
        return _(OUTCOMES.get((event.details or {}).get("outcome", ""), ""))
    return _(EVENTS.get(event.kind, ""))


def _can_reopen(incident: Incident | None, now: datetime) -> bool:
    if incident is None or incident.closed_at is None:
        return False
    return now - incident.closed_at <= clearing.REOPEN_WITHIN


def _approved(session: Session, report_id: int, events: Sequence[IncidentEvent]) -> list[int]:
    done = (event.details or {} for event in events if event.kind == IncidentEventKind.CLEARANCE)
    cleared = [details["clearance"] for details in done if "clearance" in details]
    owners = [{"report_id": report_id}, *({"clearance_id": key} for key in cleared)]
    pictures = [photo for owner in owners for photo in photos.of_owner(session, **owner)]
    return [photo.id for photo in pictures if photo.state == Moderation.APPROVED.value]
