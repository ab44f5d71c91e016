"""What an officer sees of a detection run: every hotspot with its evidence, sorted and filtered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geodata import detections
from geodata.detections import MemberTotals
from geodata.posters import interventions
from geodata.posters.interventions import InterventionRecord
from geodata.rules.days import LONDON
from hotspots.detection.classes import CLASS_DEFINITIONS
from web.services.detection import (
    along_streets,
    borough_hours,
    busy_list,
    recent_days,
    weekly_watch,
)
from web.services.detection.along_streets import AlongStreets
from web.services.detection.busy_list import BusyPlace
from web.services.detection.recent_days import RecentDays
from web.services.detection.weekly_watch import WeeklyWatch
from web.services.hotspots import revisits
from web.services.hotspots.hotspot_evidence import (
    Evidence,
    evidence_of,
    member_totals,
    month_counts,
)
from web.services.hotspots.revisits import Revisit

if TYPE_CHECKING:
    from geodata.models import DetectionRun, Hotspot, HotspotIdentity

    Flagged = Sequence[tuple[Hotspot, HotspotIdentity]]

MOSTLY_BOROUGH = 0.5
BOROUGH_PATTERN = "Borough\u2019s pattern"
NEAR_M = 50
"""An intervention so near a hotspot's outline is meant for it."""


@dataclass(frozen=True)
class BoardView:
    """What is asked for; all of it stands in the page's address.

    Attributes
    ----------
    run_id, against_id
        The run that is shown (the newest where None), and one that it is compared with.
    sort
        A key of ``SORTS``.
    classes
        Only these; all where empty.
    text
        Part of a name or code, whatever its case.
    at_least
        Fewest incidents in the run's window.
    """

    run_id: int | None = None
    against_id: int | None = None
    sort: str = "evidence"
    classes: frozenset[str] = frozenset()
    text: str = ""
    at_least: int = 0
    shows_dismissed: bool = False


@dataclass(frozen=True)
class Then:
    """What the run that is compared with said of the same hotspot."""

    rank: int
    incidents: int
    hotspot_class: str | None


@dataclass(frozen=True)
class BoardRow:
    """One hotspot of the board; ``then`` None: it was none, or nothing is compared.

    ``months`` are its incidents by month of the run's window, oldest first.
    """

    identity_id: int
    code: str
    name: str
    rank: int
    geometry: BaseGeometry
    incidents: int
    nights: int
    expected: float
    q_value: float
    hotspot_class: str | None
    last_incident_at: datetime | None
    reason: str
    suspicion: str | None
    dismissed_until: date | None
    dismissed_reason: str | None
    review_on: date | None
    evidence: Evidence
    counts: MemberTotals
    months: tuple[int, ...] = ()
    intervention_records: tuple[InterventionRecord, ...] = ()
    then: Then | None = None


@dataclass(frozen=True)
class Board:
    """A run and its hotspots as asked for.

    Attributes
    ----------
    min_incidents
        Fewer than this are too few to test.
    is_by_surroundings
        Whether places were held against their surroundings; else, as in older runs, against ground
        that is alike everywhere.
    follows
        What dumping was held to follow, such as "length of street"; empty for ground alone.
    note
        What the run could not do, such as test too few incidents; empty where all went well.
    total
        Hotspots of the run before filtering.
    hidden
        Of these, how many are dismissed and not shown.
    recent, weeks
        What the run reckoned of the last weeks, by place and of the whole borough; None where an
        older run did not.
    at_spikes
        For each spike the run's hotspots that it touches.
    revisits
        Hotspots to go back to: dumped at in the run's last days, where one incident draws the next.
    busy
        Places that recur as chance may have it; None where an older run did not look for them.
    by_street
        What stands out along the streets; None where the run read no streets.
    borough_hours
        The hot hours of the whole borough in words; empty where an older run did not reckon them.
    ended
        Code, name and incidents then of hotspots that only the run compared with flagged.
    """

    run_id: int
    as_of: datetime
    incidents: int
    months: int
    min_incidents: int
    is_by_surroundings: bool
    follows: str
    note: str
    rows: list[BoardRow]
    total: int
    hidden: int
    recent: RecentDays | None
    weeks: WeeklyWatch | None
    at_spikes: list[list[BoardRow]]
    revisits: list[Revisit]
    busy: list[BusyPlace] | None
    by_street: AlongStreets | None
    borough_hours: str
    against_as_of: datetime | None = None
    ended: list[tuple[str, str, int]] = field(default_factory=list)

    @property
    def everywhere(self) -> list[str]:
        """What is in force at every place shown: said once, since it tells no place from another.

        Nothing where only one place is shown.
        """
        if len(self.rows) < 2:
            return []
        names = [{m.name for m in row.intervention_records} for row in self.rows]
        return sorted(set.intersection(*names))

    def hours_of(self, row: BoardRow) -> str:
        """A place's own hot hours; the borough's pattern where they are or are mostly that."""
        hours, prior = row.evidence.hours_in_short, row.evidence.prior_share or 0
        if hours is None:
            return "Not known for this run"
        is_borough = hours == self.borough_hours or prior > MOSTLY_BOROUGH
        return BOROUGH_PATTERN if is_borough and self.borough_hours else hours


