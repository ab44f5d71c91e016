"""What an incident's reports add up to; its batch twin: ``hotspots.linking.incident_frames``."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.core.vocabulary import Source
from geodata.models import Incident, Report
from geodata.rules.clearances.service_level import Due, Hazard, ServiceClock

PUBLIC = (Source.PUBLIC.value, Source.PARTNER.value)
"""Who starts the clock. Officers, crews and systems find things on their own account."""


def members(session: Session, incident_id: int) -> Sequence[Report]:
    """The reports of an incident, oldest first."""
    query = select(Report).where(Report.incident_id == incident_id)
    return session.scalars(query.order_by(Report.reported_at, Report.reference)).all()


def gather(incident: Incident, reports: Sequence[Report], clock: ServiceClock) -> None:
    """Bring counts, hazards, times and the due time in line with the reports, oldest first.

    Two people who count the same pile do not make two piles: the largest estimate, not the sum.
    """
    incident.first_reported_at = reports[0].reported_at
    incident.last_reported_at = reports[-1].reported_at
    incident.reports = len(reports)
    public = [report for report in reports if report.source in PUBLIC]
    incident.proactive_reports = len(reports) - len(public)
    incident.chargers = _most(report.chargers for report in reports)
    incident.cylinders = _most(report.cylinders for report in reports)
    incident.has_needles = any(report.has_needles for report in reports)
    incident.has_glass = any(report.has_glass for report in reports)
    incident.is_leaking = any(report.is_leaking for report in reports)
    known_vehicles = [r.from_vehicle for r in reports if r.from_vehicle is not None]
    incident.from_vehicle = any(known_vehicles) if known_vehicles else None
    incident.first_seen_at = min(report.first_seen_at or report.reported_at for report in reports)
    clean = [r.last_clean_at for r in reports if r.last_clean_at is not None]
    seen = incident.first_seen_at
    incident.last_clean_at = max((at for at in clean if at <= seen), default=None)
    incident.landmark = next((r.landmark for r in reports if r.landmark), None)
    _start_clock(incident, public, clock)


def _most(counts: object) -> int | None:
    return max((n for n in counts if n is not None), default=None)  # type: ignore[attr-defined]


def _start_clock(incident: Incident, public: Sequence[Report], clock: ServiceClock) -> None:
    told_at = public[0].reported_at if public else None
    hazards = hazards_reported(public)
    promise = None if told_at is None else clock.promise(told_at, hazards)
    is_same = told_at == incident.first_public_at and promise is not None
    incident.first_public_at = told_at
    if promise is None:
        incident.due_at = incident.due_rule = None
    elif not is_same or incident.due_at is None or promise.at < incident.due_at:
        # What was promised stands, unless an earlier report or a new hazard makes it earlier.
        incident.due_at, incident.due_rule = promise.at, promise.rule


def promised(session: Session, incident: Incident, clock: ServiceClock) -> Due | None:
    """By when an incident would fall due if its clock started under these rules."""
    public = [r for r in members(session, incident.id) if r.source in PUBLIC]
    return clock.promise(public[0].reported_at, hazards_reported(public)) if public else None


def hazards_reported(public: Sequence[Report]) -> dict[str, datetime]:
    """When the public first told of each hazard; reports oldest first."""
    first_told: dict[str, datetime] = {}
    for report in reversed(public):
        if report.has_needles:
            first_told[Hazard.NEEDLES] = report.reported_at
        if report.is_leaking:
            first_told[Hazard.LEAKING] = report.reported_at
    return first_told


def is_handmade(session: Session, incident_id: int) -> bool:
    """Whether a person put a report into the incident, so that linking leaves it alone."""
    query = select(Report.id).where(Report.incident_id == incident_id, Report.is_pinned).limit(1)
    return session.scalar(query) is not None


def pin(session: Session, incident_id: int) -> None:
    """Leave everything in an incident where it is, whatever linking would say."""
    for report in members(session, incident_id):
        report.is_pinned = True
    session.flush()
