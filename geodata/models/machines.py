from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from geodata.core.base import Base, Instant, Key, Line
from geodata.core.types import Document, UTCDateTime


class ApiKey(Base):
    """What another system proves itself by. It ends by its day or is revoked; no row is deleted."""

    __tablename__ = "api_key"

    id: Mapped[Key]
    name: Mapped[Line]
    """Which system holds it, such as "FixMyStreet"."""
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the key, which was shown once and is kept nowhere."""
    scopes: Mapped[list[str]] = mapped_column(Document)
    """What it opens, such as ``reports:write``."""
    contractor: Mapped[str | None] = mapped_column(String(80))
    """Whose jobs it opens, where its scopes speak of jobs."""
    per_minute: Mapped[int]
    """How many requests it may make in a minute."""
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    """The account that made it."""
    ends_at: Mapped[Instant]
    last_used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """To within ten minutes."""
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class MachineUpdate(Base):
    """What another system told of one of our reports: the same update told twice is taken once."""

    __tablename__ = "machine_update"
    __table_args__ = (Index(None, "key_id", "external_ref", unique=True),)

    id: Mapped[Key]
    key_id: Mapped[int] = mapped_column(ForeignKey("api_key.id"))
    """The key with which it was told."""
    external_ref: Mapped[str] = mapped_column(String(100))
    """The update's own reference in that system."""
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    """The report that it speaks of."""
    status: Mapped[str] = mapped_column(String(40))
    """As that system wrote it."""
    recorded_at: Mapped[Instant]
