"""An incident's whole file for an officer: facts, reports, outcomes, and its story in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from geodata import clearances
from geodata.core.vocabulary import IncidentEventKind as Kind
from geodata.core.vocabulary import Outcome
from geodata.incidents import incident_events, incident_totals, jobs, open_incidents
from geodata.rules.clearances.service_level import service_clock
from web.services.clearing.worklist import Job, job, jobs_of

if TYPE_CHECKING:
    from geodata.models import Clearance, IncidentEvent, Report

WORDS = {
    Kind.OPENED: "Opened by report {report}",
    Kind.REPORTED: "Reported again: {report}",
    Kind.CLEARANCE: "Crew: {outcome}",
    Kind.PAUSED: "Clock stopped",
    Kind.RESUMED: "Clock runs again",
    Kind.REOPENED: "Reopened",
    Kind.ESCALATED: "Escalated",
    Kind.MERGED: "Merged {into}{from}",
    Kind.SPLIT: "Split {into}{from}",
    Kind.MOVED: "Moved",
    Kind.REASSIGNED: "Given to {to}",
    Kind.REDACTED: "Text or photo taken out",
    Kind.NOTE: "Note",
    Kind.LAPSED: "Lapsed",
    Kind.TIME_ACCEPTED: "The crew's own time accepted",
}


@dataclass(frozen=True)
class Step:
    """One line of the story; ``recorded_at`` differs where it was told of later."""

    at: datetime
    recorded_at: datetime
    words: str
    who: str
    reason: str
    incident_key: str


@dataclass(frozen=True)
class IncidentFile:
    """Everything about an incident.

    Attributes
    ----------
    is_to_join
        Whether a crew last said that it is the same as a job that it could not name.
    """

    job: Job
    due_at: datetime | None
    due_rule: str
    closed_at: datetime | None
    reports: Sequence[Report]
    clearances: Sequence[Clearance]
    standing: frozenset[int]
    story: list[Step]
    pause_reasons: dict[str, str]
    is_to_join: bool


def incident_file(session: Session, key: str, *, now: datetime) -> IncidentFile:
    """The file of an incident, by its own reference or one of its reports'.

    Raises
    ------
    NotFoundError
        There is none.
    """
    incident = open_incidents.by_key(session, key)
    standing = clearances.standing(session, incident.id)
    last = max(standing, key=lambda row: (row.occurred_at, row.id), default=None)
    return IncidentFile(
        job=job(session, incident.id, now=now),
        due_at=incident.due_at,
        due_rule=incident.due_rule or "",
        closed_at=incident.closed_at,
        reports=incident_totals.members(session, incident.id),
        clearances=clearances.all_of(session, incident.id),
        standing=frozenset(row.id for row in standing),
        story=[_step(*row) for row in incident_events.story(session, incident.id)],
        pause_reasons=dict(service_clock(session).level(incident.first_reported_at).pauses),
        is_to_join=incident.closed_at is None
        and last is not None
        and last.outcome == Outcome.TO_JOIN,
    )


def recent(
    session: Session, *, state: str, ward_id: int | None, now: datetime, limit: int
) -> list[Job]:
    """Incidents of a state and a ward, newest report first."""
    rows = jobs.recent(session, state=state, ward_id=ward_id, limit=limit)
    return jobs_of(session, rows, now=now)


def _outcome_words(outcome: str) -> str:
    is_unnamed = outcome == Outcome.TO_JOIN
    return "the same as another job, not named" if is_unnamed else outcome.replace("_", " ")


def _step(event: IncidentEvent, key: str, who: str) -> Step:
    details = event.details or {}
    facts = {
        "report": details.get("report", key),
        "outcome": _outcome_words(str(details.get("outcome", ""))),
        "into": f"into {details['into']}" if "into" in details else "",
        "from": f"from {details['from']}" if isinstance(details.get("from"), str) else "",
        "to": details.get("to", ""),
    }
    return Step(
        at=event.at,
        recorded_at=event.recorded_at,
        words=WORDS[Kind(event.kind)].format(**facts).strip(),
        who=who,
        reason=event.reason or str(details.get("note", "")),
        incident_key=key,
    )
