"""When background work was last done, and with what trouble: for the pages that watch it."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from geodata.store import settings

TICKED, WATCHED, BACKED_UP = "ticks", "background_watched_since", "backed_up"
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


def record_backup(session: Session, at: datetime) -> None:
    """A copy of the store was made, and read back."""
    settings.write(session, BACKED_UP, at.isoformat())


def last_backup(session: Session) -> datetime | None:
    """When the store was last copied by ``hotspots backup``."""
    at = settings.read(session, BACKED_UP)
    return None if at is None else datetime.fromisoformat(at)


def _tick(row: dict[str, Any]) -> TickRecord:
    at = datetime.fromisoformat(row["ended_at"])
    return TickRecord(at, dict(row["done"]), tuple(row["problems"]))
