"""From when to when the council's own work is recorded: months without a record are no zeros."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from geodata.clearances.series_breaks import SeriesBreak, breaks_between
from geodata.frames.coverage import Coverage, coverage
from geodata.frames.recorded_work import recorded_days
from geodata.rules.council import rulebook
from geodata.rules.tables import Row
from web.services.common.wording import date_in_words
from web.services.partnership.series import Break
from web.services.partnership.windows import Window

WORK = {
    "enforcement": "enforcement",
    "patrols": "patrols",
    "posters": "posters",
    "interventions": "interventions",
    "detection": "detection runs",
}
PAUSES = "work_pauses"
GOES_ON = {"patrols": ("visit", timedelta(0)), "posters": ("look at a poster", timedelta(days=92))}
"""Work that goes on month by month: what is recorded of it, and for how long a row speaks. A poster
that was seen is taken to hang for a quarter."""


@dataclass(frozen=True)
class OwnRecord:
    """Of which months there is a record, by what is recorded.

    Attributes
    ----------
    dumps
        Coverage of incidents and their clearance.
    begun
        Day of the first row of other work, by the keys of ``WORK``; None: there is none.
    ended
        Day of the last row of it known by now, by the same keys.
    pauses
        Rows in which the council says that there was none.
    dump_breaks, clearance_breaks
        What stops comparisons of dumps, and of how they were cleared.
    """

    dumps: Coverage
    begun: dict[str, date | None]
    ended: dict[str, date | None]
    pauses: tuple[Row, ...]
    dump_breaks: tuple[Break, ...]
    clearance_breaks: tuple[Break, ...]

    def dumps_missing(self, window: Window) -> str:
        """Why dumps of a window cannot be counted; empty where they can."""
        return self.dumps.missing(window.first, window.last)

    def missing(self, work: str) -> Callable[[Window], str]:
        """The same of other work, as a function of the window."""
        begun = self.begun[work]

        def why(window: Window) -> str:
            if begun is None:
                return f"there is no record of {WORK[work]}"
            if window.first < begun.replace(day=1):
                return f"the record of {WORK[work]} begins on {date_in_words(begun)}"
            return self._after(work, window)

        return why

    def _after(self, work: str, window: Window) -> str:
        """Of work that goes on, months after the last row: there was none, or nobody wrote."""
        last = self.ended[work]
        if work not in GOES_ON or last is None or self._has_paused(work, window):
            return ""
        noun, speaks_for = GOES_ON[work]
        if window.first <= last + speaks_for:
            return ""
        return f"no {noun} is recorded after {date_in_words(last)}: was there none, or no record?"

    def _has_paused(self, work: str, window: Window) -> bool:
        return any(
            (row.valid_from or date.min) <= window.first
            and window.last <= (row.valid_to or date.max)
            for row in self.pauses
            if row["work"] == work
        )


def own_record(session: Session, span: Window, *, today: date) -> OwnRecord:
    """What is known of the record in a span of months."""
    known = breaks_between(session, span.first, span.last)
    days = recorded_days(session, today)
    ended = {work: of and of[1] for work, of in days.items()}
    return OwnRecord(
        coverage(session, today=today),
        {work: of and of[0] for work, of in days.items()},
        ended,
        tuple(rulebook(session)[PAUSES].rows) if _has_stopped(ended, span) else (),
        _stops(one for one in known if not one.is_of_clearing),
        _stops(known),
    )


def _has_stopped(ended: dict[str, date | None], span: Window) -> bool:
    """Whether work that goes on has months without a row at the end of a span."""
    return any(
        last is not None and last + GOES_ON[work][1] < span.last
        for work, last in ended.items()
        if work in GOES_ON
    )


def _stops(known: Iterable[SeriesBreak]) -> tuple[Break, ...]:
    return tuple(Break(month, _words(one.what)) for one in known for month in one.new_months)


def _words(what: str) -> str:
    return what.rstrip(".")
