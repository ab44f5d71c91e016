from datetime import datetime
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from geodata.core.base import Base, Instant, Key, Line
from geodata.core.types import Document, Geometry, UTCDateTime


class PatrolPlan(Base):
    """A planned route for a shift. With its seed and parameters it can be made again."""

    __tablename__ = "patrol_plan"

    id: Mapped[Key]
    starts_at: Mapped[Instant] = mapped_column(index=True)
    ends_at: Mapped[Instant]
    seed: Mapped[int]
    params: Mapped[dict[str, Any]] = mapped_column(Document)
    coverage: Mapped[dict[str, Any]] = mapped_column(Document)
    made_at: Mapped[Instant]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class PatrolStop(Base):
    """A planned halt of one team, with its window, dwell and tasks."""

    __tablename__ = "patrol_stop"
    __table_args__ = (Index(None, "plan_id", "team", "position"),)

    id: Mapped[Key]
    plan_id: Mapped[int] = mapped_column(ForeignKey("patrol_plan.id"))
    team: Mapped[int]
    position: Mapped[int]
    identity_id: Mapped[int | None] = mapped_column(ForeignKey("hotspot_identity.id"))
    name: Mapped[Line]
    geometry: Mapped[BaseGeometry] = mapped_column(Geometry("POINT"))
    arrives_at: Mapped[Instant]
    leaves_at: Mapped[Instant]
    reason: Mapped[str] = mapped_column(Text)
    tasks: Mapped[list[str]] = mapped_column(Document)


class PatrolVisit(Base):
    """What happened at a stop, or at a place that was not planned."""

    __tablename__ = "patrol_visit"

    id: Mapped[Key]
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("patrol_plan.id"), index=True)
    stop_id: Mapped[int | None] = mapped_column(ForeignKey("patrol_stop.id"), index=True)
    geometry: Mapped[BaseGeometry | None] = mapped_column(Geometry("POINT"))
    arrived_at: Mapped[Instant]
    recorded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    canisters_seen: Mapped[bool | None]
    chargers: Mapped[int | None]
    cylinders: Mapped[int | None]
    people_spoken_to: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(Text)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
