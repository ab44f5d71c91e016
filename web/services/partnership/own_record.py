"""Since when the council's own work is recorded: months without a record are no zeros."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from geodata.clearances.series_breaks import SeriesBreak, breaks_between
from geodata.frames.coverage import Coverage, coverage
from geodata.frames.recorded_work import recorded_days
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


@dataclass(frozen=True)
class OwnRecord:
    """Of which months there is a record, by what is recorded.

    Attributes
    ----------
    dumps
        Coverage of incidents and their clearance.
    begun
        Day of the first row of other work, by the keys of ``WORK``; None: there is none.
    last_visit
        Day of the last patrol visit of all.
    dump_breaks, clearance_breaks
        What stops comparisons of dumps, and of how they were cleared.
    """

    dumps: Coverage
    begun: dict[str, date | None]
    last_visit: date | None
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
            return ""

        return why


def own_record(session: Session, span: Window, *, today: date) -> OwnRecord:
    """What is known of the record in a span of months."""
    known = breaks_between(session, span.first, span.last)
    days = recorded_days(session)
    return OwnRecord(
        coverage(session, today=today),
        {work: of and of[0] for work, of in days.items()},
        days["patrols"] and days["patrols"][1],
        _stops(one for one in known if not one.is_of_clearing),
        _stops(known),
    )


def _stops(known: Iterable[SeriesBreak]) -> tuple[Break, ...]:
    return tuple(Break(month, _words(one.what)) for one in known for month in one.new_months)


def _words(what: str) -> str:
    return what.rstrip(".")
