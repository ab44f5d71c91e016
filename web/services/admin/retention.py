"""How long each class of data is kept, what is due to go, and what a legal hold keeps.

The tick, the command and the page all read this one schedule.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
from sqlalchemy.orm import Session

from geodata.enforcement import old_cases
from geodata.importers import feed_changes, marked_texts
from geodata.media import photos
from geodata.people import contacts, followers, holds, old_entries, outbox, systems
from geodata.people.followers import Following
from geodata.people.holds import Held
from geodata.people.identifiers import hashes_in
from geodata.reports import drafts, old_texts
from geodata.rules.days import local_day
from geodata.store import background
from web.services.admin import backup_age
from web.services.admin.old_enforcement import (
    blank_cases,
    blank_entries,
    count_cases,
    count_entries,
    years_before,
)
from web.services.admin.retention_schedule import (
    COPIES_KEPT,
    DRAFT_KEPT,
    MAIL_KEPT,
    MARKED_KEPT,
    Class,
    Terms,
    classes,
)


@dataclass(frozen=True)
class Due:
    """A class with how much of it goes at the next tick, how much is held, and when next is due.

    ``next_at`` is past where something is due or held already; None where nothing is kept.
    """

    of: Class
    due: int
    held: int
    next_at: datetime | None


def due(session: Session, terms: Terms, *, now: datetime) -> list[Due]:
    """What the next tick deletes, class by class; a dry run."""
    held = holds.held(session, local_day(now))
    next_at = _next_due(session, terms)
    return [
        Due(each, *_COUNTS[each.name](session, terms, held, now), next_at[each.name])
        for each in classes(terms)
    ]


def _next_due(session: Session, terms: Terms) -> dict[str, datetime | None]:
    """When the oldest of each class is due."""
    months = pd.DateOffset(months=terms.retention_months)
    years = pd.DateOffset(years=terms.record_years)
    copies = background.backups(session)
    oldest = {
        "contacts": (contacts.oldest_end(session), months),
        "texts": (old_texts.oldest_end(session), years),
        "mails": (outbox.oldest_done(session), MAIL_KEPT),
        "followers": (followers.next_end(session), timedelta(0)),
        "marked": (marked_texts.oldest(session), MARKED_KEPT),
        "copies": (feed_changes.oldest(session), COPIES_KEPT),
        "drafts": (drafts.oldest_change(session), DRAFT_KEPT),
        "photos": (photos.oldest_rejection(session), photos.REJECTED_KEPT),
        "backups": (copies[0][1] if copies else None, timedelta(days=terms.backup_days)),
    }
    if terms.enforcement_years is not None:
        kept_for = pd.DateOffset(years=terms.enforcement_years)
        oldest["enforcement"] = (old_cases.oldest_end(session), kept_for)
    if terms.audit_years is not None:
        oldest["audit"] = (old_entries.oldest(session), pd.DateOffset(years=terms.audit_years))
    return {
        name: None if at is None else (pd.Timestamp(at) + kept).to_pydatetime()
        for name, (at, kept) in oldest.items()
    }


def clean_up(session: Session, terms: Terms, *, now: datetime) -> dict[str, int]:
    """Delete what is due and not held; how much, by class."""
    held = holds.held(session, local_day(now))
    kept = held.report_ids
    texts = [key for key in _old_texts(session, terms, now) if key not in kept]
    old_texts.blank(session, texts)
    photos.remove_of_reports(session, texts)
    systems.forget_old_secrets(session, now=now)
    return {
        "contacts": contacts.remove_of_incidents_ended(
            session, before=_contacts_before(terms, now), kept=kept
        ),
        "texts": len(texts),
        "mails": outbox.forget_sent(session, before=now - MAIL_KEPT, is_kept=_mail_held(held)),
        "followers": _remove_followers(session, held, now),
        "marked": marked_texts.drop(session, _old_marks(session, held, now)[0]),
        "copies": feed_changes.drop(session, _old_copies(session, held, now)[0]),
        "drafts": drafts.drop_stale(
            session, before=now - DRAFT_KEPT, is_kept=lambda answers: _is_draft_held(held, answers)
        ),
        "photos": photos.destroy_unwanted(session, now=now, kept=kept),
        "backups": len(backup_age.delete_old(session, now=now, days=terms.backup_days)),
        "enforcement": blank_cases(session, terms, held, now),
        "audit": blank_entries(session, terms, held, now),
    }


def _remove_followers(session: Session, held: Held, now: datetime) -> int:
    over = [each for each in followers.ended(session, now=now) if not _is_held(held, each)]
    for each in over:
        followers.remove(session, each.id)
    return len(over)


def _is_held(held: Held, following: Following) -> bool:
    return not held.persons.isdisjoint(hashes_in(following.email))


def _contacts_before(terms: Terms, now: datetime) -> datetime:
    before: datetime = (
        pd.Timestamp(now) - pd.DateOffset(months=terms.retention_months)
    ).to_pydatetime()
    return before


def _old_texts(session: Session, terms: Terms, now: datetime) -> list[int]:
    return old_texts.with_old_texts(session, before=years_before(terms.record_years, now))


def _mail_held(held: Held) -> Callable[[str, str], bool]:
    prefixes = {contacts.mail_key(key, "") for key in held.report_ids}

    def is_held(key: str, recipient: str) -> bool:
        is_of_report = ":".join(key.split(":")[:2]) + ":" in prefixes
        return is_of_report or not held.persons.isdisjoint(hashes_in(recipient))

    return is_held


def _is_draft_held(held: Held, answers: dict[str, Any]) -> bool:
    return held.has_text(json.dumps(answers, ensure_ascii=False))


Count = Callable[[Session, Terms, Held, datetime], tuple[int, int]]


def _count_contacts(session: Session, terms: Terms, held: Held, now: datetime) -> tuple[int, int]:
    keys = contacts.of_incidents_ended(session, before=_contacts_before(terms, now))
    return _split(len(keys), sum(key in held.report_ids for key in keys))


def _count_texts(session: Session, terms: Terms, held: Held, now: datetime) -> tuple[int, int]:
    keys = _old_texts(session, terms, now)
    return _split(len(keys), sum(key in held.report_ids for key in keys))


def _count_mails(session: Session, _: Terms, held: Held, now: datetime) -> tuple[int, int]:
    old, is_held = outbox.forgettable(session, before=now - MAIL_KEPT), _mail_held(held)
    return _split(len(old), sum(is_held(key, to) for _, key, to in old))


def _count_followers(session: Session, _: Terms, held: Held, now: datetime) -> tuple[int, int]:
    over = followers.ended(session, now=now)
    return _split(len(over), sum(_is_held(held, each) for each in over))


def _old_marks(session: Session, held: Held, now: datetime) -> tuple[list[int], int]:
    """Marked texts that are due, and how many more a hold keeps."""
    old = marked_texts.old(session, before=now - MARKED_KEPT)
    kept = marked_texts.of_reports(session, old, held.report_ids)
    return [key for key in old if key not in kept], len(kept)


def _count_marked(session: Session, _: Terms, held: Held, now: datetime) -> tuple[int, int]:
    due_marks, kept = _old_marks(session, held, now)
    return len(due_marks), kept


def _old_copies(session: Session, held: Held, now: datetime) -> tuple[list[int], int]:
    """Copies that are due, and how many more a hold keeps."""
    old = feed_changes.old(session, before=now - COPIES_KEPT)
    free = [key for key, report in old.items() if report not in held.report_ids]
    return free, len(old) - len(free)


def _count_copies(session: Session, _: Terms, held: Held, now: datetime) -> tuple[int, int]:
    free, kept = _old_copies(session, held, now)
    return len(free), kept


def _count_drafts(session: Session, _: Terms, held: Held, now: datetime) -> tuple[int, int]:
    old = drafts.stale(session, before=now - DRAFT_KEPT)
    return _split(len(old), sum(_is_draft_held(held, answers) for _, answers in old))


def _count_photos(session: Session, _: Terms, held: Held, now: datetime) -> tuple[int, int]:
    every = photos.count_unwanted(session, now=now)
    free = photos.count_unwanted(session, now=now, kept=held.report_ids)
    return free, every - free


def _count_backups(session: Session, terms: Terms, _: Held, now: datetime) -> tuple[int, int]:
    return len(backup_age.overdue(session, now=now, days=terms.backup_days)), 0


def _split(every: int, held: int) -> tuple[int, int]:
    return every - held, held


_COUNTS: dict[str, Count] = {
    "contacts": _count_contacts,
    "texts": _count_texts,
    "mails": _count_mails,
    "followers": _count_followers,
    "marked": _count_marked,
    "copies": _count_copies,
    "drafts": _count_drafts,
    "photos": _count_photos,
    "backups": _count_backups,
    "enforcement": count_cases,
    "audit": count_entries,
}
