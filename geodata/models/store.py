from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from geodata.core.base import Base, Code, Instant, Key
from geodata.core.types import Document, UTCDateTime


class RuleRow(Base):
    """A row of a dated rule table that the council added or corrected.

    A correction is a new row that names the one it replaces, so the history stays.
    """

    __tablename__ = "rule_row"
    __table_args__ = (Index(None, "table_name", "valid_from"),)

    id: Mapped[Key]
    table_name: Mapped[Code]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    values: Mapped[dict[str, Any]] = mapped_column(Document)
    source: Mapped[str] = mapped_column(Text)
    is_verified: Mapped[bool] = mapped_column(default=False)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("rule_row.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[Instant]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class Setting(Base):
    """A setting of this store: the council's name, its box, when background work last ran."""

    __tablename__ = "setting"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(80), unique=True)
    value: Mapped[Any] = mapped_column(Document)
