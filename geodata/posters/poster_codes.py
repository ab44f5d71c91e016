"""The codes on posters: a scan says where the poster hangs."""

from dataclasses import dataclass

from shapely.geometry import Point
from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.models import PosterSite


@dataclass(frozen=True)
class PosterPlace:
    """Where a poster hangs or hung. ``point`` is EPSG:27700."""

    code: str
    name: str
    point: Point


def find(session: Session, code: str) -> PosterPlace | None:
    """The place of a poster's code, in any case; None where there is none."""
    site = site_of(session, code)
    return None if site is None else PosterPlace(site.code, site.name, site.geometry)


def site_of(session: Session, code: str) -> PosterSite | None:
    """The site of a poster's code, in any case; None where there is none."""
    return session.scalar(select(PosterSite).where(PosterSite.code == code.strip().upper()))
