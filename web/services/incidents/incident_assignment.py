"""Live linking: which incident a report joins as it comes in, and what state that leaves it in.

The decision is ``hotspots.find_open_incident``'s and the closing ``hotspots.linking``'s, as in a
batch; here are only the candidates and what is written down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from geodata import clearances
from geodata.core.vocabulary import CLOSING, IncidentEventKind
from geodata.incidents import incident_changes, incident_events, incident_totals, open_incidents
from geodata.incidents.open_incidents import Candidate
from geodata.rules.clearances.service_level import service_clock
from hotspots.linking.incidents import LinkingParams
from hotspots.linking.rule import Incident as LinkedIncident
from hotspots.linking.rule import Rule, Sighting, nearest_open

if TYPE_CHECKING:
    from geodata.models import Clearance, Incident, Report

PARAMS = LinkingParams()
EPOCH = datetime.fromisoformat("1970-01-01T00:00+00:00")
LOCK = "incidents"
"""Held by everything that changes an incident, so that two reports at once make one of it."""


@dataclass(frozen=True)
class Joined:
    """Where a report went. ``has_reopened``: it shows that what was "not found" is still there."""

    incident: Incident
    has_opened: bool
    has_reopened: bool


def join_or_open(session: Session, report: Report, *, now: datetime) -> Joined:
    """Let a stored report join the open incident that the rule finds, or open one.

    The caller holds the lock ``LOCK``.
    """
    near = open_incidents.candidates(
        session,
        report.geometry,
        within_m=PARAMS.max_radius_m + 1,
        since=report.reported_at - timedelta(days=PARAMS.link_days),
    )
    key = chosen(report, near)
    if key is None:
        incident, is_new = open_incidents.open_with(session, report, service_clock(session))
        if not is_new:
            settle(session, incident)
        _note(session, report, incident, IncidentEventKind.OPENED, now)
        return Joined(incident, has_opened=True, has_reopened=False)
    return join(session, report, open_incidents.by_key(session, key), now=now)


def chosen(report: Report, near: Sequence[Candidate]) -> str | None:
    """The key of the incident that a report joins; the rule is ``hotspots.find_open_incident``'s.

    It is asked with plain numbers: for a handful of rows a frame takes longer than all the rest.
    """
    rule = PARAMS.rule()
    incidents = [_as_linked(each, row, rule) for row, each in enumerate(near)]
    joined = nearest_open(_sighting(report, 0), incidents, rule)
    return None if joined is None else near[joined.row].key


def _as_linked(each: Candidate, row: int, rule: Rule) -> LinkedIncident:
    at = _microseconds(each.first_reported_at)
    first = Sighting(each.x, each.y, each.accuracy_m, at, at, each.key)
    incident = LinkedIncident(first, row, _microseconds(each.last_reported_at))
    if each.cleared_at is not None:
        incident.clear(_microseconds(each.cleared_at), each.outcome or "cleared", rule)
    return incident


def join(session: Session, report: Report, incident: Incident, *, now: datetime) -> Joined:
    """Let a report join an incident that was chosen."""
    was_open = incident.state in open_incidents.OPEN
    incident_changes.assign(session, report, incident)
    settle(session, incident)
    has_reopened = not was_open and incident.state in open_incidents.OPEN
    kind = IncidentEventKind.REOPENED if has_reopened else IncidentEventKind.REPORTED
    _note(session, report, incident, kind, now)
    return Joined(incident, has_opened=False, has_reopened=has_reopened)


def rehome_later_reports(session: Session, incident: Incident, *, now: datetime) -> None:
    """Let the rule decide anew about what was reported after the closing, known only now."""
    if incident.closed_at is None:
        return
    rule = PARAMS.rule()
    grace = timedelta(microseconds=rule.closed_at(0, incident.state))
    reports = incident_totals.members(session, incident.id)
    effective_at = incident.closed_at + grace
    later = [
        r
        for r in reports[1:]
        if not r.is_pinned and r.reference != incident.key and r.reported_at > effective_at
    ]
    if not later:
        return
    incident_changes.release(session, later)
    settle(session, incident)
    for report in later:
        join_or_open(session, report, now=now)


def _note(
    session: Session, report: Report, incident: Incident, kind: IncidentEventKind, now: datetime
) -> None:
    incident_events.append(
        session,
        incident.id,
        kind,
        at=report.reported_at,
        now=now,
        user_id=report.user_id,
        details={
            "report": report.reference,
            "due_at": incident.due_at and incident.due_at.isoformat(),
            "rule": incident.due_rule,
        },
    )


def settle(session: Session, incident: Incident) -> None:
    """Bring an incident in line with its reports, its clearances and whether its clock stands."""
    reports = incident_totals.members(session, incident.id)
    incident_totals.gather(incident, reports, service_clock(session))
    closing = _closing(reports, clearances.standing(session, incident.id))
    if closing is not None:
        incident_changes.close(session, incident, *closing)
    else:
        is_paused = incident_events.is_paused(session, incident.id)
        incident_changes.keep_open(session, incident, is_paused=is_paused)


def _closing(reports: Sequence[Report], done: Sequence[Clearance]) -> tuple[datetime, str] | None:
    """When and by what outcome the rule says that an incident closed; None where it did not."""
    rule = PARAMS.rule()
    sightings = [_sighting(report, rank) for rank, report in enumerate(reports)]
    reported_at = {r.id: s.reported_at for r, s in zip(reports, sightings, strict=True)}
    first = sightings[0]
    # A clearance is known once the report it answers is; at one instant reports come first.
    steps: list[tuple[int, int, Any]] = [(s.reported_at, 0, s) for s in sightings[1:]]
    for clearance in done:
        if clearance.outcome in CLOSING:
            at = _microseconds(clearance.occurred_at)
            known_at = max(at, reported_at.get(clearance.report_id or 0, first.reported_at))
            steps.append((known_at, 1, (at, clearance.outcome)))
    incident = LinkedIncident(first, 0, first.reported_at)
    for _, kind, what in sorted(steps, key=lambda step: step[:2]):
        if kind == 0:
            incident.add(what)
        else:
            at, outcome = what
            incident.clear(at, outcome, rule)
    if incident.outcome is None:
        return None
    return EPOCH + timedelta(microseconds=incident.cleared_at), incident.outcome


def _sighting(report: Report, rank: int) -> Sighting:
    at, place = _microseconds(report.reported_at), report.geometry
    return Sighting(place.x, place.y, report.accuracy_m or 0.0, at, at, rank)


def _microseconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)
