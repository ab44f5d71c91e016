"""Days on which a series breaks, so that before and after cannot simply be compared."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.models import ContractPeriod
from geodata.rules.council import rulebook
from geodata.rules.days import corresponding_day

TABLE = "series_breaks"


@dataclass(frozen=True)
class SeriesBreak:
    """Something that changes counts; both days included, None is open."""

    kind: str
    what: str
    first: date | None
    last: date | None
    source: str

    @property
    def is_of_clearing(self) -> bool:
        """Whether it bears on how dumps are cleared alone: incidents are counted on."""
        return self.kind == "contractor"

    @property
    def new_months(self) -> list[date]:
        """First days of months with which other months begin: those in which it happens, and the
        first whole one after it where it lasts."""
        after = self.last if self.last != self.first else None
        days = [self.first, after and corresponding_day(after.replace(day=1), 1)]
        return [day.replace(day=1) for day in days if day is not None]

    def overlaps(self, first: date, last: date) -> bool:
        return (self.first is None or self.first <= last) and (
            self.last is None or first <= self.last
        )


def breaks_between(session: Session, first: date, last: date) -> list[SeriesBreak]:
    """Breaks from a day to a day, both included, by first day.

    Those that came with the program, the council's own rows, and changes of contractor.
    """
    known = [*_of_table(session), *_changes_of_contractor(session)]
    breaks = [one for one in known if one.overlaps(first, last)]
    return sorted(breaks, key=lambda one: (one.first or date.min, one.what))


def incident_breaks(session: Session, first: date, last: date) -> list[SeriesBreak]:
    """Those that stop comparisons of what was reported: whoever clears it changes no report."""
    return [one for one in breaks_between(session, first, last) if not one.is_of_clearing]


def _of_table(session: Session) -> list[SeriesBreak]:
    rows = rulebook(session)[TABLE].rows
    return [
        SeriesBreak(row["kind"], row["what"], row.valid_from, row.valid_to, row.source)
        for row in rows
    ]


def _changes_of_contractor(session: Session) -> list[SeriesBreak]:
    query = select(ContractPeriod).where(ContractPeriod.valid_from.is_not(None))
    return [
        SeriesBreak(
            "contractor",
            f"{period.contractor} took over the clearing",
            period.valid_from,
            period.valid_from,
            period.source or "Contracts",
        )
        for period in session.scalars(query.order_by(ContractPeriod.id))
    ]
