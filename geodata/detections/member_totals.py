"""Sums over the incidents of a run's hotspots: the database adds, so that nothing is loaded."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from geodata.core.vocabulary import IncidentState
from geodata.models import Hotspot, HotspotIncident, Incident

OPEN_STATES = (IncidentState.OPEN.value, IncidentState.PAUSED.value)


@dataclass(frozen=True)
class MemberTotals:
    """Of one hotspot's incidents in a run.

    Attributes
    ----------
    recent
        First reported later than a moment.
    from_vehicles
        Of ``known_vehicles``, those thrown from a vehicle.
    cylinders
        Large cylinders that somebody counted.
    open_jobs
        Incidents that nobody has cleared yet, as of now.
    """

    recent: int = 0
    from_vehicles: int = 0
    known_vehicles: int = 0
    cylinders: int = 0
    open_jobs: int = 0


def member_totals(session: Session, run_id: int, *, since: datetime) -> dict[int, MemberTotals]:
    """By identity, of the incidents that are merged into no other; ``recent``: after ``since``."""
    query = (
        select(
            Hotspot.identity_id,
            _how_many(Incident.first_reported_at > since),
            _how_many(Incident.from_vehicle.is_(True)),
            func.count(Incident.from_vehicle),
            func.sum(Incident.cylinders),
            _how_many(Incident.state.in_(OPEN_STATES)),
        )
        .join(HotspotIncident, HotspotIncident.hotspot_id == Hotspot.id)
        .join(Incident, Incident.id == HotspotIncident.incident_id)
        .where(Hotspot.run_id == run_id, Incident.merged_into_id.is_(None))
        .group_by(Hotspot.identity_id)
    )
    rows = session.execute(query).all()
    return {row[0]: MemberTotals(*(int(amount or 0) for amount in row[1:])) for row in rows}


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int | None]:
    return func.sum(case((condition, 1), else_=0))
