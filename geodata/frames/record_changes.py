"""What was added to the store or changed in it since an instant, and of which days it speaks.

A figure that is another today has its reason among those that speak of what it counts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from geodata import places
from geodata.core.vocabulary import IncidentEventKind
from geodata.models import (
    ActionEvent,
    AuditEntry,
    Clearance,
    ContractPeriod,
    DetectionRun,
    EnforcementAction,
    FeedChange,
    FigureRelease,
    ImportBatch,
    Incident,
    IncidentEvent,
    Indicator,
    Intervention,
    Observation,
    PatrolVisit,
    PosterEvent,
    Report,
    RuleRow,
)
from geodata.rules.days import local_day
from geodata.store.late_records import AUDITED, READINGS

DUMPS, CLEARANCE, ENFORCEMENT = "dumps", "clearance", "enforcement"
PARTNERS, PEOPLE, RELEASED = "partners", "people", "released"
RUNS, PATROLS, POSTERS = "runs", "patrols", "posters"
BOTH = (DUMPS, CLEARANCE)
OF_LINKING = (
    IncidentEventKind.MERGED,
    IncidentEventKind.SPLIT,
    IncidentEventKind.MOVED,
    IncidentEventKind.REASSIGNED,
)
"""Corrections, though the program makes some."""
IMPORTED = {
    "reports": BOTH,
    "clearances": (CLEARANCE,),
    "actions": (ENFORCEMENT,),
    "indicators": (PARTNERS,),
    "populations": (PEOPLE,),
    "interventions": ("intervention",),
    "orders": ("order_version",),
    "places": ("place",),
}
"""What an import speaks of, by its kind."""


@dataclass(frozen=True)
class RecordChange:
    """One thing that is new or another since then.

    Attributes
    ----------
    subjects
        What it speaks of: one of the words above, or an entity of ``AUDITED``.
    noun, detail
        What it is, in the singular; and of which sort.
    days
        The local days that it speaks of; empty: it does not say.
    until
        The last of a whole stretch that begins with ``days``; None: single days.
    name
        Of the partners' indicator; empty: of any.
    ward
        Where an action was; empty: not said.
    """

    subjects: tuple[str, ...]
    noun: str
    detail: str = ""
    days: frozenset[date] = frozenset()
    until: date | None = None
    name: str = ""
    ward: str = ""

    def speaks_of(self, first: date, last: date) -> bool:
        """Whether any of its days is one of these, both included."""
        if self.until is not None:
            return min(self.days) <= last and self.until >= first
        return not self.days or any(first <= day <= last for day in self.days)


def record_changes(session: Session, since: datetime) -> list[RecordChange]:
    """All of them, of the time up to an instant, that came after it."""
    return [
        *_reports(session, since),
        *_fed_reports(session, since),
        *_clearances(session, since),
        *_corrections(session, since),
        *_actions(session, since),
        *_imports(session, since),
        *_partners(session, since),
        *_rules(session, since),
        *_other_work(session, since),
        *_audited(session, since),
    ]


def _days(*moments: datetime | None) -> frozenset[date]:
    return frozenset(local_day(at) for at in moments if at is not None)


def _reports(session: Session, since: datetime) -> Iterator[RecordChange]:
    query = select(Report.reported_at, Incident.first_reported_at, Incident.due_at)
    query = query.outerjoin(Incident, Incident.id == Report.incident_id)
    late = query.where(Report.recorded_at > since, Report.reported_at <= since)
    for moments in session.execute(late.order_by(Report.id)):
        yield RecordChange(BOTH, "late report", days=_days(*moments))


def _fed_reports(session: Session, since: datetime) -> Iterator[RecordChange]:
    """Days of a report that a feed took out are sealed, and not looked into."""
    query = select(Report.reported_at).select_from(FeedChange)
    query = query.outerjoin(Report, Report.id == FeedChange.report_id)
    for at in session.scalars(query.where(FeedChange.changed_at > since).order_by(FeedChange.id)):
        yield RecordChange(BOTH, "change by a feed", days=_days(at))


def _clearances(session: Session, since: datetime) -> Iterator[RecordChange]:
    query = select(
        Clearance.voided_at,
        Clearance.replaces_id,
        Clearance.occurred_at,
        Incident.first_reported_at,
        Incident.due_at,
    ).outerjoin(Incident, Incident.id == Clearance.incident_id)
    late = query.where(
        or_(
            (Clearance.recorded_at > since) & (Clearance.occurred_at <= since),
            (Clearance.recorded_at <= since) & (Clearance.voided_at > since),
        )
    )
    for voided_at, replaces, *moments in session.execute(late.order_by(Clearance.id)):
        noun = "late clearance" if replaces is None else "corrected clearance"
        noun = noun if voided_at is None else "withdrawn clearance"
        yield RecordChange(BOTH, noun, days=_days(*moments))


def _corrections(session: Session, since: datetime) -> Iterator[RecordChange]:
    query = select(
        IncidentEvent.kind, IncidentEvent.details, Incident.first_reported_at, Incident.due_at
    ).join(Incident, Incident.id == IncidentEvent.incident_id)
    query = query.where(
        IncidentEvent.recorded_at > since,
        Incident.first_reported_at <= since,
        IncidentEvent.user_id.is_not(None) | IncidentEvent.kind.in_(OF_LINKING),
    )
    for kind, details, *moments in session.execute(query.order_by(IncidentEvent.id)):
        days = _days(*moments, *_of_others(session, details or {}))
        yield RecordChange(BOTH, "correction", f"incident {kind.replace('_', ' ')}", days)


def _of_others(session: Session, details: Mapping[str, object]) -> Iterator[datetime | None]:
    """The moments of the incident into which one was merged, or from which it was split."""
    keys = [key for way in ("from", "into") if isinstance(key := details.get(way), str)]
    query = select(Incident.first_reported_at, Incident.due_at).where(Incident.key.in_(keys))
    for moments in session.execute(query) if keys else ():
        yield from moments


def _actions(session: Session, since: datetime) -> Iterator[RecordChange]:
    query = select(ActionEvent.state, EnforcementAction.offence_at, EnforcementAction.geometry)
    query = query.join(EnforcementAction, EnforcementAction.id == ActionEvent.action_id)
    query = query.where(ActionEvent.recorded_at > since, EnforcementAction.offence_at <= since)
    for state, at, point in session.execute(query.order_by(ActionEvent.id)):
        ward = places.ward_at(session, point, local_day(at))
        name, detail = ward.name if ward else "", state.replace("_", " ")
        yield RecordChange((ENFORCEMENT,), "enforcement event", detail, _days(at), ward=name)


def _imports(session: Session, since: datetime) -> Iterator[RecordChange]:
    """Those of indicators that stand are told of by indicator."""
    query = select(ImportBatch.id, ImportBatch.kind, ImportBatch.undone_at).where(
        or_(ImportBatch.imported_at > since, ImportBatch.undone_at > since)
    )
    for key, kind, undone_at in session.execute(query.order_by(ImportBatch.id)):
        subjects, detail = IMPORTED.get(kind, (kind,)), f"number {key}, {kind}"
        if undone_at is not None:
            yield RecordChange(subjects, "undone import", detail)
        elif subjects != (PARTNERS,):
            yield RecordChange(subjects, "import", detail)


def _partners(session: Session, since: datetime) -> Iterator[RecordChange]:
    first, last = func.min(Observation.first_day), func.max(Observation.first_day)
    query = (
        select(ImportBatch.id, Indicator.name, first, last, func.max(Observation.months))
        .join(Observation, Observation.batch_id == ImportBatch.id)
        .join(Indicator, Indicator.id == Observation.indicator_id)
        .where(ImportBatch.imported_at > since, ImportBatch.undone_at.is_(None))
        .group_by(ImportBatch.id, Indicator.name)
        .order_by(ImportBatch.id, Indicator.name)
    )
    for key, name, began, ended, months in session.execute(query):
        until = ended + timedelta(days=31 * months - 1)
        days, detail = frozenset({began}), f"number {key}, indicators"
        yield RecordChange((PARTNERS,), "import", detail, days, until, name)


def _rules(session: Session, since: datetime) -> Iterator[RecordChange]:
    changed = or_(RuleRow.created_at > since, RuleRow.withdrawn_at > since)
    for row in session.scalars(select(RuleRow).where(changed).order_by(RuleRow.id)):
        detail = row.table_name.replace("_", " ")
        first, last = row.valid_from or date.min, row.valid_to or date.max
        yield RecordChange((row.table_name,), "rule change", detail, frozenset({first}), last)


def _other_work(session: Session, since: datetime) -> Iterator[RecordChange]:
    """Runs, visits, posters and what the public was told."""
    late: tuple[tuple[str, str, Any, Any], ...] = (
        (RUNS, "detection run", DetectionRun.run_at, DetectionRun.as_of),
        (PATROLS, "late patrol visit", PatrolVisit.recorded_at, PatrolVisit.arrived_at),
        (POSTERS, "late poster check", PosterEvent.recorded_at, PosterEvent.at),
    )
    for subject, noun, recorded_at, at in late:
        for moment in session.scalars(select(at).where(recorded_at > since, at <= since)):
            yield RecordChange((subject,), noun, days=_days(moment))
    releases = select(FigureRelease.period, FigureRelease.first_day, FigureRelease.last_day)
    later = releases.where(FigureRelease.released_at > since).order_by(FigureRelease.id)
    for period, first, last in session.execute(later):
        yield RecordChange((RELEASED,), "public release", period, frozenset({first}), last)


def _audited(session: Session, since: datetime) -> Iterator[RecordChange]:
    """Of what keeps no history of its own."""
    query = select(AuditEntry.entity, AuditEntry.entity_id).where(
        AuditEntry.at > since,
        AuditEntry.entity.in_(AUDITED),
        AuditEntry.act.not_in(READINGS),
    )
    for entity, key in session.execute(query.order_by(AuditEntry.id)):
        began, ended = _stretch(session, entity, key)
        days, until = (frozenset[date](), None) if began is None else (frozenset({began}), ended)
        yield RecordChange((entity,), AUDITED[entity], days=days, until=until)


def _stretch(session: Session, entity: str, key: int | None) -> tuple[date | None, date]:
    """From when to when an intervention or a contract holds; of others it is not said."""
    model = {"intervention": Intervention, "contract_period": ContractPeriod}.get(entity)
    row: Any = None if model is None or key is None else session.get(model, key)
    return (None, date.max) if row is None else (row.valid_from, row.valid_to or date.max)
