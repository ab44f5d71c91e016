"""Who does the background work: one process at a time, by a lease in the store."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from geodata.core.clocks import is_ahead
from geodata.store import settings
from geodata.store.engine import lock

ENDED = datetime(1970, 1, 1, tzinfo=UTC)
"""Of a lease that was given back: past by any clock, also by one that is set back since."""


def take(session: Session, name: str, holder: str, *, until: datetime, now: datetime) -> bool:
    """Take a lease, or prolong one's own; False while another holds it.

    Parameters
    ----------
    name
        Of the work.
    holder
        Tells this process from all others.
    until
        When it ends by itself, should its holder die.
    """
    lock(session, f"lease {name}")
    held = settings.read(session, f"lease_{name}")
    if held is not None and held["holder"] != holder and _binds(held, now):
        return False
    lease = {"holder": holder, "until": until.isoformat(), "taken": now.isoformat()}
    settings.write(session, f"lease_{name}", lease)
    return True


def give_back(session: Session, name: str, holder: str) -> None:
    """End a lease that one holds oneself."""
    held = settings.read(session, f"lease_{name}")
    if held is not None and held["holder"] == holder:
        settings.write(session, f"lease_{name}", {"holder": holder, "until": ENDED.isoformat()})


def _binds(held: dict[str, str], now: datetime) -> bool:
    """Until its end; but none that was taken by a clock that ran ahead, and is set right now."""
    taken = _instant(held.get("taken", now.isoformat()))
    return _instant(held["until"]) > now and not is_ahead(taken, now=now)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
