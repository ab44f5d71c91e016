"""The background work, as often as one likes: each part is done once, by one process.

A lease in the store keeps it single; every part commits for itself, so that one that fails
leaves the others done and is tried again at the next tick.
"""

import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from geodata import places
from geodata.accounts import users
from geodata.clearances.contracts import CrewScope, contractor_on, crew_scope
from geodata.core.errors import GeodataError
from geodata.incidents.open_incidents import contract_periods
from geodata.people import outbox
from geodata.people.audit import Actor
from geodata.people.personal_data import taken_out
from geodata.rules.days import LONDON, local_day
from geodata.store import background, leases, settings
from geodata.store.background import TickRecord
from geodata.store.engine import Store
from hotspots.core.errors import HotspotsError
from web.services.admin import held_imports, import_work, loading, retention, setting_days
from web.services.admin.retention import Terms
from web.services.alerts import (
    following,
    law_alerts,
    notifications,
    officer_alerts,
    overdue_work,
    spike_alerts,
    watching,
)
from web.services.briefing import morning_mail
from web.services.clearing import kept_jobs
from web.services.committee import making
from web.services.detection import running
from web.services.detection.run_saving import RunSummary
from web.services.exchange import delivering, open311_asking, telling
from web.services.mail import mailing
from web.services.mail.letters import Sender
from web.services.mail.mailing import MailReport, MailSettings, UnreachableMailError
from web.services.publishing import releasing

LEASE = timedelta(minutes=15)
BRIEFING_HOUR, DIGEST_HOUR = 7, 8
DETECTED_ON, DIGESTED_ON = "nightly_detection_on", "overdue_digest_on"
BRIEFED_ON = "briefed_on"
LAW_TOLD_ON = "law_deadlines_told_on"
COUNTED = (
    "queued",
    "sent",
    "drafts_dropped",
    "photos_destroyed",
    "contacts_deleted",
    "mails_forgotten",
    "texts_blanked",
    "followers_deleted",
    "marked_deleted",
    "backups_deleted",
    "hotspots",
    "pushed",
    "requests_taken",
    "files_deleted",
)
LONGEST = 300
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class TickSettings:
    """What the background work needs to know of the installation.

    Attributes
    ----------
    mail
        The mail server; None: mails wait.
    crews, council
        Addresses besides those of the contractor's accounts: of the contractor, and of the
        community-safety unit.
    briefed
        Addresses that get the daily briefing.
    retention_months, record_years
        After which reporters' addresses, and what they wrote and their photos, are deleted, counted
        from the end of their incident.
    backup_days
        After which a backup is deleted.
    nightly_hour
        London hour from which hotspots are detected, once a night.
    private_hosts
        Hosts of other systems that may have a private address.
    ground
        The file of the ground of the maps in reports; None: they are drawn without.
    import_folder
        Where files lie that people sent to be imported; None: nowhere.
    """

    sender: Sender
    mail: MailSettings | None = None
    crews: tuple[str, ...] = ()
    council: tuple[str, ...] = ()
    briefed: tuple[str, ...] = ()
    retention_months: int = 6
    record_years: int = 6
    backup_days: int = 35
    nightly_hour: int = 3
    private_hosts: frozenset[str] = frozenset()
    ground: Path | None = None
    import_folder: Path | None = None

    @property
    def terms(self) -> Terms:
        """How long what ends by itself is kept."""
        return Terms(self.retention_months, self.record_years, self.backup_days)


@dataclass
class Ticked:
    """What one tick did; ``problems`` are sentences about what it could not do."""

    has_run: bool = True
    queued: int = 0
    sent: int = 0
    waiting: int = 0
    drafts_dropped: int = 0
    photos_destroyed: int = 0
    contacts_deleted: int = 0
    mails_forgotten: int = 0
    texts_blanked: int = 0
    followers_deleted: int = 0
    marked_deleted: int = 0
    backups_deleted: int = 0
    hotspots: int | None = None
    pushed: int = 0
    requests_taken: int = 0
    papers: int = 0
    files_taken: int = 0
    files_deleted: int = 0
    released: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def tick(store: Store, settings_: TickSettings, *, clock: Callable[[], datetime]) -> Ticked:
    """Do what is due. Where another process is at it, only drafts are made that nobody makes yet.

    Of those each is taken by itself: one that was killed with its process holds up no other.
    """
    done = _do_parts(store, settings_, clock)
    with _noting(done, "drafts"):
        done.papers = make_papers(store, settings_, clock=clock)
    with _noting(done, "imports"):
        done.files_taken = take_files(store, settings_, clock=clock)
    return done


