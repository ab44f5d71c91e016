from datetime import datetime
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from geodata.core.base import Base, Code, Instant, Key
from geodata.core.types import Document, Geometry, UTCDateTime


class Incident(Base):
    """One physical dump: the reports that speak of it, from the first to its outcome.

    What its events and reports add up to is kept beside them here (state, counts, due time), so
    that a worklist is one indexed query; ``geodata.incidents`` is the only writer.
    """

    __tablename__ = "incident"
    __table_args__ = (
        Index(None, "state", "due_at"),
        Index(None, "state", "last_reported_at"),
        Index(None, "ward_id", "last_reported_at"),
        # Only what was merged: nearly all of the record was not, and SQLite took this index for it.
        Index(
            "ix_incident_merged_into_id",
            "merged_into_id",
            sqlite_where=text("merged_into_id IS NOT NULL"),
            postgresql_where=text("merged_into_id IS NOT NULL"),
        ),
        Index(
            "ix_incident_batch_id",
            "batch_id",
            sqlite_where=text("batch_id IS NOT NULL"),
            postgresql_where=text("batch_id IS NOT NULL"),
        ),
    )

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(40), unique=True)
    """The reference of its first report: stable whatever the order in which rows arrive."""
    geometry: Mapped[BaseGeometry] = mapped_column(Geometry("POINT"))
    first_reported_at: Mapped[Instant] = mapped_column(index=True)
    last_reported_at: Mapped[Instant] = mapped_column(index=True)
    first_public_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    """When the public first told the council: the clock starts here, and only here."""
    reports: Mapped[int]
    proactive_reports: Mapped[int] = mapped_column(default=0)
    chargers: Mapped[int | None]
    cylinders: Mapped[int | None]
    has_needles: Mapped[bool] = mapped_column(default=False)
    has_glass: Mapped[bool] = mapped_column(default=False)
    is_leaking: Mapped[bool] = mapped_column(default=False)
    from_vehicle: Mapped[bool | None]
    first_seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_clean_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    state: Mapped[Code]
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    due_rule: Mapped[str | None] = mapped_column(String(80))
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    ward_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)
    landmark: Mapped[str | None] = mapped_column(String(200))
    contractor: Mapped[str | None] = mapped_column(String(80))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("incident.id"))
    batch_id: Mapped[int | None]
    """The import, loaded in pieces, whose reports opened it."""


class IncidentEvent(Base):
    """What happened to an incident. Append-only: a correction is a new event."""

    __tablename__ = "incident_event"
    __table_args__ = (Index(None, "incident_id", "at"),)

    id: Mapped[Key]
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"))
    kind: Mapped[Code]
    at: Mapped[Instant]
    recorded_at: Mapped[Instant] = mapped_column(index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reason: Mapped[str | None] = mapped_column(Text)
    details: Mapped[dict[str, Any] | None] = mapped_column(Document)
