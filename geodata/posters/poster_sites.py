"""Where posters hang or may hang. A site is never deleted: its code may be on paper somewhere."""

from collections.abc import Sequence
from typing import Any

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geodata.core.errors import NotFoundError, RefusedError
from geodata.core.reasons import refuse_no_reason
from geodata.core.spatial import box_intersects
from geodata.models import PosterEvent, PosterSite, Report
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.people.personal_data import found_in
from geodata.posters import poster_codes
from geodata.posters.poster_events import STATE_AFTER

ENTITY = "poster_site"
LONGEST_NAME = 200


def add(
    session: Session, actor: Actor, name: str, point: Point, *, campaign_id: int | None
) -> PosterSite:
    """A site of a campaign, or a candidate where None, with the next free code; EPSG:27700.

    Raises
    ------
    RefusedError
        The name is empty, too long, or holds personal data.
    """
    number = (session.scalar(select(func.max(PosterSite.id))) or 0) + 1
    site = PosterSite(
        code=f"PS{number:04d}",
        name=_fit(name),
        geometry=point,
        campaign_id=campaign_id,
        is_candidate=campaign_id is None,
    )
    session.add(site)
    session.flush()
    audit.write(session, actor, "add", ENTITY, site.id, after=_audited(site))
    return site


def change(
    session: Session, actor: Actor, site: PosterSite, *, name: str, point: Point | None = None
) -> None:
    """Rename a site, and move it where a point is given; what it was stays in the audit log.

    Raises
    ------
    RefusedError
        The site is retired, or the name is empty, too long, or holds personal data.
    """
    if site.retired_at is not None:
        raise RefusedError(f"{site.code} is retired: its history stays as it was, add a new site")
    before = _audited(site)
    site.name = _fit(name)
    if point is not None:
        site.geometry = point
    session.flush()
    if (after := _audited(site)) != before:
        audit.write(session, actor, "change", ENTITY, site.id, before=before, after=after)


def retire(session: Session, actor: Actor, site: PosterSite, *, reason: str) -> None:
    """Put no more posters there. Its code still says where it was, and its log stays.

    Raises
    ------
    RefusedError
        No reason is given, or it is retired already.
    """
    if site.retired_at is not None:
        raise RefusedError(f"{site.code} is retired already")
    refuse_no_reason(reason, "such as a bin that was moved")
    if personal := found_in(reason):
        raise RefusedError(f"{', '.join(personal)}: personal data must not stand here, take it out")
    site.retired_at = actor.now
    session.flush()
    audit.write(session, actor, "retire", ENTITY, site.id, reason=reason.strip())


def of_campaign(session: Session, campaign_id: int) -> Sequence[PosterSite]:
    """A campaign's sites, retired ones too, by code."""
    query = select(PosterSite).where(PosterSite.campaign_id == campaign_id)
    return session.scalars(query.order_by(PosterSite.code)).all()


def candidates(session: Session) -> Sequence[PosterSite]:
    """Sites that officers put on the map for campaigns to choose from, by code."""
    query = select(PosterSite).where(
        PosterSite.campaign_id.is_(None),
        PosterSite.is_candidate.is_(True),
        PosterSite.retired_at.is_(None),
    )
    return session.scalars(query.order_by(PosterSite.code)).all()


def hanging_within(session: Session, area: BaseGeometry) -> list[tuple[PosterSite, str]]:
    """Sites inside an area where a poster hangs, with the kind of its latest event, by code.

    A retired site is among them until its last poster is taken down.
    """
    last = (
        select(PosterEvent.kind)
        .where(PosterEvent.site_id == PosterSite.id)
        .order_by(PosterEvent.at.desc(), PosterEvent.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    hangs = [kind for kind, state in STATE_AFTER.items() if state != "down"]
    query = select(PosterSite, last).where(
        box_intersects(PosterSite.geometry, area.bounds), last.in_(hangs)
    )
    rows = session.execute(query.order_by(PosterSite.code))
    return [(site, kind) for site, kind in rows if area.intersects(site.geometry)]


def find(session: Session, code: str) -> PosterSite:
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


def reports_by_code(session: Session, campaign_id: int) -> dict[int, int]:
    """How many reports came by each site's QR code, by the site's key; 0 left out."""
    query = (
        select(PosterSite.id, func.count())
        .join(Report, Report.poster_site_id == PosterSite.id)
        .where(PosterSite.campaign_id == campaign_id)
        .group_by(PosterSite.id)
    )
    return {key: count for key, count in session.execute(query)}  # noqa: C416


def _fit(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise RefusedError("give the site a name that an installer finds it by")
    if len(name) > LONGEST_NAME:
        raise RefusedError(f"the name has {len(name)} letters: use up to {LONGEST_NAME}")
    if personal := found_in(name):
        raise RefusedError(f"{', '.join(personal)}: personal data must not stand here, take it out")
    return name


def _audited(site: PosterSite) -> dict[str, Any]:
    place = f"{site.geometry.x:.0f}, {site.geometry.y:.0f}"
    return {"code": site.code, "name": site.name, "place": place, "campaign_id": site.campaign_id}
