"""The hours of the council's usual patrol shift, where it has set them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.orm import Session

from geodata.rules.days import LONDON
from geodata.store import settings

SHIFT = "patrol_shift"
"""Setting: [start, end], such as ["20:00", "00:30"]."""
SHORTEST, LONGEST = timedelta(hours=2), timedelta(hours=12)
_FORM = "%H:%M"
_SOME_DAY = date(2026, 1, 1)


@dataclass(frozen=True)
class ShiftHours:
    """By London's clock; an end that is not after the start is on the next day.

    Examples
    --------
    >>> late = ShiftHours(time(22), time(2, 30))
    >>> str(late), late.length
    ('22:00 to 02:30', datetime.timedelta(seconds=16200))
    """

    start: time
    end: time

    @property
    def length(self) -> timedelta:
        """By the clock."""
        starts, ends = (datetime.combine(_SOME_DAY, clock) for clock in (self.start, self.end))
        return (ends - starts) % timedelta(days=1) or timedelta(days=1)

    def on(self, day: date) -> tuple[datetime, datetime]:
        """Start and end, UTC, of the shift that starts on a day."""
        ends_on = day if self.end > self.start else day + timedelta(days=1)
        starts = datetime.combine(day, self.start, LONDON).astimezone(UTC)
        return starts, datetime.combine(ends_on, self.end, LONDON).astimezone(UTC)

    def to_record(self) -> list[str]:
        """As the setting keeps it."""
        return [clock.strftime(_FORM) for clock in (self.start, self.end)]

    def __str__(self) -> str:
        return " to ".join(self.to_record())


def set_hours(session: Session) -> ShiftHours | None:
    """The hours that the council has set; None where it has set none."""
    record = settings.read(session, SHIFT)
    return None if record is None else ShiftHours(*map(time.fromisoformat, record))
