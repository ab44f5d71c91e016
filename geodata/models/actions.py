from datetime import date
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from geodata.base import Base, Code, Imported, Instant, Key, Line
from geodata.types import Document, Geometry


class EnforcementAction(Imported, Base):
    """A penalty notice or another step of enforcement. Never an identity: only a reference.

    Amounts and deadlines are those of the date of issue and stay so; the status is the last of
    its events.
    """

    __tablename__ = "enforcement_action"

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    idempotency_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    kind: Mapped[Code]
    offence_code: Mapped[str | None] = mapped_column(String(40))
    offence_at: Mapped[Instant] = mapped_column(index=True)
    geometry: Mapped[BaseGeometry] = mapped_column(Geometry("POINT"))
    accuracy_m: Mapped[float | None]
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)
    landmark: Mapped[str | None] = mapped_column(String(200))
    incident_id: Mapped[int | None] = mapped_column(ForeignKey("incident.id"), index=True)
    order_version_id: Mapped[int | None] = mapped_column(ForeignKey("order_version.id"))
    prohibition_id: Mapped[int | None] = mapped_column(ForeignKey("prohibition.id"))
    issuer_id: Mapped[int | None] = mapped_column(ForeignKey("issuer.id"))
    age_band: Mapped[Code]
    recipient_ref: Mapped[str | None] = mapped_column(String(40), index=True)
    act_ref: Mapped[str | None] = mapped_column(String(40), index=True)
    """Shared by all that was done about one act, which may go down one route only."""
    earlier_action_id: Mapped[int | None] = mapped_column(ForeignKey("enforcement_action.id"))
    issued_on: Mapped[date | None]
    given_on: Mapped[date | None]
    amount_pence: Mapped[int | None]
    discount_pence: Mapped[int | None]
    discount_days: Mapped[int | None]
    is_nitrous_oxide: Mapped[bool] = mapped_column(default=True)
    note: Mapped[str | None] = mapped_column(Text)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class ActionEvent(Base):
    """One step in the life of a notice: who, when, why. Append-only."""

    __tablename__ = "action_event"
    __table_args__ = (Index(None, "action_id", "at"),)

    id: Mapped[Key]
    action_id: Mapped[int] = mapped_column(ForeignKey("enforcement_action.id"))
    state: Mapped[Code]
    at: Mapped[Instant]
    recorded_at: Mapped[Instant]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reason: Mapped[str | None] = mapped_column(Text)
    details: Mapped[dict[str, Any] | None] = mapped_column(Document)


class Issuer(Base):
    """A person or employer who may be authorised to issue notices, under a badge, not a name."""

    __tablename__ = "issuer"

    id: Mapped[Key]
    badge: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[Code]
    employer: Mapped[Line]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), unique=True)


class Authorisation(Base):
    """A written authority for one power, from a day to a day."""

    __tablename__ = "authorisation"

    id: Mapped[Key]
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"), index=True)
    power: Mapped[Code]
    instrument: Mapped[Line]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
