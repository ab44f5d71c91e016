"""What was added to the store or changed in it since an instant, and of which days it speaks.

A figure that is another today has its reason among those that speak of what it counts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from shapely import Point
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from geodata import places
from geodata.core.many_values import is_among
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
from geodata.places.whereabouts import wards_of
from geodata.rules.days import local_day

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
    rows = session.execute(query.order_by(IncidentEvent.id)).all()
    others = _moments_of(session, {key for row in rows for key in _others(row.details)})
    for kind, details, *moments in rows:
        days = _days(*moments, *(at for key in _others(details) for at in others.get(key, ())))
        yield RecordChange(BOTH, "correction", f"incident {kind.replace('_', ' ')}", days)


def _others(details: Mapping[str, object] | None) -> list[str]:
    """The key of the incident into which one was merged, or from which it was split."""
    named = ((details or {}).get(way) for way in ("from", "into"))
    return [key for key in named if isinstance(key, str)]


def _moments_of(session: Session, keys: set[str]) -> dict[str, tuple[datetime | None, ...]]:
    query = select(Incident.key, Incident.first_reported_at, Incident.due_at)
    rows = session.execute(query.where(is_among(Incident.key, keys))) if keys else ()
    return {key: tuple(moments) for key, *moments in rows}


def _actions(session: Session, since: datetime) -> Iterator[RecordChange]:
    query = select(ActionEvent.state, EnforcementAction.offence_at, EnforcementAction.geometry)
    query = query.join(EnforcementAction, EnforcementAction.id == ActionEvent.action_id)
    query = query.where(ActionEvent.recorded_at > since, EnforcementAction.offence_at <= since)
    rows = session.execute(query.order_by(ActionEvent.id)).all()
    wards = _ward_names(session, [row.geometry for row in rows], [row.offence_at for row in rows])
    for (state, at, _), ward in zip(rows, wards, strict=True):
        detail, days = state.replace("_", " "), _days(at)
        yield RecordChange((ENFORCEMENT,), "enforcement event", detail, days, ward=ward)


def _ward_names(
    session: Session, points: Sequence[Point], moments: Sequence[datetime]
) -> list[str]:
    """Of the ward that each lay in then; empty: in none."""
    if not points:
        return []
    keys = wards_of(session, points, [local_day(at) for at in moments])
    names = {ward.id: ward.name for ward in places.by_ids(session, set(filter(None, keys)))}
    return [names.get(key or 0, "") for key in keys]


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
    rows = session.execute(query.order_by(AuditEntry.id)).all()
    stretches = _stretches(session, {(entity, key) for entity, key in rows if key is not None})
    for entity, key in rows:
        began, ended = stretches.get((entity, key or 0), (None, None))
        days = frozenset[date]() if began is None else frozenset({began})
        until = None if began is None else ended or date.max
        yield RecordChange((entity,), AUDITED[entity], days=days, until=until)


def _stretches(
    session: Session, wanted: set[tuple[str, int]]
) -> dict[tuple[str, int], tuple[date | None, date | None]]:
    """From when to when each intervention or contract holds; of others it is not said."""
    holding: tuple[tuple[str, Any], ...] = (
        ("intervention", Intervention),
        ("contract_period", ContractPeriod),
    )
    stretches = {}
    for entity, model in holding:
        query = select(model.id, model.valid_from, model.valid_to)
        if keys := {key for of, key in wanted if of == entity}:
            for key, first, last in session.execute(query.where(is_among(model.id, keys))):
                stretches[entity, key] = (first, last)
    return stretches
