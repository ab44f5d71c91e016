"""Versions of orders seen before they are entered, as they were entered, and taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.core.vocabulary import OrderChange
from geodata.enforcement import actions, orders
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.rules.days import date_in_words
from geodata.rules.enforcement.orders import version_on
from geodata.rules.enforcement.penalties import pounds
from web.services.enforcement.decisions import DecisionLine, check_reason, days_in_words, line_of
from web.services.enforcement.ordering import VERSION, VersionDraft, enter_order, enter_version

if TYPE_CHECKING:
    from geodata.models import AuditEntry, Order, OrderVersion

_ACTS = {"create": "Entered", "undo": "Taken back"}
_SQUARE_METRES_A_HECTARE = 10_000


def history(session: Session, order: Order) -> list[DecisionLine]:
    """What was decided of an order's versions, the newest first."""
    return [
        line_of(entry, who, _ACTS.get(entry.act, entry.act), _subject(entry))
        for entry, who in _entries(session, order)
    ]


def _entries(session: Session, order: Order) -> list[tuple[AuditEntry, str | None]]:
    standing = {version.id for version in order.versions}
    return [
        (entry, who)
        for entry, who in audit.entries(session, VERSION)
        if entry.entity_id in standing or _terms(entry).get("order_id") == order.id
    ]


def _terms(entry: AuditEntry) -> dict[str, Any]:
    return dict(entry.after or entry.before or {})


def _subject(entry: AuditEntry) -> str:
    terms = _terms(entry)
    return f"Version {terms.get('number')}, {terms.get('change')}, {days_in_words(terms)}"


def to_undo(session: Session, order: Order) -> OrderVersion | None:
    """The version that was entered last, where it can be taken back; one of an import cannot."""
    newest = max(order.versions, key=lambda version: version.number, default=None)
    if newest is None or newest.batch_id is not None:
        return None
    last = next((entry for entry, _ in _entries(session, order)), None)
    is_its = last is not None and last.act == "create" and last.entity_id == newest.id
    return newest if is_its else None


def undo(session: Session, order: Order, actor: Actor, *, reason: str) -> None:
    """Take the version back that was entered last; what held before it holds again.

    Raises
    ------
    RefusedError
        There is none, a notice rests on it, something was done about it, or the reason is empty or
        names somebody.
    """
    check_reason(reason)
    version = to_undo(session, order)
    if version is None:
        raise RefusedError("there is no version to take back: the last one was taken back already")
    entered = next(entry for entry, _ in _entries(session, order))
    orders.withdraw_version(session, version, now=actor.now)
    audit.write(
        session,
        actor,
        "undo",
        VERSION,
        version.id,
        before=entered.after,
        reason=reason.strip(),
    )


def preview(
    session: Session, order: Order | None, name: str, draft: VersionDraft, actor: Actor
) -> list[str]:
    """Sentences about what a version would change, found by entering it and taking it back.

    Parameters
    ----------
    order
        None for a new one of this name.

    Raises
    ------
    RefusedError
        As ``enter_order`` and ``enter_version``.
    """
    before = None if order is None else version_on(order.versions, draft.valid_from)
    tasks = 0 if order is None else len(orders.tasks(session, order))
    was = None if before is None else _facts(before)
    entered = session.begin_nested()
    try:
        if order is None:
            order = enter_order(session, name, draft, actor)
            version = order.versions[-1]
        else:
            version = enter_version(session, order, draft, actor)
        sentences = [_span(version), *_follows(version, before)]
        if version.change != OrderChange.DISCHARGED:
            sentences += _changes(was, _facts(version))
        added = len(orders.tasks(session, order)) - tasks
        sentences += [f"{added} tasks are added"] if added else []
    finally:
        entered.rollback()
    if before is not None:
        session.refresh(before.order)
    return [*sentences, *_notices(session, before, draft)]


def _span(version: OrderVersion) -> str:
    first = date_in_words(version.valid_from)
    if version.change == OrderChange.DISCHARGED:
        return f"The order holds no more from {first} on"
    last = f" to {date_in_words(version.valid_to)}" if version.valid_to else " on"
    return f"Version {version.number} holds from {first}{last}"


def _follows(version: OrderVersion, before: OrderVersion | None) -> list[str]:
    if before is None:
        return ["Nothing of this order holds on its first day until then"]
    last = date_in_words(version.valid_from - timedelta(days=1))
    return [f"Version {before.number} holds up to {last}"]


_Facts = dict[str, str]


def _facts(version: OrderVersion) -> _Facts:
    pence = version.penalty_pence
    return {
        "The area": f"{version.geometry.area / _SQUARE_METRES_A_HECTARE:,.1f} ha",
        "What it forbids": "; ".join(orders.sentences_of(version)) or "nothing",
        "The penalty of a notice": "not named" if pence is None else pounds(pence),
    }


def _changes(was: _Facts | None, then: _Facts) -> list[str]:
    if was is None:
        return [f"{label}: {words}" for label, words in then.items()]
    return [
        f"{label}: {then[label]}; until then: {was[label]}"
        for label in then
        if was[label] != then[label]
    ]


def _notices(session: Session, before: OrderVersion | None, draft: VersionDraft) -> list[str]:
    """Those that were given for acts on or after the first day: they keep what they name."""
    if before is None:
        return []
    count = actions.of_version(session, before.id, since=draft.valid_from)
    if not count:
        return ["No notice was given for an act on these days"]
    return [f"{count} notices for acts on these days keep version {before.number}, which they name"]
