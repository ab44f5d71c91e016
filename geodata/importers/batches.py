"""What was read, written as one batch; and out again, whole."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pandas as pd
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from geodata.core.bulk import narrowed
from geodata.core.bulk_insert import insert_frame
from geodata.core.errors import NotFoundError, RefusedError
from geodata.importers import marked_texts
from geodata.importers.kinds import KINDS
from geodata.importers.kinds.kind import Kind
from geodata.importers.reading import ImportResult, ReadFile, held
from geodata.importers.syncing import write_changes
from geodata.models import Clearance, ImportBatch, Report, User
from geodata.rules.days import date_in_words, local_day
from geodata.store import unfinished_batches

OnRows = Callable[[int, int], None]


def is_current(session: Session, read: ReadFile) -> bool:
    """Whether no such rows came or went since the file was checked against them.

    Raises
    ------
    RefusedError
        Another file of the kind is being loaded: its rows are not there yet.
    """
    refuse_while_loading(session, read.result.kind)
    return held(session, KINDS[read.result.kind]) == read.seen


def write(
    session: Session,
    read: ReadFile,
    on_rows: OnRows = lambda _done, _of: None,
    *,
    now: datetime,
) -> ImportResult:
    """Write what was read as one batch. The caller commits, or takes it back.

    Parameters
    ----------
    on_rows
        Told now and then how many rows are written, and of how many.
    """
    kind = KINDS[read.result.kind]
    if read.fresh.empty and read.changes.is_empty:
        return read.result
    batch = _batch(session, read, now)
    write_changes(session, read.changes, batch, now=now)
    marked_texts.keep_changed(session, batch, read.changes.rows, now=now)
    if read.fresh.empty:
        return replace(read.result, batch=batch)
    _write_rows(session, kind, batch, read.fresh, on_rows, now)
    return replace(read.result, batch=batch)


def refuse_while_loading(session: Session, kind: str) -> None:
    """Refuse to take in or out what another file of the kind that is loading may have to do with.

    Raises
    ------
    RefusedError
        There is one.
    """
    if kind in unfinished_batches.kinds(session.connection()):
        raise RefusedError(f"another file of {kind} is being taken in or out: try again after that")


def begin(session: Session, read: ReadFile, *, now: datetime) -> int:
    """A batch whose rows come piece by piece: nobody sees it before `finish`."""
    batch = _batch(session, read, now)
    session.get_one(ImportBatch, batch).is_loading = True
    session.flush()
    return batch


def write_piece(
    session: Session, read: ReadFile, batch: int, rows: slice, *, now: datetime
) -> None:
    """Write some rows of a file.

    Raises
    ------
    RefusedError
        Somebody took the batch for one that was cut off, and took it out.
    """
    refuse_gone(session, batch)
    kind = KINDS[read.result.kind]
    _write_rows(session, kind, batch, read.fresh.iloc[rows], lambda _done, _of: None, now)


def refuse_gone(session: Session, batch: int) -> None:
    """Refuse to go on with a batch that is no longer being loaded."""
    loading = select(ImportBatch.is_loading).where(ImportBatch.id == batch)
    if not session.scalar(loading):
        raise RefusedError(
            f"batch {batch} was taken out while it was loaded: import the file again"
        )


def finish(session: Session, read: ReadFile, batch: int, *, now: datetime) -> None:
    """Show a batch to everybody, with what its file changes of rows that are there."""
    refuse_gone(session, batch)
    session.get_one(ImportBatch, batch).is_loading = False
    session.flush()
    write_changes(session, read.changes, batch, now=now)
    marked_texts.keep_changed(session, batch, read.changes.rows, now=now)


def reports_of_batch(session: Session, batch_id: int) -> set[int]:
    """Reports that an import brought, or whose outcomes it did."""
    brought = select(Report.id).where(Report.batch_id == batch_id)
    answered = select(Clearance.report_id).where(
        Clearance.batch_id == batch_id, Clearance.report_id.is_not(None)
    )
    return {key for key in session.scalars(brought.union(answered)) if key is not None}


def places_cleared_by(session: Session, batch_id: int) -> list[BaseGeometry]:
    """Where an import's clearances that answer no report were made, EPSG:27700."""
    query = select(Clearance.geometry).where(
        Clearance.batch_id == batch_id, Clearance.report_id.is_(None)
    )
    return [place for place in session.scalars(query) if place is not None]


def answered(session: Session, read: ReadFile) -> dict[str, int | None]:
    """Reference of each report that a file's new clearances answer, and its incident."""
    keys = {int(key) for key in read.fresh["report_id"].dropna()}
    query = select(Report.reference, Report.incident_id).order_by(Report.id)
    results = (session.execute(part) for part in narrowed(query, Report.id, keys))
    return {str(reference): incident_id for rows in results for reference, incident_id in rows}


