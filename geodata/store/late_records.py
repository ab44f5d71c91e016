"""What reached the store after an instant, or was changed in it: why a figure is another today."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from geodata.models import (
    ActionEvent,
    AuditEntry,
    Clearance,
    DetectionRun,
    FigureRelease,
    ImportBatch,
    IncidentEvent,
    PatrolVisit,
    PosterEvent,
    Report,
    RuleRow,
)

AUDITED = {
    "intervention": "intervention change",
    "contract_period": "contract change",
    "hotspot": "hotspot decision",
    "order_version": "order change",
    "place": "place change",
    "poster_site": "poster site change",
}
"""Of what keeps no history of its own, by its entity in the audit log, what is said of it."""
READINGS = ("read", "list", "print", "export")


@dataclass(frozen=True)
class LateRecords:
    """Numbers of rows. ``reports`` are late: made before the instant, and recorded after it.

    ``visits`` and ``posters`` likewise. ``changes``: of what keeps no history of its own, by the
    words of ``AUDITED``.
    """

    reports: int
    clearances: int
    corrections: int
    actions: int
    imports: int
    runs: int
    rules: int
    publications: int
    visits: int
    posters: int
    changes: dict[str, int]


def late_records(session: Session, since: datetime) -> LateRecords:
    """What speaks of the time up to an instant and came after it."""

    def number(column: object, *conditions: ColumnElement[bool]) -> int:
        return session.scalar(select(func.count(column)).where(*conditions)) or 0  # type: ignore[arg-type]

    return LateRecords(
        reports=number(Report.id, Report.recorded_at > since, Report.reported_at <= since),
        clearances=number(
            Clearance.id,
            or_(
                (Clearance.recorded_at > since) & (Clearance.occurred_at <= since),
                (Clearance.recorded_at <= since) & (Clearance.voided_at > since),
            ),
        ),
        corrections=number(
            IncidentEvent.id,
            IncidentEvent.recorded_at > since,
            IncidentEvent.user_id.is_not(None),
        ),
        actions=number(ActionEvent.id, ActionEvent.recorded_at > since),
        imports=number(
            ImportBatch.id, or_(ImportBatch.imported_at > since, ImportBatch.undone_at > since)
        ),
        runs=number(DetectionRun.id, DetectionRun.run_at > since, DetectionRun.as_of <= since),
        rules=number(RuleRow.id, or_(RuleRow.created_at > since, RuleRow.withdrawn_at > since)),
        publications=number(FigureRelease.id, FigureRelease.released_at > since),
        visits=number(
            PatrolVisit.id, PatrolVisit.recorded_at > since, PatrolVisit.arrived_at <= since
        ),
        posters=number(PosterEvent.id, PosterEvent.recorded_at > since, PosterEvent.at <= since),
        changes={
            words: number(
                AuditEntry.id,
                AuditEntry.at > since,
                AuditEntry.entity == entity,
                AuditEntry.act.not_in(READINGS),
            )
            for entity, words in AUDITED.items()
        },
    )
