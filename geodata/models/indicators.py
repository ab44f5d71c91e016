from datetime import date

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from geodata.core.base import Base, Code, Imported, Key, Line


class Indicator(Base):
    """Something that partners publish figures of: a kind of crime, attendances, fly-tips."""

    __tablename__ = "indicator"
    __table_args__ = (UniqueConstraint("key"),)

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(80))
    """Its name in lower case with hyphens: rows of files belong together by it."""
    name: Mapped[Line]
    unit: Mapped[Code]
    polarity: Mapped[Code]
    """``less`` or ``more`` is better, or ``neutral``."""
    disclosure: Mapped[Code]
    """``public``, or ``exempt``: only for those who may read exempt information."""
    paragraph: Mapped[int | None]
    """Of Part 1 of Schedule 12A to the Local Government Act 1972, for an exempt one."""
    source: Mapped[Line]
    """Who publishes it, and where."""
    definition: Mapped[str | None] = mapped_column(Text)
    """What is counted, in the publisher's words."""


class Observation(Imported, Base):
    """One figure of an indicator: of an area, in a period. The latest row of a period holds."""

    __tablename__ = "observation"
    __table_args__ = (Index(None, "indicator_id", "first_day"),)

    id: Mapped[Key]
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"))
    area_kind: Mapped[Code]
    area: Mapped[Line]
    first_day: Mapped[date]
    """Of the period, which is whole months."""
    months: Mapped[int]
    """How long the period is: 1, 3 or 12."""
    value: Mapped[float | None]
    """Empty: too small to be published (``below``), or not available. Never zero for either."""
    below: Mapped[int | None]
    """The publisher said no more than "fewer than this"."""
    is_provisional: Mapped[bool]
    is_break: Mapped[bool]
    """Counted in another way from this period on: not comparable with those before."""
    break_reason: Mapped[str | None] = mapped_column(String(200))
    """What changed, in the publisher's words, such as "re-categorised"."""


class Population(Imported, Base):
    """How many people live in an area, as rates need it; the area is known by it."""

    __tablename__ = "population"
    __table_args__ = (Index(None, "area_kind", "area", "year"),)

    id: Mapped[Key]
    area_kind: Mapped[Code]
    area: Mapped[Line]
    year: Mapped[int]
    """Of the estimate, which is of 30 June."""
    people: Mapped[int]
    source: Mapped[str | None] = mapped_column(String(200))
