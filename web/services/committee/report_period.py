"""The days that a report is of, and what cannot be one."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from geodata.core.errors import RefusedError
from geodata.rules.days import corresponding_day, local_day
from web.services.common.wording import date_in_words
from web.services.partnership.windows import Window

EARLIEST = date(1990, 1, 1)
LONGEST_MONTHS = 36
"""A report of more is none of a half-year, and takes minutes to reckon."""


@dataclass(frozen=True)
class ReportPeriod:
    """Local days, both in the period."""

    first: date
    last: date

    def __str__(self) -> str:
        return f"{date_in_words(self.first)} to {date_in_words(self.last)}"

    @property
    def months(self) -> list[Window]:
        """The calendar months that lie in it whole."""
        start = self.first
        if start.day > 1:
            start = corresponding_day(start.replace(day=1), 1)
        months = []
        while Window(start, 1).last <= self.last:
            months.append(Window(start, 1))
            start = corresponding_day(start, 1)
        return months

    @property
    def last_month(self) -> date:
        """A day of the last month that is over by the end: what twelve months are counted to."""
        return (self.last + timedelta(days=1)).replace(day=1) - timedelta(days=1)


def report_period(first: date, last: date, *, now: datetime) -> ReportPeriod:
    """The period of a report.

    Raises
    ------
    RefusedError
        It ends before it begins, is not over, is longer than three years or lies before 1990.
    """
    began, ended = date_in_words(first), date_in_words(last)
    if last < first:
        raise RefusedError(
            f"the report would end on {ended}, before it begins on {began}: exchange the two days"
        )
    yesterday = local_day(now) - timedelta(days=1)
    if last > yesterday:
        raise RefusedError(
            f"{ended} is not over yet: let the report end on {date_in_words(yesterday)} or before"
        )
    if first < EARLIEST or last >= corresponding_day(first, LONGEST_MONTHS):
        raise RefusedError(
            f"a report from {began} to {ended} is too long: choose at most {LONGEST_MONTHS} "
            f"months, from {EARLIEST.year} on"
        )
    return ReportPeriod(first, last)


def proposed_period(today: date) -> ReportPeriod:
    """The last half of a financial year that is over: April to September, or October to March.

    >>> str(proposed_period(date(2026, 11, 29)))
    '1 April 2026 to 30 September 2026'
    >>> str(proposed_period(date(2026, 9, 30)))
    '1 October 2025 to 31 March 2026'
    """
    start = date(today.year, 10, 1) if today.month >= 10 else date(today.year, 4, 1)
    if today.month < 4:
        start = date(today.year - 1, 10, 1)
    return ReportPeriod(corresponding_day(start, -6), start - timedelta(days=1))
