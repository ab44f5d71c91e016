"""A clock that was wrong for a while: what was written ahead of time is not waited for."""

from datetime import datetime, timedelta

SLACK = timedelta(minutes=5)
"""By how much the clocks of hosts that share a store may differ."""


def is_ahead(moment: datetime, *, now: datetime) -> bool:
    """Whether a moment of the past lies in the future: the clock was set back since.

    >>> noon = datetime(2026, 11, 24, 12)
    >>> is_ahead(noon.replace(hour=13), now=noon), is_ahead(noon, now=noon)
    (True, False)
    """
    return moment - now > SLACK
