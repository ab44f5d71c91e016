"""Old entries of the audit log: who did it, why and what changed go; that it was done stays.

No entry is deleted: a log with a gap looks like one that was tampered with.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, null, or_, select, update
from sqlalchemy.orm import Session

from geodata.core.many_values import is_among
from geodata.core.types import UTCDateTime
from geodata.models import AuditEntry
from geodata.people.personal_data import REMOVED
from geodata.store.redaction import changes_allowed

DECISIONS = (
    "authorisation",
    "campaign",
    "committee_release",
    "contract_period",
    "issuer",
    "order",
    "order_version",
    "poster_wording",
    "rule_row",
    "setting",
    "translated_text",
)
"""The council's own decisions, about nobody: the program shows them and takes them back."""
BLANKED = "remove_names"
AT_ONCE = 2_000
"""Entries of one tick: it holds the writer's lock."""


def old(session: Session, *, before: datetime, kept: Collection[int]) -> list[int]:
    """Keys of entries that are to be blanked, the oldest first; ``kept`` cases are held."""
    query = select(AuditEntry.id).where(*_named(), AuditEntry.at < before, *_unheld(kept))
    return list(session.scalars(query.order_by(AuditEntry.at, AuditEntry.id).limit(AT_ONCE)))


def count_old(session: Session, *, before: datetime, kept: Collection[int]) -> int:
    """How many there are in all."""
    query = select(func.count()).where(*_named(), AuditEntry.at < before, *_unheld(kept))
    return session.scalar(query.select_from(AuditEntry)) or 0


def oldest(session: Session) -> datetime | None:
    """When the oldest entry was made that still says who; None where none does."""
    query = select(func.min(AuditEntry.at, type_=UTCDateTime())).where(*_named())
    moment: datetime | None = session.scalar(query)
    return moment


def blank(session: Session, keys: Collection[int]) -> int:
    """Take out of entries who it was, why and what changed."""
    if keys:
        with changes_allowed(session, "audit_entry"):
            values = {"user_id": None, "reason": REMOVED, "before": null(), "after": null()}
            session.execute(
                update(AuditEntry).where(is_among(AuditEntry.id, keys)).values(**values)
            )
        session.expire_all()
    return len(keys)


def _named() -> tuple[ColumnElement[bool], ...]:
    reason: Any = AuditEntry.reason
    return (
        AuditEntry.entity.not_in(DECISIONS),
        AuditEntry.act != BLANKED,
        or_(reason.is_(None), reason != REMOVED),
    )


def _unheld(kept: Collection[int]) -> tuple[ColumnElement[bool], ...]:
    if not kept:
        return ()
    is_held = (AuditEntry.entity == "enforcement_action") & is_among(AuditEntry.entity_id, kept)
    return (~is_held | AuditEntry.entity_id.is_(None),)
