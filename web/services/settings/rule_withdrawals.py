"""Rows of the rule tables taken back, and put back again: seen first, each with its reason."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.core.reasons import refuse_no_reason
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.people.personal_data import found_in
from geodata.rules import council
from geodata.rules.days import date_in_words, local_day
from geodata.rules.tables import Row
from web.services.settings.new_rows import NewRow
from web.services.settings.promise_changes import (
    PROMISE_TABLES,
    due_moves,
    first_example,
    promises_of,
)
from web.services.settings.rule_tables import (
    ENTITY,
    Preview,
    add_row,
    preview,
    said_by,
    snapshot,
)

if TYPE_CHECKING:
    from geodata.models import RuleRow


def withdraw_row(session: Session, key: int, actor: Actor, *, reason: str) -> None:
    """End a row; open jobs keep the due time that they have.

    Raises
    ------
    NotFoundError, RefusedError
        See ``geodata.rules.council.withdraw``; or the reason is empty or names somebody.
    """
    _check_reason(reason)
    row = council.withdraw(session, key, now=actor.now)
    before = snapshot(row)
    audit.write(session, actor, "withdraw", ENTITY, key, before=before, reason=reason.strip())


def put_back(session: Session, key: int, actor: Actor, *, reason: str) -> RuleRow:
    """Undo a withdrawal: a new row that says the same, in the place of the same earlier one.

    Raises
    ------
    NotFoundError, RefusedError
        There is no such row, it was not withdrawn, or the reason is empty or names somebody; or
        see ``add_row``.
    """
    _check_reason(reason)
    old = _withdrawn(session, key)
    table = council.find_table(old.table_name)
    row = add_row(session, table, _as_entered(old), old.replaces_id, actor)
    audit.write(
        session,
        actor,
        "put_back",
        ENTITY,
        row.id,
        after={"withdrawn_row": key},
        reason=reason.strip(),
    )
    return row


def preview_return(session: Session, key: int, actor: Actor) -> Preview:
    """What holds once a row is put back.

    Raises
    ------
    NotFoundError, RefusedError
        As ``put_back``, but for the reason.
    """
    old = _withdrawn(session, key)
    table = council.find_table(old.table_name)
    return preview(session, table, _as_entered(old), old.replaces_id, actor)


def _withdrawn(session: Session, key: int) -> RuleRow:
    """A row that can be put back."""
    old = council.find(session, key)
    if old.withdrawn_at is None:
        raise RefusedError(f"rule row {key} was not withdrawn: there is nothing to put back")
    again = [row for row in council.history(session, old.table_name) if row.withdrawn_at is None]
    if any(said_by(row) == said_by(old) for row in again):
        raise RefusedError(f"what rule row {key} said stands already: see the history")
    return old


def _as_entered(row: RuleRow) -> NewRow:
    return NewRow(dict(row.values), row.valid_from, row.valid_to, row.source, row.is_verified)


def _check_reason(reason: str) -> None:
    refuse_no_reason(reason)
    if names := found_in(reason):
        raise RefusedError(f"{', '.join(names)} may say who somebody is: take it out of the reason")


def preview_withdrawal(session: Session, key: int, actor: Actor) -> Preview:
    """What holds once a row is withdrawn, found by doing so and taking that back.

    Raises
    ------
    NotFoundError, RefusedError
        See ``geodata.rules.council.withdraw``.
    """
    row = council.find(session, key)
    table = council.find_table(row.table_name)
    is_promise = table.name in PROMISE_TABLES
    week = first_example(row.valid_from, local_day(actor.now))
    promises = promises_of(session, week) if is_promise else []
    first, of = row.valid_from or date.min, row.values.get(table.key) if table.key else None
    entered = session.begin_nested()
    try:
        council.withdraw(session, key, now=actor.now)
        then = council.rulebook(session)[table.name].on(first, of)
        later = promises_of(session, week) if is_promise else []
        moves = due_moves(session) if is_promise else []
    finally:
        entered.rollback()
    return Preview(
        _what_holds(row.valid_from, then),
        [pair for pair in zip(promises, later, strict=True) if pair[0] != pair[1]],
        moves,
        was=row.values,
        becomes={} if then is None else then.values,
        examples_from=week if is_promise else None,
    )


def _what_holds(first: date | None, then: Row | None) -> str:
    day = f"On {date_in_words(first)}" if first else "From the beginning"
    return f"{day} would hold: {then.source.rstrip('.') if then else 'no row'}"
