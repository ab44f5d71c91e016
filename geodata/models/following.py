import hashlib
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, validates

from geodata.core.base import Base, Code, Instant, Key
from geodata.core.sealed_columns import BlindIndex, Sealed
from geodata.core.types import UTCDateTime


class Follower(Base):
    """Somebody who asked for the published figures of a ward by mail; deleted when they stop."""

    __tablename__ = "follower"

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(Sealed("follower.email"))
    """Where the mails go."""
    email_index: Mapped[str | None] = mapped_column(BlindIndex("email"), index=True)
    """Finds the rows of an address without telling it; follows ``email`` by itself."""
    token: Mapped[str] = mapped_column(Sealed("follower.token"))
    """The key in the links of their mails, which confirm and stop them."""
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256, by which such a link is found; follows ``token`` by itself."""
    ward_id: Mapped[int] = mapped_column(ForeignKey("place.id"), index=True)
    """The ward that is followed; of a spot, the one it lies in, and no more is kept."""
    created_at: Mapped[Instant]
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    """When they followed the link of the first mail; until then nothing else is sent."""
    newest_release: Mapped[str] = mapped_column("told", String(40))
    """The newest month and year of which they were told, or which was out when they asked."""
    ends_at: Mapped[Instant]
    """From then on they hear nothing more and the row goes, unless they ask again."""

    @validates("email")
    def _index_email(self, _: str, email: str) -> str:
        self.email_index = email
        return email

    @validates("token")
    def _hash_token(self, _: str, token: str) -> str:
        self.token_hash = hashlib.sha256(token.encode()).hexdigest()
        return token


class AlertRule(Base):
    """What an officer wants to hear of, and where: by mail, or in a channel of their team."""

    __tablename__ = "alert_rule"

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    what: Mapped[Code]
    """A new hotspot, or overdue work."""
    ward_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    """Only there; empty: in the whole borough."""
    system_id: Mapped[int | None] = mapped_column(ForeignKey("remote_system.id"))
    """The channel that is told; empty: the officer's own mail address."""
    created_at: Mapped[Instant]
