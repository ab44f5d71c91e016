"""From a draft to a release: figures are reckoned once, words are written, then all is frozen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from geodata.core.vocabulary import WorkState
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.store import committee_papers, work_items
from geodata.store.committee_papers import PaperFacts
from geodata.store.work_items import RECOMMENDATION, WorkDraft
from web.services.committee.document import Document
from web.services.committee.document_json import as_json, from_json
from web.services.committee.narrative import Narrative, narrative_of, with_words
from web.services.partnership.comparison_table import Audience

if TYPE_CHECKING:
    from geodata.models import CommitteeDraft, CommitteeRelease

DRAFT_MARK = "Draft: words may still change."
RELEASE = "committee_release"
FOLLOWED = "followed"
REDACTED = "redact"
STATES = {
    WorkState.OPEN: "Open",
    WorkState.UNDER_WAY: "Under way",
    WorkState.DONE: "Done",
    WorkState.NOT_ACCEPTED: "Not accepted",
    WorkState.DROPPED: "Dropped",
}
WORK_KINDS = {
    RECOMMENDATION: "A recommendation",
    "resolution": "A resolution of the committee",
    "programme": "For a meeting to hear",
    "action": "An action",
}


def save_draft(session: Session, facts: PaperFacts, report: Document, by: Actor) -> int:
    """Keep a compiled report as a draft; its key."""
    draft = committee_papers.add_draft(session, facts, as_json(report), user_id=by.user_id)
    audit.write(session, by, "make", "committee_draft", draft.id, after={"version": facts.audience})
    return draft.id


def write_words(session: Session, key: int, words: Narrative, by: Actor) -> None:
    """Put words into a draft in place of those that it had."""
    draft = committee_papers.draft(session, key)
    draft.narrative = words.as_json()
    session.flush()
    audit.write(session, by, "write", "committee_draft", key)


def freeze(session: Session, key: int, by: Actor) -> int:
    """Make a release of a draft, with its recommendations on the work programme; its key."""
    draft = committee_papers.draft(session, key)
    narrative = draft.narrative | {FOLLOWED: _followed(session, draft)}
    release = committee_papers.freeze(
        session,
        draft,
        narrative,
        fingerprint=_fingerprint(draft.content, narrative),
        user_id=by.user_id,
        now=by.now,
    )
    _follow_up(session, release, by)
    after = {"version": release.audience, "fingerprint": release.fingerprint}
    audit.write(session, by, "freeze", RELEASE, release.id, after=after)
    return release.id


def throw_away(session: Session, key: int, by: Actor) -> None:
    """End a draft that nobody wants."""
    session.delete(committee_papers.draft(session, key))
    audit.write(session, by, "delete", "committee_draft", key)


def draft_document(session: Session, draft: CommitteeDraft) -> Document:
    """A draft as it would be frozen now, marked as one."""
    report = with_words(
        from_json(draft.content), narrative_of(draft.narrative), _followed(session, draft)
    )
    return replace(report, mark=f"{DRAFT_MARK} {report.mark}".rstrip())


def release_document(release: CommitteeRelease) -> Document:
    """A release as it was frozen."""
    followed = [tuple(row) for row in release.narrative[FOLLOWED]]
    report = from_json(release.content)
    return with_words(report, narrative_of(release.narrative), followed)


def is_intact(release: CommitteeRelease) -> bool:
    """Whether a release says what its fingerprint was made of."""
    return _fingerprint(release.content, release.narrative) == release.fingerprint


def is_redacted(session: Session, release: CommitteeRelease) -> bool:
    """Whether it says what was left when somebody was lawfully taken out of it, no more."""
    noted = [
        entry.after
        for entry, _ in audit.entries(session, RELEASE, release.id)
        if entry.act == REDACTED
    ]
    left = noted[0].get("fingerprint") if noted and noted[0] else None
    return left == _fingerprint(release.content, release.narrative)


def sound_releases(session: Session, keys: Iterable[int]) -> list[int]:
    """Those of these releases that are as they were frozen, or as a redaction left them."""
    releases = [committee_papers.release(session, key) for key in sorted(set(keys))]
    return [each.id for each in releases if is_intact(each) or is_redacted(session, each)]


def note_redactions(session: Session, keys: Iterable[int], by: Actor) -> None:
    """Write into the audit what is left of releases out of which somebody was taken.

    ``keys`` are those that were sound before: what had been tampered with stays so.
    """
    for key in keys:
        release = committee_papers.release(session, key)
        left = _fingerprint(release.content, release.narrative)
        if left != release.fingerprint:
            audit.write(session, by, REDACTED, RELEASE, key, after={"fingerprint": left})


def note_reading(session: Session, release_id: int, audience: str, form: str, by: Actor) -> None:
    """Write into the audit that somebody read an exempt release, as which file."""
    if audience == Audience.EXEMPT:
        audit.write(session, by, "read", RELEASE, release_id, after={"format": form})


def _fingerprint(content: object, narrative: object) -> str:
    words = json.dumps([content, narrative], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(words.encode()).hexdigest()


def _followed(session: Session, draft: CommitteeDraft) -> list[tuple[str, ...]]:
    """How far the recommendations of the last release of an earlier period are."""
    seen = seen_in(draft.audience)
    last = committee_papers.previous_release(session, seen, before=draft.last_day)
    if last is None:
        return []
    rows = work_items.of_period(session, last.first_day, last.last_day, seen)
    return [
        (item.item, item.owner, STATES[WorkState(event.state)], event.note) for item, event in rows
    ]


def seen_in(audience: str) -> frozenset[str]:
    """The versions whose recommendations a version may tell of."""
    both = frozenset(each.value for each in Audience)
    return both if audience == Audience.EXEMPT else both - {Audience.EXEMPT.value}


def _follow_up(session: Session, release: CommitteeRelease, by: Actor) -> None:
    """Each recommendation once, though two versions of a period are frozen.

    One that both versions hold belongs to the public one, whichever was frozen first.
    """
    seen = seen_in(Audience.EXEMPT)
    rows = work_items.of_period(session, release.first_day, release.last_day, seen)
    there = {item.item: item for item, _ in rows}
    for each in narrative_of(release.narrative).recommendations:
        if each.text in there and release.audience == Audience.PUBLIC:
            there[each.text].release_id = release.id
        elif each.text not in there:
            draft = WorkDraft(
                RECOMMENDATION,
                each.text,
                each.owner,
                due_on=each.due_on,
                release_id=release.id,
            )
            work_items.add(session, draft, user_id=by.user_id, now=by.now)
