"""What a change of the clearance promise does to reports to come, and to jobs that are open."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from geodata.incidents import incident_totals
from geodata.incidents.jobs import open_jobs
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.rules.clearances.service_level import service_clock
from geodata.rules.days import LONDON

PROMISE_TABLES = frozenset({"service_level", "working_days"})
EXAMPLE_TIMES = (time(9), time(16, 30))
EXAMPLE_DAYS = 7
DAYS_BEFORE = 3
"""A day off moves the due time of what was reported before it too."""


@dataclass(frozen=True)
class PromiseExample:
    """A report that might be made, and when it would fall due."""

    reported_at: datetime
    due_at: datetime
    rule: str


@dataclass(frozen=True)
class DueMove:
    """An open job whose due time would be another."""

    incident_id: int
    key: str
    due_at: datetime | None
    new_due_at: datetime
    new_rule: str


def first_example(first_day: date | None, today: date) -> date:
    """The first of the days of which examples are given, where a change holds from a first day."""
    tomorrow = today + timedelta(days=1)
    return max(tomorrow, (first_day or tomorrow) - timedelta(days=DAYS_BEFORE))


def promises_of(session: Session, first: date) -> list[PromiseExample]:
    """Reports of a week, morning and afternoon, with their due times.

    Parameters
    ----------
    first
        The week's first day, local.
    """
    clock = service_clock(session)
    moments = [
        datetime.combine(first + timedelta(days=n), at, LONDON)
        for n in range(EXAMPLE_DAYS)
        for at in EXAMPLE_TIMES
    ]
    promises = [(moment, clock.due(moment)) for moment in moments]
    return [PromiseExample(moment, due.at, due.rule) for moment, due in promises]


def due_moves(session: Session) -> list[DueMove]:
    """Open jobs that the rules of now would give another due time, the soonest due first."""
    clock = service_clock(session)
    moves = []
    for job in open_jobs(session):
        incident = job.incident
        due = incident_totals.promised(session, incident, clock)
        if due is not None and due.at != incident.due_at:
            moves.append(DueMove(incident.id, incident.key, incident.due_at, due.at, due.rule))
    return moves


def move_due_times(session: Session, actor: Actor, *, reason: str) -> int:
    """Give open jobs the due time of the rules of now; each stands in the audit. How many."""
    by_key = {job.incident.id: job.incident for job in open_jobs(session)}
    moves = due_moves(session)
    for move in moves:
        incident = by_key[move.incident_id]
        incident.due_at, incident.due_rule = move.new_due_at, move.new_rule
        before = {"due_at": move.due_at and move.due_at.isoformat()}
        after = {"due_at": move.new_due_at.isoformat(), "rule": move.new_rule}
        audit.write(
            session,
            actor,
            "change",
            "incident",
            move.incident_id,
            before=before,
            after=after,
            reason=reason,
        )
    session.flush()
    return len(moves)