def do_asked(store: Store, settings_: TickSettings, *, clock: Callable[[], datetime]) -> None:
    """What somebody waits for on a page, and nothing else."""
    make_papers(store, settings_, clock=clock)
    take_files(store, settings_, clock=clock)


def take_files(store: Store, settings_: TickSettings, *, clock: Callable[[], datetime]) -> int:
    """Look at, or take in, the large files that people sent; how many."""
    folder = settings_.import_folder
    return import_work.do_waiting(store, folder, clock=clock) if folder else 0


def make_papers(store: Store, settings_: TickSettings, *, clock: Callable[[], datetime]) -> int:
    """Make the drafts that somebody waits for; how many."""
    return making.make_waiting(store, settings_.sender.council, settings_.ground, clock=clock)


def _do_parts(store: Store, settings_: TickSettings, clock: Callable[[], datetime]) -> Ticked:
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
        done.problems.append(f"{part.strip('_').replace('_', ' ')}: {reason}")


def _settle(
    store: Store, settings_: TickSettings, done: Ticked, clock: Callable[[], datetime]
) -> None:
    """Make settings that were decided for today hold."""
    today = local_day(clock())
    with store.reading() as session:
        is_due = any(each.valid_from <= today for each in setting_days.ahead(session))
    if is_due:
        with store.writing() as session:
            setting_days.settle(session, today)


def _warn(
    store: Store, settings_: TickSettings, done: Ticked, clock: Callable[[], datetime]
) -> None:
    now = clock()
    with store.reading() as session:
        is_demo = bool(settings.read(session, settings.IS_DEMO, False))
        backs_up = store.is_embedded and not is_demo
        late = watching.overdue(session, now=now, backs_up=backs_up)
        if not background.ticks(session):  # the first tick of all comes after none
            late = [each for each in late if each.kind != "tick"]
    if settings_.mail is None:  # said with every tick; to queue more mails helps nobody
        late = [each for each in late if each.kind != "mails"]
    if late:
        with store.writing() as session:
            done.queued = overdue_work.tell(
                session, settings_.sender, settings_.council, late, now=now
            )


def _tell(
    store: Store, settings_: TickSettings, done: Ticked, clock: Callable[[], datetime]
) -> None:
    with store.writing() as session:
        now = clock()
        crews = _crews(session, settings_, now)
        done.queued += notifications.tell_of_events(session, settings_.sender, crews, now=now)


def _brief(
    store: Store, settings_: TickSettings, done: Ticked, clock: Callable[[], datetime]
) -> None:
    now = clock()
    with store.reading() as session:
        if not settings_.briefed or not _is_due(session, BRIEFED_ON, now, from_hour=BRIEFING_HOUR):
            return
        words = morning_mail.briefing_words(session, settings_.sender, now=now)
    with store.writing() as session:
        if _is_first(session, BRIEFED_ON, now, from_hour=BRIEFING_HOUR):
            done.queued += morning_mail.tell(session, words, settings_.briefed, now=now)


def _digest(
    store: Store, settings_: TickSettings, done: Ticked, clock: Callable[[], datetime]
) -> None:
    now = clock()
    with store.writing() as session:
        if not _is_first(session, DIGESTED_ON, now, from_hour=DIGEST_HOUR):
            return
        crews = _crews(session, settings_, now)
        done.queued += notifications.tell_of_overdue(
            session, settings_.sender, crews, settings_.council, now=now
        )
        done.queued += officer_alerts.tell_of_overdue(session, settings_.sender, now=now)


def _tell_of_law(
    store: Store, settings_: TickSettings, done: Ticked, clock: Callable[[], datetime]
) -> None:
    now = clock()
    with store.writing() as session:
        if _is_first(session, LAW_TOLD_ON, now, from_hour=DIGEST_HOUR):
            done.queued += law_alerts.tell_of_ends(
                session, settings_.sender, settings_.council, now=now
            )


def _crews(session: Session, settings_: TickSettings, now: datetime) -> dict[str, CrewScope]:
    """Addresses that hear of jobs, each with whose; those set are of the contractor of today."""
    day = local_day(now)
    today = contractor_on(contract_periods(session), day)
    addresses = [*((each, today) for each in settings_.crews), *users.crew_emails(session)]
    return {address: crew_scope(session, who, day) for address, who in reversed(addresses)}


def _send(
    store: Store, settings_: TickSettings, done: Ticked, clock: Callable[[], datetime]
) -> None:
    with store.reading() as session:
        done.waiting = outbox.waiting(session)
    if not done.waiting:
        return
    if settings_.mail is None:
        done.problems.append(
            f"{done.waiting} mails wait: set HOTSPOTS_SMTP_HOST and HOTSPOTS_MAIL_FROM to send them"
        )
        return
    report = _sent(store, settings_.mail, clock)
    done.sent, done.waiting = report.sent, report.waiting
    if report.problem:
        done.problems.append(f"the mail server did not take them: {report.problem}")


