"""What the community-safety unit wants to know each morning, read once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from geodata.frames import day_counts
from geodata.frames.coverage import coverage
from geodata.rules.days import day_starts, local_day
from web.services.briefing.class_changes import ClassChanges, class_changes
from web.services.briefing.tonights_stops import PlannedNight, planned_night
from web.services.clearing.worklist import Filter, Job, worklist
from web.services.enforcement.notice_deadlines import (
    Due,
    notices_running_out,
    orders_running_out,
)
from web.services.hotspots.borough_record import ControlMonths, control_months
from web.services.posters import poster_standing
from web.services.posters.poster_standing import Standing

ORDERS_AHEAD = timedelta(days=183)
"""Extending an order takes a consultation, and months."""
NOTICES_AHEAD = timedelta(days=7)
SHOWN = 5
"""Lines of a list; the rest is a number, so that all fits one printed side."""


@dataclass(frozen=True)
class New:
    """What was first reported since yesterday began.

    Attributes
    ----------
    incidents, reports
        None where the record of these days is not whole; ``missing`` says why.
    jobs
        Those of the incidents that are still open, due soonest first.
    """

    since: date
    incidents: int | None
    reports: int | None
    missing: str
    jobs: tuple[Job, ...]


@dataclass(frozen=True)
class Briefing:
    """All that stands on the page.

    Attributes
    ----------
    overdue
        Jobs past their time, the longest first.
    notices
        None where whoever asks may not read enforcement data.
    """

    day: date
    new: New
    overdue: tuple[Job, ...]
    changes: ClassChanges
    months: ControlMonths
    night: PlannedNight
    orders: tuple[Due, ...]
    notices: tuple[Due, ...] | None
    posters: tuple[Standing, ...]


def daily_briefing(session: Session, *, reads_notices: bool, now: datetime) -> Briefing:
    """The briefing of a London day.

    Parameters
    ----------
    reads_notices
        Whether deadlines of notices are read; who reads them writes it into the audit.
    """
    today = local_day(now)
    jobs = worklist(session, Filter(), now=now)
    return Briefing(
        day=today,
        new=_new(session, jobs, today),
        overdue=tuple(job for job in jobs if job.urgency == "overdue"),
        changes=class_changes(session),
        months=control_months(session, today),
        night=planned_night(session, now=now),
        orders=tuple(orders_running_out(session, today=today, within=ORDERS_AHEAD)),
        notices=tuple(notices_running_out(session, today=today, within=NOTICES_AHEAD))
        if reads_notices
        else None,
        posters=tuple(each for each in poster_standing.board(session, today=today) if each.due),
    )


def _new(session: Session, jobs: list[Job], today: date) -> New:
    since = today - timedelta(days=1)
    fresh = tuple(job for job in jobs if job.first_reported_at >= day_starts(since))
    missing = coverage(session, today=today).missing(since, today)
    if missing:
        return New(since, None, None, missing, fresh)
    days = day_counts.by_day(session, since, today).values()
    incidents, reports = (sum(getattr(each, n) for each in days) for n in ("incidents", "reports"))
    return New(since, incidents, reports, "", fresh)
