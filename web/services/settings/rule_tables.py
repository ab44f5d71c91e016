"""The rule tables as an administrator sees and corrects them, each change in the audit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from geodata.accounts import users
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.rules import council
from geodata.rules.days import date_in_words, local_day
from geodata.rules.tables import Row, RuleTable
from geodata.rules.values import checked
from web.services.settings.new_rows import NewRow, refuse_nonsense
from web.services.settings.promise_changes import (
    PROMISE_TABLES,
    DueMove,
    PromiseExample,
    due_moves,
    first_example,
    move_due_times,
    promises_of,
)

if TYPE_CHECKING:
    from geodata.models import RuleRow

ENTITY = "rule_row"


@dataclass(frozen=True)
class HistoryRow:
    """A row that the council entered: ``status`` is holds, replaced or withdrawn.

    ``ended_by`` and ``ended_why`` say who withdrew it, and why; ``can_return`` whether that can be
    taken back.
    """

    row: RuleRow
    who: str
    status: str
    ended_by: str
    ended_why: str
    can_return: bool


@dataclass(frozen=True)
class TableView:
    """A table with what holds today and the council's own history."""

    table: RuleTable
    rows: list[tuple[Row, bool]]
    history: list[HistoryRow]


@dataclass(frozen=True)
class Preview:
    """What a row would change.

    Attributes
    ----------
    sentence
        From when it holds, and what held before.
    was, becomes
        Values on its first day, before and after; empty where nothing held.
    promises
        Examples of reports, as they fall due before and after.
    moves
        Open jobs whose due time would be another, if that is asked for.
    examples_from
        The first day of the week of examples; None where the row is not of the promise.
    """

    sentence: str
    promises: list[tuple[PromiseExample, PromiseExample]]
    moves: list[DueMove]
    was: Mapping[str, Any]
    becomes: Mapping[str, Any]
    examples_from: date | None = None


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
    ends = {
        entry.entity_id: (by or "the command line", entry.reason or "")
        for entry, by in audit.entries(session, ENTITY)
        if entry.act == "withdraw"
    }
    return [
        HistoryRow(
            row,
            names.get(row.user_id, ""),
            "withdrawn" if row.withdrawn_at else "replaced" if row.id in replaced else "holds",
            *ends.get(row.id, ("", "")),
            can_return=row.withdrawn_at is not None and not _is_superseded(row, rows),
        )
        for row in rows
    ]


def _is_superseded(row: RuleRow, rows: list[RuleRow]) -> bool:
    """Whether another row stands that says the same, or in the place of the same one."""
    return any(
        other.withdrawn_at is None
        and (
            said_by(other) == said_by(row)
            or (row.replaces_id is not None and other.replaces_id == row.replaces_id)
        )
        for other in rows
    )


def said_by(row: RuleRow) -> tuple[object, ...]:
    """What a row says, whenever it was entered."""
    return row.valid_from, row.valid_to, dict(row.values), row.source, row.replaces_id


def add_row(
    session: Session,
    table: RuleTable,
    new: NewRow,
    replaces: int | None,
    actor: Actor,
    *,
    moves_jobs: bool = False,
) -> RuleRow:
    """A new row, or a correction of the council's row ``replaces``.

    Parameters
    ----------
    moves_jobs
        Whether open jobs get the due time of the promise as it is then; else theirs stays.

    Raises
    ------
    RefusedError
        See ``geodata.rules.council.add_row``; or the row makes no sense of its subject.
    """
    refuse_nonsense(session, table, new, local_day(actor.now))
    before = None if replaces is None else snapshot(council.find(session, replaces))
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
    audit.write(session, actor, "create", ENTITY, row.id, before=before, after=snapshot(row))
    if moves_jobs and table.name in PROMISE_TABLES:
        move_due_times(session, actor, reason=f"{table.title}, row {row.id}")
    return row


def preview(
    session: Session, table: RuleTable, new: NewRow, replaces: int | None, actor: Actor
) -> Preview:
    """What a row would change, found by entering it and taking it back.

    Raises
    ------
    RefusedError
        As ``add_row``.
    """
    was = council.rulebook(session)[table.name]
    first_day = first_example(new.valid_from, local_day(actor.now))
    promises = promises_of(session, first_day) if table.name in PROMISE_TABLES else []
    entered = session.begin_nested()
    try:
        row = add_row(session, table, new, replaces, actor)
        later = promises_of(session, first_day) if promises else []
        moves = due_moves(session) if promises else []
        before = was.on(row.valid_from or date.min, row.values.get(was.key) if was.key else None)
        first = _first_change(before, row)
        becomes = checked(table, new.values)
    finally:
        entered.rollback()
    return Preview(
        first,
        [pair for pair in zip(promises, later, strict=True) if pair[0] != pair[1]],
        moves,
        was={} if before is None else before.values,
        becomes=becomes,
        examples_from=first_day if promises else None,
    )


def _first_change(before: Row | None, row: RuleRow) -> str:
    """A sentence: from which day the row holds, and what held on that day before."""
    ends = f" to {date_in_words(row.valid_to)}" if row.valid_to else ""
    begins = f"from {date_in_words(row.valid_from)}" if row.valid_from else "always"
    replaced = (
        "what held before has no row"
        if before is None
        else f"until then: {before.source.rstrip('.')}"
    )
    return f"The row holds {begins}{ends}; {replaced}"


def snapshot(row: RuleRow) -> dict[str, object]:
    """What the audit keeps of a row."""
    kept = ("table_name", "valid_from", "valid_to", "source", "is_verified")
    snapshot: dict[str, object] = {name: getattr(row, name) for name in kept}
    snapshot["values"] = row.values
    return {n: v.isoformat() if isinstance(v, date) else v for n, v in snapshot.items()}
