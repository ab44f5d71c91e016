from datetime import date, datetime
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from geodata.core.base import Base, Code, Instant, Key, Line
from geodata.core.types import Document, Geometry, UTCDateTime


class DetectionRun(Base):
    """One execution: what it was asked, on which data, by which version, and when."""

    __tablename__ = "detection_run"

    id: Mapped[Key]
    as_of: Mapped[Instant] = mapped_column(index=True)
    run_at: Mapped[Instant]
    params: Mapped[dict[str, Any]] = mapped_column(Document)
    data_fingerprint: Mapped[str] = mapped_column(String(64))
    code_version: Mapped[str] = mapped_column(String(40))
    incidents: Mapped[int]
    summary: Mapped[dict[str, Any]] = mapped_column(Document)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class HotspotIdentity(Base):
    """A hotspot through time: its name and history, kept while outlines move."""

    __tablename__ = "hotspot_identity"

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[Line]
    is_named_by_hand: Mapped[bool] = mapped_column(default=False)
    first_seen_on: Mapped[date]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    review_on: Mapped[date | None]
    sara: Mapped[dict[str, Any] | None] = mapped_column(Document)
    dismissed_until: Mapped[date | None]
    dismissed_reason: Mapped[str | None] = mapped_column(Text)


class Hotspot(Base):
    """What one run flagged at one place, with its evidence."""

    __tablename__ = "hotspot"
    __table_args__ = (Index(None, "run_id", "rank"),)

    id: Mapped[Key]
    run_id: Mapped[int] = mapped_column(ForeignKey("detection_run.id"))
    identity_id: Mapped[int] = mapped_column(ForeignKey("hotspot_identity.id"), index=True)
    rank: Mapped[int]
    geometry: Mapped[BaseGeometry] = mapped_column(Geometry())
    centre_x: Mapped[float]
    centre_y: Mapped[float]
    radius_m: Mapped[float]
    area_m2: Mapped[float]
    incidents: Mapped[int]
    reports: Mapped[int]
    nights: Mapped[int]
    expected: Mapped[float]
    p_value: Mapped[float]
    q_value: Mapped[float]
    hotspot_class: Mapped[str | None] = mapped_column(String(20))
    last_incident_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(Text)
    suspicion: Mapped[str | None] = mapped_column(Text)
    evidence: Mapped[dict[str, Any]] = mapped_column(Document)


class RunGrid(Base):
    """Figures of a run cell by cell, for its map: reckoned once, when the run is saved."""

    __tablename__ = "run_grid"
    __table_args__ = (Index(None, "run_id", "name", unique=True),)

    id: Mapped[Key]
    run_id: Mapped[int] = mapped_column(ForeignKey("detection_run.id"))
    name: Mapped[Code]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    """JSON, compressed (zlib): ``size_m``, and of each cell ``x``, ``y`` and its figures."""


class HotspotIncident(Base):
    """Which incidents a run counted into a hotspot: what identity is matched by."""

    __tablename__ = "hotspot_incident"
    __table_args__ = (Index(None, "hotspot_id", "incident_id", unique=True),)

    id: Mapped[Key]
    hotspot_id: Mapped[int] = mapped_column(ForeignKey("hotspot.id"))
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), index=True)


class HotspotSuccession(Base):
    """A hotspot that split off another or was merged into it, at one run."""

    __tablename__ = "hotspot_succession"

    id: Mapped[Key]
    run_id: Mapped[int] = mapped_column(ForeignKey("detection_run.id"), index=True)
    kind: Mapped[Code]
    from_identity_id: Mapped[int] = mapped_column(ForeignKey("hotspot_identity.id"), index=True)
    to_identity_id: Mapped[int] = mapped_column(ForeignKey("hotspot_identity.id"), index=True)


class HotspotNote(Base):
    """What an officer wrote about a hotspot."""

    __tablename__ = "hotspot_note"

    id: Mapped[Key]
    identity_id: Mapped[int] = mapped_column(ForeignKey("hotspot_identity.id"), index=True)
    at: Mapped[Instant]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    text: Mapped[str] = mapped_column(Text)


class HotspotWatch(Base):
    """A user who is mailed when this hotspot changes."""

    __tablename__ = "hotspot_watch"
    __table_args__ = (Index(None, "identity_id", "user_id", unique=True),)

    id: Mapped[Key]
    identity_id: Mapped[int] = mapped_column(ForeignKey("hotspot_identity.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
