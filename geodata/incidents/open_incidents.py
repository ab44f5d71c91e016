"""Incidents that a new report may join, and new ones."""

from datetime import date, datetime
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.clearances.contracts import contractor_on
from geodata.core.errors import NotFoundError
from geodata.core.spatial import box_around, box_intersects
from geodata.core.types import SRID
from geodata.core.vocabulary import IncidentState
from geodata.models import ContractPeriod, Incident, Report
from geodata.places import whereabouts
from geodata.rules.days import LONDON

HAS_OUTCOME = (
    IncidentState.CLEARED,
    IncidentState.NOT_FOUND,
    IncidentState.NOT_OUR_LAND,
    IncidentState.DUPLICATE,
)
OPEN = (IncidentState.OPEN.value, IncidentState.PAUSED.value)
_COLUMNS = (
    "incident_id",
    "geometry",
    "accuracy_m",
    "first_reported_at",
    "last_reported_at",
    "cleared_at",
    "outcome",
)


def keys_within(session: Session, area: BaseGeometry) -> dict[int, str]:
    """What the incidents about an area are called, by their number."""
    query = select(Incident.id, Incident.key).where(
        box_intersects(Incident.geometry, area.bounds), Incident.merged_into_id.is_(None)
    )
    return {row.id: row.key for row in session.execute(query.order_by(Incident.id))}


def candidates(
    session: Session, point: Point, *, within_m: float, since: datetime
) -> gpd.GeoDataFrame:
    """Incidents near a point that were spoken of since a moment, closed ones among them.

    Columns as ``hotspots.find_open_incident`` takes them; ``incident_id`` is the incident's key,
    so that ties fall as they do in a batch.
    """
    query = (
        select(Incident, Report.accuracy_m)
        .join(Report, Report.reference == Incident.key)
        .where(
            box_intersects(Incident.geometry, box_around(point.x, point.y, within_m)),
            Incident.merged_into_id.is_(None),
            Incident.last_reported_at >= since,
        )
        .order_by(Incident.id)
    )
    rows = [_candidate(incident, accuracy_m) for incident, accuracy_m in session.execute(query)]
    frame = gpd.GeoDataFrame(rows, columns=list(_COLUMNS), geometry="geometry", crs=SRID)
    for name in ("first_reported_at", "last_reported_at", "cleared_at"):
        frame[name] = pd.to_datetime(frame[name], utc=True)
    return frame


def _candidate(incident: Incident, accuracy_m: float | None) -> tuple[Any, ...]:
    outcome = incident.state if incident.state in HAS_OUTCOME else None
    return (
        incident.key,
        incident.geometry,
        accuracy_m or 0.0,
        incident.first_reported_at,
        incident.last_reported_at,
        incident.closed_at,
        outcome,
    )


def open_with(session: Session, report: Report) -> Incident:
    """A new incident around its first report; what it adds up to is for the caller to gather.

    A report that was merged away with an incident of its own gets that one back.
    """
    known = session.scalar(select(Incident).where(Incident.key == report.reference))
    incident = known or Incident(key=report.reference)
    incident.geometry = report.geometry
    incident.first_reported_at = incident.last_reported_at = report.reported_at
    incident.reports = 1
    incident.state = IncidentState.OPEN.value
    incident.merged_into_id = None
    session.add(incident)
    with session.no_autoflush:
        put_in_place(session, incident, report.reported_at.astimezone(LONDON).date())
    session.flush()
    report.incident_id = incident.id
    session.flush()
    return incident


def put_in_place(session: Session, incident: Incident, day: date) -> None:
    """Find the ward, the named place and the contractor of an incident's point on a day."""
    incident.ward_id = whereabouts.wards_of(session, [incident.geometry], [day])[0]
    incident.place_id = whereabouts.places_of(session, [incident.geometry], [day])[0]
    incident.contractor = contractor_on(contract_periods(session), day)


def contract_periods(session: Session) -> list[ContractPeriod]:
    return list(session.scalars(select(ContractPeriod).order_by(ContractPeriod.id)))


def by_id(session: Session, incident_id: int) -> Incident:
    """An incident; where it was merged, the one that it went into.

    Raises
    ------
    NotFoundError
        There is none.
    """
    incident = session.get(Incident, incident_id)
    while incident is not None and incident.merged_into_id is not None:
        incident = session.get(Incident, incident.merged_into_id)
    if incident is None:
        raise NotFoundError(f"there is no incident {incident_id}")
    return incident


def by_key(session: Session, key: str) -> Incident:
    """An incident by its reference, or by that of one of its reports.

    Raises
    ------
    NotFoundError
        There is none.
    """
    incident_id = session.scalar(select(Incident.id).where(Incident.key == key)) or session.scalar(
        select(Report.incident_id).where(Report.reference == key)
    )
    if incident_id is None:
        raise NotFoundError(f"there is no incident {key}: check the reference")
    return by_id(session, incident_id)
