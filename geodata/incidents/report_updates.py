"""What became of reports, update by update, for the systems that they came from."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from geodata.core.vocabulary import IncidentEventKind
from geodata.models import Incident, IncidentEvent, MachineUpdate, Report

TOLD = (
    IncidentEventKind.CLEARANCE.value,
    IncidentEventKind.REOPENED.value,
    IncidentEventKind.LAPSED.value,
)


@dataclass(frozen=True)
class ReportUpdate:
    """One event as one report sees it. ``outcome`` is a crew's, empty where it was none.

    ``recorded_at`` is when this store learnt of it: whoever asks by spans of time misses nothing
    that a telephone without signal sent late.
    """

    event_id: int
    reference: str
    kind: str
    outcome: str
    recorded_at: datetime


@dataclass(frozen=True)
class FollowedReport:
    """A report and where its incident stands; None: it belongs to none."""

    report: Report
    incident: Incident | None


def updates_between(
    session: Session, first: datetime, last: datetime, *, channel: str | None, limit: int
) -> list[ReportUpdate]:
    """What was recorded from one moment to another, the earliest first.

    ``channel`` is that of the reports that are told of; None: of all. A report is told nothing
    that was before it.
    """
    query = (
        select(IncidentEvent, Report.reference)
        .join(Report, Report.incident_id == IncidentEvent.incident_id)
        .where(
            IncidentEvent.recorded_at.between(first, last),
            IncidentEvent.kind.in_(TOLD),
            IncidentEvent.recorded_at >= Report.recorded_at,
            _of(channel),
        )
        .order_by(IncidentEvent.id, Report.id)
    )
    return [
        ReportUpdate(
            event.id,
            reference,
            event.kind,
            (event.details or {}).get("outcome", ""),
            event.recorded_at,
        )
        for event, reference in session.execute(query.limit(limit))
    ]


def reports_of(
    session: Session,
    *,
    references: Collection[str] = (),
    first: datetime | None = None,
    last: datetime | None = None,
    is_open: bool | None = None,
    channel: str | None = None,
    limit: int,
) -> list[FollowedReport]:
    """Reports with their incidents, the newest first; what is not given lets all through."""
    query = select(Report, Incident).outerjoin(Incident, Incident.id == Report.incident_id)
    query = query.where(_of(channel))
    if references:
        query = query.where(Report.reference.in_(references))
    if first is not None:
        query = query.where(Report.reported_at >= first)
    if last is not None:
        query = query.where(Report.reported_at <= last)
    if is_open is not None:
        is_closed = Incident.closed_at.is_not(None)
        query = query.where(~is_closed if is_open else is_closed)
    newest = query.order_by(Report.reported_at.desc(), Report.id.desc()).limit(limit)
    return [FollowedReport(*row) for row in session.execute(newest)]


def told_before(session: Session, key_id: int, external_ref: str) -> MachineUpdate | None:
    """The update that another system told already under its own reference."""
    query = select(MachineUpdate).where(
        MachineUpdate.key_id == key_id, MachineUpdate.external_ref == external_ref
    )
    return session.scalar(query)


def add_told(session: Session, **columns: object) -> MachineUpdate:
    """Note an update of another system."""
    row = MachineUpdate(**columns)
    session.add(row)
    session.flush()
    return row


def _of(channel: str | None) -> ColumnElement[bool]:
    return true() if channel is None else Report.channel == channel
