"""Work that is asked for on a page and done by the background work, each piece by one process.

How far each piece is stands in the settings of the store, so that any process can tell of it: it
waits, it is being done, it is there, or it failed. A process that dies leaves it failed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy.orm import Session

from geodata.core.errors import GeodataError, NotFoundError
from geodata.people.audit import Actor
from geodata.store import settings
from geodata.store.engine import Store, lock
from hotspots.core.errors import HotspotsError

FAILED = "the program failed. What happened is in its log"
STOPPED = "the program was ended while it was made. Nothing of it was kept"
KEPT = timedelta(days=1)
"""For so long a list shows what came of it."""
Clock = Callable[[], datetime]
log = logging.getLogger(__name__)


class State(Enum):
    """Where work that was asked for stands."""

    WAITING = "Waits for the background work"
    RUNNING = "Is being made"
    DONE = "Made"
    FAILED = "Failed"


@dataclass(frozen=True)
class Asked:
    """How far a piece of work is.

    Attributes
    ----------
    asked_at
        When somebody wanted it; ``user_id`` is their account.
    heard_at
        When the work last said something of it; None while it waits.
    step
        How many of its steps are behind it.
    made_id
        Key of what it made; None until it is done.
    fault
        Why it ended without that; empty where it did not.
    wish
        What is wanted, as far as its token does not say it.
    """

    asked_at: str
    user_id: int | None = None
    heard_at: str | None = None
    step: int = 0
    made_id: int | None = None
    fault: str = ""
    wish: dict[str, Any] = field(default_factory=dict)

    def is_silent(self, now: datetime, died: timedelta) -> bool:
        heard_at = self.heard_at
        return heard_at is not None and now - datetime.fromisoformat(heard_at) > died

    @property
    def reason(self) -> str:
        """Why it failed, where it did."""
        return self.fault or STOPPED


@dataclass(frozen=True)
class AskedWork:
    """One kind of such work.

    Attributes
    ----------
    prefix
        Of its settings.
    gone
        What somebody reads who asks for a piece that there is none of.
    died
        Work that has said nothing for so long ended with its process.
    """

    prefix: str
    gone: str
    died: timedelta

    def state(self, request: Asked, now: datetime) -> State:
        if request.made_id is not None:
            return State.DONE
        if request.fault or request.is_silent(now, self.died):
            return State.FAILED
        return State.WAITING if request.heard_at is None else State.RUNNING

    def begin(
        self,
        session: Session,
        token: str,
        by: Actor,
        *,
        over: tuple[State, ...],
        wish: dict[str, Any] | None = None,
    ) -> None:
        """Let a piece be made, unless there is one of this token whose state is not in ``over``."""
        lock(session, self.prefix)
        known = self._read(session, token)
        if known is None or self.state(known, by.now) in over:
            self._forget_old(session, by.now)
            self._keep(session, token, Asked(by.now.isoformat(), by.user_id, wish=wish or {}))

    def every(self, session: Session) -> list[tuple[str, Asked]]:
        """What was asked for lately, by token, in the order in which it was."""
        tokens = [name.removeprefix(self.prefix) for name in settings.names(session, self.prefix)]
        pairs = [(token, self.find(session, token)) for token in tokens]
        return sorted(pairs, key=lambda pair: (pair[1].asked_at, pair[0]))

    def waiting(self, session: Session, now: datetime) -> list[tuple[str, Asked]]:
        """What no process has taken yet."""
        pairs = self.every(session)
        return [pair for pair in pairs if self.state(pair[1], now) is State.WAITING]

    def find(self, session: Session, token: str) -> Asked:
        """How far a piece is.

        Raises
        ------
        NotFoundError
            None was begun, or it is long over.
        """
        known = self._read(session, token)
        if known is None:
            raise NotFoundError(self.gone)
        return known

    def take(self, store: Store, clock: Clock) -> InHand | None:
        """The next one that waits, which from now on no other process takes."""
        with store.reading() as session:  # mostly none waits, and nobody's writing is held up
            if not self.waiting(session, clock()) and not self._old(session, clock()):
                return None
        with store.writing() as session:
            lock(session, self.prefix)
            self._forget_old(session, clock())
            for token, request in self.waiting(session, clock())[:1]:
                taken = replace(request, heard_at=clock().isoformat())
                self._keep(session, token, taken)
                return InHand(self, store, token, taken, clock)
        return None

    def change(self, session: Session, token: str, taken: Asked, **changed: object) -> None:
        known = self.find(session, token)
        if known.asked_at != taken.asked_at:
            raise ReplacedError
        self._keep(session, token, replace(known, **changed))  # type: ignore[arg-type]

    def _read(self, session: Session, token: str) -> Asked | None:
        known = settings.read(session, self.prefix + token)
        return None if known is None else Asked(**known)

    def _keep(self, session: Session, token: str, request: Asked) -> None:
        settings.write(session, self.prefix + token, asdict(request))

    def _old(self, session: Session, now: datetime) -> list[str]:
        return [
            token
            for token, request in self.every(session)
            if self.state(request, now) in (State.DONE, State.FAILED)
            and now - datetime.fromisoformat(request.asked_at) > KEPT
        ]

    def _forget_old(self, session: Session, now: datetime) -> None:
        for token in self._old(session, now):
            settings.write(session, self.prefix + token, None)


class ReplacedError(Exception):
    """The same was asked for anew: this process was held up for so long."""


@dataclass(frozen=True)
class InHand:
    """One piece in the hands of one process."""

    kind: AskedWork
    store: Store
    token: str
    taken: Asked
    clock: Clock

    def tell(self, step: int) -> None:
        """Say that a step begins."""
        with self.store.writing() as session:
            self.change(session, step=step)

    def change(self, session: Session, **changed: object) -> None:
        """Note what became of it.

        Raises
        ------
        ReplacedError
            It was asked for anew.
        """
        heard_at = self.clock().isoformat()
        self.kind.change(session, self.token, self.taken, heard_at=heard_at, **changed)

    def do(self, work: Callable[[InHand], None]) -> None:
        """Work whose fault is kept and not raised."""
        try:
            work(self)
        except ReplacedError:
            log.warning("asked for anew since it took so long: %s%s", self.kind.prefix, self.token)
        except (GeodataError, HotspotsError) as error:
            self._fail(str(error))
        except Exception:
            log.exception("background work that was asked for failed: %s", self.kind.prefix)
            self._fail(FAILED)

    def _fail(self, fault: str) -> None:
        with suppress(ReplacedError), self.store.writing() as session:
            self.change(session, fault=fault)
