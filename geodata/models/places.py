from datetime import date

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from geodata.base import Base, Code, Imported, Key, Line
from geodata.types import Geometry


class Place(Imported, Base):
    """A named location, ward or borough. Dated, since car parks close and wards are redrawn."""

    __tablename__ = "place"
    __table_args__ = (Index(None, "kind", "name"),)

    id: Mapped[Key]
    kind: Mapped[Code]
    name: Mapped[Line]
    code: Mapped[str | None] = mapped_column(String(40))
    geometry: Mapped[BaseGeometry] = mapped_column(Geometry())
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    land_type: Mapped[str | None] = mapped_column(String(40))
    owner: Mapped[str | None] = mapped_column(String(200))
    landmark: Mapped[str | None] = mapped_column(String(200))
    access: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
