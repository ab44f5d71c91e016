from datetime import date, datetime

from shapely.geometry.base import BaseGeometry
from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from geodata.core.base import Base, Code, Imported, Instant, Key
from geodata.core.types import Geometry, UTCDateTime


class Clearance(Imported, Base):
    """What the contractor did about an incident.

    ``device_at`` is what the crew's telephone or file says, ``recorded_at`` when we were told, and
    ``occurred_at`` which of them counts. A wrong entry is followed
    by a row that names it in ``replaces_id``; nothing is deleted.
    """

    __tablename__ = "clearance"
    __table_args__ = (
        Index(None, "incident_id", "occurred_at"),
        Index(
            "ix_clearance_replaces_id",
            "replaces_id",
            sqlite_where=text("replaces_id IS NOT NULL"),
            postgresql_where=text("replaces_id IS NOT NULL"),
        ),
    )

    id: Mapped[Key]
    idempotency_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    incident_id: Mapped[int | None] = mapped_column(ForeignKey("incident.id"))
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"), index=True)
    outcome: Mapped[Code]
    occurred_at: Mapped[Instant] = mapped_column(index=True)
    recorded_at: Mapped[Instant] = mapped_column(index=True)
    device_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    time_accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    time_accepted_by_id: Mapped[int | None]
    """The account of the officer who accepted it."""
    time_reason: Mapped[str | None] = mapped_column(Text)
    geometry: Mapped[BaseGeometry | None] = mapped_column(Geometry("POINT"))
    """Where the device was, or where the file says the work was done."""
    accuracy_m: Mapped[float | None]
    charger_band: Mapped[str | None] = mapped_column(String(40))
    chargers: Mapped[int | None]
    cylinders: Mapped[int | None]
    sacks: Mapped[int | None]
    weight_kg: Mapped[float | None]
    disposal: Mapped[str | None] = mapped_column(String(40))
    land_owner: Mapped[str | None] = mapped_column(String(200))
    no_photo_reason: Mapped[str | None] = mapped_column(String(200))
    note: Mapped[str | None] = mapped_column(Text)
    contractor: Mapped[str | None] = mapped_column(String(80))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("clearance.id"))
    voided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class ContractPeriod(Base):
    """Who clears, from when to when. Series break where the contractor changes."""

    __tablename__ = "contract_period"

    id: Mapped[Key]
    contractor: Mapped[str] = mapped_column(String(80))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    source: Mapped[str | None] = mapped_column(Text)
