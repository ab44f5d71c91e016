"""Changes to an incident, and to which reports are its; what to change is decided elsewhere."""

from collections.abc import Iterable
from datetime import datetime

from shapely.geometry import Point
from sqlalchemy.orm import Session

from geodata.core.vocabulary import IncidentState
from geodata.incidents import incident_totals
from geodata.incidents.open_incidents import put_in_place
from geodata.models import Incident, Report
from geodata.rules.days import LONDON


def assign(session: Session, report: Report, incident: Incident) -> None:
    """Put a report into an incident.

    What a person put together stays together, with all that came to it since: a report of such
    an incident is pinned there.
    """
    report.incident_id = incident.id
    report.is_pinned = report.is_pinned or incident_totals.is_handmade(session, incident.id)
    session.flush()


def reassign_reports(session: Session, reports: Iterable[Report], incident: Incident) -> None:
    """Put reports into another incident than theirs; whether they are pinned stays."""
    for report in reports:
        report.incident_id = incident.id
    session.flush()


def release(session: Session, reports: Iterable[Report]) -> None:
    """Take reports out of their incident: each is to be assigned anew."""
    for report in reports:
        report.incident_id = None
    session.flush()


def pin_report(report: Report) -> None:
    """Leave a report in the incident that a person chose for it, whatever linking would say."""
    report.is_pinned = True


def close(session: Session, incident: Incident, closed_at: datetime, outcome: str) -> None:
    """An incident ended: its state is the outcome."""
    incident.closed_at = closed_at
    incident.state = outcome
    session.flush()


def keep_open(session: Session, incident: Incident, *, is_paused: bool) -> None:
    """An incident has not ended: its clock runs, or stands."""
    incident.closed_at = None
    incident.state = (IncidentState.PAUSED if is_paused else IncidentState.OPEN).value
    session.flush()


def merge(session: Session, incident: Incident, into: Incident) -> None:
    """Give an incident's reports to another one, and leave it as that one's duplicate."""
    reassign_reports(session, incident_totals.members(session, incident.id), into)
    incident.merged_into_id = into.id
    incident.state = IncidentState.DUPLICATE.value
    session.flush()


def move(session: Session, incident: Incident, point: Point) -> None:
    """Put an incident at a point (EPSG:27700), in its ward and place; its contractor stays."""
    contractor = incident.contractor
    incident.geometry = point
    put_in_place(session, incident, incident.first_reported_at.astimezone(LONDON).date())
    incident.contractor = contractor
    session.flush()


def give_to_contractor(session: Session, incident: Incident, contractor: str) -> None:
    """Let another contractor or crew clear an incident."""
    incident.contractor = contractor
    session.flush()
