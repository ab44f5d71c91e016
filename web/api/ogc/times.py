"""``datetime`` of OGC API - Features: an instant, a day, or an interval that may be open."""

from datetime import UTC, date, datetime, timedelta

from geodata.rules.days import day_starts
from web.api.faults import Fault, FaultError
from web.api.operations import faulty
from web.server.request_bounds import within_years

OPEN = {"", ".."}
JUST_BEFORE = timedelta(microseconds=1)


def span_of(text: str) -> tuple[datetime | None, datetime | None]:
    """First and last instant, both included; None: open. A day is London's, from end to end.

    Raises
    ------
    FaultError
        It is neither, or it ends before it begins.
    """
    first, slash, last = text.partition("/")
    if not slash:
        return _begin(first), _end(first)
    if first in OPEN and last in OPEN:
        raise _fault(f"{text[:60]!r} is open on both sides: leave it out")
    span = (
        None if first in OPEN else _begin(first),
        None if last in OPEN else _end(last),
    )
    if span[0] is not None and span[1] is not None and span[0] > span[1]:
        raise _fault(f"{text[:60]!r} ends before it begins")
    return span


def _begin(text: str) -> datetime:
    day = _day(text)
    return _instant(text) if day is None else day_starts(day)


def _end(text: str) -> datetime:
    day = _day(text)
    return _instant(text) if day is None else day_starts(day + timedelta(days=1)) - JUST_BEFORE


def _day(text: str) -> date | None:
    try:
        is_day = len(text) == len("2026-11-01")
        return within_years(date.fromisoformat(text)) if is_day else None
    except ValueError:
        return None


def _instant(text: str) -> datetime:
    advice = "write it as 2026-11-01T09:30:00Z, or as a day, 2026-11-01"
    try:
        instant = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        raise _fault(f"{text[:60]!r} is no time: {advice}") from None
    if instant.tzinfo is None:
        raise _fault(f"{text[:60]!r} does not say its offset from UTC: {advice}")
    try:
        return within_years(instant).astimezone(UTC)
    except ValueError as error:
        raise _fault(f"{text[:60]!r} is no time that is known here: {error}") from None


def _fault(what: str) -> FaultError:
    return faulty([Fault("query.datetime", what)])
