"""What officers asked to hear of, each rule with where it is told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from geodata.core.vocabulary import AlertKind
from geodata.models import AlertRule, Place, RemoteSystem, User


@dataclass(frozen=True)
class Rule:
    """One rule; ``ward`` is None for the whole borough, ``system`` None for the officer's mail.

    ``email`` is None where the account has none.
    """

    id: int
    user_id: int
    email: str | None
    what: str
    ward_id: int | None
    ward: str | None
    system_id: int | None
    system: str | None


def add(
    session: Session,
    user_id: int,
    what: AlertKind,
    *,
    ward_id: int | None,
    system_id: int | None,
    now: datetime,
) -> int:
    """A rule; the same asked for twice is one. Its key."""
    query = select(AlertRule.id).where(
        AlertRule.user_id == user_id,
        AlertRule.what == what.value,
        AlertRule.ward_id.is_not_distinct_from(ward_id),
        AlertRule.system_id.is_not_distinct_from(system_id),
    )
    known = session.scalar(query)
    if known is not None:
        return known
    row = AlertRule(
        user_id=user_id, what=what.value, ward_id=ward_id, system_id=system_id, created_at=now
    )
    session.add(row)
    session.flush()
    return row.id


def of_user(session: Session, user_id: int) -> list[Rule]:
    """An account's rules, in the order of their making."""
    return _rows(session, _query().where(AlertRule.user_id == user_id))


def every(session: Session, what: AlertKind) -> list[Rule]:
    """Rules of one kind, of accounts that are in use and channels that are on."""
    is_heard = RemoteSystem.id.is_(None) | RemoteSystem.switched_off_at.is_(None)
    return _rows(session, _query().where(AlertRule.what == what.value, User.is_active, is_heard))


def remove(session: Session, user_id: int, key: int) -> bool:
    """Delete one of an account's rules; False where it has no such."""
    gone: Any = session.execute(
        delete(AlertRule).where(AlertRule.id == key, AlertRule.user_id == user_id)
    )
    return int(gone.rowcount) > 0


def _query() -> Any:
    return (
        select(
            AlertRule.id,
            AlertRule.user_id,
            User.email,
            AlertRule.what,
            AlertRule.ward_id,
            Place.name,
            AlertRule.system_id,
            RemoteSystem.name,
        )
        .join(User, User.id == AlertRule.user_id)
        .outerjoin(Place, Place.id == AlertRule.ward_id)
        .outerjoin(RemoteSystem, RemoteSystem.id == AlertRule.system_id)
        .order_by(AlertRule.id)
    )


def _rows(session: Session, query: Any) -> list[Rule]:
    return [Rule(*row) for row in session.execute(query)]
