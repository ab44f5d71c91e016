from datetime import date

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from geodata.core.base import Base, Key


class DayCount(Base):
    """How much was reported in a stretch of a day, kept by triggers as rows change.

    A day of UTC has two stretches: its last hour belongs to the next day in London while summer
    time holds, and to the same day else. So London's days follow without a clock in the database.
    """

    __tablename__ = "day_count"
    __table_args__ = (Index(None, "utc_day", "is_last_hour", unique=True),)

    id: Mapped[Key]
    utc_day: Mapped[date]
    is_last_hour: Mapped[bool]
    incidents: Mapped[int] = mapped_column(default=0, server_default="0")
    """First reported then; those merged into others are left out."""
    with_cylinders: Mapped[int] = mapped_column(default=0, server_default="0")
    cylinders: Mapped[int] = mapped_column(default=0, server_default="0")
    reports: Mapped[int] = mapped_column(default=0, server_default="0")
