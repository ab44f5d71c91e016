"""Wrong passwords and codes slow down whoever sends them, and nobody else.

A try is counted before it is known to be wrong, so that many at once are no way around. What is
counted by is a keyed hash of name and address together: from elsewhere the named person signs in as
ever, a name that does not exist is slowed down alike, and nothing that was typed is kept.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from geodata.core.clocks import is_ahead
from geodata.core.errors import RefusedError
from geodata.models import SignInTry
from geodata.store.engine import lock

FREE_TRIES = 5
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)


class ThrottledError(RefusedError):
    """Too many wrong tries; the message says how long to wait."""


def count(session: Session, key: str, *, now: datetime) -> None:
    """Count a try.

    Raises
    ------
    ThrottledError
        After five failures the wait doubles, up to 15 minutes; a right password in that time does
        not help, or guessing would be free.
    """
    lock(session, key)
    session.execute(delete(SignInTry).where(SignInTry.last_at < now - FORGOTTEN_AFTER))
    row = session.scalar(select(SignInTry).where(SignInTry.key == key))
    if row is None:
        session.add(SignInTry(key=key, failures=1, last_at=now))
    else:
        _refuse_early(row, now)
        row.failures, row.last_at = row.failures + 1, now
    session.flush()


def forgive(session: Session, key: str) -> None:
    """The try was right: what was counted before is forgotten."""
    session.execute(delete(SignInTry).where(SignInTry.key == key))


def _refuse_early(row: SignInTry, now: datetime) -> None:
    excess = row.failures - FREE_TRIES
    if excess < 0:
        return
    wait = min(timedelta(minutes=1) * 2 ** min(excess, 10), LONGEST_WAIT)
    if is_ahead(row.last_at, now=now):
        return
    seconds = int((row.last_at + wait - now).total_seconds())
    if seconds > 0:
        minutes = -(-seconds // 60)
        words = "1 minute" if minutes == 1 else f"{minutes} minutes"
        raise ThrottledError(f"Too many wrong tries: wait {words} and try again")
