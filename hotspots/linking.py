"""The linking rule itself, on plain numbers: one decision, and its replay over a history.

``nearest_open`` decides for one report; ``replay`` asks it for every report of a history in the
order in which things became known. Batch and live linking are therefore one rule. Times are
integer microseconds since 1970 (UTC), lengths metres.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

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
        """Take a report in; one made after "not found" shows that the dump is still there."""
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


class Clearance(NamedTuple):
    """A clearance that closes: of the incident of report ``row``, or (row -1) around a place."""

    row: int
    x: float
    y: float
    cleared_at: int
    known_at: int
    outcome: str


class _Board:
    """Incidents of a replay, by square cell: everything within reach is in 3 × 3 cells."""

    def __init__(self, rule: Rule, *, lag_us: int, keeps_lapsed: bool) -> None:
        self.rule = rule
        self.lag_us = lag_us
        self.oldest_us = NEVER if keeps_lapsed else rule.link_us
        self.cells: dict[int, list[Incident]] = {}

    def around(self, keys: tuple[int, ...], now: int) -> list[Incident]:
        """What a report may still join, dropping for good what none ever will."""
        found: list[Incident] = []
        for key in keys:
            bucket = self.cells.get(key)
            if bucket:
                alive = [
                    incident
                    for incident in bucket
                    if incident.closed_at >= now - self.lag_us
                    and now - incident.last_at <= self.oldest_us
                ]
                if len(alive) < len(bucket):
                    self.cells[key] = alive
                found += alive
        return found

    def add(self, key: int, incident: Incident) -> None:
        self.cells.setdefault(key, []).append(incident)


def replay(
    reports: list[Sighting],
    clearances: list[Clearance],
    rule: Rule,
) -> tuple[np.ndarray, list[Incident]]:
    """Link a whole history, in the order in which it became known.

    Returns
    -------
    first, incidents
        (n,) row of the first report of each report's incident, and those incidents that met
        another report or a clearance (the others are alone: nothing ever happened to them).
    """
    n = len(reports)
    first = np.arange(n)
    key, stride = _cell_keys(reports, clearances, rule)
    busy = _has_company(key, stride)
    order = _known_order(reports, clearances, busy)
    # A report filed late may speak of an incident closed since: it stays on the board that long.
    lag_us = max((r.reported_at - r.observed_at for r in reports), default=0)
    by_place = any(clearance.row < 0 for clearance in clearances)
    board = _Board(rule, lag_us=max(lag_us, 0), keeps_lapsed=by_place)
    offsets = [dx * stride + dy for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
    incident_of: dict[int, Incident] = {}
    incidents: list[Incident] = []
    keys = key.tolist()
    for event in order.tolist():
        near = tuple(keys[event] + offset for offset in offsets)
        if event >= n:
            _apply(clearances[event - n], board, near, incident_of)
            continue
        report = reports[event]
        joined = nearest_open(report, board.around(near, report.reported_at), rule)
        if joined is None:
            joined = Incident(report, event, report.reported_at)
            board.add(keys[event], joined)
            incidents.append(joined)
        else:
            joined.add(report)
            first[event] = joined.row
        incident_of[event] = joined
    return first, incidents


def _apply(
    clearance: Clearance,
    board: _Board,
    near: tuple[int, ...],
    incident_of: dict[int, Incident],
) -> None:
    at, outcome, rule = clearance.cleared_at, clearance.outcome, board.rule
    if clearance.row >= 0:
        incident_of[clearance.row].answer(at, outcome, rule)
        return
    for incident in (i for key in near for i in board.cells.get(key, ())):
        first = incident.first
        apart_m = math.hypot(clearance.x - first.x, clearance.y - first.y)
        if first.reported_at <= at and apart_m <= rule.reach_m(first.accuracy_m):
            incident.clear(at, outcome, rule)


def _cell_keys(
    reports: list[Sighting], clearances: list[Clearance], rule: Rule
) -> tuple[np.ndarray, int]:
    """One integer per report, then per clearance, naming its cell; and the step to the next
    column."""
    places = [(r.x, r.y) for r in reports]
    places += [(c.x, c.y) if c.row < 0 else places[c.row] for c in clearances]
    side_m = rule.reach_m(2 * max((r.accuracy_m for r in reports), default=0.0))
    cell = np.floor(np.asarray(places, dtype=float).reshape(-1, 2) / side_m).astype(np.int64)
    cell -= cell.min(axis=0, initial=NEVER) - 1
    stride = int(cell[:, 1].max(initial=0)) + 2
    return cell[:, 0] * stride + cell[:, 1], stride


def _has_company(key: np.ndarray, stride: int) -> np.ndarray:
    """Which events share their 3 × 3 cells with another: the rest need no decision."""
    cells, cell, count = np.unique(key, return_inverse=True, return_counts=True)
    total = np.zeros(len(cells), dtype=np.int64)
    for dx in (-1, 0, 1):
        for dy in (-1, 0, 1):
            wanted = cells + dx * stride + dy
            at = np.minimum(np.searchsorted(cells, wanted), max(len(cells) - 1, 0))
            total += np.where(cells[at] == wanted, count[at], 0)
    return np.asarray(total[cell] > 1)


def _known_order(
    reports: list[Sighting], clearances: list[Clearance], busy: np.ndarray
) -> np.ndarray:
    """Busy events by the time they became known; at one instant reports come before clearances:
    what was seen as the crew arrived is what the crew took."""
    known = np.array([r.reported_at for r in reports] + [c.known_at for c in clearances], np.int64)
    outcomes = {outcome: k for k, outcome in enumerate(sorted({c.outcome for c in clearances}))}
    rank = np.array([r.rank for r in reports] + [outcomes[c.outcome] for c in clearances], np.int64)
    kind = np.repeat([0, 1], [len(reports), len(clearances)])
    order = np.lexsort((rank, kind, known))
    return np.asarray(order[busy[order]])
