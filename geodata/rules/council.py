"""The council's own rows of the dated tables: added, replaced or withdrawn, never altered."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.core.errors import NotFoundError, RefusedError
from geodata.models import RuleRow
from geodata.rules.days import date_in_words
from geodata.rules.tables import Row, RuleBook, RuleTable, packaged
from geodata.rules.values import checked


def rulebook(session: Session) -> RuleBook:
    """The packaged tables with the council's rows, which win on the days that they hold."""
    rows = session.scalars(select(RuleRow).order_by(RuleRow.id)).all()
    gone = {row.replaces_id for row in rows if row.withdrawn_at is None}
    active = [row for row in rows if row.withdrawn_at is None and row.id not in gone]
    return packaged().with_rows((row.table_name, _as_row(row)) for row in active)


def _as_row(row: RuleRow) -> Row:
    return Row(
        row.valid_from,
        row.valid_to,
        row.values,
        row.source,
        () if row.is_verified else ("all",),
        council_key=row.id,
    )


def history(session: Session, table: str) -> list[RuleRow]:
    """Every row that the council ever gave a table, newest first, withdrawn ones too."""
    query = select(RuleRow).where(RuleRow.table_name == table).order_by(RuleRow.id.desc())
    return list(session.scalars(query))


def find(session: Session, key: int) -> RuleRow:
    """One of the council's rows.

    Raises
    ------
    NotFoundError
        There is none of this key.
    """
    row = session.get(RuleRow, key)
    if row is None:
        raise NotFoundError(f"there is no rule row {key}")
    return row


def add_row(
    session: Session,
    table: str,
    values: Mapping[str, Any],
    *,
    valid_from: date | None,
    valid_to: date | None,
    source: str,
    is_verified: bool,
    now: datetime,
    user_id: int | None = None,
    replaces_id: int | None = None,
) -> RuleRow:
    """A new row, or a correction that takes the place of an earlier one.

    Raises
    ------
    NotFoundError
        There is no such table, or no such row to replace.
    RefusedError
        A value is missing or of the wrong kind, the days are reversed, there is no source, or
        the row to replace is of another table, withdrawn or replaced already.
    """
    subject = find_table(table)
    if valid_from and valid_to and valid_to < valid_from:
        raise RefusedError(
            f"{date_in_words(valid_to)} lies before the first day, {date_in_words(valid_from)}: "
            "exchange them"
        )
    if not source.strip():
        raise RefusedError("the source is empty: name the Act, the instrument or the decision")
    if replaces_id is not None:
        _check_replaceable(session, table, replaces_id)
    row = RuleRow(
        table_name=table,
        valid_from=valid_from,
        valid_to=valid_to,
        values=checked(subject, values),
        source=source.strip(),
        is_verified=is_verified,
        replaces_id=replaces_id,
        created_at=now,
        user_id=user_id,
    )
    session.add(row)
    session.flush()
    return row


def withdraw(session: Session, key: int, *, now: datetime) -> RuleRow:
    """End a row; it stays in the history, and what it replaced holds again.

    Raises
    ------
    NotFoundError
        There is no such row.
    RefusedError
        It was withdrawn before.
    """
    row = find(session, key)
    if row.withdrawn_at is not None:
        raise RefusedError(f"rule row {key} was withdrawn already")
    row.withdrawn_at = now
    session.flush()
    return row


def find_table(name: str) -> RuleTable:
    """A table by name, without the council's rows.

    Raises
    ------
    NotFoundError
        There is none of this name.
    """
    table = packaged().tables.get(name)
    if table is None:
        raise NotFoundError(f"there is no rule table {name!r}")
    return table


def _check_replaceable(session: Session, table: str, key: int) -> None:
    old = find(session, key)
    later = select(RuleRow.id).where(RuleRow.replaces_id == key, RuleRow.withdrawn_at.is_(None))
    if old.table_name != table:
        raise RefusedError(f"rule row {key} is of the table {old.table_name}, not of {table}")
    if old.withdrawn_at is not None or session.scalar(later) is not None:
        raise RefusedError(f"rule row {key} holds no more: correct the row that holds now")
