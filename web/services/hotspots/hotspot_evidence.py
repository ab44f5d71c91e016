"""What a run keeps beside each hotspot, and what its incidents add up to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from geodata import detections
from geodata.detections import MemberTotals
from geodata.rules.days import day_starts
from hotspots.timing.periods import month_ends

if TYPE_CHECKING:
    from geodata.models import DetectionRun

RECENT_DAYS = 28
MOST_MONTHS = 12
"""More would be no glance."""


@dataclass(frozen=True)
class Evidence:
    """The sentences and hours that a run reckoned; None or empty where an older one did not.

    ``hour_shares`` are 168 shares of the London week, Monday 00:00 first.
    """

    months: int
    class_sentence: str | None = None
    rate_sentence: str | None = None
    next_month_sentence: str | None = None
    change: str | None = None
    change_sentence: str | None = None
    hot_hours: str | None = None
    hour_shares: tuple[float, ...] = ()
    hours_verdict: str | None = None
    vague_share: float | None = None
    prior_share: float | None = None
    null: str | None = None
    rate_ratio: float | None = None
    weeks: int | None = None

    @property
    def hours_in_short(self) -> str | None:
        """Days and hours without how they are known: "Fri and Sat 22:00-02:00"."""
        return self.hot_hours and self.hot_hours.split(": ")[0].rstrip(".")


def evidence_of(record: Mapping[str, Any], months: int) -> Evidence:
    """What a stored hotspot's evidence says."""
    names = (
        "class_sentence",
        "rate_sentence",
        "next_month_sentence",
        "change",
        "change_sentence",
        "hot_hours",
        "hours_verdict",
        "vague_share",
        "prior_share",
        "null",
        "rate_ratio",
        "weeks",
    )
    shares = record.get("hour_shares") or ()
    return Evidence(months, hour_shares=tuple(shares), **{name: record.get(name) for name in names})


def member_totals(session: Session, run: DetectionRun) -> dict[int, MemberTotals]:
    """By identity, what the incidents of a run's hotspots add up to, and how many are new."""
    since = run.as_of - timedelta(days=RECENT_DAYS)
    return detections.member_totals(session, run.id, since=since)


def month_counts(session: Session, run: DetectionRun) -> dict[int, tuple[int, ...]]:
    """By identity, incidents by month up to the run's day, oldest first: a year at most."""
    months = min(int(run.params["months"]), MOST_MONTHS)
    ends = [day_starts(day.date() + timedelta(days=1)) for day in month_ends(run.as_of, months)]
    return detections.member_months(session, run.id, ends)
