"""The audit log: who read or changed what, when, and what it was before. Append-only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from geodata.models import AuditEntry, User
from geodata.people.personal_data import REMOVED
from geodata.rules.days import LONDON

NOT_KEPT = "Not kept any more"
"""Who made an entry that is older than the council keeps names in the log."""
THE_PROGRAM = 0
"""Stands in a filter for entries that no account made."""


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


@dataclass(frozen=True)
class LogFilter:
    """Which entries of the log; None lets all through.

    Attributes
    ----------
    user_id
        An account's key, or ``THE_PROGRAM``.
    day
        London's.
    before_id
        Only entries older than this one: the log grows while it is read, so that a page's number
        would not hold still.
    """

    entity: str | None = None
    user_id: int | None = None
    day: date | None = None
    before_id: int | None = None


def entries(
    session: Session, entity: str, entity_id: int | None = None
) -> list[tuple[AuditEntry, str | None]]:
    """The log of a thing, or of all of its kind, newest first, each with its user's name."""
    query = _with_names().where(AuditEntry.entity == entity)
    if entity_id is not None:
        query = query.where(AuditEntry.entity_id == entity_id)
    return [(entry, _who(entry, name)) for entry, name in session.execute(query)]


def log(session: Session, wanted: LogFilter, *, limit: int) -> list[tuple[AuditEntry, str | None]]:
    """Entries of the whole log, newest first, each with its user's name."""
    query = _with_names().limit(limit)
    if wanted.entity is not None:
        query = query.where(AuditEntry.entity == wanted.entity)
    if wanted.user_id is not None:
        query = query.where(AuditEntry.user_id == (wanted.user_id or None))
    if wanted.day is not None:
        first = datetime.combine(wanted.day, time(), LONDON)
        last = datetime.combine(wanted.day + timedelta(days=1), time(), LONDON)
        query = query.where(AuditEntry.at >= first, AuditEntry.at < last)
    if wanted.before_id is not None:
        query = query.where(AuditEntry.id < wanted.before_id)
    return [(entry, _who(entry, name)) for entry, name in session.execute(query)]


def _who(entry: AuditEntry, name: str | None) -> str | None:
    """Whose doing it was; of an old entry that is kept no longer."""
    return NOT_KEPT if name is None and entry.reason == REMOVED else name


def entities(session: Session) -> list[str]:
    """The kinds of things that the log speaks of, in the alphabet's order."""
    return list(session.scalars(select(AuditEntry.entity).distinct().order_by(AuditEntry.entity)))


def _with_names() -> Select[AuditEntry, str | None]:
    joined = select(AuditEntry, User.name).join(User, User.id == AuditEntry.user_id, isouter=True)
    return joined.order_by(AuditEntry.id.desc())
