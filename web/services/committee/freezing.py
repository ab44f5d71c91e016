"""Before a draft is frozen: what will be, for whom, what is withheld, and what is still open."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from geodata.frames.record_changes import record_changes
from geodata.people.audit import Actor
from geodata.rules.days import local_day
from geodata.store import committee_papers
from geodata.store.engine import lock
from hotspots.core.words import counted
from web.services.committee import drafting
from web.services.committee.difference_reasons import every_change
from web.services.committee.document import Document, Figure, Note, Table
from web.services.committee.narrative import Narrative, narrative_of
from web.services.common.wording import date_in_words
from web.services.partnership.comparison_table import Audience

if TYPE_CHECKING:
    from datetime import date

    from geodata.models import CommitteeDraft, CommitteeRelease

OLD = timedelta(days=14)
READERS = {
    Audience.PUBLIC: "Public: for members of the committee, and fit to be published.",
    Audience.EXEMPT: (
        "Exempt: for members who may read it, in closed session. Each reading is in the audit log."
    ),
}
WITHHELD = ("withheld", "left out")


class ChangedError(Exception):
    """The draft is not the one that was shown."""


@dataclass(frozen=True)
class Readiness:
    """What an officer looks at before nothing can be changed any more.

    Attributes
    ----------
    shown
        The print of what is shown: freezing asks for it, so that nothing else is frozen.
    readers
        For whom the version is.
    holds
        What the release will hold.
    withheld
        What the public's version lacks, a sentence each.
    checks
        What somebody may want to do first; none of it forbids to freeze.
    """

    shown: str
    readers: str
    holds: str
    withheld: tuple[str, ...]
    checks: tuple[str, ...]


def readiness(session: Session, draft: CommitteeDraft, *, today: date) -> Readiness:
    """Of a draft as it stands."""
    report, words = drafting.draft_document(session, draft), narrative_of(draft.narrative)
    audience = Audience(draft.audience)
    return Readiness(
        _print(draft),
        READERS[audience],
        _holds(report, words),
        tuple(_withheld(report)) if audience is Audience.PUBLIC else (),
        (*_unwritten(words), *_overtaken(session, draft, today)),
    )


def freeze_once(session: Session, key: int, shown: str, by: Actor) -> int:
    """Freeze what somebody was shown; the release's key, however often it is asked for.

    Raises
    ------
    NotFoundError
        There is no such draft, and nothing was frozen of it.
    ChangedError
        It was changed after it was shown. SQLite gives a key anew, so it may be another draft.
    """
    lock(session, "committee_freeze")
    for release in committee_papers.releases(session, frozenset(Audience)):
        if _print(release) == shown:
            return release.id
    if _print(committee_papers.draft(session, key)) != shown:
        raise ChangedError
    return drafting.freeze(session, key, by)


def _print(paper: CommitteeDraft | CommitteeRelease) -> str:
    """Alike for a draft and its release: which figures, by the moment they were known, and which
    words."""
    facts = [
        paper.first_day.isoformat(),
        paper.last_day.isoformat(),
        paper.audience,
        paper.known_by.isoformat(),
        narrative_of(paper.narrative).as_json(),
    ]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _holds(report: Document, words: Narrative) -> str:
    tables = sum(isinstance(block, Table) for block in report.blocks)
    figures = sum(isinstance(block, Figure) for block in report.blocks)
    asks = counted(len(words.recommendations), "recommendation")
    return f"{counted(tables, 'table')}, {counted(figures, 'picture')} and {asks}."


def _withheld(report: Document) -> Iterator[str]:
    for block in report.blocks:
        if isinstance(block, Note) and any(word in block.text for word in WITHHELD):
            yield block.text


def _unwritten(words: Narrative) -> Iterator[str]:
    if not words.summary:
        yield "No summary is written."
    if not words.recommendations:
        yield "Nothing is recommended."
    undated = sum(each.due_on is None for each in words.recommendations)
    if undated:
        yield f"{counted(undated, 'recommendation')} without a day by which it is to be done."


def _overtaken(session: Session, draft: CommitteeDraft, today: date) -> Iterator[str]:
    """What happened since the figures were reckoned, and what was frozen before."""
    if changes := every_change(record_changes(session, draft.known_by)):
        yield (
            "The record of the time before the figures were reckoned has changed "
            f"{changes}. Make the draft anew to have that in it."
        )
    day = local_day(draft.known_by)
    if today - day > OLD:
        yield f"The figures are those of {date_in_words(day)}."
    audience = frozenset({draft.audience})
    for release in committee_papers.releases(session, audience):
        if (release.first_day, release.last_day) == (draft.first_day, draft.last_day):
            yield (
                f"Release {release.id} of the same days and version is frozen already: annual "
                "reports would take this one in its place."
            )
            return
