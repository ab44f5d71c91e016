from datetime import date
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from geodata.core.base import Base, Code, Instant, Key
from geodata.core.types import Document


class FigureRelease(Base):
    """Figures of an ended month or year as they were published, once. Never changed or deleted."""

    __tablename__ = "figure_release"
    __table_args__ = (UniqueConstraint("kind", "period"),)

    id: Mapped[Key]
    kind: Mapped[Code]
    """``month``: the whole borough. ``year``: wards, and its months once more with corrections.
    ``enforcement``: what was given in a year, by kind."""
    period: Mapped[str] = mapped_column(String(10))
    first_day: Mapped[date]
    last_day: Mapped[date]
    released_at: Mapped[Instant]
    cells: Mapped[dict[str, Any]] = mapped_column(Document)
