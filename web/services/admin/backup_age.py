"""How old a backup may become: those that we made are deleted when their time is up."""

import logging
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from geodata.store import settings

BACKUPS = "backups_made"
"""Setting: path and moment of each copy that is not known to be gone."""
log = logging.getLogger(__name__)


def note(session: Session, path: Path, *, now: datetime) -> None:
    """Remember a backup, so that it is deleted in time."""
    made = settings.read(session, BACKUPS, [])
    settings.write(session, BACKUPS, [*made, {"path": str(path.resolve()), "at": now.isoformat()}])


def made(session: Session) -> list[tuple[Path, datetime]]:
    """Backups that are not known to be gone, the oldest first."""
    known = settings.read(session, BACKUPS, [])
    rows = [(Path(row["path"]), datetime.fromisoformat(row["at"])) for row in known]
    return sorted(rows, key=lambda row: row[1])


def overdue(session: Session, *, now: datetime, days: int) -> list[Path]:
    """Backups older than so many days."""
    return [path for path, at in made(session) if now - at > timedelta(days=days)]


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
    left = [{"path": str(p), "at": at.isoformat()} for p, at in made(session) if p not in gone]
    settings.write(session, BACKUPS, left or None)
    return gone
