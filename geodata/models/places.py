from datetime import date

from shapely.geometry.base import BaseGeometry
from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from geodata.core.base import Base, Code, Imported, Key, Line
from geodata.core.types import Geometry


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


class GazetteerEntry(Imported, Base):
    """A postcode or name to find a place by, from the council's OS Open data files."""

    __tablename__ = "gazetteer_entry"
    __table_args__ = (Index(None, "kind", "search_name"),)

    id: Mapped[Key]
    kind: Mapped[Code]
    name: Mapped[Line]
    search_name: Mapped[Line]
    """Lower case without spaces or punctuation for postcodes; lower case for names."""
    district: Mapped[str | None] = mapped_column(String(100))
    geometry: Mapped[BaseGeometry] = mapped_column(Geometry("POINT"))


class GazetteerWord(Base):
    """One word of an entry's name or district: the index that searches read.

    Words are compared byte by byte, so that both stores find the same.
    """

    __tablename__ = "gazetteer_word"
    __table_args__ = (Index(None, "word", "entry_id"),)

    id: Mapped[Key]
    entry_id: Mapped[int] = mapped_column(ForeignKey("gazetteer_entry.id"), index=True)
    word: Mapped[str] = mapped_column(
        String(60).with_variant(String(60, collation="C"), "postgresql")
    )


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


class ExposureFeature(Imported, Base):
    """What dumping may follow, such as an address or the people of an area.

    ``weight`` is what the whole feature counts for; None: its number, metres or square metres.
    """

    __tablename__ = "exposure_feature"

    id: Mapped[Key]
    measure: Mapped[Line]
    weight: Mapped[float | None]
    geometry: Mapped[BaseGeometry] = mapped_column(Geometry())


class CovariateFeature(Imported, Base):
    """What dumping may be drawn to, such as a pub or a lamp column, by its kind in words."""

    __tablename__ = "covariate_feature"

    id: Mapped[Key]
    kind: Mapped[Line]
    geometry: Mapped[BaseGeometry] = mapped_column(Geometry())
