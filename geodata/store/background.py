"""When background work was last done, and with what trouble: for the pages that watch it."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from geodata.store import settings

TICKED, WATCHED, BACKED_UP = "ticks", "background_watched_since", "backups_made"
TICKS_KEPT = 20
"""Ticks that had trouble, or did something, are kept up to so many; the last one always."""


@dataclass(frozen=True)
class TickRecord:
    """One tick.

    Attributes
    ----------
    ended_at
        UTC.
    done
        What it did, by name, where it was anything.
    problems
        A sentence for each thing that it could not do.
    """

    ended_at: datetime
    done: dict[str, int]
    problems: tuple[str, ...] = ()

    @property
    def is_quiet(self) -> bool:
        return not self.done and not self.problems


def record_tick(session: Session, tick: TickRecord) -> None:
    """Keep a tick; a quiet one takes the place of the quiet one before it."""
    if settings.read(session, WATCHED) is None:
        settings.write(session, WATCHED, tick.ended_at.isoformat())
    kept: list[dict[str, Any]] = settings.read(session, TICKED, [])
    if kept and _tick(kept[-1]).is_quiet:
        kept = kept[:-1]
    written = asdict(tick) | {"ended_at": tick.ended_at.isoformat()}
    settings.write(session, TICKED, [*kept, written][-TICKS_KEPT:])


def ticks(session: Session) -> list[TickRecord]:
    """Ticks that are kept, the newest first."""
    return [_tick(row) for row in reversed(settings.read(session, TICKED, []))]


def watched_since(session: Session) -> datetime | None:
    """When the first tick ended: what was never done is not late before it could be."""
    at = settings.read(session, WATCHED)
    return None if at is None else datetime.fromisoformat(at)


def record_backup(session: Session, path: Path, at: datetime) -> None:
    """A copy of the store was made and read back: it is deleted in time."""
    _keep_backups(session, [*backups(session), (path.resolve(), at)])


def forget_backups(session: Session, gone: Collection[Path]) -> None:
    """These are no more."""
    _keep_backups(session, [(path, at) for path, at in backups(session) if path not in gone])


def backups(session: Session) -> list[tuple[Path, datetime]]:
    """Copies by ``hotspots backup`` that are not known to be gone, the oldest first."""
    rows = settings.read(session, BACKED_UP, [])
    known = [(Path(row["path"]), datetime.fromisoformat(row["at"])) for row in rows]
    return sorted(known, key=lambda row: row[1])


def last_backup(session: Session) -> datetime | None:
    """When the store was last copied by ``hotspots backup``."""
    return max((at for _, at in backups(session)), default=None)


def _keep_backups(session: Session, kept: Iterable[tuple[Path, datetime]]) -> None:
    rows = [{"path": str(path), "at": at.isoformat()} for path, at in kept]
    settings.write(session, BACKED_UP, rows or None)


def _tick(row: dict[str, Any]) -> TickRecord:
    at = datetime.fromisoformat(row["ended_at"])
    return TickRecord(at, dict(row["done"]), tuple(row["problems"]))
