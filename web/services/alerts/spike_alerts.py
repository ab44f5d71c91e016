"""Who is to be told of a sudden rise: at a place, or in the whole borough's week.

A spike lasts for weeks and is found anew every night. It is told once, and again only where it
was gone for as long as a spike may last.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from geodata import detections
from geodata.rules.days import local_day
from geodata.store import settings
from web.services.detection import recent_days, weekly_watch
from web.services.detection.recent_days import SPIKE, Spike
from web.services.detection.weekly_watch import Week
from web.services.mail import letters
from web.services.mail.letters import Sender
from web.services.mail.queueing import queue_for_each

SPIKES_TOLD, WEEK_TOLD = "spikes_told", "unusual_week_told"
REMEMBERED = timedelta(weeks=SPIKE.longest_weeks)


def tell_of_rises(
    session: Session, sender: Sender, council: Iterable[str], run_id: int, *, now: datetime
) -> int:
    """Queue what a detection run found and nobody was told yet; how many mails.

    Parameters
    ----------
    council
        Addresses of the community-safety unit; where there are none, all stays to be told.
    """
    readers, today = sorted(set(council)), local_day(now)
    if not readers:
        return 0
    summary = detections.find_run(session, run_id).summary
    spikes, week = _new_spikes(session, summary, today), _new_week(session, summary)
    if not spikes and week is None:
        return 0
    words = letters.sudden_rise(sender, spikes, week)
    return queue_for_each(session, readers, f"rise:{run_id}", words, kind="rise", now=now)


def _new_spikes(session: Session, summary: Mapping[str, Any], today: date) -> list[Spike]:
    """Spikes on ground where none was of late; marks all of the run as told."""
    recent = recent_days.read(summary)
    spikes = recent.spikes if recent else ()
    announced: list[dict[str, Any]] = settings.read(session, SPIKES_TOLD, [])
    oldest = today - REMEMBERED
    lasting = [each for each in announced if date.fromisoformat(each["told_on"]) >= oldest]
    known = [recent_days.spike_of(each["spike"]) for each in lasting]
    new = [spike for spike in spikes if not any(spike.reaches(other) for other in known)]
    gone = [
        each
        for each, other in zip(lasting, known, strict=True)
        if not any(spike.reaches(other) for spike in spikes)
    ]
    now_told = [
        {"told_on": today.isoformat(), "spike": recent_days.kept_spike(spike)} for spike in spikes
    ]
    if announced or spikes:
        settings.write(session, SPIKES_TOLD, gone + now_told)
    return new


def _new_week(session: Session, summary: Mapping[str, Any]) -> Week | None:
    """The newest week where it is above its bound and was not told; marks it as told."""
    watch = weekly_watch.read(summary)
    week = watch.last if watch else None
    if week is None or not week.is_unusual:
        return None
    mark = week.first.isoformat()
    if settings.read(session, WEEK_TOLD, "") >= mark:
        return None
    settings.write(session, WEEK_TOLD, mark)
    return week
