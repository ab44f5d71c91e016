"""The council's promise: by when a dump that the public told of is to be cleared.

"Within 2 days" is undefined in the source, so it is a dated, versioned rule. Hours are reckoned
in UTC; the end of a day is London's. The end of a day is its last second, 23:59:59, so that a due
time bears the date that a receipt names: "by the end of Wednesday 25 November".
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.core.errors import NotFoundError, RefusedError
from geodata.models import ContractPeriod, RuleRow
from geodata.rules.clearances.working_days import WorkingDays, working_days
from geodata.rules.days import LONDON, date_in_words
from geodata.rules.own_rows import standing
from geodata.rules.tables import packaged

TABLE = "service_level"
EARLIEST_END = time(3)
"""A day may not end before this: between 1 and 2 an hour is missing or comes twice a year."""


class Hazard(StrEnum):
    """What shortens the clock and calls for a specialist crew."""

    NEEDLES = "needles"
    LEAKING = "leaking"


@dataclass(frozen=True)
class ServiceLevel:
    """One version of the promise.

    Attributes
    ----------
    version
        Stored with every due time that it gave.
    days
        Days after the day of the report, ≥ 1.
    calendar
        ``working`` or ``calendar`` days.
    cut_off_hour
        1 to 24, London: a report at or after it counts as made on the next day; 24 is none.
    day_ends
        When the last day ends, London.
    hazard_hours
        Hours from the report for each hazard, by `Hazard`; the earlier due time holds.
    pauses
        Reasons that stop the clock, and their words.
    valid_from, valid_to
        Local days of report that it governs.
    contract
        The contractor whose jobs alone it is for; None: everybody's.
    source, is_verified
        Where it is written, and whether somebody checked.

    Raises
    ------
    RefusedError
        A value is outside its range.
    """

    version: str
    days: int
    calendar: str
    cut_off_hour: int
    day_ends: time
    hazard_hours: Mapping[str, float]
    pauses: Mapping[str, str]
    source: str
    is_verified: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    contract: str | None = None

    def __post_init__(self) -> None:
        if self.days < 1:
            raise RefusedError(f"the days after the report are {self.days}: write 1 or more")
        if self.calendar not in {"working", "calendar"}:
            raise RefusedError(f"calendar is {self.calendar!r}: write working or calendar")
        if not 1 <= self.cut_off_hour <= 24:
            raise RefusedError(f"the cut-off hour is {self.cut_off_hour}: write 1 to 24")
        if self.day_ends < EARLIEST_END:
            raise RefusedError(f"the last day ends at {self.day_ends}: write 03:00 or later")
        if unknown := set(self.hazard_hours) - set(Hazard):
            raise RefusedError(f"hazard {min(unknown)!r} is unknown: choose {', '.join(Hazard)}")
        if any(hours <= 0 for hours in self.hazard_hours.values()):
            raise RefusedError("a hazard's hours must be above 0")

    def governs(self, day: date) -> bool:
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)

    def due_at(self, reported_at: datetime, days: WorkingDays) -> datetime:
        """The end of the last day for a report without a hazard, UTC."""
        local = reported_at.astimezone(LONDON)
        first = local.date() + timedelta(days=local.hour >= self.cut_off_hour)
        is_working = self.calendar == "working"
        last = days.after(first, self.days) if is_working else first + timedelta(days=self.days)
        return datetime.combine(last, self.day_ends, LONDON).astimezone(UTC)


@dataclass(frozen=True)
class Due:
    """A due time (UTC) and the rule that gave it, both stored when the clock starts."""

    at: datetime
    rule: str


@dataclass(frozen=True)
class ServiceClock:
    """Every version of the promise with the calendar it is reckoned by.

    Examples
    --------
    >>> clock = ServiceClock(packaged_levels(), WorkingDays())
    >>> maundy_thursday = datetime.fromisoformat("2026-04-02T16:30:00+01:00")
    >>> clock.due(maundy_thursday).at.isoformat()
    '2026-04-08T22:59:59+00:00'
    >>> clock.due(maundy_thursday, {Hazard.NEEDLES})
    Due(at=datetime.datetime(2026, 4, 2, 19, 30, tzinfo=datetime.timezone.utc), \
rule='service-level-1 needles')
    """

    levels: Sequence[ServiceLevel]
    days: WorkingDays
    contracts: Sequence[ContractPeriod] = ()

    def level(self, moment: datetime) -> ServiceLevel:
        """The version that governs a report of this moment: the latest to begin, then the last.

        One for the contract of the day goes before one for all.

        Raises
        ------
        NotFoundError
            No version covers the day.
        """
        day = moment.astimezone(LONDON).date()
        firms = {None, *(each.contractor for each in self.contracts if _holds(each, day))}
        governing = [each for each in self.levels if each.governs(day) and each.contract in firms]
        if not governing:
            raise NotFoundError(
                f"no service level covers {date_in_words(day)}: add a row to {TABLE}"
            )
        return max(
            reversed(governing),
            key=lambda level: (level.contract is not None, level.valid_from or date.min),
        )

    def due(self, reported_at: datetime, hazards: Collection[str] = ()) -> Due:
        """When a report that starts the clock falls due.

        Parameters
        ----------
        reported_at
            Aware.
        hazards
            Of `Hazard`; one without hours of its own changes nothing.
        """
        level = self.level(reported_at)
        due_time = Due(level.due_at(reported_at, self.days), level.version)
        # Aware local time plus 4 h is 3 or 5 real hours when the clocks change.
        start = reported_at.astimezone(UTC)
        for hazard in sorted(set(hazards) & set(level.hazard_hours)):
            at = start + timedelta(hours=level.hazard_hours[hazard])
            if at < due_time.at:
                due_time = Due(at, f"{level.version} {hazard}")
        return due_time

    def promise(self, told_at: datetime, hazards_reported: Mapping[str, datetime]) -> Due:
        """When an incident falls due that the public first told of at ``told_at``.

        Parameters
        ----------
        told_at
            Aware; of the first report, which starts the clock.
        hazards_reported
            When each hazard was first told of: its hours run from then, however late.
        """
        due_time = self.due(told_at)
        for hazard, at in sorted(hazards_reported.items()):
            due_time = min(due_time, self.due(at, {hazard}), key=lambda due: due.at)
        return due_time


def _holds(period: ContractPeriod, day: date) -> bool:
    return (period.valid_from or day) <= day <= (period.valid_to or day)


@cache
def packaged_levels() -> tuple[ServiceLevel, ...]:
    """The versions that come with the program."""
    return tuple(
        level_of(row.values, valid_from=row.valid_from, valid_to=row.valid_to, source=row.source)
        for row in packaged()[TABLE].rows
    )


def packaged_clock() -> ServiceClock:
    """The clock of a council that has changed nothing."""
    return ServiceClock(packaged_levels(), WorkingDays())


def service_clock(session: Session) -> ServiceClock:
    """The clock with the council's own versions (``rule_row`` of ``service_level``) on top."""
    own = [_from_row(row) for row in standing(session, TABLE)]
    contracts = session.scalars(select(ContractPeriod).order_by(ContractPeriod.id)).all()
    return ServiceClock((*packaged_levels(), *own), working_days(session), contracts)


def _from_row(row: RuleRow) -> ServiceLevel:
    return level_of(
        {"version": f"promise-{row.id}"} | row.values,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        source=row.source,
        is_verified=row.is_verified,
    )


def level_of(values: Mapping[str, Any], **others: Any) -> ServiceLevel:
    """A version from the values of a row of its table.

    Raises
    ------
    RefusedError
        A value is outside its range.
    """
    return ServiceLevel(
        version=values.get("version", "new"),
        days=values["days"],
        calendar=values["calendar"],
        cut_off_hour=values["cut_off_hour"],
        day_ends=time.fromisoformat(values["day_ends"]),
        hazard_hours=values.get("hazard_hours", {}),
        pauses=values.get("pauses", {}),
        contract=values.get("contract"),
        **others,
    )
