"""A whole history linked, in the order in which it became known."""

import math
from typing import Any, NamedTuple

import numpy as np

from hotspots.linking.linkable_reports import cell_keys, is_linkable, near_places
from hotspots.linking.rule import NEVER, NOT_FOUND, Incident, Rule, Sighting, nearest_open


class Sightings(NamedTuple):
    """Reports as the rule sees them: (n,) of each attribute of `Sighting`."""

    x: np.ndarray
    y: np.ndarray
    accuracy_m: np.ndarray
    reported_at: np.ndarray
    observed_at: np.ndarray
    rank: np.ndarray

    def among(self, rows: np.ndarray) -> "Sightings":
        """Those of some rows."""
        return Sightings(*(column[rows] for column in self))

    def one_by_one(self) -> list[Sighting]:
        """The same, each by itself."""
        return list(map(Sighting, *(column.tolist() for column in self)))


class Clearances(NamedTuple):
    """Clearances that close: (m,) of each, of the incident of report ``row`` or, where that is -1,
    around a place."""

    row: np.ndarray
    x: np.ndarray
    y: np.ndarray
    cleared_at: np.ndarray
    known_at: np.ndarray
    outcome: np.ndarray

    def among(self, rows: np.ndarray) -> "Clearances":
        """Those of some rows."""
        return Clearances(*(column[rows] for column in self))


class Closings(NamedTuple):
    """What closed incidents: (k,) row of the first report of each, when, and how."""

    row: np.ndarray
    cleared_at: np.ndarray
    outcome: np.ndarray


def replay(reports: Sightings, clearances: Clearances, rule: Rule) -> tuple[np.ndarray, Closings]:
    """Link a whole history, in the order in which it became known.

    A report that no other one meets needs no decision, and its first clearance closes it; only
    those in company (`hotspots.linking.linkable_reports`) are replayed one by one.

    Returns
    -------
    first, closings
        (n,) row of the first report of each report's incident, and the incidents that are closed.
    """
    first = np.arange(len(reports.x))
    is_busy = np.append(_is_busy(reports, clearances, rule), True)  # row -1, a place, is busy
    busy = np.flatnonzero(is_busy[:-1])
    busy_clearances = clearances.among(is_busy[clearances.row])
    busy_clearances = busy_clearances._replace(
        row=np.where(busy_clearances.row < 0, -1, np.searchsorted(busy, busy_clearances.row))
    )
    joined, incidents = _replayed(reports.among(busy), busy_clearances, rule)
    first[busy] = busy[joined]
    alone = _first_closings(clearances.among(~is_busy[clearances.row]), rule)
    met = _closings(incidents, busy)
    return first, Closings(*map(np.concatenate, zip(met, alone, strict=True)))


def _is_busy(reports: Sightings, clearances: Clearances, rule: Rule) -> np.ndarray:
    """(n,) which reports may meet another one, or lie where a place was cleared."""
    widest_m = _widest_m(reports, rule)
    places = np.column_stack([clearances.x, clearances.y])[clearances.row < 0]
    met = is_linkable(
        reports.x, reports.y, reports.reported_at, reach_m=2 * widest_m, window_us=rule.link_us
    )
    return np.asarray(met | near_places(reports.x, reports.y, places, reach_m=widest_m))


def _widest_m(reports: Sightings, rule: Rule) -> float:
    return rule.reach_m(2 * float(reports.accuracy_m.max(initial=0.0)))


def _closings(incidents: list[Incident], row: np.ndarray) -> Closings:
    closed = [incident for incident in incidents if incident.outcome is not None]
    return Closings(
        row[np.array([incident.row for incident in closed], dtype=np.int64)],
        np.array([incident.cleared_at for incident in closed], dtype=np.int64),
        np.array([incident.outcome for incident in closed], dtype=object),
    )


