"""The background work, as often as one likes: each part is done once, by one process.

A lease in the store keeps it single; every part commits for itself, so that one that fails
leaves the others done and is tried again at the next tick.
"""

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta

from geodata.core.errors import GeodataError
from geodata.people.personal_data import taken_out
from geodata.store import background, leases
from geodata.store.background import TickRecord
from geodata.store.engine import Store
from hotspots.core.errors import HotspotsError
from web.services.background import mails, other_systems, upkeep
from web.services.background.tick_settings import Clock, Part, Ticked, TickSettings
from web.services.committee import making
from web.services.imports import import_work
from web.services.patrols import plan_requests

LEASE = timedelta(minutes=15)
COUNTED = (
    "queued",
    "sent",
    "texts_sent",
    "drafts_dropped",
    "photos_destroyed",
    "contacts_deleted",
    "mails_forgotten",
    "texts_blanked",
    "followers_deleted",
    "marked_deleted",
    "backups_deleted",
    "cases_blanked",
    "entries_blanked",
    "hotspots",
    "pushed",
    "requests_taken",
    "files_deleted",
)
LONGEST = 300
log = logging.getLogger(__name__)


def tick(store: Store, settings_: TickSettings, *, clock: Clock) -> Ticked:
    """Do what is due. Where another process is at it, only what somebody waits for on a page.

    Of that each piece is taken by itself: one that was killed with its process holds up no other.
    Shifts come first, since whoever asks for one is about to go out.
    """
    first = Ticked()
    with _noting(first, "shifts"):
        first.shifts = plan_shifts(store, clock=clock)
    done = _do_parts(store, settings_, clock)
    done.shifts = first.shifts
    done.problems[:0] = first.problems
    with _noting(done, "drafts"):
        done.papers = make_papers(store, settings_, clock=clock)
    with _noting(done, "imports"):
        done.files_taken = take_files(store, settings_, clock=clock)
    return done


def do_asked(store: Store, settings_: TickSettings, *, clock: Clock) -> None:
    """What somebody waits for on a page, and nothing else."""
    plan_shifts(store, clock=clock)
    make_papers(store, settings_, clock=clock)
    take_files(store, settings_, clock=clock)


def plan_shifts(store: Store, *, clock: Clock) -> int:
    """Plan the shifts that somebody waits for; how many."""
    return plan_requests.plan_waiting(store, clock=clock)


def take_files(store: Store, settings_: TickSettings, *, clock: Clock) -> int:
    """Look at, or take in, the large files that people sent; how many."""
    folder = settings_.import_folder
    return import_work.do_waiting(store, folder, clock=clock) if folder else 0


def make_papers(store: Store, settings_: TickSettings, *, clock: Clock) -> int:
    """Make the drafts that somebody waits for; how many."""
    return making.make_waiting(store, settings_.sender.council, settings_.ground, clock=clock)


def _do_parts(store: Store, settings_: TickSettings, clock: Clock) -> Ticked:
    holder = uuid.uuid4().hex
    with store.writing() as session:
        now = clock()
        if not leases.take(session, "tick", holder, until=now + LEASE, now=now):
            return Ticked(has_run=False)
    done = Ticked()
    try:
        for part in PARTS:
            with _noting(done, part.__name__):
                part(store, settings_, done, clock)
    finally:
        with store.writing() as session:
            background.record_tick(session, _record(done, clock()))
            leases.give_back(session, "tick", holder)
    return done


def _record(done: Ticked, ended_at: datetime) -> TickRecord:
    """What is kept of a tick, without anybody's address."""
    counts = {name: n for name, n in asdict(done).items() if name in COUNTED and n}
    problems = tuple(taken_out(each)[:LONGEST] for each in done.problems)
    return TickRecord(ended_at, counts, problems)


@contextmanager
def _noting(done: Ticked, part: str) -> Iterator[None]:
    """A part that fails is noted and tried again next time; the others are done."""
    try:
        yield
    except Exception as error:
        log.exception("background work failed: %s", part)
        # The message of an error that nobody foresaw may hold what a person typed.
        is_known = isinstance(error, GeodataError | HotspotsError)
        reason = str(error) if is_known else type(error).__name__
        done.problems.append(f"{part.replace('_', ' ')}: {reason}")


PARTS: tuple[Part, ...] = (
    upkeep.settle,
    mails.warn,
    mails.tell,
    mails.brief,
    mails.digest,
    mails.tell_of_law,
    mails.send,
    mails.send_texts,
    upkeep.clean_up,
    upkeep.take_out_cut_off,
    upkeep.keep,
    upkeep.release,
    mails.tell_followers,
    upkeep.detect,
    other_systems.push,
    other_systems.ask,
)
"""What a tick does, in this order."""
