"""Days as the law counts them: in London, and by two ways of counting."""

import calendar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""No report or clearance is older: before it lie the dates that programs write for none."""


def local_day(when: date | datetime) -> date:
    """The day in London of an aware instant; a day is itself.

    >>> from datetime import UTC
    >>> local_day(datetime(2019, 6, 1, 23, 30, tzinfo=UTC))  # 00:30 on the clocks there
    datetime.date(2019, 6, 2)
    """
    if not isinstance(when, datetime):
        return when
    if when.tzinfo is None:
        raise ValueError(f"{when} has no time zone: give an aware instant or a day")
    return when.astimezone(LONDON).date()


def date_in_words(day: date) -> str:
    """A day as people write it, whatever its year.

    >>> date_in_words(date(2026, 5, 1))
    '1 May 2026'
    """
    return f"{day.day} {day:%B %Y}"


def day_starts(day: date) -> datetime:
    """The instant at which a day begins in London, UTC.

    >>> day_starts(date(2026, 7, 1)).isoformat()
    '2026-06-30T23:00:00+00:00'
    """
    return datetime.combine(day, time.min, LONDON).astimezone(UTC)


def instant_of_day(day: date, now: datetime) -> datetime:
    """The instant kept of something whose day alone is known: now if it is today, else its noon.

    >>> instant_of_day(date(2026, 7, 1), datetime(2026, 7, 9, 8, tzinfo=UTC)).isoformat()
    '2026-07-01T12:00:00+01:00'
    """
    return now if day == local_day(now) else datetime.combine(day, time(12), LONDON)


def last_day_following(day: date, days: int) -> date:
    """The last of so many days *following* a day, which is not counted.

    >>> last_day_following(date(2026, 2, 15), 14)
    datetime.date(2026, 3, 1)
    """
    return day + timedelta(days=days)


def last_day_beginning_with(day: date, days: int) -> date:
    """The last of so many days *beginning with* a day, which is the first of them.

    >>> last_day_beginning_with(date(2026, 2, 1), 28)
    datetime.date(2026, 2, 28)
    """
    return day + timedelta(days=days - 1)


def corresponding_day(day: date, months: int) -> date:
    """The day of the same number so many calendar months on; the month's last where it has none.

    >>> corresponding_day(date(2023, 8, 31), 6)
    datetime.date(2024, 2, 29)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
