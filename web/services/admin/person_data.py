"""What is kept of one person: found everywhere, given out whole, and taken out in one action."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from geodata import reports
from geodata.accounts import users
from geodata.core.reasons import refuse_no_reason
from geodata.enforcement import actions
from geodata.media import photos
from geodata.media.photos import PhotoFacts
from geodata.people import audit, contacts, followers, free_texts, holds, outbox
from geodata.people.audit import Actor
from geodata.people.contacts import Contact
from geodata.people.followers import Following
from geodata.people.free_texts import FoundText
from geodata.people.identifiers import Identifier, parse_identifier
from geodata.reports import drafts, old_texts
from geodata.rules.days import local_day

if TYPE_CHECKING:
    from geodata.models import OutboxMessage, Report
from web.services.committee import drafting

ENTITY = "person"
HELD = "under a legal hold"
EVIDENCE = "evidence of enforcement"
STAFF = "an account of this service: an administrator ends it"


@dataclass(frozen=True)
class PersonData:
    """Everything kept of a person.

    Attributes
    ----------
    contacts, reports, photos
        What they reported under their address, and the photos with it.
    mails, drafts
        Mails to them or about them; keys and answers of reports that they did not send.
    texts
        Words of anybody in which they stand, the audit log's among them.
    accounts
        Names of accounts that have their address.
    follows
        Wards that they follow by mail.
    """

    identifier: Identifier
    contacts: list[Contact]
    reports: list[Report]
    photos: list[PhotoFacts]
    mails: list[OutboxMessage]
    drafts: list[tuple[int, dict[str, Any]]]
    texts: list[FoundText]
    accounts: list[str]
    follows: list[Following]

    def counts(self) -> dict[str, int]:
        """How much of each kind, in words that people read."""
        return {
            "Addresses with reports": len(self.contacts),
            "Reports": len(self.reports),
            "Photos": len(self.photos),
            "Mails": len(self.mails),
            "Reports not sent": len(self.drafts),
            "Other texts": len(self.texts),
            "Accounts": len(self.accounts),
            "Wards followed by mail": len(self.follows),
        }


@dataclass
class Erased:
    """What an erasure took out, and what it kept and why, counted by kind."""

    erased: dict[str, int] = field(default_factory=dict)
    kept: list[tuple[str, int, str]] = field(default_factory=list)

    def keep(self, what: str, many: int, why: str) -> None:
        if many:
            self.kept.append((what, many, why))


def find_person(session: Session, words: str, *, now: datetime) -> PersonData:
    """Everything kept of a mail address or a telephone number.

    Raises
    ------
    RefusedError
        It is neither.
    """
    identifier = parse_identifier(words)
    theirs = contacts.of_person(session, identifier)
    keys = [contact.report_id for contact in theirs]
    return PersonData(
        identifier,
        theirs,
        reports.by_ids(session, keys),
        photos.of_reports(session, keys),
        outbox.mentioning(session, identifier),
        [
            (key, answers)
            for key, answers in drafts.stale(session, before=now)
            if identifier.is_in(json.dumps(answers, ensure_ascii=False))
        ],
        free_texts.find(session, identifier),
        users.names_with_email(session, identifier),
        followers.of_person(session, identifier),
    )


def export_person(session: Session, words: str, actor: Actor) -> bytes:
    """All that is kept of a person as a ZIP: person.json, and the photos.

    Raises
    ------
    RefusedError
        What stands for the person is no mail address and no telephone number.
    """
    person = find_person(session, words, now=actor.now)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        document = _document(person, actor.now)
        archive.writestr("person.json", json.dumps(document, ensure_ascii=False, indent=2))
        for photo in person.photos:
            if photos.has_content(session, photo.id):
                archive.writestr(f"photos/{photo.id}.jpg", photos.content(session, photo.id))
    audit.write(session, actor, "export", ENTITY, after=_log_counts(person.counts()))
    return content.getvalue()


def erase_person(session: Session, words: str, reason: str, actor: Actor) -> Erased:
    """Take a person out of everything that need not keep them; what was done, and what was not.

    Reports stay for the statistics, without words, photos and address. The audit log says that
    somebody was erased, why and how much, and not who.

    Raises
    ------
    RefusedError
        No reason is given, or what stands for the person is no address and no number.
    """
    refuse_no_reason(reason, "such as the number of the request")
    person = find_person(session, words, now=actor.now)
    held = holds.held(session, local_day(actor.now))
    done = Erased()
    if held.has_person(person.identifier):
        for what, many in person.counts().items():
            done.keep(what, many, HELD)
    else:
        papers = [text.row_id for text in person.texts if text.table == "committee_release"]
        sound = drafting.sound_releases(session, papers)
        _erase(session, person, held, actor.now, done)
        drafting.note_redactions(session, sound, actor)
        done.keep("Accounts", len(person.accounts), STAFF)
    after = _log_counts(done.erased) | {"kept": [list(line) for line in done.kept]}
    plain = person.identifier.taken_out_of(reason.strip())
    audit.write(session, actor, "erase", ENTITY, after=after, reason=plain)
    return done


def _erase(
    session: Session, person: PersonData, held: holds.Held, now: datetime, done: Erased
) -> None:
    held_incidents = reports.incidents_of(session, held.report_ids)
    free = [report for report in person.reports if report.id not in held.report_ids]
    done.keep("Reports", len(person.reports) - len(free), HELD)
    _erase_mails(session, person, held, done)
    for report in free:
        contacts.remove(session, report.id)
    done.erased["Addresses with reports"] = len(free)
    _erase_words_and_photos(session, free, held, now, done)
    for following in person.follows:
        followers.remove(session, following.id)
    done.erased["Wards followed by mail"] = len(person.follows)
    for key, _ in person.drafts:
        drafts.drop(session, key)
    done.erased["Reports not sent"] = len(person.drafts)
    _erase_texts(session, person, held, held_incidents, done)


def _erase_mails(session: Session, person: PersonData, held: holds.Held, done: Erased) -> None:
    prefixes = tuple(contacts.mail_key(key, "") for key in held.report_ids)
    free = [mail for mail in person.mails if not mail.dedupe_key.startswith(prefixes)]
    outbox.remove(session, [mail.id for mail in free])
    done.erased["Mails"] = len(free)
    done.keep("Mails", len(person.mails) - len(free), HELD)


def _erase_words_and_photos(
    session: Session, free: Sequence[Report], held: holds.Held, now: datetime, done: Erased
) -> None:
    evident = actions.incidents_with_action(session, [r.incident_id for r in free if r.incident_id])
    plain = [report.id for report in free if report.incident_id not in evident]
    rest = [report.id for report in free if report.incident_id in evident]
    done.erased["Reports' words"] = old_texts.blank(session, plain)
    done.erased["Photos"] = photos.remove_of_reports(session, plain)
    photos.destroy_unwanted(session, now=now, kept=held.report_ids)
    done.keep("Reports' words and photos", len(rest), EVIDENCE)


def _erase_texts(
    session: Session,
    person: PersonData,
    held: holds.Held,
    held_incidents: set[int],
    done: Erased,
) -> None:
    kept = [
        text
        for text in person.texts
        if text.report_id in held.report_ids or text.incident_id in held_incidents
    ]
    evidence = [text for text in person.texts if text.is_enforcement and text not in kept]
    free = [text for text in person.texts if text not in kept and text not in evidence]
    done.erased["Other texts"] = free_texts.take_out(session, person.identifier, free)
    done.keep("Other texts", len(kept), HELD)
    done.keep("Other texts", len(evidence), EVIDENCE)


def _log_counts(counts: dict[str, int]) -> dict[str, object]:
    return {name: many for name, many in counts.items() if many}


def _document(person: PersonData, now: datetime) -> dict[str, Any]:
    """What ``person.json`` says: nobody else's data but what stands in the same words."""
    return {
        "exported_at": now.isoformat(),
        "reports": [
            {
                "reference": report.reference,
                "reported_at": report.reported_at.isoformat(),
                "easting": report.geometry.x,
                "northing": report.geometry.y,
                "description": report.description,
                "landmark": report.landmark,
                "channel": report.channel,
            }
            for report in person.reports
        ],
        "addresses": [
            {
                "reference": c.reference,
                "email": c.email,
                "mobile": c.phone,
                "wants_updates": c.wants_updates,
            }
            for c in person.contacts
        ],
        "photos": [
            {"file": f"photos/{photo.id}.jpg", "added_at": photo.added_at.isoformat()}
            for photo in person.photos
        ],
        "mails": [
            {
                "to": mail.recipient,
                "subject": mail.subject,
                "body": mail.body,
                "created_at": mail.created_at.isoformat(),
                "sent_at": mail.sent_at and mail.sent_at.isoformat(),
            }
            for mail in person.mails
        ],
        "reports_not_sent": [answers for _, answers in person.drafts],
        "other_texts": [
            {"where": f"{text.table} {text.row_id}, {text.column}", "words": text.words}
            for text in person.texts
        ],
        "accounts": person.accounts,
        "follows": [
            {"ward": each.ward, "email": each.email, "until": each.ends_at.isoformat()}
            for each in person.follows
        ],
    }
