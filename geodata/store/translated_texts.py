"""What speakers said of the pages' translations: the newest of each text counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geodata.core.types import UTCDateTime
from geodata.models import TranslatedText, User


@dataclass(frozen=True)
class Said:
    """A text as a speaker left it.

    Attributes
    ----------
    source
        The English text.
    texts
        The translation, several where the language has forms for numbers.
    by
        Who said so, or who sent the link by which a speaker did (``by_link``); None: deleted.
    """

    source: str
    texts: tuple[str, ...]
    is_approved: bool
    made_at: datetime
    by: str | None
    by_link: bool


def version(session: Session, language: str) -> str:
    """Changes with every change; empty where there was none."""
    query = select(
        func.max(TranslatedText.id), func.max(TranslatedText.made_at, type_=UTCDateTime())
    )
    key, at = session.execute(query.where(TranslatedText.language == language)).one()
    return f"{key}-{at.timestamp():.6f}" if key else ""


def newest(session: Session, language: str) -> dict[str, Said]:
    """What counts, by English text."""
    rows = history(session, language)
    return {entry.source: entry for entry in reversed(rows)}


def history(session: Session, language: str, limit: int | None = None) -> list[Said]:
    """Every change, newest first."""
    query = (
        select(TranslatedText, User.name)
        .join(User, User.id == TranslatedText.user_id, isouter=True)
        .where(TranslatedText.language == language)
        .order_by(TranslatedText.id.desc())
        .limit(limit)
    )
    return [
        Said(row.source, tuple(row.texts), row.is_approved, row.made_at, name, row.by_link)
        for row, name in session.execute(query)
    ]


def add(
    session: Session,
    language: str,
    source: str,
    texts: Sequence[str],
    *,
    is_approved: bool,
    by_link: bool,
    user_id: int | None,
    now: datetime,
) -> int:
    """Put a text in the place of what was said before; the key of the new row."""
    row = TranslatedText(
        language=language,
        source=source,
        texts=list(texts),
        is_approved=is_approved,
        by_link=by_link,
        user_id=user_id,
        made_at=now,
    )
    session.add(row)
    session.flush()
    return row.id
