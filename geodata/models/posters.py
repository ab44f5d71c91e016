from datetime import date, datetime
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from geodata.core.base import Base, Code, Imported, Instant, Key, Line
from geodata.core.types import Document, Geometry, UTCDateTime


class Intervention(Imported, Base):
    """Something done about a hotspot: a place, dates, and later an effect."""

    __tablename__ = "intervention"

    id: Mapped[Key]
    kind: Mapped[Code]
    name: Mapped[Line]
    geometry: Mapped[BaseGeometry] = mapped_column(Geometry())
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    identity_id: Mapped[int | None] = mapped_column(ForeignKey("hotspot_identity.id"), index=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    cost_pence: Mapped[int | None]
    camera_ref: Mapped[str | None] = mapped_column(String(40))
    purpose: Mapped[str | None] = mapped_column(Text)
    export_ref: Mapped[str | None] = mapped_column(String(80))
    weed_on: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(Text)


class Campaign(Base):
    """A poster campaign: its dates, what its sites were chosen with, and its review."""

    __tablename__ = "campaign"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(200), unique=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    review_on: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(Text)
    siting: Mapped[dict[str, Any] | None] = mapped_column(Document)


class CampaignWording(Base):
    """What a campaign's posters say in one language while one state of the law lasts.

    A change is a new row: the newest of a language and a first day counts, the others are history.
    """

    __tablename__ = "campaign_wording"

    id: Mapped[Key]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    language: Mapped[str] = mapped_column(String(8))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    heading: Mapped[Line]
    law: Mapped[str] = mapped_column(Text)
    call: Mapped[Line]
    extra: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(Text)
    is_dropped: Mapped[bool] = mapped_column(default=False)
    needs_check: Mapped[bool] = mapped_column(default=False)
    checked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class PosterSite(Base):
    """Where a poster may hang. Its code is in the QR, so a scan fills in the place.

    A candidate belongs to no campaign: a campaign that chooses it makes a site of its own.
    """

    __tablename__ = "poster_site"

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[Line]
    geometry: Mapped[BaseGeometry] = mapped_column(Geometry("POINT"))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    is_candidate: Mapped[bool] = mapped_column(default=True)
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class PosterEvent(Base):
    """A poster put up, seen, damaged or taken down, at ``at``; told at ``recorded_at``."""

    __tablename__ = "poster_event"

    id: Mapped[Key]
    site_id: Mapped[int] = mapped_column(ForeignKey("poster_site.id"), index=True)
    kind: Mapped[Code]
    at: Mapped[Instant]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    note: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
