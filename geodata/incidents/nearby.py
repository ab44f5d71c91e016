"""Open and recent incidents around a point."""

from collections.abc import Sequence
from datetime import datetime

from shapely.geometry import Point
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from geodata.core.spatial import box_around, box_intersects
from geodata.incidents.open_incidents import OPEN
from geodata.models import Incident


def open_around(session: Session, point: Point, *, within_m: float) -> Sequence[Incident]:
    """Incidents that wait for the crew within a distance, nearest first."""
    return _around(session, point, within_m, Incident.state.in_(OPEN))


def recent_around(
    session: Session, point: Point, *, within_m: float, since: datetime, until: datetime
) -> Sequence[Incident]:
    """Incidents within a distance that wait, or were spoken of in a time; nearest first."""
    was_spoken_of = Incident.last_reported_at >= since
    return _around(
        session,
        point,
        within_m,
        or_(Incident.state.in_(OPEN), was_spoken_of) & (Incident.first_reported_at <= until),
    )


def _around(
    session: Session, point: Point, within_m: float, condition: ColumnElement[bool]
) -> Sequence[Incident]:
    query = select(Incident).where(
        box_intersects(Incident.geometry, box_around(point.x, point.y, within_m)),
        condition,
        Incident.merged_into_id.is_(None),
    )
    incidents = [i for i in session.scalars(query) if i.geometry.distance(point) <= within_m]
    return sorted(incidents, key=lambda i: (i.geometry.distance(point), i.id))
