"""Shifts that are asked for on a page and planned by the background work, each by one process."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.people.audit import Actor
from geodata.store.engine import Store
from web.services.common.asked_work import Asked, AskedWork, Clock, InHand, State
from web.services.patrols import patrolling
from web.services.patrols.patrol_wish_places import PlaceRefusedError
from web.services.patrols.patrolling import PatrolWish

SHIFTS = AskedWork(
    prefix="asked_shift:",
    gone="no shift is being planned here: plan it again",
    died=timedelta(minutes=2),  # a search takes seconds
)
MOST_WAITING = 10
_LISTS = ("teams", "include", "avoid")
_REFUSED = "refused"
"""Key beside the wish: the field of the form at which a refusal stands."""


@dataclass(frozen=True)
class AskedShift:
    """A shift that somebody wants planned, and how far that is.

    ``refused`` names the field whose wish cannot be granted, as ``request.reason`` says; else None.
    """

    token: str
    request: Asked
    state: State

    @property
    def wish(self) -> PatrolWish:
        """What was asked for; once it is planned, the plan alone says it."""
        return _wish(self.request.wish)

    @property
    def refused(self) -> str | None:
        return self.request.wish.get(_REFUSED) if self.state is State.FAILED else None

    @property
    def steps(self) -> int:
        """Reading the places, each search, and the one for an hour more."""
        return self.wish.searches + 2


def ask(session: Session, wish: PatrolWish, by: Actor) -> str:
    """Let a shift be planned by the background work; the token of its page.

    The same wish of the same account has the same token, and so one plan however often it is sent:
    the seed comes with the page.

    Raises
    ------
    RefusedError
        Many wait already.
    """
    n_waiting = len(SHIFTS.waiting(session, by.now))
    if n_waiting >= MOST_WAITING:
        raise RefusedError(f"{n_waiting} shifts wait to be planned: try again when they are there")
    columns = _columns(wish)
    same = json.dumps([columns, by.user_id], sort_keys=True).encode()
    token = hashlib.sha256(same).hexdigest()[:20]
    SHIFTS.begin(session, token, by, over=(State.FAILED,), wish=columns)
    return token


def ask_again(session: Session, token: str, by: Actor) -> None:
    """Let one that failed be planned anew."""
    SHIFTS.begin(session, token, by, over=(State.FAILED,), wish=SHIFTS.find(session, token).wish)


def find(session: Session, token: str, *, now: datetime) -> AskedShift:
    """A shift that was asked for lately.

    Raises
    ------
    NotFoundError
        There is none.
    """
    request = SHIFTS.find(session, token)
    return AskedShift(token, request, SHIFTS.state(request, now))


def unfinished(session: Session, *, now: datetime) -> Iterator[AskedShift]:
    """Shifts that wait, are being planned or failed, in the order in which they were asked for."""
    for token, request in SHIFTS.every(session):
        state = SHIFTS.state(request, now)
        if state is not State.DONE:
            yield AskedShift(token, request, state)


def plan_waiting(store: Store, *, clock: Clock) -> int:
    """Plan each shift that waits, the one asked for first before the others; how many."""
    planned = 0
    while (work := SHIFTS.take(store, clock)) is not None:
        work.do(_plan)
        planned += 1
    return planned


def _plan(work: InHand) -> None:
    try:
        planned = _searched(work)
    except RefusedError as error:
        field = error.wish if isinstance(error, PlaceRefusedError) else "start"
        with work.store.writing() as session:
            work.change(session, fault=str(error), wish=work.taken.wish | {_REFUSED: field})
        return
    with work.store.writing() as session:  # the plan and that it is there, or neither
        work.change(session, made_id=patrolling.keep_once(session, planned), wish={})


def _searched(work: InHand) -> patrolling.PlannedShift:
    """The search takes its time: it reads, so that nobody else's report waits for it."""
    done = 0

    def on_search() -> None:
        nonlocal done
        done += 1
        work.tell(done)

    with work.store.reading() as session:
        return patrolling.plan(
            session,
            _wish(work.taken.wish),
            now=work.clock(),
            user_id=work.taken.user_id,
            on_search=on_search,
        )


def _columns(wish: PatrolWish) -> dict[str, Any]:
    """A wish as JSON."""
    shift = {"starts_at": wish.starts_at.isoformat(), "ends_at": wish.ends_at.isoformat()}
    return asdict(wish) | shift | {name: list(getattr(wish, name)) for name in _LISTS}


def _wish(columns: dict[str, Any]) -> PatrolWish:
    shift = {name: datetime.fromisoformat(columns[name]) for name in ("starts_at", "ends_at")}
    lists = {name: tuple(columns[name]) for name in _LISTS}
    kept = {name: value for name, value in columns.items() if name != _REFUSED}
    return PatrolWish(**kept | shift | lists)