def _first_closings(clearances: Clearances, rule: Rule) -> Closings:
    """Of each report that is alone, the clearance that takes effect first."""
    is_absent = clearances.outcome == NOT_FOUND
    closed_at = clearances.cleared_at + np.where(is_absent, rule.grace_us, 0)
    keys = (_outcome_ranks(clearances), clearances.known_at, closed_at, clearances.row)
    order = np.lexsort(keys)
    row, which = np.unique(clearances.row[order], return_index=True)
    chosen = order[which]
    return Closings(row, clearances.cleared_at[chosen], clearances.outcome[chosen])


class _Board:
    """Incidents of a replay, by square cell: everything within reach is in 3 × 3 cells."""

    def __init__(self, rule: Rule, *, lag_us: int, keeps_lapsed: bool) -> None:
        self.rule = rule
        self.lag_us = lag_us
        self.oldest_us = NEVER if keeps_lapsed else rule.link_us
        self.cells: dict[int, list[Incident]] = {}

    def around(self, keys: tuple[int, ...], now: int) -> list[Incident]:
        """What a report may still join, dropping for good what none ever will."""
        incidents: list[Incident] = []
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
                incidents += alive
        return incidents

    def add(self, key: int, incident: Incident) -> None:
        self.cells.setdefault(key, []).append(incident)


def _replayed(
    reports: Sightings, clearances: Clearances, rule: Rule
) -> tuple[np.ndarray, list[Incident]]:
    """(n,) row of the first report of each report's incident, and the incidents."""
    n = len(reports.x)
    first = np.arange(n)
    x = np.append(reports.x, _places(reports.x, clearances.x, clearances.row))
    y = np.append(reports.y, _places(reports.y, clearances.y, clearances.row))
    key, stride = cell_keys(x, y, _widest_m(reports, rule))
    # A report filed late may speak of an incident closed since: it stays on the board that long.
    lag_us = int((reports.reported_at - reports.observed_at).max(initial=0))
    board = _Board(rule, lag_us=lag_us, keeps_lapsed=bool((clearances.row < 0).any()))
    offsets = [dx * stride + dy for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
    sightings = reports.one_by_one()
    visits = list(zip(*(column.tolist() for column in clearances), strict=True))
    incident_of: dict[int, Incident] = {}
    incidents: list[Incident] = []
    keys = key.tolist()
    for event in _known_order(reports, clearances).tolist():
        near = tuple([keys[event] + offset for offset in offsets])
        if event >= n:
            _apply(visits[event - n], board, near, incident_of)
            continue
        report = sightings[event]
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


def _places(of_reports: np.ndarray, own: np.ndarray, row: np.ndarray) -> np.ndarray:
    """Along one axis: of the report that each clearance answers, else its own."""
    return np.where(row < 0, own, np.append(of_reports, np.nan)[row])


def _apply(
    clearance: tuple[Any, ...],
    board: _Board,
    near: tuple[int, ...],
    incident_of: dict[int, Incident],
) -> None:
    row, x, y, at, _, outcome = clearance
    rule = board.rule
    if row >= 0:
        incident_of[row].answer(at, outcome, rule)
        return
    for incident in (i for key in near for i in board.cells.get(key, ())):
        first = incident.first
        apart_m = math.hypot(x - first.x, y - first.y)
        if first.reported_at <= at and apart_m <= rule.reach_m(first.accuracy_m):
            incident.clear(at, outcome, rule)


def _known_order(reports: Sightings, clearances: Clearances) -> np.ndarray:
    """Events by the time they became known; at one instant reports come before clearances: what
    was seen as the crew arrived is what the crew took."""
    known = np.concatenate([reports.reported_at, clearances.known_at])
    rank = np.concatenate([reports.rank, _outcome_ranks(clearances)])
    kind = np.repeat([0, 1], [len(reports.x), len(clearances.row)])
    return np.lexsort((rank, kind, known))


def _outcome_ranks(clearances: Clearances) -> np.ndarray:
    return np.asarray(np.unique(clearances.outcome.astype(str), return_inverse=True)[1])
