"""Whether the time that a telephone or a file tells counts, or only when we were told."""

from dataclasses import dataclass
from datetime import datetime, timedelta

CLOCK_SKEW = timedelta(minutes=5)
"""How far a telephone's clock may be wrong without anybody's doing."""


@dataclass(frozen=True)
class CountedTime:
    """When something counts as done, and whether that is what was told."""

    at: datetime
    is_as_told: bool


def counted_time(
    told_at: datetime, *, received_at: datetime, not_before: datetime, most_gap: timedelta
) -> CountedTime:
    """A told time where it can be true and comes in time, else its receipt.

    Parameters
    ----------
    told_at, received_at
        Aware: by the device's clock, and by ours.
    not_before
        What it answers cannot have been done before: the report, or the last reopening.
    most_gap
        Between what is told and its receipt, both ends included.

    Examples
    --------
    >>> from datetime import UTC
    >>> noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
    >>> day, half = timedelta(days=1), timedelta(hours=12)
    >>> counted_time(noon - half, received_at=noon, not_before=noon - day, most_gap=half).at.hour
    0
    >>> counted_time(noon - day, received_at=noon, not_before=noon - day, most_gap=half)
    CountedTime(at=datetime.datetime(2026, 6, 1, 12, 0, tzinfo=datetime.timezone.utc), \
is_as_told=False)
    """
    is_plausible = not_before - CLOCK_SKEW <= told_at <= received_at + CLOCK_SKEW
    if is_plausible and received_at - told_at <= most_gap:
        return CountedTime(min(max(told_at, not_before), received_at), is_as_told=True)
    return CountedTime(max(received_at, not_before), is_as_told=False)
