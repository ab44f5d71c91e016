from datetime import date, datetime
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from geodata.core.base import Base, Code, Imported, Instant, Key, Line
from geodata.core.types import Document, Geometry, UTCDateTime


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
    conduct: Mapped[str | None] = mapped_column(String(40))
    """What a community protection warning or notice is about."""
    act_ref: Mapped[str | None] = mapped_column(String(40), index=True)
    """Shared by all that was done about one act, which may go down one route only."""
    earlier_action_id: Mapped[int | None] = mapped_column(ForeignKey("enforcement_action.id"))
    issued_on: Mapped[date | None]
    given_on: Mapped[date | None]
    """Said once: with the notice, or later of one that was written first."""
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


class ActionEvidence(Base):
    """On what an action rests. Append-only: a correction is a new row, and the newest holds."""

    __tablename__ = "action_evidence"

    id: Mapped[Key]
    action_id: Mapped[int] = mapped_column(ForeignKey("enforcement_action.id"), index=True)
    grounds: Mapped[str] = mapped_column(Text)
    pick_up: Mapped[Code]
    """Whether a chance to pick it up was given."""
    pick_up_reason: Mapped[str | None] = mapped_column(String(200))
    recording: Mapped[Code]
    recording_ref: Mapped[str | None] = mapped_column(String(80))
    weed_on: Mapped[date | None]
    """The day by which the recording must be gone."""
    weeded_on: Mapped[date | None]
    reason: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[Instant]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class CctvRequest(Base):
    """A request for footage: which camera, when, why, what came of it. Never the footage."""

    __tablename__ = "cctv_request"

    id: Mapped[Key]
    camera_ref: Mapped[str] = mapped_column(String(40))
    begins_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    purpose: Mapped[str] = mapped_column(String(500))
    requested_on: Mapped[date]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    action_id: Mapped[int | None] = mapped_column(ForeignKey("enforcement_action.id"), index=True)
    outcome: Mapped[Code]
    export_ref: Mapped[str | None] = mapped_column(String(80))
    delete_by: Mapped[date | None]
    deleted_on: Mapped[date | None]


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


class Order(Base):
    """A public spaces protection order (PSPO): what its versions have in common."""

    __tablename__ = "order"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(200), unique=True)
    note: Mapped[str | None] = mapped_column(Text)
    versions: Mapped[list["OrderVersion"]] = relationship(
        primaryjoin="and_(Order.id == OrderVersion.order_id, OrderVersion.withdrawn_at.is_(None))",
        back_populates="order",
        order_by="OrderVersion.number",
    )
    """Those that stand: one that was taken back is found by its own key alone."""


class OrderVersion(Imported, Base):
    """An order as made, extended, varied or discharged: its restricted area and its dates."""

    __tablename__ = "order_version"
    __table_args__ = (UniqueConstraint("order_id", "number"),)

    id: Mapped[Key]
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id"))
    number: Mapped[int]
    change: Mapped[Code]
    geometry: Mapped[BaseGeometry] = mapped_column(Geometry("MULTIPOLYGON"))
    made_on: Mapped[date | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    penalty_pence: Mapped[int | None]
    document: Mapped[str | None] = mapped_column(String(500))
    source: Mapped[str | None] = mapped_column(Text)
    is_verified: Mapped[bool] = mapped_column(default=False)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it was taken back as a mistake; None while it stands."""
    order: Mapped[Order] = relationship(back_populates="versions")
    prohibitions: Mapped[list["Prohibition"]] = relationship(order_by="Prohibition.code")


class Prohibition(Base):
    """One thing that a version of an order forbids."""

    __tablename__ = "prohibition"

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("order_version.id"), index=True)
    code: Mapped[Code]
    text: Mapped[str] = mapped_column(Text)
    limits: Mapped[dict[str, Any] | None] = mapped_column(Document)
    """When, on which days and to whom it applies; None: always, to everybody."""


class OrderTask(Base):
    """Something the law wants done about an order by a date: publish, consult, put up signs."""

    __tablename__ = "order_task"

    id: Mapped[Key]
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id"), index=True)
    kind: Mapped[Code]
    title: Mapped[Line]
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]
    details: Mapped[dict[str, Any] | None] = mapped_column(Document)
