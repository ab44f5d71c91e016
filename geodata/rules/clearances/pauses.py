"""How long a clock stood still, and what that makes of a due time."""

from collections.abc import Sequence
from datetime import datetime, timedelta

Span = tuple[datetime, datetime | None]


def stood_still(pauses: Sequence[Span], since: datetime, until: datetime) -> timedelta:
    """Time within an interval for which a clock stood; a pause without an end goes on.

    Parameters
    ----------
    pauses
        Spans that do not overlap, aware; the end None where it still stands.
    since, until
        The interval, aware.

    Examples
    --------
    >>> from datetime import UTC
    >>> def at(hour): return datetime(2026, 11, 23, hour, tzinfo=UTC)
    >>> stood_still([(at(8), at(10)), (at(12), None)], at(9), at(13))
    datetime.timedelta(seconds=7200)
    """
    total = timedelta(0)
    for start, end in pauses:
        first = max(start, since)
        last = until if end is None else min(end, until)
        total += max(last - first, timedelta(0))
    return total


def due_net(due_at: datetime, pauses: Sequence[Span], since: datetime, now: datetime) -> datetime:
    """The due time moved by as long as the clock has stood since it started."""
    return due_at + stood_still(pauses, since, now)
