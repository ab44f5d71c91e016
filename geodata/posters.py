"""Poster campaigns, the sites of their posters, and what befell these. Events are append-only."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geodata import poster_codes
from geodata.errors import NotFoundError, RefusedError
from geodata.models import Campaign, Intervention, PosterEvent, PosterSite
from geodata.vocabulary import InterventionKind

EVENT_KINDS = ("installed", "seen", "damaged", "removed")


def add_campaign(session: Session, name: str, **columns: Any) -> Campaign:
    """A new campaign.

    Raises
    ------
    RefusedError
        The name is taken.
    """
    if session.scalar(select(Campaign.id).where(Campaign.name == name)) is not None:
        raise RefusedError(f"there is a campaign {name!r} already: choose another name")
    campaign = Campaign(name=name, **columns)
    session.add(campaign)
    session.flush()
    return campaign


def add_intervention(session: Session, campaign: Campaign, area: BaseGeometry) -> None:
    """That a campaign is something done about hotspots, within an area in EPSG:27700."""
    intervention = Intervention(
        kind=InterventionKind.POSTER.value,
        name=campaign.name,
        geometry=area,
        valid_from=campaign.valid_from,
        valid_to=campaign.valid_to,
        campaign_id=campaign.id,
    )
    session.add(intervention)
    session.flush()


def find_campaign(session: Session, key: int) -> Campaign:
    """A campaign by its key.

    Raises
    ------
    NotFoundError
        There is none.
    """
    campaign = session.get(Campaign, key)
    if campaign is None:
        raise NotFoundError(f"there is no poster campaign {key}")
    return campaign


def campaigns(session: Session) -> Sequence[Campaign]:
    """All campaigns, the latest first."""
    return session.scalars(
        select(Campaign).order_by(Campaign.valid_from.desc(), Campaign.id.desc())
    ).all()


def add_site(session: Session, campaign: Campaign, name: str, point: Point) -> PosterSite:
    """A site of a campaign, with the next free code; EPSG:27700."""
    number = (session.scalar(select(func.max(PosterSite.id))) or 0) + 1
    site = PosterSite(
        code=f"PS{number:04d}",
        name=name[:200],
        geometry=point,
        campaign_id=campaign.id,
        is_candidate=False,
    )
    session.add(site)
    session.flush()
    return site


def sites_of(session: Session, campaign_id: int) -> Sequence[PosterSite]:
    """A campaign's sites, by code."""
    query = select(PosterSite).where(PosterSite.campaign_id == campaign_id)
    return session.scalars(query.order_by(PosterSite.code)).all()


def find_site(session: Session, code: str) -> PosterSite:
    """A site by its code.

    Raises
    ------
    NotFoundError
        There is none.
    """
    site = poster_codes.site_of(session, code)
    if site is None:
        raise NotFoundError(f"there is no poster site {code}")
    return site


def add_event(
    session: Session,
    site: PosterSite,
    kind: str,
    *,
    at: datetime,
    user_id: int | None = None,
    note: str | None = None,
) -> PosterEvent:
    """That a poster was put up, seen, damaged or taken down.

    Raises
    ------
    RefusedError
        The kind is none of `EVENT_KINDS`.
    """
    if kind not in EVENT_KINDS:
        raise RefusedError(f"{kind!r} is no event of a poster: choose {', '.join(EVENT_KINDS)}")
    event = PosterEvent(site_id=site.id, kind=kind, at=at, user_id=user_id, note=note)
    session.add(event)
    session.flush()
    return event


def last_events(session: Session, campaign_id: int) -> dict[int, PosterEvent]:
    """The newest event of each site of a campaign, by the site's key."""
    query = (
        select(PosterEvent)
        .join(PosterSite, PosterSite.id == PosterEvent.site_id)
        .where(PosterSite.campaign_id == campaign_id)
        .order_by(PosterEvent.at, PosterEvent.id)
    )
    return {event.site_id: event for event in session.scalars(query)}
