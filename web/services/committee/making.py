"""Drafts that are asked for on a page and made by the background work, each by one process.

How far each is stands in the settings of the store, so that any process can tell of it: it waits,
it is being made, it is there, or it failed. A process that dies leaves it failed, and no draft.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum
from pathlib import Path

from sqlalchemy.orm import Session

from geodata.basemap import kept
from geodata.core.errors import GeodataError, NotFoundError, RefusedError
from geodata.people.audit import Actor
from geodata.store import settings
from geodata.store.engine import Store, lock
from hotspots.core.errors import HotspotsError
from web.services.committee import drafting
from web.services.committee.compiling import compile_paper
from web.services.committee.report_facts import run_of
from web.services.committee.report_period import ReportPeriod, report_period
from web.services.partnership.comparison_table import Audience

PREFIX = "draft_making:"
DIED = timedelta(minutes=5)
"""Each step takes seconds; work that has said nothing for so long ended with its process."""
KEPT = timedelta(days=1)
"""For so long the list shows what came of a draft."""
MOST_WAITING = 10
FAILED = "the program failed. What happened is in its log"
STOPPED = "the program was ended while it was made. Nothing of it was kept"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Wish:
    """Which report is wanted."""

    period: ReportPeriod
    audience: Audience

    @property
    def token(self) -> str:
        """What its address ends with: the same wish has the same."""
        period = self.period
        return f"{period.first.isoformat()}_{period.last.isoformat()}_{self.audience.value}"


class State(Enum):
    """Where a draft that was asked for stands."""

    WAITING = "Waits for the background work"
    RUNNING = "Is being made"
    DONE = "Made"
    FAILED = "Failed"


@dataclass(frozen=True)
class Making:
    """How far a draft is.

    Attributes
    ----------
    asked_at
        When somebody wanted it; ``user_id`` is their account.
    heard_at
        When the work last said something of it; None while it waits.
    step
        Of ``compiling.STEPS``.
    draft_id
        None until it is done.
    fault
        Why it ended without a draft; empty where it did not.
    """

    asked_at: str
    user_id: int | None = None
    heard_at: str | None = None
    step: int = 0
    draft_id: int | None = None
    fault: str = ""

    def state(self, now: datetime) -> State:
        if self.draft_id is not None:
            return State.DONE
        if self.fault:
            return State.FAILED
        if self.heard_at is None:
            return State.WAITING
        is_silent = now - datetime.fromisoformat(self.heard_at) > DIED
        return State.FAILED if is_silent else State.RUNNING

    @property
    def reason(self) -> str:
        """Why it failed, where it did."""
        return self.fault or STOPPED


def check_wish(session: Session, wish: Wish, *, now: datetime) -> None:
    """Refuse at once what could not be made.

    Raises
    ------
    RefusedError
        The days are no period, no detection run looks from a day up to its end, or many wait.
    """
    report_period(wish.period.first, wish.period.last, now=now)
    run_of(session, wish.period)
    waiting = [made for _, made in makings(session) if made.state(now) is State.WAITING]
    if len(waiting) >= MOST_WAITING:
        raise RefusedError(f"{len(waiting)} drafts wait to be made: try again when they are there")


def begin(session: Session, wish: Wish, by: Actor) -> None:
    """Let it be made by the background work, unless it waits or is being made already."""
    lock(session, PREFIX)
    known = settings.read(session, PREFIX + wish.token)
    if known is None or Making(**known).state(by.now) in (State.DONE, State.FAILED):
        _forget_old(session, by.now)
        _keep(session, wish.token, Making(by.now.isoformat(), by.user_id))


def makings(session: Session) -> list[tuple[Wish, Making]]:
    """What was asked for lately, in the order in which it was."""
    tokens = [name.removeprefix(PREFIX) for name in settings.names(session, PREFIX)]
    pairs = [(wish_of(token), state_of(session, token)) for token in tokens]
    return sorted(pairs, key=lambda pair: (pair[1].asked_at, pair[0].token))


def state_of(session: Session, token: str) -> Making:
    """How far the draft of a token is.

    Raises
    ------
    NotFoundError
        None was begun, or it is long over.
    """
    known = settings.read(session, PREFIX + token)
    if known is None:
        raise NotFoundError("no draft is being made here: choose its days again")
    return Making(**known)


def wish_of(token: str) -> Wish:
    """What a token stands for.

    Raises
    ------
    NotFoundError
        It is none.
    """
    try:
        first, last, audience = token.split("_")
        period = ReportPeriod(date.fromisoformat(first), date.fromisoformat(last))
        return Wish(period, Audience(audience))
    except ValueError:
        raise NotFoundError("no draft is being made here: choose its days again") from None


def make_waiting(
    store: Store, council: str, ground: Path | None, *, clock: Callable[[], datetime]
) -> int:
    """Make each draft that waits, the one asked for first before the others; how many.

    ``ground`` is the file of the map's ground; None: wards alone.
    """
    made = 0
    while (taken := _take(store, clock())) is not None:
        _make(_Work(store, *taken, clock), council, ground)
        made += 1
    return made


def _take(store: Store, now: datetime) -> tuple[Wish, Making] | None:
    """The next one that waits, which from now on no other process takes."""
    with store.reading() as session:  # mostly none waits, and nobody's writing is held up
        if not any(made.state(now) is State.WAITING for _, made in makings(session)):
            return None
    with store.writing() as session:
        lock(session, PREFIX)
        for wish, made in makings(session):
            if made.state(now) is State.WAITING:
                taken = replace(made, heard_at=now.isoformat())
                _keep(session, wish.token, taken)
                return wish, taken
    return None


class _ReplacedError(Exception):
    """The same draft was asked for anew: this process was held up for so long."""


@dataclass(frozen=True)
class _Work:
    """One draft in the hands of one process."""

    store: Store
    wish: Wish
    taken: Making
    clock: Callable[[], datetime]

    def tell(self, step: int) -> None:
        """Say that a step begins."""
        with self.store.writing() as session:
            self.change(session, step=step)

    def change(self, session: Session, **changed: object) -> None:
        made = state_of(session, self.wish.token)
        if made.asked_at != self.taken.asked_at:
            raise _ReplacedError
        made = replace(made, heard_at=self.clock().isoformat(), **changed)  # type: ignore[arg-type]
        _keep(session, self.wish.token, made)


def _make(work: _Work, council: str, ground: Path | None) -> None:
    """Make a draft; a fault is kept and not raised."""
    try:
        _compile(work, council, ground)
    except _ReplacedError:
        log.warning("a draft took so long that it was asked for anew: %s", work.wish.token)
    except (GeodataError, HotspotsError) as error:
        _fail(work, str(error))
    except Exception:
        log.exception("a draft of the report to the committee failed")
        _fail(work, FAILED)


def _compile(work: _Work, council: str, ground: Path | None) -> None:
    by = Actor(work.taken.user_id, work.clock())
    with work.store.reading() as session:
        facts, report = compile_paper(
            session,
            period=work.wish.period,
            audience=work.wish.audience,
            council=council,
            basemap=kept.find(ground) if ground else None,
            now=by.now,
            tell=work.tell,
        )
    with work.store.writing() as session:  # the draft and that it is there, or neither
        work.change(session, draft_id=drafting.save_draft(session, facts, report, by))


def _fail(work: _Work, fault: str) -> None:
    with suppress(_ReplacedError), work.store.writing() as session:
        work.change(session, fault=fault)


def _keep(session: Session, token: str, made: Making) -> None:
    settings.write(session, PREFIX + token, asdict(made))


def _forget_old(session: Session, now: datetime) -> None:
    for wish, made in makings(session):
        is_over = made.state(now) in (State.DONE, State.FAILED)
        if is_over and now - datetime.fromisoformat(made.asked_at) > KEPT:
            settings.write(session, PREFIX + wish.token, None)
