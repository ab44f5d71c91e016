from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from geodata.core.base import Base, Code, Instant, Key, Line
from geodata.core.types import Document, UTCDateTime


class User(Base):
    """Somebody who signs in. ``may_read_enforcement`` is a permission of its own, by no role."""

    __tablename__ = "user"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(80), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    session_token: Mapped[str] = mapped_column(String(64))
    """Changed with the password, so that a changed password ends every other session."""
    role: Mapped[Code]
    email: Mapped[str | None] = mapped_column(String(254))
    employer: Mapped[str | None] = mapped_column(String(200))
    may_read_enforcement: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[Instant]
    failed_logins: Mapped[int] = mapped_column(default=0)
    last_failed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class AuditEntry(Base):
    """Who read or changed what, and what it was before. The store refuses to alter these rows."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "entity", "entity_id"),)

    id: Mapped[Key]
    at: Mapped[Instant] = mapped_column(index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    act: Mapped[Code]
    entity: Mapped[Code]
    entity_id: Mapped[int | None]
    before: Mapped[dict[str, Any] | None] = mapped_column(Document)
    after: Mapped[dict[str, Any] | None] = mapped_column(Document)
    reason: Mapped[str | None] = mapped_column(Text)


class OutboxMessage(Base):
    """A mail that a transaction decided on; ``hotspots tick`` sends it, once."""

    __tablename__ = "outbox_message"
    __table_args__ = (Index(None, "sent_at", "next_attempt_at"),)

    id: Mapped[Key]
    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[Code]
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[Line]
    body: Mapped[str] = mapped_column(Text)
    stop_address: Mapped[str | None] = mapped_column(String(300))
    """Where its reader stops such mails; None where they cannot."""
    created_at: Mapped[Instant]
    next_attempt_at: Mapped[Instant]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    abandoned_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_error: Mapped[str | None] = mapped_column(Text)
