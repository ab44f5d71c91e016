"""Incidents that a new report may join, and new ones."""

from dataclasses import dataclass
from datetime import date, datetime

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.clearances.contracts import contractor_on
from geodata.core.errors import NotFoundError
from geodata.core.spatial import box_around, box_intersects
from geodata.core.vocabulary import IncidentState
from geodata.incidents import incident_totals
from geodata.models import ContractPeriod, Incident, Report
from geodata.places import whereabouts
from geodata.rules.clearances.service_level import ServiceClock
from geodata.rules.days import LONDON

HAS_OUTCOME = (
    IncidentState.CLEARED,
    IncidentState.NOT_FOUND,
    IncidentState.NOT_OUR_LAND,
    IncidentState.DUPLICATE,
)
OPEN = (IncidentState.OPEN.value, IncidentState.PAUSED.value)


@dataclass(frozen=True)
class Candidate:
    """What linking asks of an incident; times UTC.

    ``key`` breaks ties, as it does in a batch; ``x``, ``y`` (metres, EPSG:27700) and
    ``accuracy_m`` are of its first report; ``outcome`` is that of what closed it, or None.
    """

    key: str
    x: float
    y: float
    accuracy_m: float
    first_reported_at: datetime
    last_reported_at: datetime
    cleared_at: datetime | None
    outcome: str | None


def keys_within(session: Session, area: BaseGeometry) -> dict[int, str]:
    """What the incidents about an area are called, by their number."""
    query = select(Incident.id, Incident.key).where(
        box_intersects(Incident.geometry, area.bounds), Incident.merged_into_id.is_(None)
    )
    return {row.id: row.key for row in session.execute(query.order_by(Incident.id))}


def candidates(
    session: Session, point: Point, *, within_m: float, since: datetime
) -> list[Candidate]:
    """Incidents near a point that were spoken of since a moment, closed ones among them."""
    query = (
        select(
            Incident.key,
            Incident.geometry,
            Report.accuracy_m,
            Incident.first_reported_at,
            Incident.last_reported_at,
            Incident.closed_at,
            Incident.state,
        )
        .join(Report, Report.reference == Incident.key)
        .where(
            box_intersects(Incident.geometry, box_around(point.x, point.y, within_m)),
            Incident.merged_into_id.is_(None),
            Incident.last_reported_at >= since,
        )
        .order_by(Incident.id)
    )
    return [
        Candidate(key, at.x, at.y, accuracy_m or 0.0, first, last, closed_at, _outcome(state))
        for key, at, accuracy_m, first, last, closed_at, state in session.execute(query)
    ]


def _outcome(state: str) -> str | None:
    return state if state in HAS_OUTCOME else None


def open_with(session: Session, report: Report, clock: ServiceClock) -> tuple[Incident, bool]:
    """A new incident around its first report, which is all that it adds up to; and whether it is.

    A report that was merged away with an incident of its own gets that one back: then what it adds
    up to is for the caller to gather.
    """
    known = session.scalar(select(Incident).where(Incident.key == report.reference))
    incident = known or Incident(key=report.reference)
    incident.geometry = report.geometry
    incident.first_reported_at = incident.last_reported_at = report.reported_at
    incident.reports = 1
    incident.state = IncidentState.OPEN.value
    incident.merged_into_id = None
    with session.no_autoflush:
        put_in_place(session, incident, report.reported_at.astimezone(LONDON).date())
        if known is None:
            incident_totals.gather(incident, [report], clock)
    session.add(incident)
    session.flush()
    report.incident_id = incident.id
    session.flush()
    return incident, known is None


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