def has_unnamed(read: ReadFile) -> bool:
    """Whether a file has new clearances that answer no report."""
    return bool(read.fresh["report_id"].isna().any())


def sign(session: Session, batch_id: int, user_id: int | None) -> None:
    """Write who took a batch in."""
    session.get_one(ImportBatch, batch_id).user_id = user_id
    session.flush()


@dataclass(frozen=True)
class BatchRecord:
    """An import that was made, and by whom; ``by`` is None for the command line.

    ``feed`` is the feed that it was a file of, if it was.
    """

    id: int
    kind: str
    file_name: str
    imported_at: datetime
    by: str | None
    accepted: int
    rejected: int
    undone_at: datetime | None
    feed: str | None = None


def listed(
    session: Session, kinds: Sequence[str], *, limit: int | None = None
) -> list[BatchRecord]:
    """Imports of some kinds, the newest first; no more than ``limit``."""
    query = (
        select(ImportBatch, User.name)
        .outerjoin(User, User.id == ImportBatch.user_id)
        .where(ImportBatch.kind.in_(kinds))
        .order_by(ImportBatch.imported_at.desc(), ImportBatch.id.desc())
        .limit(limit)
    )
    return [
        BatchRecord(
            batch.id,
            batch.kind,
            batch.file_name,
            batch.imported_at,
            name,
            batch.accepted,
            batch.rejected,
            batch.undone_at,
            batch.feed,
        )
        for batch, name in session.execute(query)
    ]


def find(session: Session, batch_id: int) -> ImportBatch:
    """A batch.

    Raises
    ------
    NotFoundError
        There is none.
    """
    batch = session.get(ImportBatch, batch_id)
    if batch is None:
        raise NotFoundError(f"there is no import batch {batch_id}")
    return batch


def undo(session: Session, batch_id: int, *, now: datetime) -> tuple[str, int]:
    """Take a batch out whole; the kind of its rows and how many there were.

    Raises
    ------
    NotFoundError
        There is no such batch.
    RefusedError
        It was undone before, something else rests on its rows, or such a file is being loaded.
    """
    batch = mark_undone(session, batch_id, now=now)
    try:
        KINDS[batch.kind].remove(session, batch_id)
        session.flush()
    except IntegrityError:
        raise RefusedError(
            f"batch {batch_id} cannot be taken out: later rows rest on it (clearances, photos or "
            "answers to its reports); undo those first"
        ) from None
    return batch.kind, batch.accepted


def mark_undone(session: Session, batch_id: int, *, now: datetime) -> ImportBatch:
    """Note that a batch is undone, before its rows go: the store lets history go with such only.

    Raises
    ------
    NotFoundError, RefusedError
        As `undo`.
    """
    batch = find(session, batch_id)
    if batch.undone_at is not None:
        raise RefusedError(
            f"batch {batch_id} was undone on {date_in_words(local_day(batch.undone_at))}"
        )
    refuse_while_loading(session, batch.kind)
    batch.undone_at = now
    session.flush()
    marked_texts.drop_of_batch(session, batch_id)
    return batch


def _batch(session: Session, read: ReadFile, now: datetime) -> int:
    counts = read.result
    batch = ImportBatch(
        kind=counts.kind,
        file_name=read.name,
        sha256=read.sha256,
        imported_at=now,
        read=counts.read,
        accepted=counts.accepted,
        rejected=counts.rejected,
        unchanged=counts.unchanged,
        warnings=counts.warnings,
        feed=read.changes.feed or None,
    )
    session.add(batch)
    session.flush()
    return batch.id


def _write_rows(
    session: Session, kind: Kind, batch: int, rows: pd.DataFrame, on_rows: OnRows, now: datetime
) -> None:
    fresh = kind.prepare(session, rows.assign(batch_id=batch))
    _insert(session, kind, fresh, on_rows)
    kind.finish(session, batch, fresh)
    marked_texts.keep(session, kind.model, batch, fresh, now=now)


def _insert(session: Session, kind: Kind, fresh: pd.DataFrame, on_rows: OnRows) -> None:
    """Write the columns that the table has; others are for ``Kind.finish``."""
    table: Any = kind.model.__table__
    ours = fresh[fresh.columns.intersection(table.columns.keys())]
    insert_frame(
        session,
        kind.model,
        ours.dropna(axis="columns", how="all"),
        lambda done: on_rows(done, len(ours)),
    )