def _sent(store: Store, mail: MailSettings, clock: Callable[[], datetime]) -> MailReport:
    try:
        with mailing.smtp(mail) as mailer:
            return mailing.send_due(store, mailer, clock=clock)
    except UnreachableMailError as error:
        with store.reading() as session:
            return MailReport(waiting=outbox.waiting(session), problem=str(error))


def _clean_up(
    store: Store, settings_: TickSettings, done: Ticked, clock: Callable[[], datetime]
) -> None:
    with store.writing() as session:
        gone = retention.clean_up(session, settings_.terms, now=clock())
    done.drafts_dropped, done.contacts_deleted = gone["drafts"], gone["contacts"]
    done.mails_forgotten, done.photos_destroyed = gone["mails"], gone["photos"]
    done.texts_blanked, done.backups_deleted = gone["texts"], gone["backups"]
    done.followers_deleted, done.marked_deleted = gone["followers"], gone["marked"]


def _take_out_cut_off(
    store: Store, settings_: TickSettings, done: Ticked, clock: Callable[[], datetime]
) -> None:
    loading.clear_cut_off(store)
    if settings_.import_folder is not None:
        done.files_deleted = held_imports.sweep(settings_.import_folder, clock())


def _keep(
    store: Store, settings_: TickSettings, done: Ticked, clock: Callable[[], datetime]
) -> None:
    kept_jobs.keep_changed(store)


def _release(
    store: Store, settings_: TickSettings, done: Ticked, clock: Callable[[], datetime]
) -> None:
    with store.reading() as session:
        is_due = releasing.is_due(session, now=clock())
    if is_due:
        with store.writing() as session:
            done.released = releasing.release_due(session, now=clock())


def _tell_followers(
    store: Store, settings_: TickSettings, done: Ticked, clock: Callable[[], datetime]
) -> None:
    if not settings_.sender.base_url:  # a mail without the link that stops it is not sent
        return
    with store.reading() as session:
        is_due = bool(following.to_tell(session))
    if is_due:
        with store.writing() as session:
            done.queued += following.tell(session, settings_.sender, now=clock())


def _detect(
    store: Store, settings_: TickSettings, done: Ticked, clock: Callable[[], datetime]
) -> None:
    now = clock()
    with store.reading() as session:
        if places.borough(session) is None or not _is_due(
            session, DETECTED_ON, now, from_hour=settings_.nightly_hour
        ):
            return

    def tell(session: Session, summary: RunSummary) -> None:
        settings.write(session, DETECTED_ON, _day(now))
        notifications.tell_of_hotspots(session, settings_.sender, summary.run_id, now=now)
        spike_alerts.tell_of_rises(
            session, settings_.sender, settings_.council, summary.run_id, now=now
        )
        officer_alerts.tell_of_new_hotspots(session, settings_.sender, summary.run_id, now=now)

    run = running.run_apart(store, Actor(None, now), then=tell)
    done.hotspots = len(run.summary.hotspots)


def _push(
    store: Store, settings_: TickSettings, done: Ticked, clock: Callable[[], datetime]
) -> None:
    with store.reading() as session:
        is_due = telling.is_due(session)
    if is_due:
        with store.writing() as session:
            telling.tell_of_events(session, settings_.sender.base_url, now=clock())
    report = delivering.send_due(store, settings_.private_hosts, clock=clock)
    done.pushed = report.sent
    done.problems += report.problems


def _ask(
    store: Store, settings_: TickSettings, done: Ticked, clock: Callable[[], datetime]
) -> None:
    tally = open311_asking.ask_due(store, settings_.private_hosts, clock=clock)
    done.requests_taken = tally.taken
    done.problems += tally.problems


PARTS = (
    _settle,
    _warn,
    _tell,
    _brief,
    _digest,
    _tell_of_law,
    _send,
    _clean_up,
    _take_out_cut_off,
    _keep,
    _release,
    _tell_followers,
    _detect,
    _push,
    _ask,
)
"""What a tick does, in this order."""


def _is_first(session: Session, name: str, now: datetime, *, from_hour: int) -> bool:
    """Whether this is the first tick of a London day from an hour on; marks it where it is."""
    if not _is_due(session, name, now, from_hour=from_hour):
        return False
    settings.write(session, name, _day(now))
    return True


def _is_due(session: Session, name: str, now: datetime, *, from_hour: int) -> bool:
    """Whether it is late enough in a London day on which this was not done."""
    return now.astimezone(LONDON).hour >= from_hour and settings.read(session, name) != _day(now)


def _day(now: datetime) -> str:
    return now.astimezone(LONDON).date().isoformat()
