"""Keys of other systems: made, found by what is sent, and ended."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from geodata.core.errors import NotFoundError
from geodata.core.tokens import new_token, token_hash
from geodata.core.vocabulary import JOB_SCOPES, Scope
from geodata.models import ApiKey, User

PREFIX = "hotspots_"
"""Of every key: programs that look for leaked keys find ours by it."""
NOTED_EVERY = timedelta(minutes=10)


@dataclass(frozen=True)
class Holder:
    """A key as the rest of the program sees it, without what proves it.

    Attributes
    ----------
    scopes
        Each a `Scope`.
    contractor
        Whose jobs it opens; None: a council that keeps no contracts.
    made_by
        Name of the account that made it.
    """

    id: int
    name: str
    scopes: frozenset[str]
    contractor: str | None
    per_minute: int
    created_at: datetime
    ends_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    made_by: str = field(default="", compare=False)

    def may(self, scope: Scope) -> bool:
        """Whether it opens what a scope names; who may read all may read what is published."""
        return scope in self.scopes or (
            scope == Scope.READ_PUBLIC and Scope.READ_OFFICER in self.scopes
        )

    def is_over(self, now: datetime) -> bool:
        """Whether it opens nothing any more."""
        return self.revoked_at is not None or self.ends_at <= now

    def is_use_to_note(self, now: datetime) -> bool:
        """Whether its use was last noted long enough ago."""
        return self.last_used_at is None or now - self.last_used_at >= NOTED_EVERY


def add(
    session: Session,
    name: str,
    scopes: Collection[Scope],
    *,
    contractor: str | None,
    per_minute: int,
    ends_at: datetime,
    user_id: int | None,
    now: datetime,
) -> tuple[str, Holder]:
    """A new key: what its holder sends, told this once, and the row that knows its hash."""
    token = PREFIX + new_token()
    row = ApiKey(
        name=name,
        token_hash=token_hash(token),
        scopes=sorted(scopes),
        contractor=contractor if JOB_SCOPES & set(scopes) else None,
        per_minute=per_minute,
        created_at=now,
        created_by_id=user_id,
        ends_at=ends_at,
    )
    session.add(row)
    session.flush()
    return token, _holder(row, "")


def find(session: Session, token: str) -> Holder | None:
    """Whose key it is, also where it ended; None: nobody's."""
    row = session.scalar(select(ApiKey).where(ApiKey.token_hash == token_hash(token)))
    return None if row is None else _holder(row, "")


def every(session: Session) -> list[Holder]:
    """All keys that were ever made, the newest first."""
    query = select(ApiKey, User.name).outerjoin(User, User.id == ApiKey.created_by_id)
    rows = session.execute(query.order_by(ApiKey.id.desc()))
    return [_holder(row, name or "") for row, name in rows]


def in_use_by_maker(session: Session, user_id: int, *, now: datetime) -> list[str]:
    """Names of the keys that an account made and that still open something."""
    query = select(ApiKey.name).where(ApiKey.created_by_id == user_id, ApiKey.revoked_at.is_(None))
    return list(session.scalars(query.where(ApiKey.ends_at > now).order_by(ApiKey.name)))


def get(session: Session, key: int) -> Holder:
    """One key.

    Raises
    ------
    NotFoundError
        There is none of this number.
    """
    row = session.get(ApiKey, key)
    if row is None:
        raise NotFoundError(f"there is no key {key}")
    return _holder(row, "")


def revoke(session: Session, key: int, *, now: datetime) -> None:
    """End a key at once; one that ended already keeps its time."""
    ended = update(ApiKey).where(ApiKey.id == key, ApiKey.revoked_at.is_(None))
    session.execute(ended.values(revoked_at=now))


def touch(session: Session, key: int, *, now: datetime) -> None:
    """Note that a key is in use."""
    session.execute(update(ApiKey).where(ApiKey.id == key).values(last_used_at=now))


def _holder(row: ApiKey, made_by: str) -> Holder:
    return Holder(
        row.id,
        row.name,
        frozenset(row.scopes),
        row.contractor,
        row.per_minute,
        row.created_at,
        row.ends_at,
        row.last_used_at,
        row.revoked_at,
        made_by,
    )
