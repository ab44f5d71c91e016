"""Reports to the committee: drafts, whose words change, and releases, which never do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from geodata.core.errors import NotFoundError
from geodata.models import CommitteeDraft, CommitteeRelease


@dataclass(frozen=True)
class PaperFacts:
    """Of which days and for whom a paper is, and what its figures rest on."""

    first: date
    last: date
    audience: str
    known_by: datetime
    run_id: int
    code_version: str


def add_draft(
    session: Session, facts: PaperFacts, content: Mapping[str, Any], *, user_id: int | None
) -> CommitteeDraft:
    """A draft without words of its own yet."""
    draft = CommitteeDraft(
        first_day=facts.first,
        last_day=facts.last,
        audience=facts.audience,
        known_by=facts.known_by,
        run_id=facts.run_id,
        code_version=facts.code_version,
        made_by_id=user_id,
        content=dict(content),
        narrative={},
    )
    session.add(draft)
    session.flush()
    return draft


def freeze(
    session: Session,
    draft: CommitteeDraft,
    narrative: Mapping[str, Any],
    *,
    fingerprint: str,
    user_id: int | None,
    now: datetime,
) -> CommitteeRelease:
    """The release of a draft, which is gone with it."""
    release = CommitteeRelease(
        first_day=draft.first_day,
        last_day=draft.last_day,
        audience=draft.audience,
        known_by=draft.known_by,
        run_id=draft.run_id,
        code_version=draft.code_version,
        frozen_at=now,
        frozen_by_id=user_id,
        fingerprint=fingerprint,
        content=draft.content,
        narrative=dict(narrative),
    )
    session.add(release)
    session.delete(draft)
    session.flush()
    return release


def draft(session: Session, key: int) -> CommitteeDraft:
    """A draft by its key.

    Raises
    ------
    NotFoundError
        There is none.
    """
    row = session.get(CommitteeDraft, key)
    if row is None:
        raise NotFoundError(f"there is no draft {key}: it may have been frozen or thrown away")
    return row


def release(session: Session, key: int) -> CommitteeRelease:
    """A release by its key.

    Raises
    ------
    NotFoundError
        There is none.
    """
    row = session.get(CommitteeRelease, key)
    if row is None:
        raise NotFoundError(f"there is no release {key} of a report to the committee")
    return row


def drafts(session: Session) -> list[CommitteeDraft]:
    """All drafts without their content, the newest first."""
    query = select(CommitteeDraft).options(defer(CommitteeDraft.content))
    return list(session.scalars(query.order_by(CommitteeDraft.id.desc())))


def releases(session: Session, audiences: frozenset[str]) -> list[CommitteeRelease]:
    """Releases of these versions without their content, the newest first."""
    query = select(CommitteeRelease).options(defer(CommitteeRelease.content))
    query = query.where(CommitteeRelease.audience.in_(audiences))
    return list(session.scalars(query.order_by(CommitteeRelease.id.desc())))


def previous_release(
    session: Session, audiences: frozenset[str], *, before: date
) -> CommitteeRelease | None:
    """The release of the latest period that ended before a day, in these versions; or None."""
    query = select(CommitteeRelease).options(defer(CommitteeRelease.content))
    query = query.where(
        CommitteeRelease.last_day < before, CommitteeRelease.audience.in_(audiences)
    )
    order = (CommitteeRelease.last_day.desc(), CommitteeRelease.id.desc())
    return session.scalars(query.order_by(*order)).first()
