"""Who follows a ward by mail: confirmed by a link, deleted at their word or when time is over."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from geodata.core.tokens import new_token, token_hash
from geodata.core.types import UTCDateTime
from geodata.models import Follower, Place
from geodata.people import outbox
from geodata.people.identifiers import Identifier

UNCONFIRMED_KEPT = timedelta(days=3)
"""An address that nobody confirmed is perhaps somebody else's."""
FOLLOWED = timedelta(days=730)
"""Whoever does not ask again in two years has moved, or forgotten."""


@dataclass(frozen=True)
class Following:
    """One address and one ward. ``token`` is what the links of its mails know it by."""

    id: int
    email: str
    token: str
    ward_id: int
    ward: str
    confirmed_at: datetime | None
    newest_release: str
    ends_at: datetime


def mail_key(key: int, what: str) -> str:
    """The outbox key of a mail to a follower; all of theirs begin alike."""
    return f"follower:{key}:{what}"


def add(
    session: Session, email: str, ward_id: int, *, newest_release: str, now: datetime
) -> Following:
    """Keep that an address wants to follow a ward, unconfirmed; the same row where it is there."""
    row = session.scalar(
        select(Follower).where(Follower.email_index == email, Follower.ward_id == ward_id)
    )
    if row is None:
        row = Follower(
            email=email,
            token=new_token(),
            ward_id=ward_id,
            created_at=now,
            newest_release=newest_release,
            ends_at=now + FOLLOWED,
        )
        session.add(row)
        session.flush()
    return _one(session, Follower.id == row.id)


def waiting(session: Session, email: str) -> int:
    """How many wards an address asked for that it did not confirm."""
    query = select(func.count()).where(
        Follower.email_index == email, Follower.confirmed_at.is_(None)
    )
    return session.scalar(query) or 0


def by_token(session: Session, token: str) -> Following | None:
    """Whom a mail's link names; None: nobody, or nobody any more."""
    return _maybe(session, Follower.token_hash == token_hash(token))


def confirm(session: Session, key: int, *, newest_release: str, now: datetime) -> None:
    """From now on they hear of what is released; asked again, for two more years."""
    row = session.get_one(Follower, key)
    if row.confirmed_at is None:
        row.confirmed_at, row.newest_release = now, newest_release
    row.ends_at = now + FOLLOWED
    session.flush()


def remove(session: Session, key: int) -> None:
    """Delete a follower, with every mail to them that was sent or waits."""
    outbox.drop(session, key_prefix=mail_key(key, ""))
    session.execute(delete(Follower).where(Follower.id == key))


def to_tell(session: Session, newest: str, *, limit: int) -> list[Following]:
    """Confirmed followers who were not told of the newest release, by key."""
    query = _query().where(Follower.confirmed_at.is_not(None), Follower.newest_release != newest)
    return _rows(session, query.limit(limit))


def note_told(session: Session, key: int, newest_release: str) -> None:
    """Keep of which release a follower was told."""
    session.get_one(Follower, key).newest_release = newest_release
    session.flush()


def ended(session: Session, *, now: datetime) -> list[Following]:
    """Those whose time is over, and those that nobody confirmed, by key."""
    return _rows(session, _query().where(_is_over(now)))


def next_end(session: Session) -> datetime | None:
    """When the next of them goes; None where nobody follows."""
    end = func.min(Follower.ends_at, type_=UTCDateTime())
    ends_at: datetime | None = session.scalar(select(end))
    oldest_request = func.min(Follower.created_at, type_=UTCDateTime())
    asked_at: datetime | None = session.scalar(
        select(oldest_request).where(Follower.confirmed_at.is_(None))
    )
    return min(filter(None, (ends_at, asked_at and asked_at + UNCONFIRMED_KEPT)), default=None)


def of_person(session: Session, identifier: Identifier) -> list[Following]:
    """What a mail address follows, by key."""
    return [each for each in _rows(session, _query()) if identifier.is_in(each.email)]


def _is_over(now: datetime) -> ColumnElement[bool]:
    was_never_meant = Follower.confirmed_at.is_(None) & (
        Follower.created_at < now - UNCONFIRMED_KEPT
    )
    return (Follower.ends_at <= now) | was_never_meant


def _query() -> Any:
    return (
        select(
            Follower.id,
            Follower.email,
            Follower.token,
            Follower.ward_id,
            Place.name,
            Follower.confirmed_at,
            Follower.newest_release,
            Follower.ends_at,
        )
        .join(Place, Place.id == Follower.ward_id)
        .order_by(Follower.id)
    )


def _rows(session: Session, query: Any) -> list[Following]:
    return [Following(*row) for row in session.execute(query)]


def _maybe(session: Session, condition: ColumnElement[bool]) -> Following | None:
    return next(iter(_rows(session, _query().where(condition))), None)


def _one(session: Session, condition: ColumnElement[bool]) -> Following:
    (follower,) = _rows(session, _query().where(condition))
    return follower
