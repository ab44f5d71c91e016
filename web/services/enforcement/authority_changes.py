"""Written authorities seen before they change, as they were changed, and taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.core.vocabulary import Power
from geodata.enforcement import actions, issuers
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.rules.council import rulebook
from geodata.rules.days import date_in_words, local_day
from web.services.enforcement.decisions import DecisionLine, check_reason, days_in_words, line_of
from web.services.enforcement.issuing import ENTITY, authorise, end_authority

if TYPE_CHECKING:
    from geodata.models import AuditEntry, EnforcementAction, Issuer

_ACTS = {
    "create": "Issuer added",
    "authorise": "Authority given",
    "end_authority": "Authority ended",
    "undo": "Taken back",
}
_UNDOABLE = {"authorise": "giving", "end_authority": "ending"}


def history(session: Session, key: int) -> list[DecisionLine]:
    """What was decided of an issuer, the newest first."""
    return [
        line_of(entry, who, _ACTS.get(entry.act, entry.act), _subject(entry))
        for entry, who in audit.entries(session, ENTITY, key)
    ]


def _subject(entry: AuditEntry) -> str:
    """An authority and its days; nothing of the issuer's own entry."""
    terms = (entry.before or {}) | (entry.after or {})
    named = [terms["instrument"]] if terms.get("instrument") else []
    return ", ".join([*named, *filter(None, [days_in_words(terms)])])


def power_of(entry: AuditEntry) -> str:
    """Code of the power that an entry is about, empty where it is about none."""
    return str(((entry.before or {}) | (entry.after or {})).get("power") or "")


def to_undo(session: Session, key: int) -> tuple[str, str] | None:
    """What taking the last decision back would undo, and of which power; None where nothing."""
    entry = _last(session, key)
    return None if entry is None else (_UNDOABLE[entry.act], power_of(entry))


def _last(session: Session, key: int) -> AuditEntry | None:
    entry = next((entry for entry, _ in audit.entries(session, ENTITY, key)), None)
    is_known = entry is not None and "authority" in (entry.after or {})
    return entry if is_known and entry is not None and entry.act in _UNDOABLE else None


def preview_authority(
    session: Session,
    issuer: Issuer,
    power: Power,
    instrument: str,
    days: tuple[date, date | None],
    actor: Actor,
) -> list[str]:
    """Sentences about what a new authority would change.

    Raises
    ------
    RefusedError
        As ``authorise``.
    """
    moved = _difference(
        session,
        issuer,
        power,
        lambda: authorise(session, issuer, power, instrument, *days, actor),
    )
    first, last = days
    span = f"from {date_in_words(first)} {f'to {date_in_words(last)}' if last else 'on'}"
    return [f"{issuer.badge} may issue by this power {span}", *_notices(moved)]


def preview_end(
    session: Session, issuer: Issuer, authority: int, last_day: date, actor: Actor
) -> list[str]:
    """Sentences about what the end of an authority would change.

    Raises
    ------
    NotFoundError, RefusedError
        As ``end_authority``.
    """
    power = Power(issuers.find_authority(session, issuer, authority).power)
    moved = _difference(
        session,
        issuer,
        power,
        lambda: end_authority(session, issuer.id, authority, last_day, actor, reason="Seen first"),
    )
    until = f"{issuer.badge} may issue by this authority up to {date_in_words(last_day)}"
    return [until, *_notices(moved)]


def _difference(
    session: Session, issuer: Issuer, power: Power, change: Callable[[], None]
) -> tuple[int, int]:
    """Notices that a change would give an authority, and those that it would take it from."""
    before = _unbacked(session, issuer, power)
    entered = session.begin_nested()
    try:
        change()
        after = _unbacked(session, issuer, power)
    finally:
        entered.rollback()
    return len(before - after), len(after - before)


def _unbacked(session: Session, issuer: Issuer, power: Power) -> set[int]:
    """Keys of the issuer's notices that need a power which nobody held in writing that day."""
    powers = rulebook(session)["powers"]

    def lacks(action: EnforcementAction) -> bool:
        row = powers.on(local_day(action.offence_at), action.kind)
        on = action.issued_on or local_day(action.offence_at)
        is_its = row is not None and row["power"] == power.value
        return is_its and power.value not in issuers.powers_on(session, issuer.id, on)

    return {action.id for action in actions.of_issuer(session, issuer.id) if lacks(action)}


def _notices(moved: tuple[int, int]) -> list[str]:
    given, taken = moved
    sentences = []
    if given:
        sentences.append(f"{given} notices that named no authority for their day would have one")
    if taken:
        sentences.append(f"{taken} notices would have no authority for their day any more")
    return sentences or ["No notice that was issued gains or loses its authority"]


def undo(session: Session, key: int, actor: Actor, *, reason: str) -> None:
    """Take the last decision about an issuer's authorities back.

    Raises
    ------
    NotFoundError
        There is no such issuer.
    RefusedError
        There is nothing to take back, a notice rests on it, or the reason is empty or names
        somebody.
    """
    check_reason(reason)
    issuer, entry = issuers.find(session, key), _last(session, key)
    if entry is None:
        raise RefusedError("there is no decision about an authority to take back")
    given = issuers.find_authority(session, issuer, (entry.after or {})["authority"])
    power = Power(given.power)
    unbacked = _unbacked(session, issuer, power)
    if entry.act == "authorise":
        session.delete(given)
    else:
        last = (entry.before or {}).get("valid_to")
        given.valid_to = None if last is None else date.fromisoformat(last)
    session.flush()
    if lost := len(_unbacked(session, issuer, power) - unbacked):
        raise RefusedError(f"{lost} notices rest on this authority: let it end on a day instead")
    audit.write(
        session,
        actor,
        "undo",
        ENTITY,
        key,
        before=entry.after,
        after=entry.before,
        reason=reason.strip(),
    )
