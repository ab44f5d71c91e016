from shapely.geometry.base import BaseGeometry
from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from geodata.base import Base, Code, Imported, Key, Line
from geodata.types import Geometry


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