SORTS: dict[str, tuple[str, Callable[[BoardRow], float | str]]] = {
    "evidence": ("Strongest evidence", lambda row: row.rank),
    "recent": ("Most incidents in 28 days", lambda row: -row.counts.recent),
    "dumps": ("Most incidents", lambda row: -row.incidents),
    "open": ("Most open jobs", lambda row: -row.counts.open_jobs),
    "class": ("Class", lambda row: _class_order(row.hotspot_class)),
    "name": ("Name", lambda row: row.name.casefold()),
    "last": (
        "Latest incident",
        lambda row: -row.last_incident_at.timestamp() if row.last_incident_at else 0.0,
    ),
}


def _class_order(name: str | None) -> int:
    known = list(CLASS_DEFINITIONS)
    return known.index(name) if name in known else len(known)


def board(session: Session, view: BoardView | None = None, *, today: date) -> Board | None:
    """The board as asked for; None before the first run.

    Raises
    ------
    NotFoundError
        A run that is asked for is not there.
    """
    wanted = view or BoardView()
    run = detections.find_run(session, wanted.run_id) if wanted.run_id else None
    run = run or detections.latest_run(session)
    if run is None:
        return None
    flagged = detections.hotspots_of(session, run.id)
    rows = _rows(session, run, flagged)
    hidden = [row for row in rows if _is_dismissed(row, today)]
    shown = [row for row in rows if wanted.shows_dismissed or row not in hidden]
    against, before = _run_before(session, wanted)
    shown = [row for row in _compared(shown, before) if _is_wanted(row, wanted)]
    key = SORTS.get(wanted.sort, SORTS["evidence"])[1]
    recent = recent_days.read(run.summary)
    return Board(
        run_id=run.id,
        as_of=run.as_of,
        incidents=run.incidents,
        months=int(run.params["months"]),
        min_incidents=int(run.params.get("min_incidents", 0)),
        is_by_surroundings=run.params.get("null") == "surroundings",
        follows=run.params.get("exposure_measure", ""),
        note=run.summary.get("note", ""),
        rows=sorted(shown, key=lambda row: (key(row), row.rank)),
        total=len(rows),
        hidden=0 if wanted.shows_dismissed else len(hidden),
        recent=recent,
        weeks=weekly_watch.read(run.summary),
        at_spikes=_at_spikes(recent, rows),
        revisits=revisits.revisits(run, flagged, now=run.as_of),
        busy=busy_list.read(run.summary),
        by_street=along_streets.read(run.summary),
        borough_hours=borough_hours.in_short(borough_hours.read(run.summary)),
        against_as_of=against,
        ended=_ended(before, {row.identity_id for row in rows}),
    )


def _rows(session: Session, run: DetectionRun, flagged: Flagged) -> list[BoardRow]:
    months = int(run.params["months"])
    counts, by_month = member_totals(session, run), month_counts(session, run)
    day = run.as_of.astimezone(LONDON).date()
    records = [m for m in interventions.records(session) if m.holds_on(day)]
    rows = []
    for hotspot, identity in flagged:
        near = hotspot.geometry.buffer(NEAR_M)
        rows.append(
            BoardRow(
                identity_id=identity.id,
                code=identity.code,
                name=identity.name,
                rank=hotspot.rank,
                geometry=hotspot.geometry,
                incidents=hotspot.incidents,
                nights=hotspot.nights,
                expected=hotspot.expected,
                q_value=hotspot.q_value,
                hotspot_class=hotspot.hotspot_class or hotspot.evidence.get("class"),
                last_incident_at=hotspot.last_incident_at,
                reason=hotspot.reason,
                suspicion=hotspot.suspicion,
                dismissed_until=identity.dismissed_until,
                dismissed_reason=identity.dismissed_reason,
                review_on=identity.review_on,
                evidence=evidence_of(hotspot.evidence, months),
                counts=counts.get(identity.id, MemberTotals()),
                months=by_month.get(identity.id, ()),
                intervention_records=tuple(m for m in records if m.geometry.intersects(near)),
            )
        )
    return rows


def _at_spikes(recent: RecentDays | None, rows: list[BoardRow]) -> list[list[BoardRow]]:
    circles = [Point(s.x, s.y).buffer(max(s.radius_m, 1)) for s in recent.spikes] if recent else []
    return [[row for row in rows if row.geometry.intersects(circle)] for circle in circles]


def _is_dismissed(row: BoardRow, today: date) -> bool:
    return row.dismissed_until is not None and row.dismissed_until >= today


def _is_wanted(row: BoardRow, view: BoardView) -> bool:
    needle = view.text.strip().casefold()
    return (
        (not view.classes or row.hotspot_class in view.classes)
        and (not needle or needle in row.name.casefold() or needle in row.code.casefold())
        and row.incidents >= view.at_least
    )


Before = dict[int, tuple[str, str, Then]]


def _run_before(session: Session, view: BoardView) -> tuple[datetime | None, Before]:
    """When the run that is compared with looks from, and what it flagged by identity."""
    if view.against_id is None:
        return None, {}
    run = detections.find_run(session, view.against_id)
    flagged = {
        identity.id: (
            identity.code,
            identity.name,
            Then(hotspot.rank, hotspot.incidents, hotspot.hotspot_class),
        )
        for hotspot, identity in detections.hotspots_of(session, run.id)
    }
    return run.as_of, flagged


def _compared(rows: Sequence[BoardRow], before: Before) -> list[BoardRow]:
    return [
        replace(row, then=before[row.identity_id][2]) if row.identity_id in before else row
        for row in rows
    ]


def _ended(before: Before, now: set[int]) -> list[tuple[str, str, int]]:
    gone = [flagged for key, flagged in before.items() if key not in now]
    return [(code, name, then.incidents) for code, name, then in gone]
