"""One mail to each of several readers, queued once."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from sqlalchemy.orm import Session

from geodata.people import outbox
from web.services.mail.letters import Words


def queue_for_each(
    session: Session, readers: Iterable[str], key: str, words: Words, *, kind: str, now: datetime
) -> int:
    """Queue a mail to each reader who was not sent one of this key; how many.

    The key outlives the mail, so that it holds no address, only a mark of it.
    """
    return sum(
        outbox.queue(
            session,
            f"{key}:{sha256(reader.encode()).hexdigest()[:16]}",
            kind=kind,
            recipient=reader,
            subject=words.subject,
            body=words.body,
            now=now,
        )
        for reader in readers
    )
