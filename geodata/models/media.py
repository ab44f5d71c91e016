from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from geodata.core.base import Base, Code, Instant, Key
from geodata.core.types import UTCDateTime


class Photo(Base):
    """A re-encoded picture without metadata, in the photo store under its own hash."""

    __tablename__ = "photo"

    id: Mapped[Key]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    width_px: Mapped[int]
    height_px: Mapped[int]
    bytes: Mapped[int]
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"), index=True)
    clearance_id: Mapped[int | None] = mapped_column(ForeignKey("clearance.id"), index=True)
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("patrol_visit.id"), index=True)
    poster_event_id: Mapped[int | None] = mapped_column(ForeignKey("poster_event.id"), index=True)
    state: Mapped[Code] = mapped_column(default="pending")
    added_at: Mapped[Instant]
    moderated_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    moderated_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class PhotoContent(Base):
    """The photo store: each picture once, under its hash.

    It is part of the database, so that a report and its photos go in with one commit, several
    hosts see the same photos, and one backup holds everything.
    """

    __tablename__ = "photo_content"

    id: Mapped[Key]
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    jpeg: Mapped[bytes] = mapped_column(LargeBinary)
    thumbnail: Mapped[bytes] = mapped_column(LargeBinary)
