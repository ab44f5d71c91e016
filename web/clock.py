"""The one place where the web application reads the clock; pages and commands ask it."""

from datetime import UTC, date, datetime

from geodata.rules.days import LONDON


def utc_now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The day in London."""
    return utc_now().astimezone(LONDON).date()
