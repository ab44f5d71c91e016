"""Who is to be told of what happened to an incident, worked out from its events.

An event is written in the transaction of what it tells of. Here each becomes letters in the
outbox, once: the mark of the last event and the letters are one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from geodata import places
from geodata.clearances.contracts import EVERYTHING, CrewScope
from geodata.core.vocabulary import IncidentEventKind
from geodata.incidents import incident_events, jobs, open_incidents, overdue
from geodata.people import contacts, outbox
from geodata.people.contacts import Contact
from geodata.reports import RECORDED_ELSEWHERE, by_reference
from geodata.rules.days import local_day
from geodata.store import settings
from geodata.store.engine import lock
from web.services.alerts.hotspot_news import news_of_run
from web.services.clearing import REOPEN_WITHIN
from web.services.common.placing import grid_reference
from web.services.common.speaking import speaking
from web.services.incidents import incident_assignment
from web.services.languages import catalogues
from web.services.mail import letters, text_messages
from web.services.mail.letters import Job, LatePosters, Sender, Words
from web.services.posters import poster_standing

if TYPE_CHECKING:
    from geodata.models import Incident, IncidentEvent

LAST_TOLD = "last_event_told"
TOO_OLD = timedelta(days=14)
"""What happened longer ago is nobody's news, such as the history of an import."""
BATCH = 500
Crews = Mapping[str, CrewScope]
"""Addresses that hear of jobs, each with whose."""


def tell_of_events(session: Session, sender: Sender, crews: Crews, *, now: datetime) -> int:
    """Queue the letters of the events since the last time; how many were queued.

    Parameters
    ----------
    crews
        Addresses that hear of new jobs, each with whose.
    """
    # Keys are given out under this lock, so that none below the last one can still appear.
    lock(session, incident_assignment.LOCK)
    events = incident_events.after(session, settings.read(session, LAST_TOLD, 0), limit=BATCH)
    queued = 0
    for event in events:
        if event.recorded_at > now - TOO_OLD:
            queued += _tell_reporters(session, sender, event, now)
            queued += _tell_crews(session, sender, crews, event, now)
    if events:
        settings.write(session, LAST_TOLD, events[-1].id)
    return queued


def _tell_reporters(session: Session, sender: Sender, event: IncidentEvent, now: datetime) -> int:
    queued, may_text = 0, text_messages.are_sent(session, sender)
    for contact in contacts.of_incident(session, event.incident_id):
        with speaking(catalogues.speech(session, contact.language)):
            words = _for_reporter(session, sender, event, contact) if contact.email else None
            text = _text_for(sender, event, contact) if may_text and contact.phone else None
        what = f"event:{event.id}"
        if words is not None:
            key = contacts.mail_key(contact.report_id, what)
            queued += _queue(session, key, event.kind, contact.email, words, now)
        if text is not None:
            queued += text_messages.queue(
                session,
                contact.report_id,
                what,
                kind=event.kind,
                number=contact.phone,
                words=text,
                now=now,
            )
    return queued


def _text_for(sender: Sender, event: IncidentEvent, contact: Contact) -> Words | None:
    if event.kind == IncidentEventKind.REOPENED.value:
        return text_messages.reopened(sender, contact.reference, contact.token)
    outcome = _outcome_of(event)
    if outcome is None:
        return None
    return text_messages.outcome(sender, contact.reference, contact.token, outcome, event.at)


def _for_reporter(
    session: Session, sender: Sender, event: IncidentEvent, contact: Contact
) -> Words | None:
    if event.kind == IncidentEventKind.REOPENED.value:
        incident = open_incidents.by_id(session, event.incident_id)
        return letters.reopened(sender, contact.reference, contact.token, incident.due_at)
    outcome = _outcome_of(event)
    if outcome is None:
        return None
    return letters.outcome(
        sender,
        contact.reference,
        contact.token,
        outcome,
        event.at,
        reopen_days=REOPEN_WITHIN.days,
    )


