from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from geodata.core.base import Base, Code, Instant, Key
from geodata.core.types import UTCDateTime


class LegalHold(Base):
    """What must not be deleted, because a case needs it. Ended by a date, never deleted."""

    __tablename__ = "legal_hold"

    id: Mapped[Key]
    subject_kind: Mapped[Code]
    """``report`` or ``incident``, by its reference; ``person``, by an address or number."""
    subject: Mapped[str] = mapped_column(String(254), index=True)
    """The reference; of a person the hash alone."""
    reason: Mapped[str] = mapped_column(Text)
    placed_at: Mapped[Instant]
    placed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    until: Mapped[date]
    released_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    release_reason: Mapped[str | None] = mapped_column(Text)
