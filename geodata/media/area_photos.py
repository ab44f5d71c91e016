"""Photos of a piece of ground, whoever took them: reporters, crews and patrols."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.core.spatial import box_intersects
from geodata.core.vocabulary import Moderation
from geodata.models import Clearance, Incident, PatrolStop, PatrolVisit, Photo, Report


@dataclass(frozen=True)
class AreaPhoto:
    """A photo with its story.

    Attributes
    ----------
    state
        Of ``Moderation``.
    taken_at
        When it was reported, cleared or visited: of the camera's own clock nothing is kept.
    source
        ``report``, ``clearance`` or ``visit``.
    incident_key, plan_id
        Where to read on: the incident, or the patrol's plan; None where there is none.
    """

    id: int
    width_px: int
    height_px: int
    state: str
    taken_at: datetime
    source: str
    incident_key: str | None = None
    plan_id: int | None = None


def photos_within(session: Session, area: BaseGeometry) -> list[AreaPhoto]:
    """Photos of reports, clearances and visits inside an area, EPSG:27700; the newest first."""
    rows = [
        *_of_reports(session, area),
        *_of_clearances(session, area),
        *_of_visits(session, area),
    ]
    return sorted(rows, key=lambda photo: (photo.taken_at, photo.id), reverse=True)


def of_visits(session: Session, visit_ids: Sequence[int]) -> dict[int, list[int]]:
    """Keys of the photos of visits that nobody has rejected, by visit, in the order they came."""
    is_shown = Photo.state != Moderation.REJECTED.value
    query = select(Photo).where(Photo.visit_id.in_(visit_ids), is_shown).order_by(Photo.id)
    by_visit: dict[int, list[int]] = {visit_id: [] for visit_id in visit_ids}
    for photo in session.scalars(query):
        by_visit[photo.visit_id or 0].append(photo.id)
    return by_visit


def approved_of_incidents(session: Session, incident_ids: Sequence[int]) -> dict[int, int]:
    """Key of the newest approved photo of the reports of each incident; without those of none."""
    query = (
        select(Report.incident_id, Photo.id)
        .join(Photo, Photo.report_id == Report.id)
        .where(Report.incident_id.in_(incident_ids), Photo.state == Moderation.APPROVED.value)
        .order_by(Photo.id)
    )
    return {incident: photo for incident, photo in session.execute(query) if incident is not None}


def _of_reports(session: Session, area: BaseGeometry) -> Iterable[AreaPhoto]:
    query = (
        select(Photo, Report.geometry, Report.reported_at, Incident.key)
        .join(Report, Report.id == Photo.report_id)
        .join(Incident, Incident.id == Report.incident_id, isouter=True)
        .where(box_intersects(Report.geometry, area.bounds))
    )
    return _of_incidents(session.execute(query), area, "report")


def _of_clearances(session: Session, area: BaseGeometry) -> Iterable[AreaPhoto]:
    query = (
        select(Photo, Incident.geometry, Clearance.occurred_at, Incident.key)
        .join(Clearance, Clearance.id == Photo.clearance_id)
        .join(Incident, Incident.id == Clearance.incident_id)
        .where(box_intersects(Incident.geometry, area.bounds))
    )
    return _of_incidents(session.execute(query), area, "clearance")


def _of_incidents(rows: Iterable[Any], area: BaseGeometry, source: str) -> Iterable[AreaPhoto]:
    for photo, point, at, key in rows:
        if area.intersects(point):
            yield _photo(photo, at, source, incident_key=key)


def _of_visits(session: Session, area: BaseGeometry) -> Iterable[AreaPhoto]:
    """Where the device did not say where it was, the visit was at its stop."""
    query = (
        select(Photo, PatrolVisit, PatrolStop.geometry)
        .join(PatrolVisit, PatrolVisit.id == Photo.visit_id)
        .join(PatrolStop, PatrolStop.id == PatrolVisit.stop_id, isouter=True)
    )
    for photo, visit, stop in session.execute(query):
        point = visit.geometry if visit.geometry is not None else stop
        if point is not None and area.intersects(point):
            yield _photo(photo, visit.arrived_at, "visit", plan_id=visit.plan_id)


def _photo(photo: Photo, at: datetime, source: str, **story: Any) -> AreaPhoto:
    return AreaPhoto(photo.id, photo.width_px, photo.height_px, photo.state, at, source, **story)
