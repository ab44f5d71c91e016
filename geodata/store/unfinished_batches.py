"""Imports that are written piece by piece: nobody sees any of their rows before the last is there.

Each session looks as its transaction begins whether a batch is loading, and then hides it from
every query of its own. On SQLite the look is part of the snapshot that the session reads, and on
PostgreSQL of a reading session's too; a writer there looks again once it holds a lock, which the
loader holds while it begins and while it ends.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import ColumnElement, Connection, event, exists, or_, text
from sqlalchemy.orm import (
    ORMExecuteState,
    Session,
    SessionTransaction,
    with_loader_criteria,
)

from geodata.core.hidden_rows import hide_by, narrowed_to_visible
from geodata.models import Clearance, ImportBatch, Incident, IncidentEvent, Report

_SEES_ALL = "sees what is loading"
_LOADING = text("SELECT id FROM import_batch WHERE is_loading")
_KINDS = text("SELECT kind FROM import_batch WHERE is_loading")


class StoreSession(Session):
    """A session that sees no batch before it is there whole."""


def see_unfinished(session: Session) -> None:
    """Let a session see what is loading too; before its transaction begins."""
    session.info[_SEES_ALL] = True


def look_again(session: Session) -> None:
    """Hide what is loading now."""
    _look(session, session.connection())


@contextmanager
def left_out(session: Session, batch: int) -> Iterator[None]:
    """Let a session read as if a batch's reports and clearances were gone, to reckon without."""
    session.connection()  # begins, which looks for itself what to hide
    conditions = [
        with_loader_criteria(model, is_there(model, [batch]), include_aliases=True)
        for model in (Report, Clearance)
    ]
    hide_by(session, conditions)
    session.expire_all()
    try:
        yield
    finally:
        look_again(session)


def loading(connection: Connection) -> list[int]:
    """Keys of the batches that are being written or taken out in pieces, or were cut off so."""
    return list(connection.scalars(_LOADING))


def kinds(connection: Connection) -> set[str]:
    """Kinds of the files of these batches."""
    return set(connection.scalars(_KINDS))


def is_there(model: type[Report | Clearance | Incident], batches: list[int]) -> ColumnElement[bool]:
    """Condition: of no batch that is loading."""
    return or_(model.batch_id.is_(None), model.batch_id.not_in(batches))


@event.listens_for(StoreSession, "after_begin")
def _begin(session: StoreSession, transaction: SessionTransaction, connection: Connection) -> None:
    if not transaction.nested:
        _look(session, connection)


@event.listens_for(StoreSession, "do_orm_execute")
def _narrow(state: ORMExecuteState) -> None:
    if state.is_select or state.is_update or state.is_delete:
        state.session.connection()  # begins with a look, if it has not begun: the first query too
        state.statement = narrowed_to_visible(state.session, state.statement)


def _look(session: Session, connection: Connection) -> None:
    if not session.info.get(_SEES_ALL):
        hide_by(session, _hiding(loading(connection)))


def _hiding(batches: list[int]) -> list[Any]:
    if not batches:
        return []
    # A table and not the model, of which a query would be narrowed too; looked up row by row,
    # for a list of all that is loading would be made anew for each query.
    hidden = Incident.__table__.alias("hidden_incident")
    opened = exists().where(
        hidden.c.id == IncidentEvent.incident_id, hidden.c.batch_id.in_(batches)
    )
    opened = opened.correlate_except(hidden)
    conditions: list[tuple[type, ColumnElement[bool]]] = [
        (ImportBatch, ImportBatch.id.not_in(batches)),
        (IncidentEvent, ~opened),
        *((model, is_there(model, batches)) for model in (Report, Clearance, Incident)),
    ]
    return [
        with_loader_criteria(model, condition, include_aliases=True)
        for model, condition in conditions
    ]
