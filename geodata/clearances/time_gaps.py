"""How long after the time that it tells an outcome reached us, and which of the two counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CTE, ColumnElement, case, func, select
from sqlalchemy.orm import Session

from geodata.clearances.outcomes import stands
from geodata.core.instants import milliseconds
from geodata.models import Clearance, Incident, User
from geodata.rules.clearances.device_times import CLOCK_SKEW
from geodata.store import settings

GAP_HOURS = "device_gap_hours"
"""Setting: for how many hours before its receipt a told time counts."""
DEFAULT_GAP_HOURS = 12
"""A shift without signal, and the way home. The promise is two working days: a much longer gap
could turn a late clearance into one in time."""
MOST_GAP_HOURS = 48
MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True)
class TimeGap:
    """An outcome that stands, with the time that was told, that of its receipt and what counts.

    ``accepted_by`` is who decided that the told time counts, "" where nobody had to.
    """

    clearance_id: int
    incident_key: str
    outcome: str
    contractor: str
    told_at: datetime
    received_at: datetime
    counts_at: datetime
    is_from_file: bool
    accepted_at: datetime | None
    accepted_by: str
    reason: str

    @property
    def gap(self) -> timedelta:
        """Below zero where the device's clock was ahead."""
        return self.received_at - self.told_at

    @property
    def is_as_told(self) -> bool:
        return abs(self.counts_at - self.told_at) <= CLOCK_SKEW


def most_gap(session: Session) -> timedelta:
    """The gap that the council allows between a told time and its receipt."""
    return timedelta(hours=settings.read(session, GAP_HOURS, DEFAULT_GAP_HOURS))


@dataclass(frozen=True)
class GapCount:
    """Outcomes whose gaps are alike; ``by_hand`` of ``as_told`` count so by an officer's word."""

    outcomes: int = 0
    as_told: int = 0
    by_hand: int = 0


def gap_counts(
    session: Session, *, start: datetime, end: datetime, ceilings: Sequence[timedelta]
) -> list[GapCount]:
    """Outcomes that stand and reached us from a moment to before another, by their gap.

    Parameters
    ----------
    ceilings
        Rising: the largest gap of each band; one more band holds what is over the last.
    """
    each = _milliseconds_apart(start, end)
    limits = [(each.c.gap <= ceiling // MILLISECOND, n) for n, ceiling in enumerate(ceilings)]
    band = case(*limits, else_=len(ceilings))
    is_as_told = each.c.moved <= CLOCK_SKEW // MILLISECOND
    by_hand = is_as_told & each.c.is_accepted
    sums = (func.sum(case((counts, 1), else_=0)) for counts in (is_as_told, by_hand))
    rows = session.execute(select(band, func.count(), *sums).group_by(band))
    counted = {number: GapCount(*map(int, counts)) for number, *counts in rows}
    return [counted.get(number, GapCount()) for number in range(len(ceilings) + 1)]


def _milliseconds_apart(start: datetime, end: datetime) -> CTE:
    """Of each outcome: ``gap`` from the told time to its receipt, by how much the time that counts
    was ``moved``, and ``is_accepted``.

    Materialized: each text of a time is read once, and not in every condition on it.
    """
    told_ms = milliseconds(func.coalesce(Clearance.device_at, Clearance.occurred_at))
    query = stands().with_only_columns(
        (milliseconds(Clearance.recorded_at) - told_ms).label("gap"),
        func.abs(milliseconds(Clearance.occurred_at) - told_ms).label("moved"),
        Clearance.time_accepted_at.is_not(None).label("is_accepted"),
    )
    received = (Clearance.recorded_at >= start, Clearance.recorded_at < end)
    return query.where(*received).cte("apart").prefix_with("MATERIALIZED")


def undecided(session: Session) -> list[TimeGap]:
    """Outcomes that count at their receipt and not at the time told, latest first.

    None of them is lost: they count as late as they came, until an officer decides otherwise.
    """
    is_open = (Clearance.device_at.is_not(None), Clearance.time_accepted_at.is_(None))
    return [gap for gap in _gaps(session, *is_open) if not gap.is_as_told]


def accepted(session: Session, *, limit: int) -> list[TimeGap]:
    """Outcomes whose told time an officer accepted, the latest decision first."""
    rows = _gaps(session, Clearance.time_accepted_at.is_not(None))
    return sorted(rows, key=lambda gap: gap.accepted_at or gap.received_at, reverse=True)[:limit]


def _gaps(session: Session, *conditions: ColumnElement[bool]) -> list[TimeGap]:
    # Columns alone: a year of a county has a hundred thousand outcomes, with texts and shapes.
    query = (
        stands()
        .with_only_columns(
            Clearance.id.label("clearance_id"),
            func.coalesce(Incident.key, "").label("incident_key"),
            Clearance.outcome,
            func.coalesce(Clearance.contractor, "").label("contractor"),
            func.coalesce(Clearance.device_at, Clearance.occurred_at).label("told_at"),
            Clearance.recorded_at.label("received_at"),
            Clearance.occurred_at.label("counts_at"),
            Clearance.batch_id.is_not(None).label("is_from_file"),
            Clearance.time_accepted_at.label("accepted_at"),
            func.coalesce(User.name, "").label("accepted_by"),
            func.coalesce(Clearance.time_reason, "").label("reason"),
        )
        .outerjoin(Incident, Incident.id == Clearance.incident_id)
        .outerjoin(User, User.id == Clearance.time_accepted_by_id)
        .where(*conditions)
        .order_by(Clearance.recorded_at.desc(), Clearance.id.desc())
    )
    return [TimeGap(**row._asdict()) for row in session.execute(query)]


def accept(
    session: Session, clearance: Clearance, *, user_id: int | None, reason: str, now: datetime
) -> None:
    """Let the time that was told count, and keep who said so and why."""
    clearance.occurred_at = clearance.device_at or clearance.occurred_at
    clearance.time_accepted_at = now
    clearance.time_accepted_by_id = user_id
    clearance.time_reason = reason
    session.flush()
