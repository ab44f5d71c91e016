"""How old a backup may become: those that we made are deleted when their time is up."""

import logging
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from geodata.store import background

log = logging.getLogger(__name__)


def overdue(session: Session, *, now: datetime, days: int) -> list[Path]:
    """Backups older than so many days."""
    return [path for path, at in background.backups(session) if now - at > timedelta(days=days)]


def delete_old(session: Session, *, now: datetime, days: int) -> list[Path]:
    """Delete backups older than so many days; those that cannot be deleted are tried again."""
    gone = []
    for path in overdue(session, now=now, days=days):
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            log.warning("backup %s is too old and cannot be deleted: %s", path, error.strerror)
        else:
            gone.append(path)
    background.forget_backups(session, gone)
    return gone
