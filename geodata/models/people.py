from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column, validates

from geodata.core.base import Base, Code, Instant, Key
from geodata.core.sealed_columns import BlindIndex, Sealed
from geodata.core.types import Document, UTCDateTime


class User(Base):
    """Somebody who signs in. ``may_read_enforcement`` is a permission of its own, by no role."""

    __tablename__ = "user"
    __table_args__ = (Index(None, "sso_issuer", "sso_subject", unique=True),)

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(80), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    """Argon2, sealed by the site's key; empty where none was ever chosen, which none matches."""
    session_token: Mapped[str] = mapped_column(String(64))
    """Changed with the password and with rights: links to calendars hold a part of it."""
    role: Mapped[Code]
    email: Mapped[str | None] = mapped_column(Sealed("user.email"))
    email_index: Mapped[str | None] = mapped_column(BlindIndex("email"), index=True)
    """Finds the account of a mail address without telling it; follows ``email`` by itself."""
    employer: Mapped[str | None] = mapped_column(String(200))
    may_read_enforcement: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[Instant]
    last_sign_in_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    second_factor_salt: Mapped[str | None] = mapped_column(String(64))
    """The secret of the codes is reckoned from it and the site's secret key; empty: none set up."""
    second_factor_step: Mapped[int | None]
    """The half minute of the last code that was taken: no code counts twice."""
    sso_issuer: Mapped[str | None] = mapped_column(String(300))
    sso_subject: Mapped[str | None] = mapped_column(String(255))

    @validates("email")
    def _index_email(self, _: str, email: str | None) -> str | None:
        self.email_index = email
        return email


class UserSession(Base):
    """One browser that is signed in, or half way there; the row ends when the session does."""

    __tablename__ = "user_session"

    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    stage: Mapped[Code]
    method: Mapped[Code]
    device: Mapped[str] = mapped_column(String(80))
    begun_at: Mapped[Instant]
    last_used_at: Mapped[Instant] = mapped_column(index=True)


class Invitation(Base):
    """A link with which an account's holder chooses a password, once."""

    __tablename__ = "invitation"

    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[Instant]
    ends_at: Mapped[Instant]


class RecoveryCode(Base):
    """A code that stands in once for the second factor; the row ends when it is used."""

    __tablename__ = "recovery_code"

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))


class SignInTry(Base):
    """Failures to sign in, by a keyed hash of who tried from where; nothing that was typed."""

    __tablename__ = "sign_in_try"

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(64), unique=True)
    failures: Mapped[int]
    last_at: Mapped[Instant] = mapped_column(index=True)


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
    """A mail, a text message, or a call of another system, that a transaction decided on; sent once
    by the tick."""

    __tablename__ = "outbox_message"
    __table_args__ = (Index(None, "sent_at", "next_attempt_at"),)

    id: Mapped[Key]
    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[Code]
    recipient: Mapped[str] = mapped_column(Sealed("outbox_message.recipient"))
    subject: Mapped[str] = mapped_column(Sealed("outbox_message.subject"))
    body: Mapped[str] = mapped_column(Sealed("outbox_message.body"))
    stop_address: Mapped[str | None] = mapped_column(Sealed("outbox_message.stop_address"))
    """Where its reader stops such mails; None where they cannot."""
    system_id: Mapped[int | None] = mapped_column(index=True)
    """Key of the `remote_system` that is called; empty: it is a mail or a text message."""
    is_text: Mapped[bool] = mapped_column(default=False, server_default=false())
    """A text message: its recipient is a mobile number, and it has no subject."""
    created_at: Mapped[Instant]
    next_attempt_at: Mapped[Instant]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    abandoned_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_error: Mapped[str | None] = mapped_column(Sealed("outbox_message.last_error"))
    """What the mail server said, which may name the recipient."""
