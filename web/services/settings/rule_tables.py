"""The rule tables as an administrator sees and corrects them, each change in the audit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from geodata.accounts import users
from geodata.core.errors import RefusedError
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.people.personal_data import found_in
from geodata.posters import poster_wording
from geodata.posters.campaign_wordings import TEXTS, PosterTexts, refuse_unfit
from geodata.rules import council
from geodata.rules.clearances.service_level import level_of
from geodata.rules.days import date_in_words, local_day
from geodata.rules.enforcement.letters import template_fault
from geodata.rules.enforcement.penalties import refuse_own_amount
from geodata.rules.tables import Row, RuleTable
from geodata.rules.values import checked
from web.services.posters.poster_versions import refuse_unprintable
from web.services.settings.promise_changes import (
    PROMISE_TABLES,
    DueMove,
    PromiseExample,
    due_moves,
    move_due_times,
    promises_of,
)

if TYPE_CHECKING:
    from geodata.models import RuleRow

ENTITY = "rule_row"
MOST_DAYS = 366
_LANGUAGE = re.compile("[a-z]{2,3}")


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
class NewRow:
    """A row as it is entered."""

    values: dict[str, object]
    valid_from: date | None
    valid_to: date | None
    source: str
    is_verified: bool


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
    """

    sentence: str
    promises: list[tuple[PromiseExample, PromiseExample]]
    moves: list[DueMove]
    was: Mapping[str, Any]
    becomes: Mapping[str, Any]
    is_promise: bool = False


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
    _refuse_nonsense(session, table, new, local_day(actor.now))
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


def _refuse_nonsense(session: Session, table: RuleTable, new: NewRow, today: date) -> None:
    values = checked(table, new.values)
    if table.name == "council_amount":
        first_day = new.valid_from or new.valid_to or today
        refuse_own_amount(council.rulebook(session), values, first_day)
    if table.name == "letters":
        _refuse_unlawful_text(session, values, new.valid_from)
    if table.name == "poster_languages" and not _LANGUAGE.fullmatch(values["code"]):
        raise RefusedError(
            f"{values['code']!r} is no code of a language: write two or three small letters, such "
            "as pa for Punjabi"
        )
    if table.name == "poster_wordings":
        _refuse_unfit_wording(session, values)
    if table.name == "service_level":
        level_of(values, source=new.source)
    if table.name == "working_days":
        if new.valid_from is None:
            raise RefusedError("the first day is empty: enter the day that differs")
        if (new.valid_to or new.valid_from) - new.valid_from > timedelta(days=MOST_DAYS):
            raise RefusedError(f"these are more than {MOST_DAYS} days: enter each closure apart")


def _refuse_unfit_wording(session: Session, values: dict[str, Any]) -> None:
    known = poster_wording.languages(council.rulebook(session))
    if values["language"] not in known:
        raise RefusedError(
            f"{values['language']!r} is no language of posters: add it to that table first, or "
            f"write one of {', '.join(known)}"
        )
    texts = PosterTexts(**{name: values.get(name, "") for name in TEXTS})
    refuse_unfit(texts)
    refuse_unprintable(texts)


def _refuse_unlawful_text(
    session: Session, values: dict[str, Any], valid_from: date | None
) -> None:
    """A text has what the law asks for on its first day, and names nobody."""
    if valid_from is None:
        raise RefusedError("the first day is empty: enter from when the text is used")
    rules = council.rulebook(session)
    fault = template_fault(rules, values["letter"], values["text"], valid_from)
    if fault:
        raise RefusedError(fault)
    if names := found_in(values["text"]):
        raise RefusedError(f"{', '.join(names)} may say who somebody is: take it out of the text")


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
    promises = promises_of(session, actor.now) if table.name in PROMISE_TABLES else []
    entered = session.begin_nested()
    try:
        row = add_row(session, table, new, replaces, actor)
        later = promises_of(session, actor.now) if promises else []
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
        is_promise=bool(promises),
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
