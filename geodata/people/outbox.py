"""Messages that transactions decided on: kept until sent, tried again, never written twice.

They are mails, text messages, and pushes.

A push goes to a system of somebody else's, which ``system_id`` names; its recipient is that
system's name.

A message is claimed before it is sent: its next attempt moves into the future in a transaction of
its own. A sender that dies half way leaves a message that is tried again later under the same
Message-ID, so that it may come twice but is never lost.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from geodata.core.clocks import SLACK
from geodata.core.types import UTCDateTime
from geodata.models import OutboxMessage, RemoteSystem
from geodata.people.identifiers import Identifier

WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720, 1440, 1440, 1440))
"""Before each further attempt; after the last, some five days on, a message is given up."""


SECRET_KIND = "invitation"  # noqa: S105
"""Mails of this kind hold a link that is a key: their text is kept until they are sent."""


def _keeps_nothing(_key: str, _recipient: str) -> bool:
    return False


@dataclass(frozen=True)
class Letter:
    """A message on its way. ``key`` is its dedupe key, which its Message-ID is made of.

    ``stop_address`` is where its reader stops such mails; None where they cannot. ``system_id`` is
    the system that is called; None: it is a mail.
    """

    id: int
    key: str
    recipient: str
    subject: str
    body: str
    attempts: int
    stop_address: str | None = None
    system_id: int | None = None
    kind: str = ""


@dataclass(frozen=True)
class TroubledMail:
    """A message that was tried in vain; nothing in it says to whom it goes or what it says.

    ``next_attempt_at`` is None where it was given up. ``system`` is the name of the system that is
    called, empty for a mail or a text message.
    """

    kind: str
    created_at: datetime
    attempts: int
    next_attempt_at: datetime | None
    error: str
    system: str = ""
    is_text: bool = False

    def masked(self, mask: Callable[[str], str]) -> "TroubledMail":
        """The same with its error rewritten."""
        return replace(self, error=mask(self.error))


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
    system_id: int | None = None,
    is_text: bool = False,
) -> bool:
    """Put a message into the outbox; False where one of this key is or was there."""
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
            system_id=system_id,
            is_text=is_text,
            created_at=now,
            next_attempt_at=now,
        )
    )
    session.flush()
    return True


def due(session: Session, *, now: datetime, limit: int, are_texts: bool = False) -> list[int]:
    """Keys of mails, or of text messages, whose time has come, oldest first."""
    query = _unsent_mails(are_texts=are_texts).where(_is_due(now))
    ordered = query.order_by(OutboxMessage.next_attempt_at, OutboxMessage.id).limit(limit)
    return [message.id for message in session.scalars(ordered)]


def due_pushes(session: Session, *, now: datetime, limit: int) -> list[tuple[int, int]]:
    """Keys of pushes whose time has come, each with its system, in the order of their making.

    Those of a system that was switched off wait until it is on again, and those of one that did not
    answer until its own next try.
    """
    query = (
        select(OutboxMessage.id, RemoteSystem.id)
        .join(RemoteSystem, RemoteSystem.id == OutboxMessage.system_id)
        .where(
            OutboxMessage.sent_at.is_(None),
            OutboxMessage.abandoned_at.is_(None),
            RemoteSystem.switched_off_at.is_(None),
            RemoteSystem.next_try_at.is_(None) | _has_come(RemoteSystem.next_try_at, now),
            _is_due(now),
        )
        .order_by(OutboxMessage.id)
        .limit(limit)
    )
    return [(message, system) for message, system in session.execute(query)]


def send_again(session: Session, message_id: int, system_id: int, *, now: datetime) -> bool:
    """Let a push of a system go out again under its own key; False where its text is not kept."""
    message = session.get(OutboxMessage, message_id)
    if message is None or message.system_id != system_id or not message.body:
        return False
    message.next_attempt_at, message.attempts = now, 0
    message.sent_at = message.abandoned_at = message.last_error = None
    session.flush()
    return True


def send_given_up_again(session: Session, system_id: int, *, now: datetime) -> int:
    """Let the pushes of a system that were given up go out again, each under its own key; how many.

    Those whose text is not kept any more stay as they are.
    """
    is_meant = OutboxMessage.abandoned_at.is_not(None) & (OutboxMessage.body != "")
    result: Any = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.system_id == system_id, is_meant)
        .values(next_attempt_at=now, attempts=0, abandoned_at=None, last_error=None)
    )
    return int(result.rowcount)


def make_due(session: Session, system_id: int, *, now: datetime) -> None:
    """Let what waits for a system be tried at once, with as many tries behind it as it has."""
    session.execute(
        _of_system(system_id).where(OutboxMessage.next_attempt_at > now).values(next_attempt_at=now)
    )


def wait_with(
    session: Session, system_id: int, problem: str, *, until: datetime, now: datetime
) -> None:
    """Count a try that a system did not answer for all that was due to it, not for one push alone.

    Otherwise each would need its own ten tries until it is given up, one after the other.
    """
    session.execute(
        _of_system(system_id)
        .where(OutboxMessage.next_attempt_at <= now)
        .values(
            attempts=OutboxMessage.attempts + 1, last_error=problem[:500], next_attempt_at=until
        )
    )
    is_over = OutboxMessage.attempts > len(WAITS)
    session.execute(_of_system(system_id).where(is_over).values(abandoned_at=now))


def _of_system(system_id: int) -> Any:
    return update(OutboxMessage).where(
        OutboxMessage.system_id == system_id,
        OutboxMessage.sent_at.is_(None),
        OutboxMessage.abandoned_at.is_(None),
    )


def claim(session: Session, message_id: int, *, now: datetime) -> Letter | None:
    """Take a message for sending; None where another sender took it first.

    The caller commits before it sends, so that a crash cannot make it forget the attempt.
    """
    query = _unsent().where(OutboxMessage.id == message_id, _is_due(now))
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
        message.system_id,
        message.kind,
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


def waiting(session: Session, *, are_texts: bool = False) -> int:
    """How many mails, or text messages, are neither sent nor given up."""
    waits = _unsent_mails(are_texts=are_texts).subquery()
    return session.scalar(select(func.count()).select_from(waits)) or 0


def oldest_waiting(session: Session, *, are_texts: bool = False) -> datetime | None:
    """When the oldest mail, or text message, was queued that is neither sent nor given up."""
    waits = _unsent_mails(are_texts=are_texts).subquery()
    at: datetime | None = session.scalar(select(func.min(waits.c.created_at)))
    return at


def troubled(session: Session, *, limit: int = 100) -> list[TroubledMail]:
    """Messages that were tried in vain, given up or not, the oldest first."""
    query = (
        select(OutboxMessage)
        .where(OutboxMessage.last_error.is_not(None), OutboxMessage.sent_at.is_(None))
        .order_by(OutboxMessage.created_at, OutboxMessage.id)
        .limit(limit)
    )
    return [
        TroubledMail(
            mail.kind,
            mail.created_at,
            mail.attempts,
            None if mail.abandoned_at else mail.next_attempt_at,
            mail.last_error or "",
            mail.recipient if mail.system_id else "",
            mail.is_text,
        )
        for mail in session.scalars(query)
    ]


def forget_sent(
    session: Session, *, before: datetime, is_kept: Callable[[str, str], bool] = _keeps_nothing
) -> int:
    """Blank the text and address of what was sent or given up before a moment; how many.

    The row stays, so that its key still keeps the same mail from going out again. ``is_kept`` is
    asked the key and the recipient of each: what is held stays.
    """
    old = forgettable(session, before=before)
    keys = [key for key, *mail in old if not is_kept(*mail)]
    result: Any = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(keys))
        .values(recipient="", subject="", body="", stop_address=None, last_error=None)
    )
    return int(result.rowcount)


def forgettable(session: Session, *, before: datetime) -> list[tuple[int, str, str]]:
    """Key, dedupe key and recipient of what was sent or given up before a moment."""
    done = func.coalesce(OutboxMessage.sent_at, OutboxMessage.abandoned_at)
    query = (
        select(OutboxMessage.id, OutboxMessage.dedupe_key, OutboxMessage.recipient)
        .where(done < before, OutboxMessage.recipient != "")
        .order_by(OutboxMessage.id)
    )
    return [(key, dedupe_key, to) for key, dedupe_key, to in session.execute(query)]


def oldest_done(session: Session) -> datetime | None:
    """When the oldest mail whose words are kept was sent or given up; None without any."""
    done = func.coalesce(OutboxMessage.sent_at, OutboxMessage.abandoned_at)
    query = select(func.min(done, type_=UTCDateTime())).where(OutboxMessage.recipient != "")
    return session.scalar(query)


def give_up(session: Session, *, key_prefix: str) -> None:
    """Let what waits under such keys wait for ever, and stay as a record."""
    is_meant = OutboxMessage.dedupe_key.startswith(key_prefix, autoescape=True)
    session.execute(
        update(OutboxMessage)
        .where(is_meant, OutboxMessage.sent_at.is_(None), OutboxMessage.abandoned_at.is_(None))
        .values(abandoned_at=OutboxMessage.created_at)
    )


def mentioning(session: Session, identifier: Identifier) -> list[OutboxMessage]:
    """Mails to somebody, or in whose words they stand, oldest first."""
    query = select(OutboxMessage).where(OutboxMessage.recipient != "")
    return [
        mail
        for mail in session.scalars(query.order_by(OutboxMessage.id))
        if any(identifier.is_in(words) for words in (mail.recipient, mail.subject, mail.body))
    ]


def remove(session: Session, message_ids: Sequence[int]) -> None:
    """Delete mails, sent or not."""
    session.execute(delete(OutboxMessage).where(OutboxMessage.id.in_(message_ids)))


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


def _unsent_mails(*, are_texts: bool = False) -> Any:
    return _unsent().where(OutboxMessage.system_id.is_(None), OutboxMessage.is_text.is_(are_texts))


def _is_due(now: datetime) -> Any:
    return _has_come(OutboxMessage.next_attempt_at, now)


def _has_come(column: Any, now: datetime) -> Any:
    """A time has come, or lies so far ahead that it was set by a wrong clock."""
    return (column <= now) | (column > now + max(WAITS) + SLACK)


def _set(session: Session, message_id: int, **values: object) -> None:
    session.execute(update(OutboxMessage).where(OutboxMessage.id == message_id).values(**values))
