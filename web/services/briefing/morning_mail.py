"""The briefing as a mail at 7am: its numbers, which a lock screen may show, and its page."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from geodata.rules.days import local_day
from hotspots.core.words import counted
from web.services.briefing.daily_briefing import Briefing, daily_briefing
from web.services.mail import letters
from web.services.mail.letters import Sender, Words
from web.services.mail.queueing import queue_for_each


def briefing_words(session: Session, sender: Sender, *, now: datetime) -> Words:
    """The mail of a day. Notices are left out: a mailbox is no audited page."""
    briefing = daily_briefing(session, reads_notices=False, now=now)
    return letters.briefing(sender, briefing.day, list(_lines(briefing)))


def tell(session: Session, words: Words, readers: Iterable[str], *, now: datetime) -> int:
    """Queue it for each reader, once a day; how many mails."""
    key = f"briefing:{local_day(now).isoformat()}"
    return queue_for_each(session, readers, key, words, kind="briefing", now=now)


def _lines(briefing: Briefing) -> Iterable[str]:
    new = briefing.new
    if new.incidents is None or new.reports is None:
        yield f"New since yesterday: not known, {new.missing}."
    else:
        reports = counted(new.reports, "report")
        yield f"New since yesterday: {counted(new.incidents, 'incident')}, {reports}."
    yield f"Overdue: {counted(len(briefing.overdue), 'job')}."
    yield f"Hotspots that came, went or changed class: {len(briefing.changes.rows)}."
    yield f"The borough: {briefing.months.sentence}."
    stops = briefing.night.stops
    yield f"Tonight: {counted(len(stops), 'planned stop') if stops else 'no patrol is planned'}."
    yield f"Orders that end within six months: {len(briefing.orders)}."
    yield f"Poster campaigns to look after: {len(briefing.posters)}."
