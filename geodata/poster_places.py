"""Where posters hang, as far as their events tell."""

from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.models import PosterEvent, PosterSite
from geodata.spatial import box_intersects


def hanging_within(session: Session, area: BaseGeometry) -> list[tuple[PosterSite, str]]:
    """Sites inside an area whose poster was put up and not taken down since, by code.

    Each with the kind of its newest event.
    """
    last = (
        select(PosterEvent.kind)
        .where(PosterEvent.site_id == PosterSite.id)
        .order_by(PosterEvent.at.desc(), PosterEvent.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = select(PosterSite, last).where(
        PosterSite.retired_at.is_(None),
        box_intersects(PosterSite.geometry, area.bounds),
        last.is_not(None),
        last != "removed",
    )
    found = session.execute(query.order_by(PosterSite.code))
    return [(site, kind) for site, kind in found if area.intersects(site.geometry)]
