"""The hours of the week worth a patrol, in words."""

from dataclasses import dataclass
from itertools import groupby

import numpy as np

from hotspots.core.errors import ParameterError
from hotspots.core.words import counted, listed
from hotspots.timing.aoristic import HOURS_OF_WEEK

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
STANDS_OUT = 1.25
"""A day is named when it has so many times the incidents of an even day."""


@dataclass(frozen=True)
class HotHours:
    """The same hours on one or more days of the week, London time.

    Attributes
    ----------
    days
        Days on which they begin, 0 is Monday; all seven where none stands out.
    start_hour, end_hour
        0 to 23; an end that is not after the start is on the next day.
    share
        Of all incidents that fall in them.
    share_of_week
        Of all hours of the week.
    """

    days: tuple[int, ...]
    start_hour: int
    end_hour: int
    share: float
    share_of_week: float

    def __str__(self) -> str:
        return f"{_days_in_words(self.days)} {self.start_hour:02}:00-{self.end_hour:02}:00"


def hot_hours(profile: np.ndarray, *, hours: int = 4) -> HotHours:
    """The stretch of the clock with the most incidents, on the days that stand out.

    Parameters
    ----------
    profile
        (168,) share of incidents in each hour of the London week, Monday 00:00 first.
    hours
        Length of the stretch, 1 to 23: about a shift.

    Examples
    --------
    >>> profile = np.full(168, 0.002)
    >>> profile[[118, 119, 120, 121, 142, 143, 144, 145]] = 0.085  # Friday and Saturday nights
    >>> hot = hot_hours(profile)
    >>> str(hot), round(hot.share, 2), round(hot.share_of_week, 3)
    ('Fri and Sat 22:00-02:00', 0.68, 0.048)
    """
    if np.shape(profile) != (HOURS_OF_WEEK,):
        raise ParameterError(f"profile has shape {np.shape(profile)}: it must be (168,)")
    if not 1 <= hours <= 23:
        raise ParameterError(f"hours is {hours}: it must be from 1 to 23")
    reach = np.arange(HOURS_OF_WEEK)[:, None] + np.arange(hours)
    from_each = profile[reach % HOURS_OF_WEEK].sum(axis=1).reshape(7, 24)
    start = int(np.round(from_each.sum(axis=0), 12).argmax())
    by_day = from_each[:, start]
    days = tuple(np.flatnonzero(by_day >= STANDS_OUT * by_day.mean()).tolist())
    if by_day.sum() == 0 or not days:
        days = tuple(range(7))
    share = float(by_day[list(days)].sum())
    return HotHours(days, start, (start + hours) % 24, share, len(days) * hours / HOURS_OF_WEEK)


def hot_hours_sentence(
    profile: np.ndarray, *, known: int, vague_share: float, prior_share: float
) -> str:
    """When to be there, with how much is known of it.

    Parameters
    ----------
    profile
        (168,) of the hotspot.
    known
        Number of its incidents whose hours are known.
    vague_share
        Of its incidents, 0 to 1, that tell nothing of the hour.
    prior_share
        How much of the profile is the borough's pattern, 0 to 1.

    Examples
    --------
    >>> even = np.full(168, 1 / 168)
    >>> hot_hours_sentence(even, known=0, vague_share=1.0, prior_share=1.0)
    'Hours not known: no incident here was seen soon enough after the place was last clean.'
    """
    if known == 0:
        return (
            "Hours not known: no incident here was seen soon enough after the place was last clean."
        )
    hot = hot_hours(profile)
    evidence = f"{counted(known, 'incident')} with known hours"
    if vague_share > 0:
        evidence += f", {vague_share:.0%} of all without"
    whose = f"; {prior_share:.0%} of this is the borough's pattern" if prior_share >= 0.005 else ""
    share = f"{hot.share:.0%} of incidents in {hot.share_of_week:.0%} of the week"
    return f"{hot}: {share} ({evidence}{whose})."


def _days_in_words(days: tuple[int, ...]) -> str:
    """Runs of three days or more as "Thu to Sat", which may pass over Sunday."""
    if len(days) == 7:
        return "every day"
    free = next(day for day in range(7) if day not in days)
    week = [(free + step) % 7 for step in range(7)]
    runs = [list(run) for is_hot, run in groupby(week, lambda day: day in days) if is_hot]
    parts = sorted(
        (run[0], f"{DAYS[run[0]]} to {DAYS[run[-1]]}") if len(run) > 2 else (day, DAYS[day])
        for run in runs
        for day in (run[:1] if len(run) > 2 else run)
    )
    return listed([text for _, text in parts])
