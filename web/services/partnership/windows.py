"""Months and twelve months of them, as comparisons use them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from geodata.rules.days import corresponding_day

YEAR = 12


@dataclass(frozen=True)
class Window:
    """Whole months from the first day of one."""

    first: date
    months: int = YEAR

    @property
    def last(self) -> date:
        """The last day."""
        return corresponding_day(self.first, self.months) - timedelta(days=1)

    @property
    def earlier(self) -> "Window":
        """As many months, just before."""
        return Window(corresponding_day(self.first, -self.months), self.months)

    def starts(self) -> Iterator[date]:
        """The first day of each month."""
        return (corresponding_day(self.first, n) for n in range(self.months))

    def __str__(self) -> str:
        return f"{month_words(self.first)} to {month_words(self.last)}"


def month_words(day: date) -> str:
    """
    >>> month_words(date(2026, 4, 1))
    'April 2026'
    """
    return f"{day:%B %Y}"


def ending(month: date, months: int = YEAR) -> Window:
    """So many months up to the one that a day is in.

    >>> str(ending(date(2026, 10, 31)))
    'November 2025 to October 2026'
    """
    return Window(corresponding_day(month.replace(day=1), 1 - months), months)


def last_whole_month(today: date) -> date:
    """The first day of the month before today's: the last that is over."""
    return corresponding_day(today.replace(day=1), -1)
