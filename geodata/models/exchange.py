from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from geodata.core.base import Base, Code, Instant, Key, Line
from geodata.core.sealed_columns import Sealed
from geodata.core.types import Document, UTCDateTime


class RemoteSystem(Base):
    """A system of somebody else's that this site calls: it pushes there, or asks there.

    Switched off, it stays as a record.
    """

    __tablename__ = "remote_system"

    id: Mapped[Key]
    name: Mapped[Line]
    """What officers call it, such as "Whitespace"."""
    kind: Mapped[Code]
    """What is exchanged: jobs, a channel's messages, or Open311 requests."""
    url: Mapped[str] = mapped_column(Sealed("remote_system.url"))
    """Where it is called; the address of a channel is a key by itself."""
    secret: Mapped[str] = mapped_column(Sealed("remote_system.secret"))
    """What pushes are signed by, or the key that it gave us."""
    old_secret: Mapped[str | None] = mapped_column(Sealed("remote_system.old_secret"))
    """What pushes are signed by besides, while it learns the new one; empty: no longer."""
    old_secret_ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """From when on the old secret signs nothing, and is deleted."""
    contractor: Mapped[str | None] = mapped_column(String(80))
    """Whose jobs are pushed; empty: a council that keeps no contracts."""
    terms: Mapped[dict[str, Any]] = mapped_column(Document)
    """Of Open311: jurisdiction, which service codes are canisters, whether states go back."""
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    switched_off_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """From when on it is not called; empty: it is."""
    asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it was last asked for requests."""
    asked_to: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Up to which of its own times all requests are in."""
    problem: Mapped[str | None] = mapped_column(Sealed("remote_system.problem"))
    """Why it could not be asked the last time; empty: it could."""
    tried_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When something was last pushed to it, taken or not."""
    failing_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Of what is pushed: since when it answers nothing, or that it cannot; empty: it answers."""
    failures: Mapped[int] = mapped_column(default=0)
    """How many tries in a row came to that."""
    next_try_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Until when it is left alone for that; empty: it is not."""
    push_problem: Mapped[str | None] = mapped_column(Sealed("remote_system.push_problem"))
    """What the last of those tries came to."""


class RemoteRequest(Base):
    """A request of another system that was taken in: the same is taken once, whoever asks."""

    __tablename__ = "remote_request"
    __table_args__ = (Index(None, "system_id", "external_ref", unique=True),)

    id: Mapped[Key]
    system_id: Mapped[int] = mapped_column(ForeignKey("remote_system.id"))
    external_ref: Mapped[str] = mapped_column(String(100))
    """Its reference in that system."""
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"), index=True)
    """The report that it became; empty: none, for the reason given."""
    refused: Mapped[str | None] = mapped_column(String(300))
    """Why it became none, without what its reporter wrote."""
    status: Mapped[Code]
    """As that system last told it: open or closed."""
    taken_at: Mapped[Instant]
    """When it was taken in here, or refused."""
