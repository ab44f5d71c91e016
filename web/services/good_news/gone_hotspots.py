"""Hotspots that are gone and stayed gone for half a year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geodata import detections, frames, places
from geodata.clearances.series_breaks import breaks_between
from geodata.frames.coverage import coverage
from geodata.rules.days import corresponding_day, day_starts, local_day
from hotspots.detection.classes import FORMER
from hotspots.stats.count_change import Verdict, judge_change
from web.services.good_news.proposal import Proposal, proposal
from web.services.publishing.disclosure import SMALLEST_SHOWN, about
from web.services.publishing.place_counts import leaves_others

QUIET_MONTHS = 6
LEAST_BEFORE = 10
"""With fewer incidents before, there is no story, only a number."""
EDGE_M = 50.0
NEAR_M = 250.0
"""A hotspot of today so near may be the same dumping, moved."""


@dataclass(frozen=True)
class _Half:
    """Half a year up to a day, and the same days of the year before; both ends included."""

    first: date
    last: date

    @property
    def earlier(self) -> _Half:
        return _Half(corresponding_day(self.first, -12), corresponding_day(self.last, -12))


def gone_hotspots(session: Session) -> Iterator[Proposal]:
    """Hotspots of before the last half-year that the newest run lacks, or calls former.

    A run looks so far back that a place stays on its list for months after the last dump.
    """
    run = detections.latest_run(session)
    if run is None:
        return
    last = local_day(run.as_of) - timedelta(days=1)
    half = _Half(corresponding_day(last, -QUIET_MONTHS) + timedelta(days=1), last)
    if breaks_between(session, half.earlier.first, half.last):
        return  # what stopped may be the telling
    alive = {
        identity.id: hotspot.geometry
        for hotspot, identity in detections.hotspots_of(session, run.id)
        if hotspot.hotspot_class != FORMER
    }
    for key, ground in detections.last_ground_by_identity(session, as_of=run.as_of).items():
        is_near = any(ground.distance(each) < NEAR_M for each in alive.values())
        if key not in alive and not is_near and _was_one(session, key, half):
            identity = detections.find_identity(session, key)
            success = _proposal(session, identity.code, identity.name, ground.buffer(EDGE_M), half)
            if success is not None:
                yield success


def _was_one(session: Session, key: int, half: _Half) -> bool:
    """Flagged before the half-year, set aside by nobody, and no part of another."""
    return (
        any(local_day(run.as_of) < half.first for run, _ in detections.history_of(session, key))
        and detections.find_identity(session, key).dismissed_until is None
        and not detections.successions_of(session, key)
    )


def _proposal(
    session: Session, code: str, name: str, ground: BaseGeometry, half: _Half
) -> Proposal | None:
    record = coverage(session, today=half.last, within=ground)
    if any(record.missing(each.first, each.last) for each in (half, half.earlier)):
        return None
    before, after = (_incidents(session, ground, each) for each in (half.earlier, half))
    fell = judge_change(before, after, polarity="less").verdict is Verdict.IMPROVEMENT
    if before < LEAST_BEFORE or after >= SMALLEST_SHOWN or not fell:
        return None
    if not all(
        leaves_others(session, ground, each.first, each.last) for each in (half.earlier, half)
    ):
        return None
    ward = places.ward_at(session, ground.centroid, half.last)
    title = f"Gone: the canisters at {name}"[:120]
    figures = (
        (about(before), "dumps in six months a year before"),
        (about(after), "dumps in the last six months"),
    )
    sentences = (
        (
            f"{name} was a hotspot for dumped gas canisters and is one no more: {about(after)} "
            f"dumps in the last six months, {about(before)} in the same months a year before."
        ),
        "Thank you to everybody who reported them.",
    )
    return proposal(
        f"gone:{code}",
        "gone",
        ward.name if ward else "",
        title,
        sentences,
        figures,
    )


def _incidents(session: Session, ground: BaseGeometry, half: _Half) -> int:
    instant = timedelta(microseconds=1)
    return len(
        frames.incidents(
            session,
            within=ground,
            after=day_starts(half.first) - instant,
            until=day_starts(half.last + timedelta(days=1)) - instant,
        )
    )
