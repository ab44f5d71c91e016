"""Is the background work done in time? For the control room's page, its alarm and the monitor."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from geodata import detections, places
from geodata.core.vocabulary import SystemKind
from geodata.people import outbox, systems
from geodata.people.outbox import TroubledMail
from geodata.people.personal_data import taken_out
from geodata.rules.days import LONDON
from geodata.store import background
from geodata.store.background import TickRecord


@dataclass(frozen=True)
class Patience:
    """How long each kind of background work may be late before somebody is told.

    The tick comes every minute; the night's detection and backup once a day, and a failed one has a
    second night before the alarm.
    """

    tick: timedelta = timedelta(minutes=15)
    mails: timedelta = timedelta(hours=2)
    detection: timedelta = timedelta(hours=36)
    backup: timedelta = timedelta(hours=48)
    systems: timedelta = timedelta(hours=2)


PATIENCE = Patience()


@dataclass(frozen=True)
class Overdue:
    """Work that is late: its kind, and a sentence with since when and what to do."""

    kind: str
    sentence: str


@dataclass(frozen=True)
class Background:
    """The background work as it stands.

    Attributes
    ----------
    ticks
        The newest first; quiet ones are kept as one.
    mails
        Those that were tried in vain, the oldest first, errors without addresses.
    waiting, texts_waiting
        Mails, and text messages, neither sent nor given up.
    detected_at, backed_up_at
        None: never.
    overdue
        What is late.
    """

    ticks: list[TickRecord]
    mails: list[TroubledMail]
    waiting: int
    texts_waiting: int
    detected_at: datetime | None
    backed_up_at: datetime | None
    overdue: list[Overdue]


def look(session: Session, *, now: datetime, backs_up: bool) -> Background:
    """All of it.

    Parameters
    ----------
    backs_up
        Whether ``hotspots backup`` is what copies this store; a PostGIS server has its own way.
    """
    run = detections.latest_run(session)
    return Background(
        ticks=background.ticks(session),
        mails=[mail.masked(taken_out) for mail in outbox.troubled(session)],
        waiting=outbox.waiting(session),
        texts_waiting=outbox.waiting(session, are_texts=True),
        detected_at=run.run_at if run else None,
        backed_up_at=background.last_backup(session),
        overdue=overdue(session, now=now, backs_up=backs_up),
    )


def overdue(
    session: Session, *, now: datetime, backs_up: bool, patience: Patience = PATIENCE
) -> list[Overdue]:
    """What is late, the most pressing first."""
    late = [
        _tick(session, now - patience.tick),
        _mails(session, now - patience.mails),
        _texts(session, now - patience.mails),
        _detection(session, now - patience.detection),
        _backup(session, now - patience.backup) if backs_up else None,
    ]
    return [each for each in late if each] + _systems(session, now - patience.systems)


def _tick(session: Session, latest: datetime) -> Overdue | None:
    ticks = background.ticks(session)
    if ticks and ticks[0].ended_at >= latest:
        return None
    since = f"since {_day_and_time(ticks[0].ended_at)}" if ticks else "yet"
    return Overdue(
        "tick",
        f"No background work was done {since}: mails, retention and the night's detection wait. "
        "Start  hotspots serve,  or see that the scheduler runs  hotspots tick  every minute.",
    )


def _mails(session: Session, latest: datetime) -> Overdue | None:
    oldest = outbox.oldest_waiting(session)
    if oldest is None or oldest >= latest:
        return None
    return Overdue(
        "mails",
        f"{outbox.waiting(session)} mails wait, the oldest since {_day_and_time(oldest)}: see the "
        "reasons below, and the mail server's settings.",
    )


def _texts(session: Session, latest: datetime) -> Overdue | None:
    oldest = outbox.oldest_waiting(session, are_texts=True)
    if oldest is None or oldest >= latest:
        return None
    return Overdue(
        "texts",
        f"{outbox.waiting(session, are_texts=True)} text messages wait, the oldest since "
        f"{_day_and_time(oldest)}: see the reasons below, and the account at GOV.UK Notify.",
    )


def _detection(session: Session, latest: datetime) -> Overdue | None:
    run = detections.latest_run(session)
    # Before the first run nothing is late: an empty store has nothing to detect.
    if run is None or run.run_at >= latest or places.borough(session) is None:
        return None
    return Overdue(
        "detection",
        f"Hotspots were last detected on {_day_and_time(run.run_at)}: the night's detection "
        "failed or does not run. See the ticks below.",
    )


def _backup(session: Session, latest: datetime) -> Overdue | None:
    at = background.last_backup(session)
    since = at or background.watched_since(session)
    if since is None or since >= latest:
        return None
    when = f"was last copied on {_day_and_time(at)}" if at else "was never copied"
    return Overdue(
        "backup",
        f"The store {when}: let the scheduler run  hotspots backup  every night.",
    )


def _systems(session: Session, latest: datetime) -> list[Overdue]:
    """Systems that are on and could not be asked or told for too long."""
    waits, late = systems.oldest_waiting(session), []
    for each in systems.of_kinds(session, *SystemKind):
        last_answer, oldest_push = each.asked_to or each.created_at, waits.get(each.id)
        if each.problem and last_answer < latest:
            what = f"could not be asked since {_day_and_time(last_answer)}: {each.problem}"
            late.append(Overdue(f"asking_{each.id}", f"{each.name} {what}. See More, Systems."))
        if oldest_push is not None and oldest_push < latest:
            what = (
                f"does not take what is sent to it, the oldest since {_day_and_time(oldest_push)}"
            )
            late.append(Overdue(f"pushes_{each.id}", f"{each.name} {what}: see More, Systems."))
    return late


def _day_and_time(at: datetime) -> str:
    return f"{at.astimezone(LONDON):%d/%m/%Y %H:%M}"
