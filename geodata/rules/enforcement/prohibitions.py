"""When, on which days and to whom a prohibition of an order applies, and how people write it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from geodata.core.errors import RefusedError
from geodata.rules.days import LONDON

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HINT = (
    "Limits may stand in square brackets at the end, with commas between: hours, days, vehicles "
    "only, surrender. Such as: No inhaling [18:00-06:00, Fri Sat, vehicles only, surrender]"
)
_LINE = re.compile(r"^(?P<text>.*?)\s*(?:\[(?P<limits>[^\]]*)\])?\s*\.?$", re.DOTALL)
_HOURS = re.compile(r"(\d{1,2}:\d{2})\s*(?:-|–|to)\s*(\d{1,2}:\d{2})")


@dataclass(frozen=True)
class Limits:
    """What a prohibition is limited to.

    Attributes
    ----------
    begins, ends
        London's clock, the end not included; an end before the start is on the next day. None:
        at all hours.
    days
        0 for Monday; the day on which the hours begin. Empty: every day.
    vehicles_only
        Whether it is for people with a vehicle alone.
    may_surrender
        Whether the order lets officers require things to be given up.
    """

    begins: time | None = None
    ends: time | None = None
    days: frozenset[int] = frozenset()
    vehicles_only: bool = False
    may_surrender: bool = False

    def fault(self, moment: datetime, *, from_vehicle: bool) -> str:
        """Why it does not apply to an act, empty where it does.

        >>> night = Limits(time(18), time(6), frozenset({4}))
        >>> night.fault(datetime(2026, 6, 12, 15, tzinfo=LONDON), from_vehicle=False)
        'it applies from 18:00 to 06:00 on Friday, and the act was at 15:00 on Friday'
        >>> night.fault(datetime(2026, 6, 13, 5, 59, tzinfo=LONDON), from_vehicle=False)
        ''
        """
        local = moment.astimezone(LONDON)
        if (self.begins is None) != (self.ends is None):
            return "only one end of its hours is recorded: enter both on the order's page"
        if not self._holds_at(local):
            return (
                f"it applies {self._when()}, and the act was at {local:%H:%M} on "
                f"{DAYS[local.weekday()]}"
            )
        if self.vehicles_only and not from_vehicle:
            return "it applies to people with a vehicle only, and none is recorded for the act"
        return ""

    def _holds_at(self, local: datetime) -> bool:
        begun = local.date()
        if self.begins is not None and self.ends is not None:
            clock, is_overnight = local.time(), self.ends <= self.begins
            if is_overnight and clock < self.ends:
                begun -= timedelta(days=1)
            elif clock < self.begins or (not is_overnight and clock >= self.ends):
                return False
        return not self.days or begun.weekday() in self.days

    def _when(self) -> str:
        hours = ""
        if self.begins is not None and self.ends is not None:
            hours = f"from {self.begins:%H:%M} to {self.ends:%H:%M}"
        days = f"on {', '.join(DAYS[day] for day in sorted(self.days))}" if self.days else ""
        return " ".join(filter(None, (hours, days)))

    def words(self) -> str:
        """What it is limited to, for people; empty where it always applies to everybody."""
        vehicles = "for people with a vehicle" if self.vehicles_only else ""
        surrender = "things may have to be surrendered" if self.may_surrender else ""
        return ", ".join(filter(None, (self._when(), vehicles, surrender)))

    def to_record(self) -> dict[str, Any] | None:
        """As the store keeps it; None where nothing is limited."""
        if self == Limits():
            return None
        return {
            "begins": self.begins and f"{self.begins:%H:%M}",
            "ends": self.ends and f"{self.ends:%H:%M}",
            "days": sorted(self.days),
            "vehicles_only": self.vehicles_only,
            "may_surrender": self.may_surrender,
        }


def limits_of(record: Mapping[str, Any] | None) -> Limits:
    """As the store keeps it."""
    if not record:
        return Limits()
    begins, ends = (
        record[name] and time.fromisoformat(record[name]) for name in ("begins", "ends")
    )
    return Limits(
        begins, ends, frozenset(record["days"]), record["vehicles_only"], record["may_surrender"]
    )


def read_line(line: str) -> tuple[str, Limits]:
    """A prohibition's text and its limits, as one line writes them.

    Raises
    ------
    RefusedError
        What stands in the brackets is no limit.

    Examples
    --------
    >>> text, limits = read_line("No inhaling [18:00-06:00, Fri Sat, vehicles only]")
    >>> text, limits.words()
    ('No inhaling', 'from 18:00 to 06:00 on Friday, Saturday, for people with a vehicle')
    """
    match = _LINE.match(line.strip())
    if match is None or match["limits"] is None:
        return line.strip(), Limits()
    parts = [part.strip().lower() for part in match["limits"].split(",") if part.strip()]
    values: dict[str, Any] = {}
    for part in parts:
        values |= _part(part)
    return match["text"].strip(), Limits(**values)


def _part(text: str) -> dict[str, Any]:
    if hours := _HOURS.fullmatch(text):
        begins, ends = (_clock(clock) for clock in hours.groups())
        return {"begins": begins, "ends": ends}
    if text.startswith("vehicle"):
        return {"vehicles_only": True}
    if text.startswith("surrender"):
        return {"may_surrender": True}
    return {"days": _days(text)}


def _clock(text: str) -> time:
    try:
        return time.fromisoformat(text.zfill(5))
    except ValueError:
        raise RefusedError(f"{text!r} is no time of day: write 18:00-06:00") from None


def _days(text: str) -> frozenset[int]:
    """Days as Fri, Friday, Fri Sat, or Fri-Sun."""
    days: set[int] = set()
    for word in re.split(r"[\s/]+|\band\b", text):
        ends = [_day(each, text) for each in re.split(r"[-–]", word) if each]
        if len(ends) == 2:
            days |= {(ends[0] + n) % 7 for n in range((ends[1] - ends[0]) % 7 + 1)}
        else:
            days |= set(ends)
    return frozenset(days)


def _day(word: str, text: str) -> int:
    known = [n for n, day in enumerate(DAYS) if len(word) >= 3 and day.lower().startswith(word)]
    if not known:
        raise RefusedError(
            f"{text!r} limits no prohibition: write hours (18:00-06:00), days (Fri Sat), vehicles "
            "only, or surrender"
        )
    return known[0]


def line_of(text: str, limits: Limits) -> str:
    """The line that ``read_line`` reads.

    >>> line = "No inhaling [18:00-06:00, Fri Sat, surrender]"
    >>> line_of(*read_line(line)) == line
    True
    """
    hours = f"{limits.begins:%H:%M}-{limits.ends:%H:%M}" if limits.begins else ""
    days = " ".join(DAYS[day][:3] for day in sorted(limits.days))
    vehicles = "vehicles only" if limits.vehicles_only else ""
    surrender = "surrender" if limits.may_surrender else ""
    parts = ", ".join(filter(None, (hours, days, vehicles, surrender)))
    return f"{text} [{parts}]" if parts else text
