"""Mails that transactions decided on: kept until sent, tried again, never written twice.

A message is claimed before it is sent: its next attempt moves into the future in a transaction of
its own. A sender that dies half way leaves a message that is tried again later under the same
Message-ID, so that it may come twice but is never lost.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from geodata.models import OutboxMessage

WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720, 1440, 1440, 1440))
"""Before each further attempt; after the last, some five days on, a message is given up."""


SECRET_KIND = "invitation"  # noqa: S105
"""Mails of this kind hold a link that is a key: their text is kept until they are sent."""


@dataclass(frozen=True)
class Letter:
    """A message on its way. ``key`` is its dedupe key, which its Message-ID is made of.

    ``stop_address`` is where its reader stops such mails; None where they cannot.
    """

    id: int
    key: str
    recipient: str
    subject: str
    body: str
    attempts: int
    stop_address: str | None = None


def queue(
    session: Session,
    key: str,
    *,
    kind: str,
    recipient: str,
    subject: str,
    body: str,
    now: datetime,
    stop_address: str | None = None,
) -> bool:
    """Put a mail into the outbox; False where one of this key is or was there."""
    if session.scalar(select(OutboxMessage.id).where(OutboxMessage.dedupe_key == key)) is not None:
        return False
    session.add(
        OutboxMessage(
            dedupe_key=key,
            kind=kind,
            recipient=recipient,
            subject=subject[:200],
            body=body,
            stop_address=stop_address,
            created_at=now,
            next_attempt_at=now,
        )
    )
    session.flush()
    return True


def due(session: Session, *, now: datetime, limit: int) -> list[int]:
    """Keys of messages whose time has come, oldest first."""
    query = _unsent().where(OutboxMessage.next_attempt_at <= now)
    ordered = query.order_by(OutboxMessage.next_attempt_at, OutboxMessage.id).limit(limit)
    return [message.id for message in session.scalars(ordered)]


def claim(session: Session, message_id: int, *, now: datetime) -> Letter | None:
    """Take a message for sending; None where another sender took it first.

    The caller commits before it sends, so that a crash cannot make it forget the attempt.
    """
    query = _unsent().where(OutboxMessage.id == message_id, OutboxMessage.next_attempt_at <= now)
    message = session.scalar(query.with_for_update(skip_locked=True))
    if message is None:
        return None
    message.next_attempt_at = now + WAITS[min(message.attempts, len(WAITS) - 1)]
    message.attempts += 1
    session.flush()
    return Letter(
        message.id,
        message.dedupe_key,
        message.recipient,
        message.subject,
        message.body,
        message.attempts,
        message.stop_address,
    )


def mark_sent(session: Session, message_id: int, *, now: datetime) -> None:
    """The mail server took it over; a link that is a key is not kept any longer."""
    _set(session, message_id, sent_at=now, last_error=None)
    _forget_secret(session, message_id)


def mark_failed(
    session: Session, message_id: int, error: str, *, now: datetime, is_final: bool = False
) -> None:
    """The mail server did not take it; ``is_final`` where it never will."""
    message = session.get_one(OutboxMessage, message_id)
    message.last_error = error[:500]
    if is_final or message.attempts > len(WAITS):
        message.abandoned_at = now
        _forget_secret(session, message_id)
    session.flush()


def _forget_secret(session: Session, message_id: int) -> None:
    query = update(OutboxMessage).where(
        OutboxMessage.id == message_id, OutboxMessage.kind == SECRET_KIND
    )
    session.execute(query.values(body="The link is not kept."))


def waiting(session: Session) -> int:
    """How many messages are neither sent nor given up."""
    return session.scalar(select(func.count()).select_from(_unsent().subquery())) or 0


def forget_sent(session: Session, *, before: datetime) -> int:
    """Blank the text and address of what was sent or given up before a moment; how many.

    The row stays, so that its key still keeps the same mail from going out again.
    """
    done = func.coalesce(OutboxMessage.sent_at, OutboxMessage.abandoned_at)
    result: Any = session.execute(
        update(OutboxMessage)
        .where(done < before, OutboxMessage.recipient != "")
        .values(recipient="", subject="", body="", stop_address=None, last_error=None)
    )
    return int(result.rowcount)


def drop(session: Session, *, key_prefix: str) -> int:
    """Delete every message whose key begins so, sent or not; how many there were."""
    result: Any = session.execute(
        delete(OutboxMessage).where(
            OutboxMessage.dedupe_key.startswith(key_prefix, autoescape=True)
        )
    )
    return int(result.rowcount)


def _unsent() -> Any:
    return select(OutboxMessage).where(
        OutboxMessage.sent_at.is_(None), OutboxMessage.abandoned_at.is_(None)
    )


def _set(session: Session, message_id: int, **values: object) -> None:
    session.execute(update(OutboxMessage).where(OutboxMessage.id == message_id).values(**values))
