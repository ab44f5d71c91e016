"""A report in the making that goes on at the council next door, with all that was entered.

Two stores are never locked at once: it is read here, written there, and marked as gone here. What
fails in between can be done again, since the draft keeps its key.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from geodata import reports
from geodata.media.pictures import CleanPicture
from geodata.reports import drafts
from geodata.reports.drafts import Draft
from web.services.reporting.answers import Answers

PASSED_TO = "passed_to"
"""In the place of all answers of a draft that has gone: where it goes on."""


@dataclass(frozen=True)
class Parcel:
    """A draft on its way. ``key`` stays what it was: the same parcel is the same draft."""

    key: str
    answers: dict[str, Any]
    pictures: tuple[CleanPicture, ...]


def pack(session: Session, draft: Draft, *, council: str) -> Parcel:
    """All of a draft but what only this council knows: its posters and its open incidents."""
    answers = Answers.from_document(draft.answers)
    there = replace(answers, refused=None, poster_code="", is_near_known=False)
    if answers.spot is not None:
        there = there.with_spot(answers.spot)
    there = replace(there, passed_from=council)
    return Parcel(draft.key, there.to_document(), tuple(drafts.pictures(session, draft)))


def unpack(session: Session, parcel: Parcel, *, now: datetime) -> None:
    """Start the draft anew where it goes on; nothing where it was started, or sent, before."""
    if drafts.find(session, parcel.key) or reports.by_idempotency_key(session, parcel.key):
        return
    draft = drafts.start(session, parcel.answers, now=now, key=parcel.key)
    for picture in parcel.pictures:
        drafts.add_photo(session, draft, picture)


def mark_passed(session: Session, draft: Draft, address: str, *, now: datetime) -> None:
    """Keep of a draft only where it went, until it ends like any other."""
    drafts.empty(session, draft)
    drafts.save(session, draft, {PASSED_TO: address}, now=now)


def passed_to(draft: Draft) -> str:
    """Where a draft went; empty: it is here."""
    return str(draft.answers.get(PASSED_TO, ""))
