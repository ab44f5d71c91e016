"""Texts of imported rows that may name somebody, kept apart until a person keeps or drops them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from geodata.core.bulk import narrowed, parts
from geodata.core.errors import NotFoundError
from geodata.models import (
    AuditEntry,
    Base,
    Clearance,
    ImportBatch,
    Intervention,
    MarkedText,
    Place,
    Report,
)
from geodata.people.personal_data import REMOVED

TABLES: dict[str, type[Base]] = {
    model.__tablename__: model for model in (Report, Clearance, Place, Intervention)
}


@dataclass(frozen=True)
class Marked:
    """A text that waits; ``file_name`` is that of the import, ``stands`` what the row says now."""

    id: int
    batch_id: int
    file_name: str
    table: str
    column: str
    row_id: int
    words: str
    stands: str


@dataclass(frozen=True)
class MarkedFile:
    """An import with texts that wait, and how many."""

    batch_id: int
    file_name: str
    texts: int


def keep(
    session: Session, model: type[Base], batch: int, fresh: pd.DataFrame, *, now: datetime
) -> None:
    """Keep the marked words of rows just written, under the rows' keys."""
    if model not in TABLES.values() or "marked" not in fresh:
        return
    words_of = {
        row["fingerprint"]: row["marked"]
        for row in fresh[["fingerprint", "marked"]].to_dict("records")
        if row["marked"]
    }
    table: Any = model
    query = select(table.id, table.fingerprint).where(table.batch_id == batch)
    for part in narrowed(query, table.fingerprint, words_of):
        keys = session.execute(part).all()
        _add(session, model, batch, [(key, words_of[mark]) for key, mark in keys], now)


def keep_changed(session: Session, batch: int, rows: pd.DataFrame, *, now: datetime) -> None:
    """The same of reports that a night's file changed: what was marked of them before goes."""
    if rows.empty or "marked" not in rows:
        return
    marked = [(int(r["report_id"]), r["marked"]) for r in rows.to_dict("records") if r["marked"]]
    is_of_report = MarkedText.row_table == Report.__tablename__
    for keys in parts([key for key, _ in marked]):
        session.execute(delete(MarkedText).where(is_of_report, MarkedText.row_id.in_(keys)))
    _add(session, Report, batch, marked, now)


def _add(
    session: Session,
    model: type[Base],
    batch: int,
    marked: list[tuple[int, dict[str, str]]],
    now: datetime,
) -> None:
    rows = [
        {
            "batch_id": batch,
            "row_table": model.__tablename__,
            "row_id": key,
            "row_column": column,
            "words": words,
            "marked_at": now,
        }
        for key, fields in marked
        for column, words in fields.items()
    ]
    for part in parts(rows):
        session.execute(insert(MarkedText), list(part))


def files(session: Session) -> list[MarkedFile]:
    """Imports with texts that wait, the newest first."""
    query = (
        select(ImportBatch.id, ImportBatch.file_name, func.count(MarkedText.id))
        .join(MarkedText, MarkedText.batch_id == ImportBatch.id)
        .group_by(ImportBatch.id, ImportBatch.file_name)
        .order_by(ImportBatch.id.desc())
    )
    return [MarkedFile(*row) for row in session.execute(query)]


def waiting(session: Session, *, batch_id: int | None, limit: int) -> list[Marked]:
    """Texts that wait, of one import or of all, in the order in which they came."""
    query = select(MarkedText, ImportBatch.file_name).join(
        ImportBatch, ImportBatch.id == MarkedText.batch_id
    )
    if batch_id is not None:
        query = query.where(MarkedText.batch_id == batch_id)
    rows = session.execute(query.order_by(MarkedText.id).limit(limit)).all()
    return [
        Marked(
            mark.id,
            mark.batch_id,
            file_name,
            mark.row_table,
            mark.row_column,
            mark.row_id,
            mark.words,
            _stands(session, mark) or "",
        )
        for mark, file_name in rows
    ]


def ids_of_file(session: Session, batch_id: int, *, limit: int) -> list[int]:
    """The first texts of an import that wait."""
    query = select(MarkedText.id).where(MarkedText.batch_id == batch_id)
    return list(session.scalars(query.order_by(MarkedText.id).limit(limit)))


def _stands(session: Session, mark: MarkedText) -> str | None:
    row = session.get(TABLES[mark.row_table], mark.row_id)
    value: str | None = None if row is None else getattr(row, mark.row_column)
    return value


def settle(
    session: Session,
    mark_id: int,
    *,
    keeps: bool,
    user_id: int | None,
    reason: str,
    now: datetime,
) -> int | None:
    """Put a text back as the file has it, or let it go; the report that it belongs to, if any.

    A text that was changed since the import stays as it was changed.

    Raises
    ------
    NotFoundError
        There is no such text.
    """
    mark = session.get(MarkedText, mark_id)
    if mark is None:
        raise NotFoundError(f"there is no marked text {mark_id}: somebody decided already")
    row, stands = session.get(TABLES[mark.row_table], mark.row_id), _stands(session, mark)
    is_as_imported = REMOVED in stands if stands else not isinstance(row, Report | Clearance)
    if keeps and row is not None and is_as_imported:
        setattr(row, mark.row_column, mark.words)
    session.add(
        AuditEntry(
            at=now,
            user_id=user_id,
            act="moderate" if keeps else "redact",
            entity=mark.row_table,
            entity_id=mark.row_id,
            before={"state": "pending", "characters": len(stands or "")},
            after={
                "state": "approved" if keeps else "rejected",
                "characters": len(_stands(session, mark) or ""),
            },
            reason=reason or None,
        )
    )
    session.delete(mark)
    session.flush()
    return mark.row_id if mark.row_table == Report.__tablename__ else None


def of_reports(
    session: Session, mark_ids: Collection[int], report_ids: Collection[int]
) -> set[int]:
    """Those of some texts that belong to some reports."""
    query = select(MarkedText.id, MarkedText.row_id).where(
        MarkedText.row_table == Report.__tablename__
    )
    rows = (
        row for part in narrowed(query, MarkedText.id, mark_ids) for row in session.execute(part)
    )
    return {mark for mark, report in rows if report in report_ids}


def drop_of_batch(session: Session, batch_id: int) -> None:
    """Let an undone import's texts go."""
    session.execute(delete(MarkedText).where(MarkedText.batch_id == batch_id))


def old(session: Session, *, before: datetime) -> list[int]:
    """Texts that have waited since before a moment, the reports' that were blanked since among."""
    blanked = select(Report.id).where(Report.description.is_(None))
    is_of_blanked = (
        (MarkedText.row_table == Report.__tablename__)
        & (MarkedText.row_column == "description")
        & MarkedText.row_id.in_(blanked)
    )
    query = select(MarkedText.id).where((MarkedText.marked_at < before) | is_of_blanked)
    return list(session.scalars(query.order_by(MarkedText.id)))


def oldest(session: Session) -> datetime | None:
    """Since when the text has waited that waits longest; None where none does."""
    return session.scalar(
        select(MarkedText.marked_at).order_by(MarkedText.marked_at, MarkedText.id).limit(1)
    )


def drop(session: Session, mark_ids: Collection[int]) -> int:
    """Let texts go that nobody decided on; how many."""
    for part in parts(sorted(mark_ids)):
        session.execute(delete(MarkedText).where(MarkedText.id.in_(part)))
    return len(mark_ids)
