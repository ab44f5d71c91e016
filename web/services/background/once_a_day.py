"""What is done once in a London day, from an hour on."""

from datetime import datetime

from sqlalchemy.orm import Session

from geodata.rules.days import LONDON
from geodata.store import settings


def is_first(session: Session, name: str, now: datetime, *, from_hour: int) -> bool:
    """Whether this is the first tick of a London day from an hour on; marks it where it is."""
    if not is_due(session, name, now, from_hour=from_hour):
        return False
    settings.write(session, name, day_of(now))
    return True


def is_due(session: Session, name: str, now: datetime, *, from_hour: int) -> bool:
    """Whether it is late enough in a London day on which this was not done."""
    return now.astimezone(LONDON).hour >= from_hour and settings.read(session, name) != day_of(now)


def day_of(now: datetime) -> str:
    """The London day of an instant, as the store keeps it."""
    return now.astimezone(LONDON).date().isoformat()
