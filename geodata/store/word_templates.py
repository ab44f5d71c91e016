"""The council's Word template: the newest holds, and those before it stay on record."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.models import WordTemplate


@dataclass(frozen=True)
class Template:
    """A Word file as it was sent."""

    name: str
    content: bytes
    taken_at: datetime


def save(
    session: Session, name: str, content: bytes, *, user_id: int | None, now: datetime
) -> None:
    """From now on this one holds; without content, the plain layout does."""
    session.add(WordTemplate(name=name, content=content, taken_at=now, taken_by_id=user_id))
    session.flush()


def current(session: Session) -> Template | None:
    """The one that holds; None for the plain layout."""
    newest = select(WordTemplate).order_by(WordTemplate.id.desc()).limit(1)
    row = session.scalar(newest)
    return Template(row.name, row.content, row.taken_at) if row and row.content else None


def content(session: Session) -> bytes | None:
    """Of the one that holds."""
    held = current(session)
    return held.content if held else None
