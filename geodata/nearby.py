"""Open incidents around a point."""

from collections.abc import Sequence

from shapely.geometry import Point
from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.models import Incident
from geodata.open_incidents import OPEN
from geodata.spatial import box_around, box_intersects


def open_around(session: Session, point: Point, *, within_m: float) -> Sequence[Incident]:
    """Incidents that wait for the crew within a distance, nearest first."""
    query = select(Incident).where(
        box_intersects(Incident.geometry, box_around(point.x, point.y, within_m)),
        Incident.state.in_(OPEN),
        Incident.merged_into_id.is_(None),
    )
    found = [i for i in session.scalars(query) if i.geometry.distance(point) <= within_m]
    return sorted(found, key=lambda i: (i.geometry.distance(point), i.id))
