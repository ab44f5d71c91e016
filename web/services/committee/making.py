"""A draft while it is made in the background: how far it is, and that one is made and not two.

Its state is a setting of the store, so that any process can tell of it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from geodata.basemap.kept import Basemap
from geodata.core.errors import GeodataError, NotFoundError
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
GIVEN_UP = timedelta(minutes=10)
"""A draft takes seconds; one that has not ended by then died with its process."""
FAILED = "The program failed. What happened is in its log; try again."
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


@dataclass(frozen=True)
class Making:
    """How far a draft is.

    Attributes
    ----------
    step
        Of ``compiling.STEPS``.
    draft_id
        None until it is done.
    fault
        Why it ended without a draft; empty where it did not.
    """

    began_at: str
    step: int = 0
    draft_id: int | None = None
    fault: str = ""

    def runs(self, now: datetime) -> bool:
        is_over = self.draft_id is not None or self.fault
        return not is_over and now - datetime.fromisoformat(self.began_at) < GIVEN_UP


def check_wish(session: Session, wish: Wish, *, now: datetime) -> None:
    """Refuse at once what could not be made.

    Raises
    ------
    RefusedError
        The days are no period, or no detection run looks from a day up to its end.
    """
    report_period(wish.period.first, wish.period.last, now=now)
    run_of(session, wish.period)


def begin(session: Session, wish: Wish, *, now: datetime) -> bool:
    """Whether it is to be made by who asks; False while another makes it."""
    lock(session, PREFIX + wish.token)
    kept = settings.read(session, PREFIX + wish.token)
    if kept is not None and Making(**kept).runs(now):
        return False
    for name in settings.names(session, PREFIX):
        if not Making(**settings.read(session, name)).runs(now):
            settings.write(session, name, None)
    settings.write(session, PREFIX + wish.token, asdict(Making(now.isoformat())))
    return True


def state_of(session: Session, token: str) -> Making:
    """How far the draft of a token is.

    Raises
    ------
    NotFoundError
        None was begun, or it is long over.
    """
    name = PREFIX + token
    kept = settings.read(session, name)
    if kept is None:
        raise NotFoundError("no draft is being made here: choose its days again")
    return Making(**kept)


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


def make(store: Store, wish: Wish, by: Actor, council: str, basemap: Basemap | None) -> None:
    """Make the draft that was begun, and say how far it is; a fault is kept and not raised."""
    change = _changer(store, wish)
    try:
        with store.reading() as session:
            facts, report = compile_paper(
                session,
                period=wish.period,
                audience=wish.audience,
                council=council,
                basemap=basemap,
                now=by.now,
                tell=lambda step: change(step=step),
            )
        with store.writing() as session:
            key = drafting.save_draft(session, facts, report, by)
        change(draft_id=key)
    except (GeodataError, HotspotsError) as error:
        change(fault=str(error))
    except Exception:
        log.exception("a draft of the report to the committee failed")
        change(fault=FAILED)


def _changer(store: Store, wish: Wish) -> Callable[..., None]:
    def change(**changed: object) -> None:
        with store.writing() as session:
            made = replace(state_of(session, wish.token), **changed)  # type: ignore[arg-type]
            settings.write(session, PREFIX + wish.token, asdict(made))

    return change
