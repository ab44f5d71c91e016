"""The rule tables as an administrator sees and corrects them, each change in the audit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from geodata.people import audit, users
from geodata.people.audit import Actor
from geodata.rules import council
from geodata.rules.tables import Row, RuleTable

if TYPE_CHECKING:
    from geodata.models import RuleRow

ENTITY = "rule_row"


@dataclass(frozen=True)
class HistoryRow:
    """A row that the council entered: ``status`` is holds, replaced or withdrawn."""

    row: RuleRow
    who: str
    status: str


@dataclass(frozen=True)
class TableView:
    """A table with what holds today and the council's own history."""

    table: RuleTable
    rows: list[tuple[Row, bool]]
    history: list[HistoryRow]


@dataclass(frozen=True)
class NewRow:
    """A row as it is entered."""

    values: dict[str, object]
    valid_from: date | None
    valid_to: date | None
    source: str
    is_verified: bool


def open_table(session: Session, name: str, today: date) -> TableView:
    """A table; each row with whether it is the one that holds today.

    Raises
    ------
    NotFoundError
        There is no such table.
    """
    council.find_table(name)
    table = council.rulebook(session)[name]
    rows = [(row, _holds(table, row, today)) for row in table.rows]
    return TableView(table, rows, _history(session, name))


def _holds(table: RuleTable, row: Row, today: date) -> bool:
    return table.on(today, row[table.key] if table.key else None) is row


def _history(session: Session, name: str) -> list[HistoryRow]:
    names, rows = users.names(session), council.history(session, name)
    replaced = {row.replaces_id for row in rows if row.withdrawn_at is None}
    return [
        HistoryRow(
            row,
            names.get(row.user_id, ""),
            "withdrawn" if row.withdrawn_at else "replaced" if row.id in replaced else "holds",
        )
        for row in rows
    ]


def add_row(
    session: Session, table: RuleTable, new: NewRow, replaces: int | None, actor: Actor
) -> None:
    """A new row, or a correction of the council's row ``replaces``.

    Raises
    ------
    RefusedError
        See ``geodata.rules.council.add_row``.
    """
    before = None if replaces is None else _snapshot(council.find(session, replaces))
    row = council.add_row(
        session,
        table.name,
        new.values,
        valid_from=new.valid_from,
        valid_to=new.valid_to,
        source=new.source,
        is_verified=new.is_verified,
        now=actor.now,
        user_id=actor.user_id,
        replaces_id=replaces,
    )
    audit.write(session, actor, "create", ENTITY, row.id, before=before, after=_snapshot(row))


def withdraw_row(session: Session, key: int, actor: Actor) -> None:
    """End a row.

    Raises
    ------
    NotFoundError, RefusedError
        See ``geodata.rules.council.withdraw``.
    """
    row = council.withdraw(session, key, now=actor.now)
    audit.write(session, actor, "withdraw", ENTITY, key, before=_snapshot(row))


def _snapshot(row: RuleRow) -> dict[str, object]:
    kept = ("table_name", "valid_from", "valid_to", "source", "is_verified")
    snapshot: dict[str, object] = {name: getattr(row, name) for name in kept}
    snapshot["values"] = row.values
    return {n: v.isoformat() if isinstance(v, date) else v for n, v in snapshot.items()}
