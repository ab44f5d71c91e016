"""Drafts that are asked for on a page and made by the background work, each by one process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from geodata.basemap import kept
from geodata.core.errors import NotFoundError, RefusedError
from geodata.people.audit import Actor
from geodata.store.engine import Store
from web.services.committee import drafting
from web.services.committee.compiling import compile_paper
from web.services.committee.report_facts import run_of
from web.services.committee.report_period import ReportPeriod, report_period
from web.services.common.asked_work import Asked, AskedWork, InHand, State
from web.services.partnership.comparison_table import Audience

DRAFTS = AskedWork(
    prefix="asked_draft:",
    gone="no draft is being made here: choose its days again",
    died=timedelta(minutes=5),  # each step takes seconds
)
MOST_WAITING = 10


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


def check_wish(session: Session, wish: Wish, *, now: datetime) -> None:
    """Refuse at once what could not be made.

    Raises
    ------
    RefusedError
        The days are no period, no detection run looks from a day up to its end, or many wait.
    """
    report_period(wish.period.first, wish.period.last, now=now)
    run_of(session, wish.period)
    n_waiting = len(DRAFTS.waiting(session, now))
    if n_waiting >= MOST_WAITING:
        raise RefusedError(f"{n_waiting} drafts wait to be made: try again when they are there")


def begin(session: Session, wish: Wish, by: Actor) -> None:
    """Let it be made by the background work, unless it waits or is being made already."""
    DRAFTS.begin(session, wish.token, by, over=(State.DONE, State.FAILED))


def makings(session: Session) -> list[tuple[Wish, Asked]]:
    """What was asked for lately, in the order in which it was."""
    return [(wish_of(token), request) for token, request in DRAFTS.every(session)]


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
        raise NotFoundError(DRAFTS.gone) from None


def make_waiting(
    store: Store, council: str, ground: Path | None, *, clock: Callable[[], datetime]
) -> int:
    """Make each draft that waits, the one asked for first before the others; how many.

    ``ground`` is the file of the map's ground; None: wards alone.
    """
    made = 0
    while (work := DRAFTS.take(store, clock)) is not None:
        work.do(lambda work: _compile(work, council, ground))
        made += 1
    return made


def _compile(work: InHand, council: str, ground: Path | None) -> None:
    by, wish = Actor(work.taken.user_id, work.clock()), wish_of(work.token)
    with work.store.reading() as session:
        facts, report = compile_paper(
            session,
            period=wish.period,
            audience=wish.audience,
            council=council,
            basemap=kept.find(ground) if ground else None,
            now=by.now,
            tell=work.tell,
        )
    with work.store.writing() as session:  # the draft and that it is there, or neither
        work.change(session, made_id=drafting.save_draft(session, facts, report, by))
