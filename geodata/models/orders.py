from datetime import date
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from geodata.base import Base, Code, Imported, Key, Line
from geodata.types import Document, Geometry


class Order(Base):
    """A public spaces protection order (PSPO): what its versions have in common."""

    __tablename__ = "order"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(200), unique=True)
    note: Mapped[str | None] = mapped_column(Text)
    versions: Mapped[list["OrderVersion"]] = relationship(
        back_populates="order", order_by="OrderVersion.number"
    )


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
    order: Mapped[Order] = relationship(back_populates="versions")
    prohibitions: Mapped[list["Prohibition"]] = relationship(order_by="Prohibition.code")


class Prohibition(Base):
    """One thing that a version of an order forbids."""

    __tablename__ = "prohibition"

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("order_version.id"), index=True)
    code: Mapped[Code]
    text: Mapped[str] = mapped_column(Text)


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