def _outcome_of(event: IncidentEvent) -> str | None:
    """How an event ended its incident, where a reporter is told of that."""
    outcome: str | None = (event.details or {}).get("outcome")
    is_end = event.kind == IncidentEventKind.CLEARANCE.value
    return outcome if is_end and outcome in letters.OUTCOME_WORDS else None


def _tell_crews(
    session: Session, sender: Sender, crews: Crews, event: IncidentEvent, now: datetime
) -> int:
    has_reopened = event.kind == IncidentEventKind.REOPENED.value
    if not crews or not (has_reopened or event.kind == IncidentEventKind.OPENED.value):
        return 0
    incident = open_incidents.by_id(session, event.incident_id)
    first = by_reference(session, incident.key)
    if incident.state not in open_incidents.OPEN or (
        first is not None and first.channel in RECORDED_ELSEWHERE
    ):
        return 0
    words = letters.new_job(sender, job_of(session, incident), has_reopened=has_reopened)
    return sum(
        _queue(session, f"job:{event.id}:{address}"[:120], "job", address, words, now)
        for address, scope in sorted(crews.items())
        if jobs.within(session, [incident.id], scope)
    )


def tell_of_overdue(
    session: Session, sender: Sender, crews: Crews, council: Iterable[str], *, now: datetime
) -> int:
    """Queue the morning's list of overdue work, once a day; nothing where nothing is overdue.

    Parameters
    ----------
    crews, council
        Addresses that hear of jobs, each with whose; and of jobs and of posters that should be
        down.
    """
    late = {incident.id: incident for incident in overdue.overdue(session, now=now)}
    day = local_day(now)
    posters = _late_posters(session, day)
    readers = dict.fromkeys(sorted(set(council)), (EVERYTHING, posters))
    readers |= {who: (crews[who], []) for who in sorted(set(crews) - set(readers))}
    queued = 0
    for reader, (scope, due_down) in readers.items():
        theirs = jobs.within(session, list(late), scope)
        listed = [job_of(session, incident) for key, incident in late.items() if key in theirs]
        if listed or due_down:
            words = letters.overdue_digest(sender, listed, due_down)
            key = f"overdue:{day}:{reader}"[:120]
            queued += _queue(session, key, "overdue", reader, words, now)
    return queued


def _late_posters(session: Session, day: date) -> list[LatePosters]:
    """Of each campaign that has ended, the longest ended first."""
    late = [
        LatePosters(standing.campaign.name, standing.overdue, standing.campaign.valid_to)
        for standing in poster_standing.board(session, today=day)
        if standing.overdue and standing.campaign.valid_to is not None
    ]
    return sorted(late, key=lambda each: (each.last_day, each.campaign))


def tell_of_hotspots(session: Session, sender: Sender, run_id: int, *, now: datetime) -> int:
    """Queue what a detection run changed for those who watch a hotspot, once a run."""
    queued = 0
    for news in news_of_run(session, run_id):
        words = letters.hotspot_news(sender, news.code, news.name, news.sentences)
        for watcher in news.watchers:
            if watcher.email:
                key = f"hotspot:{run_id}:{news.code}:{watcher.user_id}"
                queued += _queue(session, key, "hotspot", watcher.email, words, now)
    return queued


def job_of(session: Session, incident: Incident) -> Job:
    """What a crew must know of an incident, in one line."""
    key = incident.place_id
    named = [place.name for place in places.by_ids(session, [] if key is None else [key])]
    at = grid_reference(incident.geometry.x, incident.geometry.y)
    flags = {
        "needles": incident.has_needles,
        "broken glass": incident.has_glass,
        "leaking": incident.is_leaking,
    }
    hazards = tuple(name for name, is_there in flags.items() if is_there)
    return Job(incident.key, ", ".join([*named, at]), incident.due_at, hazards)


def _queue(
    session: Session, key: str, kind: str, recipient: str, words: Words, now: datetime
) -> int:
    return int(
        outbox.queue(
            session,
            key,
            kind=kind,
            recipient=recipient,
            subject=words.subject,
            body=words.body,
            stop_address=words.stop_address,
            now=now,
        )
    )
