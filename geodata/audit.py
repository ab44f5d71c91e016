"""The audit log: who read or changed what, when, and what it was before. Append-only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.models import AuditEntry, User


@dataclass(frozen=True)
class Actor:
    """Whose doing it is, and when; ``user_id`` None is the program itself."""

    user_id: int | None
    now: datetime


def write(
    session: Session,
    actor: Actor,
    act: str,
    entity: str,
    entity_id: int | None = None,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str | None = None,
) -> None:
    """Add one entry. ``before`` and ``after`` hold JSON values, days and instants as ISO texts."""
    session.add(
        AuditEntry(
            at=actor.now,
            user_id=actor.user_id,
            act=act,
            entity=entity,
            entity_id=entity_id,
            before=None if before is None else _plain(before),
            after=None if after is None else _plain(after),
            reason=reason or None,
        )
    )
    session.flush()


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in values.items()
    }


def entries(
    session: Session, entity: str, entity_id: int | None = None
) -> list[tuple[AuditEntry, str | None]]:
    """The log of a thing, or of all of its kind, newest first, each with its user's name."""
    query = (
        select(AuditEntry, User.name)
        .join(User, User.id == AuditEntry.user_id, isouter=True)
        .where(AuditEntry.entity == entity)
    )
    if entity_id is not None:
        query = query.where(AuditEntry.entity_id == entity_id)
    rows = session.execute(query.order_by(AuditEntry.id.desc()))
    return [(entry, name) for entry, name in rows]
