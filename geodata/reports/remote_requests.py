"""Requests of other systems that were taken in, each once, and the reports that they became."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from geodata.models import RemoteRequest, Report

CLOSED = "closed"


@dataclass(frozen=True)
class Taken:
    """A request that was taken in, or refused for a reason; the incident of its report, if any."""

    id: int
    external_ref: str
    status: str
    report_id: int | None
    incident_id: int | None
    refused: str | None
    taken_at: datetime


@dataclass(frozen=True)
class Tally:
    """How many requests of a system became reports, and how many did not."""

    reports: int = 0
    refused: int = 0


def known(session: Session, system_id: int, references: Collection[str]) -> dict[str, Taken]:
    """Those of a system's references that were taken in or refused before."""
    query = _query(system_id).where(RemoteRequest.external_ref.in_(references))
    return {row.external_ref: row for row in _rows(session, query)}


def of_incident(session: Session, system_id: int, incident_id: int) -> list[Taken]:
    """A system's requests that speak of an incident, in the order in which they came."""
    return _rows(session, _query(system_id).where(Report.incident_id == incident_id))


def refused(session: Session, system_id: int, *, limit: int) -> list[Taken]:
    """A system's newest requests that became no report, the newest first."""
    query = _query(system_id).where(RemoteRequest.refused.is_not(None))
    return _rows(session, query.order_by(None).order_by(RemoteRequest.id.desc()).limit(limit))


def add(
    session: Session,
    system_id: int,
    external_ref: str,
    *,
    status: str,
    report_id: int | None = None,
    refused: str | None = None,
    now: datetime,
) -> None:
    """Note a request as taken in, or as refused."""
    session.add(
        RemoteRequest(
            system_id=system_id,
            external_ref=external_ref,
            report_id=report_id,
            refused=refused and refused[:300],
            status=status,
            taken_at=now,
        )
    )
    session.flush()


def note_status(session: Session, key: int, status: str) -> None:
    """Keep what a system says of a request by now."""
    session.execute(update(RemoteRequest).where(RemoteRequest.id == key).values(status=status))


def tallies(session: Session) -> Mapping[int, Tally]:
    """By system, how many of its requests became reports."""
    query = select(
        RemoteRequest.system_id,
        func.count(RemoteRequest.report_id),
        func.count(RemoteRequest.refused),
    ).group_by(RemoteRequest.system_id)
    return {
        int(key): Tally(int(taken), int(not_taken))
        for key, taken, not_taken in session.execute(query)
    }


def _query(system_id: int) -> Any:
    return (
        select(
            RemoteRequest.id,
            RemoteRequest.external_ref,
            RemoteRequest.status,
            RemoteRequest.report_id,
            Report.incident_id,
            RemoteRequest.refused,
            RemoteRequest.taken_at,
        )
        .outerjoin(Report, Report.id == RemoteRequest.report_id)
        .where(RemoteRequest.system_id == system_id)
        .order_by(RemoteRequest.id)
    )


def _rows(session: Session, query: Any) -> list[Taken]:
    return [Taken(*row) for row in session.execute(query)]
