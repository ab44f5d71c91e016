"""Who does the background work: one process at a time, by a lease in the store."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from geodata.store import settings
from geodata.store.engine import lock


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
    if held is not None and held["holder"] != holder and _instant(held["until"]) > now:
        return False
    settings.write(session, f"lease_{name}", {"holder": holder, "until": until.isoformat()})
    return True


def give_back(session: Session, name: str, holder: str, *, now: datetime) -> None:
    """End a lease that one holds oneself."""
    held = settings.read(session, f"lease_{name}")
    if held is not None and held["holder"] == holder:
        ended = (now - timedelta(seconds=1)).isoformat()
        settings.write(session, f"lease_{name}", {"holder": holder, "until": ended})


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
