"""Systems of others that this site calls: entered by hand, switched off, never deleted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from geodata.core.errors import NotFoundError
from geodata.core.types import UTCDateTime
from geodata.core.vocabulary import SystemKind
from geodata.models import OutboxMessage, RemoteSystem, User


@dataclass(frozen=True)
class System:
    """A system as the rest of the program sees it.

    Attributes
    ----------
    kind
        A `SystemKind`.
    secret
        What pushes are signed by, or the key that the system gave us.
    old_secret, old_secret_ends_at
        What pushes are signed by besides, and from when on no longer.
    failing_since, push_problem, next_try_at
        Of pushes: since when it takes none, what its last answer was, until when it is left alone.
    terms
        Of Open311: ``jurisdiction``, ``services``, ``sends_states``.
    asked_to
        Up to which of its own times all requests are in.
    """

    id: int
    name: str
    kind: str
    url: str = field(repr=False)
    secret: str = field(repr=False)
    contractor: str | None
    terms: Mapping[str, Any]
    created_at: datetime
    switched_off_at: datetime | None
    asked_at: datetime | None
    asked_to: datetime | None
    problem: str | None
    old_secret: str | None = field(default=None, repr=False)
    old_secret_ends_at: datetime | None = None
    tried_at: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0
    next_try_at: datetime | None = None
    push_problem: str | None = None
    made_by: str = field(default="", compare=False)

    @property
    def is_on(self) -> bool:
        return self.switched_off_at is None

    def signing_secrets(self, now: datetime) -> tuple[str, ...]:
        """What a push is signed by, the newest first."""
        if self.old_secret and self.old_secret_ends_at and now < self.old_secret_ends_at:
            return self.secret, self.old_secret
        return (self.secret,)


@dataclass(frozen=True)
class Push:
    """One push to a system, as its page shows it; ``has_text`` while it may be sent again."""

    id: int
    kind: str
    about: str
    created_at: datetime
    attempts: int
    next_attempt_at: datetime
    sent_at: datetime | None
    abandoned_at: datetime | None
    error: str
    has_text: bool


def add(
    session: Session,
    name: str,
    kind: SystemKind,
    *,
    url: str,
    secret: str,
    contractor: str | None = None,
    terms: Mapping[str, Any] | None = None,
    user_id: int | None,
    now: datetime,
) -> System:
    """A new system, switched on."""
    row = RemoteSystem(
        name=name,
        kind=kind.value,
        url=url,
        secret=secret,
        contractor=contractor,
        terms=dict(terms or {}),
        created_at=now,
        created_by_id=user_id,
    )
    session.add(row)
    session.flush()
    return _system(row, "")


def every(session: Session) -> list[System]:
    """All systems, those that are on first, by name."""
    query = select(RemoteSystem, User.name).outerjoin(User, User.id == RemoteSystem.created_by_id)
    is_off = RemoteSystem.switched_off_at.is_not(None)
    rows = session.execute(query.order_by(is_off, RemoteSystem.name, RemoteSystem.id))
    return [_system(row, name or "") for row, name in rows]


def of_kinds(session: Session, *kinds: SystemKind) -> list[System]:
    """Systems of some kinds that are on, by name."""
    return [each for each in every(session) if each.is_on and each.kind in kinds]


def get(session: Session, key: int) -> System:
    """One system.

    Raises
    ------
    NotFoundError
        There is none of this number.
    """
    row = session.get(RemoteSystem, key)
    if row is None:
        raise NotFoundError(f"there is no system {key}")
    return _system(row, "")


def change(session: Session, key: int, **values: object) -> None:
    """Give a system other terms, or note what asking it came to."""
    session.execute(update(RemoteSystem).where(RemoteSystem.id == key).values(**values))


def forget_old_secrets(session: Session, *, now: datetime) -> int:
    """Delete secrets that sign nothing any more; of how many systems."""
    has_ended = RemoteSystem.old_secret_ends_at <= now
    result: Any = session.execute(
        update(RemoteSystem).where(has_ended).values(old_secret=None, old_secret_ends_at=None)
    )
    return int(result.rowcount)


def note_taken(session: Session, key: int, *, now: datetime) -> None:
    """It took a push: whatever it answered before is over."""
    change(
        session,
        key,
        tried_at=now,
        failing_since=None,
        failures=0,
        next_try_at=None,
        push_problem=None,
    )


def note_failure(
    session: Session, key: int, problem: str, *, now: datetime, waits: Sequence[timedelta]
) -> datetime:
    """It did not answer, or that it cannot; until when it is left alone, longer each time."""
    row = session.get_one(RemoteSystem, key)
    row.next_try_at = now + waits[min(row.failures, len(waits) - 1)]
    row.failures += 1
    row.failing_since = row.failing_since or now
    row.tried_at, row.push_problem = now, problem
    session.flush()
    return row.next_try_at


def pushes(session: Session, key: int, *, limit: int) -> list[Push]:
    """The newest pushes to a system, the newest first."""
    query = select(OutboxMessage).where(OutboxMessage.system_id == key)
    rows = session.scalars(query.order_by(OutboxMessage.id.desc()).limit(limit))
    return [_push(row) for row in rows]


def given_up(session: Session) -> dict[int, int]:
    """How many pushes were given up, by system."""
    query = (
        select(OutboxMessage.system_id, func.count())
        .where(OutboxMessage.system_id.is_not(None), OutboxMessage.abandoned_at.is_not(None))
        .group_by(OutboxMessage.system_id)
    )
    return {key: n for key, n in session.execute(query) if key is not None}


def waiting(session: Session, key: int) -> int:
    """How many pushes to a system are neither sent nor given up."""
    query = select(func.count()).where(
        OutboxMessage.system_id == key,
        OutboxMessage.sent_at.is_(None),
        OutboxMessage.abandoned_at.is_(None),
    )
    return session.scalar(query) or 0


def oldest_waiting(session: Session) -> dict[int, datetime]:
    """When the oldest push was queued that is neither sent nor given up, by system."""
    oldest = func.min(OutboxMessage.created_at, type_=UTCDateTime())
    query = (
        select(OutboxMessage.system_id, oldest)
        .where(
            OutboxMessage.system_id.is_not(None),
            OutboxMessage.sent_at.is_(None),
            OutboxMessage.abandoned_at.is_(None),
        )
        .group_by(OutboxMessage.system_id)
    )
    return {key: at for key, at in session.execute(query) if key is not None}


def _push(row: OutboxMessage) -> Push:
    return Push(
        row.id,
        row.kind,
        row.subject,
        row.created_at,
        row.attempts,
        row.next_attempt_at,
        row.sent_at,
        row.abandoned_at,
        row.last_error or "",
        bool(row.body),
    )


def _system(row: RemoteSystem, made_by: str) -> System:
    return System(
        row.id,
        row.name,
        row.kind,
        row.url,
        row.secret,
        row.contractor,
        row.terms,
        row.created_at,
        row.switched_off_at,
        row.asked_at,
        row.asked_to,
        row.problem,
        row.old_secret,
        row.old_secret_ends_at,
        row.tried_at,
        row.failing_since,
        row.failures,
        row.next_try_at,
        row.push_problem,
        made_by,
    )
