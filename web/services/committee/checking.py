"""A release that is reckoned again because somebody asked on a page: by the background work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.people.audit import Actor
from geodata.store import settings
from geodata.store.engine import Store
from web.services.committee.drafting import release_document
from web.services.committee.released_figures import figures_of
from web.services.committee.verifying import Difference, Verification, verify
from web.services.common.asked_work import Asked, AskedWork, InHand, State

if TYPE_CHECKING:
    from geodata.models import CommitteeRelease

CHECKS = AskedWork(
    prefix="asked_check:",
    gone="no check of this release was asked for lately",
    died=timedelta(minutes=5),
)
RESULT = "committee_check:"
MOST_WAITING = 10
MOST_KEPT = 500
"""So many figures that differ are named; of more, their number is said."""


@dataclass(frozen=True)
class Check:
    """What came of the last one.

    Attributes
    ----------
    checked_at
        When.
    figures, same
        How many were compared, and how many of them are the same.
    differences
        Those that are not, at most ``MOST_KEPT``.
    reasons
        All that changed since the release was reckoned.
    """

    checked_at: datetime
    figures: int
    same: int
    differences: tuple[Difference, ...]
    reasons: tuple[str, ...]
    is_intact: bool
    is_redacted: bool
    is_confirmed: bool


@dataclass(frozen=True)
class CheckedFigure:
    """A figure of the release, and how it compares: ``difference`` is None where it is the same."""

    row: str
    column: str
    value: str
    difference: Difference | None


def ask(session: Session, release_id: int, by: Actor) -> None:
    """Let a release be checked, unless it waits or is being checked already.

    Raises
    ------
    RefusedError
        Many wait.
    """
    n_waiting = len(CHECKS.waiting(session, by.now))
    if n_waiting >= MOST_WAITING:
        raise RefusedError(f"{n_waiting} checks wait: try again when they are done")
    CHECKS.begin(session, str(release_id), by, over=(State.DONE, State.FAILED))


def state_of(session: Session, release_id: int, now: datetime) -> tuple[State, Asked] | None:
    """How far the check is that was asked for lately; None where none was."""
    request = dict(CHECKS.every(session)).get(str(release_id))
    return None if request is None else (CHECKS.state(request, now), request)


def check_waiting(store: Store, *, clock: Callable[[], datetime]) -> int:
    """Do each check that waits; how many."""
    done = 0
    while (work := CHECKS.take(store, clock)) is not None:
        work.do(_check)
        done += 1
    return done


def _check(work: InHand) -> None:
    release_id = int(work.token)
    work.tell(0)
    with work.store.reading() as session:
        kept = asdict(_summed_up(verify(session, release_id), work.clock()))
    kept["checked_at"] = kept["checked_at"].isoformat()
    with work.store.writing() as session:
        settings.write(session, f"{RESULT}{release_id}", kept)
        work.change(session, made_id=release_id)


def _summed_up(verification: Verification, now: datetime) -> Check:
    return Check(
        now,
        verification.figures,
        verification.same,
        tuple(verification.differences[:MOST_KEPT]),
        tuple(verification.reasons),
        verification.is_intact,
        verification.is_redacted,
        verification.is_confirmed,
    )


def last_check(session: Session, release_id: int) -> Check | None:
    """What came of the last one; None: there was none."""
    kept: dict[str, Any] | None = settings.read(session, f"{RESULT}{release_id}")
    if kept is None:
        return None
    differences = (
        Difference(**{**each, "reasons": tuple(each["reasons"])}) for each in kept["differences"]
    )
    at = datetime.fromisoformat(kept["checked_at"])
    return Check(**{**kept, "checked_at": at, "differences": tuple(differences)})


def forget_checks(session: Session) -> None:
    """Throw away what came of all of them: a person may stand in what they compared."""
    for name in settings.names(session, RESULT):
        settings.write(session, name, None)


def checked_figures(release: CommitteeRelease, check: Check) -> dict[str, list[CheckedFigure]]:
    """Every figure of a release by its table, each with how it compares."""
    differing = {each.name: each for each in check.differences}
    tables: dict[str, list[CheckedFigure]] = {}
    for figure in figures_of(release_document(release)):
        table, row, column = figure.address
        one = CheckedFigure(row, column, figure.value, differing.get(figure.name))
        tables.setdefault(table, []).append(one)
    return tables
