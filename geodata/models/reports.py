import hashlib
from datetime import datetime
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from geodata.core.base import Base, Code, Imported, Instant, Key
from geodata.core.sealed_columns import Sealed, SealedDocument
from geodata.core.types import Geometry, UTCDateTime


class Report(Imported, Base):
    """One notice of canisters at a place and time. Attention, not a dump: see Incident.

    ``reported_at`` is when the council was told, ``recorded_at`` when it entered this store.
    """

    __tablename__ = "report"
    __table_args__ = (Index(None, "incident_id", "reported_at"),)

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    idempotency_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    reported_at: Mapped[Instant] = mapped_column(index=True)
    recorded_at: Mapped[Instant]
    geometry: Mapped[BaseGeometry] = mapped_column(Geometry("POINT"))
    accuracy_m: Mapped[float | None]
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)
    landmark: Mapped[str | None] = mapped_column(String(200))
    source: Mapped[Code]
    channel: Mapped[Code]
    poster_site_id: Mapped[int | None] = mapped_column(ForeignKey("poster_site.id"))
    charger_band: Mapped[Code]
    chargers: Mapped[int | None]
    cylinders: Mapped[int | None]
    has_balloons: Mapped[bool] = mapped_column(default=False)
    has_needles: Mapped[bool] = mapped_column(default=False)
    has_glass: Mapped[bool] = mapped_column(default=False)
    is_leaking: Mapped[bool] = mapped_column(default=False)
    from_vehicle: Mapped[bool | None]
    first_seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_clean_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    description: Mapped[str | None] = mapped_column(Text)
    description_state: Mapped[Code] = mapped_column(default="pending")
    incident_id: Mapped[int | None] = mapped_column(ForeignKey("incident.id"))
    is_pinned: Mapped[bool] = mapped_column(default=False)
    """An officer placed it in its incident by hand; linking leaves it there."""
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class ReporterContact(Base):
    """How to tell a reporter what became of it. Kept apart, deleted first, never exported."""

    __tablename__ = "reporter_contact"
    # Named as it was when the column held the key itself: SQLite cannot rename a constraint.
    __table_args__ = (UniqueConstraint("token_hash", name="uq_reporter_contact_token"),)

    id: Mapped[Key]
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), unique=True)
    email: Mapped[str] = mapped_column(Sealed("reporter_contact.email"))
    """Empty where only a mobile number was given."""
    phone: Mapped[str] = mapped_column(
        Sealed("reporter_contact.phone"), default="", server_default=""
    )
    """A mobile number for text messages, such as +447700900123; empty where none was given."""
    token: Mapped[str] = mapped_column(Sealed("reporter_contact.token"))
    """The key in the links of their mails, which stop them."""
    token_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256, by which such a link is found; follows ``token`` by itself."""
    wants_updates: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(String(8), default="en", server_default="en")
    """What their mails are written in."""
    created_at: Mapped[Instant]

    @validates("token")
    def _hash_token(self, _: str, token: str) -> str:
        self.token_hash = hashlib.sha256(token.encode()).hexdigest()
        return token


class ReportDraft(Base):
    """A report while it is being filled in. Its key becomes the report's idempotency key."""

    __tablename__ = "report_draft"

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(64), unique=True)
    answers: Mapped[dict[str, Any]] = mapped_column(SealedDocument("report_draft.answers"))
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
