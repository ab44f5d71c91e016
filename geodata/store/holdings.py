"""How much a store holds, counted where it lies."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geodata.models import Incident, Report


@dataclass(frozen=True)
class Holdings:
    """Numbers of rows; an incident that was merged into another one does not count."""

    reports: int
    incidents: int


def holdings(session: Session) -> Holdings:
    """Count the reports and the incidents."""
    stands = Incident.merged_into_id.is_(None)
    return Holdings(
        reports=session.scalar(select(func.count(Report.id))) or 0,
        incidents=session.scalar(select(func.count(Incident.id)).where(stands)) or 0,
    )
