"""What a kind of file is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import delete
from sqlalchemy.orm import Session

from geodata.files.columns import Field, named
from geodata.files.tables import Table
from geodata.importers.parsed import Parsed
from geodata.importers.where.positions import BORDER_TOLERANCE_M
from geodata.models import Base

_NAMES = (
    *("id", "ref", "reference", "report id", "case", "case number", "unique key", "unique id"),
    *("ref no", "reference number", "ref number", "record number", "record id"),
)
_NUMBERS = ("id", "ref", "reference", "number", "no", "code", "reference number")


def reference_of(*records: str) -> Field:
    """Another system's own reference, by the words that it has for its records."""
    return Field("external_ref", (*_NAMES, *named(records, _NUMBERS)))


REFERENCE = reference_of()
OWN_REFERENCE = Field("reference")
"""Ours, where the file has another column for its own system's."""
WKT = Field("wkt", ("shape", "geometry"))


def _as_they_are(_: Session, fresh: pd.DataFrame) -> pd.DataFrame:
    return fresh


def _nothing(*_: Any) -> None:
    return None


@dataclass(frozen=True)
class Kind:
    """One kind of file.

    Attributes
    ----------
    name
        As the command line calls it.
    model
        The table that its rows go to.
    fields
        What a row may hold, besides its external reference.
    build
        Adds the table's columns to what was parsed so far; bad cells become problems.
    reference
        What the file calls its own system's reference of a row.
    needs_position
        Whether a row without a position is refused.
    takes_shapes
        Whether a map file's lines and polygons, and a column ``wkt``, are taken as they are.
    has_subject
        Whether other systems keep such rows among others, so that they must say what they are of.
    reach_m
        How far outside the borough a shape may lie, metres.
    read
        Reads a file, given its layer and coordinate system where the user names them, of which
        this kind knows more than others; None: any file that becomes a table.
    prepare
        Adds columns to the rows that go in, just before they do.
    finish
        Writes what hangs on the rows just written; given their batch and the prepared rows.
    children
        Tables, by their column that points at the model, that go with an undone batch.
    beside
        Tables of which the same batch holds rows that rest on the model's.
    after_undo
        Clears up once an undone batch's rows are gone.
    """

    name: str
    model: type[Base]
    fields: tuple[Field, ...]
    build: Callable[[Parsed], None]
    reference: Field = REFERENCE
    needs_position: bool = True
    takes_shapes: bool = False
    has_subject: bool = False
    reach_m: float = BORDER_TOLERANCE_M
    read: Callable[[Session, Path, str | None, str | None], Table] | None = None
    prepare: Callable[[Session, pd.DataFrame], pd.DataFrame] = _as_they_are
    finish: Callable[[Session, int, pd.DataFrame], None] = _nothing
    children: Sequence[Any] = ()
    beside: Sequence[Any] = ()
    after_undo: Callable[[Session], None] = _nothing

    def remove(self, session: Session, batch: int) -> None:
        """Delete a batch's rows with what hangs on them."""
        table: Any = self.model
        keys = table.__table__.select().with_only_columns(table.id).where(table.batch_id == batch)
        for other in self.beside:
            session.execute(delete(other).where(other.batch_id == batch))
        for column in self.children:
            session.execute(delete(column.class_).where(column.in_(keys)))
        session.execute(delete(table).where(table.batch_id == batch))
        self.after_undo(session)
