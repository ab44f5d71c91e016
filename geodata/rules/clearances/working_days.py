"""Which days the council's contractor works: England's bank holidays, and what the council says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

import holidays
from sqlalchemy.orm import Session

from geodata.rules.own_rows import standing

TABLE = "working_days"
SATURDAY = 5


@dataclass(frozen=True)
class WorkingDays:
    """Monday to Friday without England's bank holidays.

    Attributes
    ----------
    overrides
        Days that the council decided otherwise about: True works, False does not.

    Examples
    --------
    >>> WorkingDays().is_working(date(2026, 4, 6))  # Easter Monday
    False
    >>> WorkingDays().after(date(2026, 4, 2), 2)  # the Thursday before Easter
    datetime.date(2026, 4, 8)
    """

    overrides: Mapping[date, bool] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        if day in self.overrides:
            return self.overrides[day]
        return day.weekday() < SATURDAY and day not in _bank_holidays(day.year)

    def after(self, day: date, n: int) -> date:
        """The n-th working day after a day, which need not be one itself."""
        while n:
            day += timedelta(days=1)
            n -= self.is_working(day)
        return day


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    # Without the subdivision Easter Monday and the August bank holiday are missing.
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def working_days(session: Session) -> WorkingDays:
    """The calendar with the council's own days (``rule_row`` of ``working_days``); later rows win.

    A row holds ``{"is_working": true or false}`` from its first day to its last.
    """
    overrides: dict[date, bool] = {}
    for row in standing(session, TABLE):
        first = row.valid_from or date.max
        for n in range(((row.valid_to or first) - first).days + 1):
            overrides[first + timedelta(days=n)] = bool(row.values["is_working"])
    return WorkingDays(overrides)
