"""A long file, loaded in pieces: each holds the writer's lock for a moment, and the last shows all.

What comes of the reports is reckoned between the pieces, under no lock. A process that dies leaves
rows that nobody sees; the next import, or the next tick, takes them out.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from sqlalchemy.orm import Session

from geodata.core.errors import GeodataError, RefusedError
from geodata.importers import batches, cut_off
from geodata.importers.batches import OnRows
from geodata.importers.reading import ReadFile
from geodata.store import day_counts, job_months, unfinished_batches
from geodata.store.alone import alone
from geodata.store.engine import Store, lock
from web.services.incidents import linking_in_pieces
from web.services.incidents.incident_assignment import LOCK
from web.services.incidents.linking_in_pieces import BatchLinking
from web.services.incidents.linking_scope import touched_by

WORK = "import"
FIRST_ROWS, FEWEST_ROWS, MOST_ROWS = 1_000, 500, 5_000
TARGET_S = 0.1
"""How long a piece may hold the lock."""
REST_S = 0.12
"""After each piece on SQLite, whose waiting writers look up to a tenth of a second apart."""


def load(
    store: Store,
    read: ReadFile,
    *,
    now: datetime,
    on_rows: OnRows,
    then: Callable[[Session, ReadFile, int], object],
) -> int | None:
    """Load a file that was read; its batch, or None where it has to be read again first.

    Raises
    ------
    RefusedError
        Another process loads one.
    """
    with alone(store, WORK) as is_mine:
        if not is_mine:
            raise RefusedError("another file is being taken in: try again when that is done")
        remove_all(store)
        with store.writing() as session:
            lock(session, LOCK)  # nobody changes an incident who does not know of this batch
            if not batches.is_current(session, read):
                return None
            batch = batches.begin(session, read, now=now)
        try:
            _load(store, read, batch, now, on_rows, then)
        except Exception:
            with suppress(GeodataError):  # else it is taken out later
                remove(store, batch)
            raise
        return batch


def clear_cut_off(store: Store) -> None:
    """Take out what processes left that died while they loaded a file."""
    with store.reading() as session:
        is_any = bool(unfinished_batches.loading(session.connection()))
    if is_any:
        with alone(store, WORK) as is_mine:
            if is_mine:
                remove_all(store)


def _load(
    store: Store,
    read: ReadFile,
    batch: int,
    now: datetime,
    on_rows: OnRows,
    then: Callable[[Session, ReadFile, int], object],
) -> None:
    """Write the reports, the incidents of which only they speak, and all the rest at once."""

    def write_piece(session: Session, rows: slice) -> None:
        batches.write_piece(session, read, batch, rows, now=now)

    in_pieces(store, len(read.fresh), write_piece, on_rows)
    linked = _reckoned(store, batch, now)

    def write_own(session: Session, rows: slice) -> None:
        batches.refuse_gone(session, batch)
        linking_in_pieces.write_own(session, linked, rows, now=now)

    in_pieces(store, len(linked.own.incidents), write_own)
    with store.reading(sees_unfinished=True) as session:
        counts = day_counts.of_batch(session.connection(), batch)
    months = set(linked.own.incidents["public_at"].dropna().dt.strftime("%Y-%m"))
    with store.writing(sees_unfinished=True) as session:
        lock(session, LOCK)
        before = touched_by(session, read.changes.report_ids, ())  # while they are where they were
        batches.finish(session, read, batch, now=now)
        day_counts.add(session.connection(), counts)
        job_months.mark(session.connection(), months)
        linking_in_pieces.end(session, linked, besides=before, now=now)
        then(session, read, batch)


def _reckoned(store: Store, batch: int, now: datetime) -> BatchLinking:
    with store.reading(sees_unfinished=True) as session:
        reports = batches.reports_of_batch(session, batch)
        touched = touched_by(session, reports, batches.places_cleared_by(session, batch))
        return linking_in_pieces.reckon(session, batch, touched, now=now)


def remove_all(store: Store) -> None:
    """Delete every batch that was cut off while it came, or while it went."""
    with store.reading() as session:
        left = unfinished_batches.loading(session.connection())
    for batch in left:
        remove(store, batch)


def remove(store: Store, batch: int) -> None:
    """Delete what nobody sees of a batch, piece by piece."""
    is_left = True
    while is_left:
        with store.writing(sees_unfinished=True) as session:
            is_left = cut_off.remove_piece(session, batch, FIRST_ROWS)
            if not is_left:
                cut_off.forget(session, batch)
        _rest(store)


def in_pieces(
    store: Store,
    rows: int,
    write: Callable[[Session, slice], object],
    on_rows: OnRows = lambda _done, _of: None,
) -> None:
    """Write rows in pieces, each of as many as are written in a moment.

    On a server nobody waits for them: rows that nobody sees are in nobody's way.
    """
    fewest = FEWEST_ROWS if store.is_embedded else MOST_ROWS
    done, size = 0, max(FIRST_ROWS, fewest)
    while done < rows:
        piece = slice(done, min(done + size, rows))
        with store.writing(sees_unfinished=True) as session:
            began = time.monotonic()
            write(session, piece)
        took = max(time.monotonic() - began, 1e-3)
        done = piece.stop
        size = min(max(int(size * min(TARGET_S / took, 2)), fewest), MOST_ROWS)
        on_rows(done, rows)
        _rest(store)


def _rest(store: Store) -> None:
    """Let others have their turn; a server queues them by itself."""
    if store.is_embedded:
        time.sleep(REST_S)
