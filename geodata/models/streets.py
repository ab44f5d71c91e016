from shapely.geometry.base import BaseGeometry
from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from geodata.base import Base, Imported, Key
from geodata.types import Geometry


class Street(Imported, Base):
    """A line that vehicles drive along, as OS Open Roads or OpenStreetMap has it.

    ``is_one_way`` holds in the direction of the line; None where the file does not say.
    """

    __tablename__ = "street"

    id: Mapped[Key]
    name: Mapped[str | None] = mapped_column(String(200))
    road_class: Mapped[str | None] = mapped_column(String(40))
    is_one_way: Mapped[bool | None]
    geometry: Mapped[BaseGeometry] = mapped_column(Geometry("LINESTRING"))
