"""Everything that a report is written from, read once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import metadata
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from geodata import detections
from geodata.core.errors import RefusedError
from geodata.enforcement import actions
from geodata.enforcement.actions import ActionWithState
from geodata.frames.coverage import Coverage, coverage
from geodata.frames.recorded_work import first_days
from geodata.posters import interventions
from geodata.posters.interventions import InterventionRecord
from geodata.rules.days import day_starts, local_day
from web.services.clearing.performance import Performance, performance
from web.services.committee.report_period import ReportPeriod
from web.services.common.wording import date_in_words
from web.services.effects.public_effect import SECRET
from web.services.hotspots.hotspot_board import Board, BoardView, board
from web.services.partnership.comparison_table import (
    Audience,
    ComparisonTable,
    Row,
    compare_partnership,
)

if TYPE_CHECKING:
    from datetime import date

    from geodata.models import DetectionRun


@dataclass(frozen=True)
class RunFacts:
    """Which detection run the hotspots are from."""

    id: int
    as_of: datetime
    fingerprint: str
    code_version: str

    @property
    def day(self) -> date:
        """The last local day that it sees."""
        return local_day(self.as_of)


@dataclass(frozen=True)
class Facts:
    """What the sections say.

    Attributes
    ----------
    clearance
        Of the whole record, which the exempt version alone shows.
    interventions
        Those of any day of the period that this version may name; ``withheld`` is the number of
        the others.
    actions
        Enforcement of the period.
    record
        From when to when dumps are recorded; ``begun``: since when other work is.
    """

    period: ReportPeriod
    audience: Audience
    now: datetime
    run: RunFacts
    board: Board
    comparison: ComparisonTable
    clearance: Performance
    interventions: list[InterventionRecord]
    withheld: int
    actions: list[ActionWithState]
    record: Coverage
    begun: dict[str, date | None]
    code_version: str

    @property
    def is_public(self) -> bool:
        return self.audience is Audience.PUBLIC

    def own(self, key: str) -> Row:
        """The row of one of the council's own indicators."""
        return next(row for row in self.comparison.own if row.terms.key == key)


def read_facts(
    session: Session, period: ReportPeriod, audience: Audience, *, now: datetime
) -> Facts:
    """Read them.

    Raises
    ------
    RefusedError
        No detection run looks from a day up to the period's end.
    """
    run, shown = read_board(session, period)
    held = [
        record
        for record in interventions.records(session)
        if record.overlaps(period.first, period.last)
    ]
    named = [record for record in held if may_be_named(record, audience)]
    return Facts(
        period=period,
        audience=audience,
        now=now,
        run=RunFacts(run.id, run.as_of, run.data_fingerprint, run.code_version),
        board=shown,
        comparison=compare_partnership(
            session, month=period.last_month, audience=audience, now=now
        ),
        clearance=performance(session, first=period.first, last=period.last, by="month", now=now),
        interventions=named,
        withheld=len(held) - len(named),
        actions=actions.every(session, since=period.first, until=period.last, is_given=True),
        record=coverage(session, today=local_day(now)),
        begun=first_days(session),
        code_version=metadata.version("canister-hotspots"),
    )


def may_be_named(record: InterventionRecord, audience: Audience) -> bool:
    """Where cameras and patrols are is not for the public."""
    return audience is Audience.EXEMPT or record.kind not in SECRET


def read_board(session: Session, period: ReportPeriod) -> tuple[DetectionRun, Board]:
    """The last run that looks from the period's end or before, and its hotspots.

    Raises
    ------
    RefusedError
        There is none.
    """
    run = run_of(session, period)
    shown = board(session, BoardView(run_id=run.id), today=period.last)
    if shown is None:
        raise LookupError(f"detection run {run.id} went while it was read")
    return run, shown


def run_of(session: Session, period: ReportPeriod) -> DetectionRun:
    """The last run that looks from the period's end or before.

    Raises
    ------
    RefusedError
        There is none.
    """
    run = detections.latest_run(session, as_of=day_starts(period.last + timedelta(days=1)))
    if run is None:
        raise RefusedError(
            f"no detection run looks from a day up to {date_in_words(period.last)}: make one with "
            f"hotspots detect --as-of {period.last.isoformat()}"
        )
    return run
