"""An import, taken out again; a long one is hidden in a moment and deleted piece by piece.

What is left of the incidents that it spoke of is reckoned under no lock. Where others changed the
record meanwhile it is reckoned again, and the last time under the lock.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from geodata import incidents
from geodata.core.errors import GeodataError, RefusedError
from geodata.importers import batches, feed_changes, reading, taking_out
from geodata.importers.feed_changes import PutBack
from geodata.importers.kinds import KINDS
from geodata.incidents import neighbours
from geodata.people.audit import Actor
from geodata.store import day_counts, job_months, unfinished_batches
from geodata.store.alone import alone
from geodata.store.engine import Store, lock
from web.services.imports import importing, loading
from web.services.imports.importing import Undone
from web.services.incidents import linking
from web.services.incidents.incident_assignment import LOCK
from web.services.incidents.linking import Reckoned
from web.services.incidents.linking_scope import Touched

TRIES = 3
LONG_KIND = "reports"


@dataclass(frozen=True, eq=False)
class Going:
    """What goes with a batch.

    Attributes
    ----------
    marks
        Keys of incidents, by the batch's key that they are to bear, or none.
    others
        What those become that others speak of too.
    """

    marks: dict[int | None, list[int]]
    others: Reckoned


def undo(
    store: Store, batch: int, *, now: datetime, by: Actor | None = None, is_removed: bool = True
) -> Undone:
    """Take a batch out whole, and put back what it changed. Who signed in and did it is noted.

    Parameters
    ----------
    is_removed
        Whether a long one's rows are deleted before this returns; else the next tick deletes what
        nobody sees any more.

    Raises
    ------
    NotFoundError
        There is no such batch.
    RefusedError
        It was undone before, something else rests on its rows, or another file is on its way.
    """
    with store.reading() as session:
        wanted = batches.find(session, batch)
        is_long = wanted.kind == LONG_KIND and wanted.accepted > importing.MOST_AT_ONCE
        # What a feed changed is put back in the same turn, or somebody sees half of it.
        is_long = is_long and not feed_changes.touched_ids(session, batch)
    if not is_long:
        with store.writing() as session:
            return importing.undo_import(session, batch, now=now, by=by)
    with alone(store, loading.WORK) as is_mine:
        if not is_mine:
            raise RefusedError("another file is being taken in or out: try again after that")
        loading.remove_all(store)
        rows = _hide(store, batch, now, by)
        if is_removed:
            with suppress(GeodataError):  # it is undone already: a tick goes on where this ended
                loading.remove(store, batch)
        return Undone(rows, PutBack())


@dataclass(frozen=True, eq=False)
class Sums:
    """What pages keep of the record that a batch takes away: counts of days, months of jobs."""

    counts: list[dict[str, Any]]
    months: list[str]


def _hide(store: Store, batch: int, now: datetime, by: Actor | None) -> int:
    for _ in range(TRIES - 1):
        seen, others, sums = _reckoned_apart(store, batch, now)
        with store.writing() as session:
            lock(session, LOCK)
            if _seen(session) == seen:
                return _end(session, batch, others, sums, now, by)
    with store.writing() as session:
        lock(session, LOCK)
        going = _going(session, batch, now)
        for key, keys in going.marks.items():
            taking_out.mark(session, key, keys)
        return _end(session, batch, going.others, _sums(session, batch), now, by)


def _reckoned_apart(
    store: Store, batch: int, now: datetime
) -> tuple[tuple[int, ...], Reckoned, Sums]:
    """How far the record went, and what becomes of it if nothing came since; under no lock."""
    with store.reading() as session:
        importing.refuse_held(session, batch, now)
        taking_out.refuse_rested_upon(session, batch)
        seen = _seen(session)
        going = _going(session, batch, now)
    for key, keys in going.marks.items():
        loading.in_pieces(store, len(keys), _marking(key, keys))
    with store.reading() as session:
        return seen, going.others, _sums(session, batch)


def _marking(key: int | None, keys: list[int]) -> Callable[[Session, slice], None]:
    return lambda session, rows: taking_out.mark(session, key, keys[rows])


def _seen(session: Session) -> tuple[int, ...]:
    return incidents.last_changes(session) + reading.held(session, KINDS[LONG_KIND])


def _going(session: Session, batch: int, now: datetime) -> Going:
    answered = taking_out.answered_elsewhere(session, batch)
    former = taking_out.incidents_of(session, batch) | neighbours.incidents_of(session, answered)
    own, marked = (f(session, batch) for f in (taking_out.own_incidents, taking_out.marked))
    places = tuple(batches.places_cleared_by(session, batch))
    touched = Touched(frozenset(answered), frozenset(former - own), places)
    with unfinished_batches.left_out(session, batch):
        others = linking.reckon_around(session, touched, now=now)
    go = own | taking_out.vacated(session, batch, set(others.incidents["key"]))
    return Going({batch: sorted(go - marked), None: sorted(marked - go)}, others)


def _sums(session: Session, batch: int) -> Sums:
    connection = session.connection()
    return Sums(day_counts.of_batch(connection, batch), job_months.of_batch(connection, batch))


def _end(
    session: Session, batch: int, others: Reckoned, sums: Sums, now: datetime, by: Actor | None
) -> int:
    """Let everybody see the record without the batch."""
    importing.refuse_held(session, batch, now)
    undone = batches.mark_undone(session, batch, now=now)
    kind, rows = undone.kind, undone.accepted
    taking_out.refuse_rested_upon(session, batch)
    taking_out.hide(session, batch)
    day_counts.take_away(session.connection(), sums.counts)
    job_months.mark(session.connection(), sums.months)
    linking.save(session, others, now=now)
    linking.lapse(session, now=now)
    importing.note_undone(session, batch, kind, rows, now, by)
    return rows
