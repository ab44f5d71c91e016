from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from geodata.base import Base, Instant, Key
from geodata.types import Document


class ReportDraft(Base):
    """A report while it is being filled in. Its key becomes the report's idempotency key."""

    __tablename__ = "report_draft"

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(64), unique=True)
    answers: Mapped[dict[str, Any]] = mapped_column(Document)
    created_at: Mapped[Instant]
    changed_at: Mapped[Instant] = mapped_column(index=True)


class DraftPhoto(Base):
    """A photo of a draft, cleaned already; its position waits here to be offered."""

    __tablename__ = "draft_photo"

    id: Mapped[Key]
    draft_id: Mapped[int] = mapped_column(ForeignKey("report_draft.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    width_px: Mapped[int]
    height_px: Mapped[int]
    bytes: Mapped[int]
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    accuracy_m: Mapped[float | None]
