"""How times and numbers are written on pages: London's clock, plain English."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Flask

LONDON = ZoneInfo("Europe/London")


def long_date(moment: datetime | date) -> str:
    """Monday 23 November 2026."""
    day = moment.astimezone(LONDON).date() if isinstance(moment, datetime) else moment
    return f"{day:%A} {day.day} {day:%B %Y}"


def short_date(moment: datetime | date) -> str:
    """23 Nov 2026."""
    day = moment.astimezone(LONDON).date() if isinstance(moment, datetime) else moment
    return f"{day.day} {day:%b %Y}"


def day_before(moment: datetime | date) -> date:
    """The day before the one a moment falls in: a period's last day from its open end."""
    day = moment.astimezone(LONDON).date() if isinstance(moment, datetime) else moment
    return day - timedelta(days=1)


def clock(moment: datetime) -> str:
    """23 Nov 2026, 6:05pm."""
    local = moment.astimezone(LONDON)
    hour = local.hour % 12 or 12
    return f"{short_date(local)}, {hour}:{local:%M}{'am' if local.hour < 12 else 'pm'}"


def hours(moment: datetime) -> str:
    """18:05, by London's clock."""
    return f"{moment.astimezone(LONDON):%H:%M}"


def rounded(value: float) -> str:
    """Two significant figures below 10, whole numbers above."""
    if value >= 10:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 0.1 else f"{value:.2g}"


def probability(value: float) -> str:
    """A p or q value as people write it: never 0."""
    return "under 0.001" if value < 0.001 else f"{value:.3f}"


def register(app: Flask) -> None:
    for filter_ in (long_date, short_date, day_before, clock, hours, rounded, probability):
        app.add_template_filter(filter_)


def utc_now() -> datetime:
    """The one place where pages read the clock."""
    return datetime.now(UTC)
