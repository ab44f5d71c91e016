"""Whom mails reach, what the legal pages name, and how long data are kept: set in the store."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from geodata.core.errors import NotFoundError, RefusedError
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.rules.days import LONDON, date_in_words, local_day
from geodata.store import settings

ENTITY = "setting"
AHEAD = "contacts_ahead"
VALID_FROM = "valid_from"
"""In a change's audit: the day from which it holds, where that was not at once."""
_ADDRESS = re.compile(r"[^\s@,;<>]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")


@dataclass(frozen=True)
class Contact:
    """One setting: what it is for, and which kind of value it takes."""

    name: str
    label: str
    hint: str
    kind: str


CONTACTS = (
    Contact("contact_email", "Mail address that the public pages give", "", "address"),
    Contact("contact_phone", "Telephone number that the public pages give", "", "phone"),
    Contact(
        "csu_email",
        "Mail address for the list of overdue work",
        "And the ends of orders.",
        "address",
    ),
    Contact(
        "contractor_email",
        "Mail address of the contractor",
        "For new jobs and overdue work.",
        "address",
    ),
    Contact(
        "data_protection_email",
        "Mail address of the data protection officer",
        "Named in the privacy notice.",
        "address",
    ),
    Contact(
        "retention_months",
        "Months after which reporters' addresses are deleted",
        "From the day that the incident was closed.",
        "number",
    ),
    Contact(
        "record_years",
        "Years after which what reporters wrote, and their photos, are deleted",
        "From the day that the incident was closed.",
        "number",
    ),
)
MOST = {"retention_months": 120, "record_years": 30}


@dataclass(frozen=True)
class Ahead:
    """A change that is decided and holds from a local day on; ``value`` None takes it back."""

    name: str
    value: str | int | None
    valid_from: date


def stored(session: Session, day: date) -> dict[str, str | int]:
    """What this store sets on a day, by name; a name that it does not set is missing."""
    values = {each.name: settings.read(session, each.name) for each in CONTACTS}
    values |= {each.name: each.value for each in ahead(session) if each.valid_from <= day}
    return {name: value for name, value in values.items() if value is not None}


def ahead(session: Session) -> list[Ahead]:
    """Changes that were entered for a day to come, in time; some of those days may have come."""
    rows = settings.read(session, AHEAD, [])
    changes = [Ahead(name, value, date.fromisoformat(day)) for name, value, day in rows]
    return sorted(changes, key=lambda each: each.valid_from)


def _keep_ahead(session: Session, changes: Iterable[Ahead]) -> None:
    rows = [[each.name, each.value, each.valid_from.isoformat()] for each in changes]
    settings.write(session, AHEAD, rows or None)


def _settle(session: Session, today: date) -> None:
    """Make what has come what is set, so that a newer change is not overtaken by it."""
    for name, value in ((e.name, e.value) for e in ahead(session) if e.valid_from <= today):
        settings.write(session, name, value)
    _keep_ahead(session, [each for each in ahead(session) if each.valid_from > today])


def save(
    session: Session,
    actor: Actor,
    wanted: Mapping[str, str],
    *,
    reason: str,
    valid_from: date | None = None,
) -> list[str]:
    """Set what is given; an empty text takes a setting back. The names of what changed.

    Parameters
    ----------
    valid_from
        Local day on which it begins to hold; None: at once.

    Raises
    ------
    RefusedError
        A text is no address, number of months or telephone number, the reason is empty, or the day
        has passed.
    """
    if not reason.strip():
        raise RefusedError("the reason is empty: write why, such as a decision or a request")
    today = local_day(actor.now)
    first = valid_from or today
    if first < today:
        raise RefusedError(
            f"{date_in_words(first)} has passed: what was sent under the old setting stays so, "
            "choose today or a later day"
        )
    _settle(session, today)
    before, values = stored(session, first), _values(wanted)
    changed = [name for name, value in values.items() if before.get(name) != value]
    for name in changed:
        _set(session, Ahead(name, values[name], first), today)
        later = {} if first == today else {VALID_FROM: first.isoformat()}
        audit.write(
            session,
            actor,
            "change",
            ENTITY,
            before={name: before.get(name)},
            after={name: values[name]} | later,
            reason=reason.strip(),
        )
    return changed


def _values(wanted: Mapping[str, str]) -> dict[str, str | int | None]:
    known = {each.name: each for each in CONTACTS}
    return {name: _read(known[name], text.strip()) for name, text in wanted.items()}


def _set(session: Session, change: Ahead, today: date) -> None:
    if change.valid_from <= today:
        settings.write(session, change.name, change.value)
        return
    same = (change.name, change.valid_from)
    others = [each for each in ahead(session) if (each.name, each.valid_from) != same]
    _keep_ahead(session, others)
    if stored(session, change.valid_from).get(change.name) != change.value:
        _keep_ahead(session, [*others, change])


def undo(session: Session, actor: Actor, entry_id: int) -> list[str]:
    """Give settings back what they were before a change; the names of what changed.

    Raises
    ------
    NotFoundError
        The log has no such change of a contact.
    RefusedError
        A setting was changed again since, so that the undo would take back more than this.
    """
    matching = (entry for entry, _ in audit.entries(session, ENTITY) if entry.id == entry_id)
    entry, known = next(matching, None), {each.name for each in CONTACTS} | {VALID_FROM}
    today = local_day(actor.now)
    if entry is None or not entry.after or not set(entry.after) <= known:
        raise NotFoundError(
            f"there is no change of a contact {entry_id}: the history of contacts has their numbers"
        )
    after, before = dict(entry.after), entry.before or {}
    first = max(today, date.fromisoformat(after.pop(VALID_FROM, today.isoformat())))
    held = stored(session, first)
    for name, value in after.items():
        if held.get(name) != value:
            label = name.replace("_", " ")
            raise RefusedError(f"{label} was changed again since: undo the newest change first")
    wanted = {name: str(before.get(name) or "") for name in after}
    made = f"{date_in_words(local_day(entry.at))}, {entry.at.astimezone(LONDON):%H:%M}"
    words = f"Undoes the change of {made}"
    return save(session, actor, wanted, reason=words, valid_from=first)


def changes_of(
    session: Session, wanted: Mapping[str, str], day: date
) -> list[tuple[str, str, str]]:
    """What would change on a day: label, value before and then, empty where there is none.

    Raises
    ------
    RefusedError
        As ``save``.
    """
    known, before = {each.name: each for each in CONTACTS}, stored(session, day)
    values = _values(wanted)
    return [
        (known[name].label, str(before.get(name) or ""), str(value or ""))
        for name, value in values.items()
        if before.get(name) != value
    ]


def _read(contact: Contact, text: str) -> str | int | None:
    if not text:
        return None
    if contact.kind == "number":
        if not text.isdecimal() or not 1 <= int(text) <= MOST[contact.name]:
            most = MOST[contact.name]
            raise RefusedError(f"{contact.label}: {text!r} is not a whole number from 1 to {most}")
        return int(text)
    if contact.kind == "address" and _ADDRESS.fullmatch(text) is None:
        raise RefusedError(f"{contact.label}: {text!r} is no mail address: write name@example.org")
    if len(text) > 100:
        raise RefusedError(f"{contact.label}: it has {len(text)} characters: write up to 100")
    return text
