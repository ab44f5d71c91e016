"""Where to go back to soon: hotspots just dumped at, where one incident draws the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from geodata import detections
from geodata.rules.days import local_day
from web.services.detection import recent_days
from web.services.detection.recent_days import REPEAT_DAYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.models import DetectionRun, Hotspot, HotspotIdentity


@dataclass(frozen=True)
class Revisit:
    """A hotspot, when it was last dumped at, and the last day on which to pass again."""

    code: str
    name: str
    last_at: datetime
    by: date


def go_back_by(run: DetectionRun, last_at: datetime | None, now: datetime) -> date | None:
    """The last day on which to pass again where a run saw an incident.

    None where the run did not reckon near repeats, where chance explains them, and where the
    incident is no longer new.
    """
    recent = recent_days.read(run.summary)
    repeat = recent.near_repeat if recent else None
    if repeat is None or not repeat.is_real or last_at is None or last_at > now:
        return None
    by = local_day(last_at) + timedelta(days=REPEAT_DAYS)
    return by if by >= local_day(now) else None


def newest_revisits(session: Session, *, now: datetime) -> list[Revisit]:
    """Those of the newest run; none before the first."""
    run = detections.latest_run(session)
    return [] if run is None else revisits(run, detections.hotspots_of(session, run.id), now=now)


def revisits(
    run: DetectionRun, flagged: Sequence[tuple[Hotspot, HotspotIdentity]], *, now: datetime
) -> list[Revisit]:
    """Those of a run's hotspots, the latest dumped at first; no dismissed ones."""
    due = []
    for hotspot, identity in flagged:
        last_at = hotspot.last_incident_at
        by = go_back_by(run, last_at, now)
        dismissed_until = identity.dismissed_until or date.min
        if by is not None and last_at is not None and dismissed_until < local_day(now):
            due.append(Revisit(identity.code, identity.name, last_at, by))
    return sorted(due, key=lambda each: (-each.last_at.timestamp(), each.code))
