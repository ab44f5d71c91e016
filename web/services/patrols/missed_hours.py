"""Whether tonight's shift misses the hours in which most dumping is expected, as a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from sqlalchemy.orm import Session

from geodata import detections
from geodata.rules.days import LONDON, local_day
from hotspots.core.words import listed
from hotspots.timing.aoristic import HOURS_OF_WEEK

MOST_PLACES = 3
LONGEST_H = 8
"""Dumping that is spread over more hours than a shift has no hot hours."""
NOON = 12
_PLACES = {1: "the likeliest place", 2: "the two likeliest places", 3: "the three likeliest places"}


@dataclass(frozen=True, eq=False)
class Likely:
    """A place, and the incidents expected there in each hour of a night, (24,) from noon on."""

    name: str
    expected: np.ndarray


def missed_hours(session: Session, starts_at: datetime, ends_at: datetime) -> str:
    """When most dumping is expected at the night's likeliest places; "" where the shift has it.

    Parameters
    ----------
    starts_at, ends_at
        Of the shift, aware.
    """
    evening = local_day(starts_at - timedelta(hours=NOON))
    likely = _likeliest(session, day=evening)
    if not likely:
        return ""
    shift = (_since_noon(starts_at, evening), _since_noon(ends_at, evening))
    when = missed(np.sum([place.expected for place in likely], axis=0), shift)
    names = listed([place.name for place in likely])
    return when and f"Most dumping at {_PLACES[len(likely)]} ({names}) is expected {when}."


def missed(expected: np.ndarray, shift: tuple[float, float]) -> str:
    """The fewest hours in a row that hold most of the night's dumping, where a shift misses most
    of that; "" where it does not, or where no hours stand out.

    Parameters
    ----------
    expected
        (24,) incidents in each hour from noon on.
    shift
        Its start and end, hours since noon.

    Examples
    --------
    >>> night = np.zeros(24)
    >>> night[13:17] = 1  # 01:00 to 05:00
    >>> missed(night, (8, 12.5))  # 20:00 to 00:30
    'between 01:00 and 04:00, after this shift ends'
    """
    first, last = _hottest(expected)
    inside = _overlap(shift, np.arange(first, last)) @ expected[first:last]
    if last - first > LONGEST_H or inside >= expected[first:last].sum() / 2:
        return ""
    clocks = [f"{(NOON + hour) % 24:02}:00" for hour in (first, last)]
    return f"between {clocks[0]} and {clocks[1]}, {_where(first, last, shift)}"


def _hottest(expected: np.ndarray) -> tuple[int, int]:
    """First and end of the shortest run of hours with more than half; the fullest of those."""
    total = np.r_[0, np.cumsum(expected)]
    for length in range(1, len(expected)):
        held = total[length:] - total[:-length]
        if held.max() > total[-1] / 2:
            first = int(np.round(held, 12).argmax())
            return first, first + length
    return 0, len(expected)


def _overlap(shift: tuple[float, float], hours: np.ndarray) -> np.ndarray:
    """(n,) part of each hour that lies in the shift."""
    inside: np.ndarray = np.clip(
        np.minimum(hours + 1, shift[1]) - np.maximum(hours, shift[0]), 0, 1
    )
    return inside


def _where(first: int, last: int, shift: tuple[float, float]) -> str:
    starts, ends = shift
    if first >= ends:
        return "after this shift ends"
    if last <= starts:
        return "before this shift starts"
    if first >= starts:
        return "mostly after this shift ends"
    return "mostly before this shift starts" if last <= ends else "mostly outside this shift"


def _since_noon(moment: datetime, day: date) -> float:
    """Hours by the clock since noon of a day."""
    local = moment.astimezone(LONDON)
    days = (local.date() - day).days
    return days * 24 + local.hour + local.minute / 60 - NOON


def _likeliest(session: Session, *, day: date) -> Sequence[Likely]:
    """Of the newest run, dismissed ones left out, the places with the most incidents that night."""
    run = detections.latest_run(session)
    flagged = [] if run is None else detections.hotspots_of(session, run.id)
    likely = [
        Likely(identity.name, hotspot.incidents * _night(hotspot.evidence["hour_shares"], day))
        for hotspot, identity in flagged
        if hotspot.evidence.get("hours_known")
        and not (identity.dismissed_until and day <= identity.dismissed_until)
    ]
    return sorted(likely, key=lambda place: -place.expected.sum())[:MOST_PLACES]


def _night(shares: Sequence[float], day: date) -> np.ndarray:
    """(24,) of the week's shares, from noon of a day on."""
    first = day.weekday() * 24 + NOON
    week: np.ndarray = np.asarray(shares, dtype=float)
    return week[np.arange(first, first + 24) % HOURS_OF_WEEK]
