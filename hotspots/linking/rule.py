"""The linking rule itself, on plain numbers: what one report joins, and what closes an incident.

``nearest_open`` decides for one report; `hotspots.linking.replay` asks it for every report of a
history in the order in which things became known. Batch and live linking are therefore one rule.
Times are integer microseconds since 1970 (UTC), lengths metres.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

NEVER = 2**62
NOT_FOUND = "not_found"
# Two metres-scale coordinates differ in the last bits after a translation: a micrometre of slack
# keeps a report at exactly the radius linked wherever the map's origin lies.
SLACK_M = 1e-6


class Rule(NamedTuple):
    """`LinkingParams` in the units of this module."""

    link_radius_m: float
    max_radius_m: float
    link_us: int
    grace_us: int
    is_job_per_report: bool = False

    def reach_m(self, accuracy_m: float) -> float:
        """How far apart two points may lie whose stated accuracies sum to ``accuracy_m``."""
        return min(self.link_radius_m + accuracy_m, self.max_radius_m) + SLACK_M

    def closed_at(self, cleared_at: int, outcome: str) -> int:
        """When a clearance takes effect: "not found" leaves time for somebody to object."""
        return cleared_at + (self.grace_us if outcome == NOT_FOUND else 0)


class Sighting(NamedTuple):
    """A report as the rule sees it; ``rank`` orders reports made at the same instant."""

    x: float
    y: float
    accuracy_m: float
    reported_at: int
    observed_at: int
    rank: Any


@dataclass(slots=True, eq=False)
class Incident:
    """An incident as the rule sees it: the place and age of its first report, and its state."""

    first: Sighting
    row: int
    last_at: int
    cleared_at: int = NEVER
    closed_at: int = NEVER
    outcome: str | None = None
    jobs: int = 1

    def add(self, report: Sighting) -> None:
        """Take a report in; one made after "not found" shows that the incident is still there."""
        self.jobs += 1
        self.last_at = max(self.last_at, report.reported_at)
        if self.outcome == NOT_FOUND and report.observed_at > self.cleared_at:
            self.cleared_at = self.closed_at = NEVER
            self.outcome = None

    def answer(self, at: int, outcome: str, rule: Rule) -> None:
        """Take a clearance of one of its reports: it closes the incident, or only its own job."""
        self.jobs -= 1
        if self.jobs <= 0 or not rule.is_job_per_report:
            self.clear(at, outcome, rule)

    def clear(self, at: int, outcome: str, rule: Rule) -> None:
        """Close it, unless something closed it sooner."""
        closed_at = rule.closed_at(at, outcome)
        if closed_at < self.closed_at:
            self.cleared_at, self.closed_at, self.outcome = at, closed_at, outcome


def nearest_open(report: Sighting, incidents: Iterable[Incident], rule: Rule) -> Incident | None:
    """The incident that a report joins, or None when it opens one.

    Candidates were still open when the report was observed, were last reported no more than
    ``link_us`` before it, and lie within reach of its place. Those already reported when it was
    observed come first, then the nearest, then the oldest, then the smallest id.
    """
    best = None
    best_key: tuple[bool, float, int, Any] | None = None
    for incident in incidents:
        if report.observed_at > incident.closed_at:
            continue
        if report.reported_at - incident.last_at > rule.link_us:
            continue
        first = incident.first
        apart_m = math.hypot(report.x - first.x, report.y - first.y)
        if apart_m > rule.reach_m(report.accuracy_m + first.accuracy_m):
            continue
        too_young = report.observed_at < first.reported_at
        key = (too_young, apart_m, first.reported_at, first.rank)
        if best_key is None or key < best_key:
            best, best_key = incident, key
    return best
