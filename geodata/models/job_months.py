from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from geodata.core.base import Base, Key
from geodata.core.types import Document, UTCDateTime

Mark = BigInteger().with_variant(Integer, "sqlite")
"""Eight bytes: SQLite's integers are all so long, and GeoPackage knows no other word for them."""


class JobMonth(Base):
    """Months of UTC in which the public told of incidents; triggers mark what changes there."""

    __tablename__ = "job_month"

    id: Mapped[Key]
    month: Mapped[str] = mapped_column(String(7), unique=True)
    """Such as 2026-06."""
    changes: Mapped[int] = mapped_column(Mark, default=0, server_default="0")
    """Another number after every change of the month's jobs; what it is says nothing."""


class KeptJobs(Base):
    """A month's jobs as pages of clearance read them, good while ``changes`` is the month's."""

    __tablename__ = "kept_jobs"

    id: Mapped[Key]
    month: Mapped[str] = mapped_column(String(7), unique=True)
    changes: Mapped[int] = mapped_column(Mark)
    jobs: Mapped[int]
    closed: Mapped[int]
    reports: Mapped[int]
    first_due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    names: Mapped[dict[str, Any]] = mapped_column(Document)
    """What numbers of states and contractors in the content stand for."""
    content: Mapped[bytes] = mapped_column(LargeBinary)
