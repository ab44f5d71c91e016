"""What rows add up to: incidents, notices, orders, and the log of all."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, or_, select, text

from geodata.core.vocabulary import IncidentEventKind, IncidentState, NoticeState, Source
from geodata.models import (
    ActionEvent,
    AuditEntry,
    EnforcementAction,
    Incident,
    IncidentEvent,
    Order,
    OrderVersion,
    Report,
)
from geodata.store import day_counts, job_months
from geodata.store.soundness.table_checks import Check

PUBLIC = (Source.PUBLIC.value, Source.PARTNER.value)
STOPPING = (IncidentEventKind.PAUSED.value, IncidentEventKind.RESUMED.value)


def incident_totals(connection: Connection) -> list[str]:
    """Counts and times of an incident are those of its reports."""
    by_report = (
        select(
            Report.incident_id,
            func.count().label("reports"),
            func.sum(case((Report.source.in_(PUBLIC), 0), else_=1)).label("proactive"),
            func.min(Report.reported_at).label("first"),
            func.max(Report.reported_at).label("last"),
        )
        .group_by(Report.incident_id)
        .subquery()
    )
    differs = or_(
        by_report.c.reports != Incident.reports,
        by_report.c.proactive != Incident.proactive_reports,
        by_report.c.first != Incident.first_reported_at,
        by_report.c.last != Incident.last_reported_at,
    )
    query = (
        select(Incident.key).join(by_report, by_report.c.incident_id == Incident.id).where(differs)
    )
    return _named(connection, query, "incidents do not add up to their reports")


def incidents_without_reports(connection: Connection) -> list[str]:
    """An incident that stands is spoken of; one merged into another has handed over its reports."""
    spoken = select(Report.id).where(Report.incident_id == Incident.id).exists()
    bare = select(Incident.key).where(Incident.merged_into_id.is_(None), ~spoken)
    merged = select(Incident.key).where(Incident.merged_into_id.is_not(None), spoken)
    return _named(connection, bare, "incidents have no report") + _named(
        connection, merged, "merged incidents still have reports"
    )


def incident_states(connection: Connection) -> list[str]:
    """A clock stands where the last word about it was that it stands, and nowhere else."""
    last = (
        select(func.max(IncidentEvent.id))
        .where(IncidentEvent.incident_id == Incident.id, IncidentEvent.kind.in_(STOPPING))
        .correlate(Incident)
        .scalar_subquery()
    )
    word = select(IncidentEvent.kind).where(IncidentEvent.id == last).scalar_subquery()
    is_paused = Incident.state == IncidentState.PAUSED.value
    unheard = is_paused & (func.coalesce(word, "") != IncidentEventKind.PAUSED.value)
    unheeded = (Incident.state == IncidentState.OPEN.value) & (
        word == IncidentEventKind.PAUSED.value
    )
    query = select(Incident.key).where(or_(unheard, unheeded))
    return _named(connection, query, "incidents are not as their last event says")


def day_counts_add_up(connection: Connection) -> list[str]:
    """What is kept of each day is what the record holds."""
    if not (days := day_counts.differing(connection)):
        return []
    return [f"counts of {len(days)} days, such as {days[0]}, are wrong: run  hotspots rebuild"]


def kept_jobs_add_up(connection: Connection) -> list[str]:
    """What is kept of each month's jobs is what the record holds."""
    if not (months := job_months.differing(connection)):
        return []
    many = f"jobs of {len(months)} months, such as {months[0]}"
    return [f"{many}, are kept wrong: run  hotspots rebuild"]


def notices(connection: Connection) -> list[str]:
    """The life of a notice begins with its issue, or as a draft of one that is to be given."""
    first = select(func.min(ActionEvent.id).label("id")).group_by(ActionEvent.action_id).subquery()
    begins = select(ActionEvent.id).where(
        ActionEvent.id.in_(select(first.c.id)),
        ActionEvent.action_id == EnforcementAction.id,
        ActionEvent.state.in_((NoticeState.ISSUED.value, NoticeState.DRAFT.value)),
    )
    query = select(EnforcementAction.reference).where(~begins.exists())
    return _named(connection, query, "notices have no event of their issue")


def order_versions(connection: Connection) -> list[str]:
    """The versions of an order are numbered from 1, and none is missing."""
    by_report = (
        select(
            OrderVersion.order_id,
            func.count().label("versions"),
            func.max(OrderVersion.number).label("last"),
            func.min(OrderVersion.number).label("first"),
        )
        .group_by(OrderVersion.order_id)
        .subquery()
    )
    is_broken = or_(by_report.c.versions != by_report.c.last, by_report.c.first != 1)
    query = select(Order.name).join(by_report, by_report.c.order_id == Order.id).where(is_broken)
    return _named(connection, query, "orders lack a version")


def audit_log(connection: Connection) -> list[str]:
    """No entry is missing. PostgreSQL gives numbers to what is rolled back, so gaps say nothing."""
    if connection.dialect.name != "sqlite":
        return []
    given = connection.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = 'audit_entry'"))
    missing = (given or 0) - (connection.scalar(select(func.count(AuditEntry.id))) or 0)
    return [f"{missing} entries of the audit log are missing"] if missing else []


def _named(connection: Connection, query: Any, what: str) -> list[str]:
    """One sentence: how many, and which is the first."""
    keys: list[str] = list(connection.scalars(query.order_by(_first_column(query))))
    return [f"{len(keys)} {what}, the first is {keys[0]}"] if keys else []


def _first_column(query: Any) -> ColumnElement[str]:
    column: ColumnElement[str] = next(iter(query.selected_columns))
    return column


CHECKS: tuple[Check, ...] = (
    incident_totals,
    incidents_without_reports,
    incident_states,
    day_counts_add_up,
    kept_jobs_add_up,
    notices,
    order_versions,
    audit_log,
)
