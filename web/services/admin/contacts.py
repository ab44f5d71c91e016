"""Whom mails reach, what the legal pages name, and how long data are kept: set in the store."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from geodata.core.errors import NotFoundError, RefusedError
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.store import settings

ENTITY = "setting"
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


def stored(session: Session) -> dict[str, str | int]:
    """What this store sets, by name; a name that it does not set is missing."""
    found = {each.name: settings.read(session, each.name) for each in CONTACTS}
    return {name: value for name, value in found.items() if value is not None}


def save(session: Session, actor: Actor, wanted: Mapping[str, str], *, reason: str) -> list[str]:
    """Set what is given; an empty text takes a setting back. The names of what changed.

    Raises
    ------
    RefusedError
        A text is no address, number of months or telephone number, or the reason is empty.
    """
    if not reason.strip():
        raise RefusedError("the reason is empty: write why, such as a decision or a request")
    known = {each.name: each for each in CONTACTS}
    values = {name: _read(known[name], text.strip()) for name, text in wanted.items()}
    before = stored(session)
    changed = [name for name, value in values.items() if before.get(name) != value]
    for name in changed:
        settings.write(session, name, values[name])
        audit.write(
            session,
            actor,
            "change",
            ENTITY,
            before={name: before.get(name)},
            after={name: values[name]},
            reason=reason.strip(),
        )
    return changed


def undo(session: Session, actor: Actor, entry_id: int) -> list[str]:
    """Give settings back what they were before a change; the names of what changed.

    Raises
    ------
    NotFoundError
        The log has no such change of a contact.
    RefusedError
        A setting was changed again since, so that the undo would take back more than this.
    """
    found = (entry for entry, _ in audit.entries(session, ENTITY) if entry.id == entry_id)
    entry, known = next(found, None), {each.name for each in CONTACTS}
    if entry is None or not entry.after or not set(entry.after) <= known:
        raise NotFoundError(
            f"there is no change of a contact {entry_id}: the history of contacts has their numbers"
        )
    held, after, before = stored(session), entry.after, entry.before or {}
    for name, value in after.items():
        if held.get(name) != value:
            label = name.replace("_", " ")
            raise RefusedError(f"{label} was changed again since: undo the newest change first")
    wanted = {name: str(before.get(name) or "") for name in after}
    return save(session, actor, wanted, reason=f"Undoes the change of {entry.at:%Y-%m-%d %H:%M}")


def changes_of(session: Session, wanted: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """What would change: label, value now and value then, empty where there is none.

    Raises
    ------
    RefusedError
        As ``save``.
    """
    known, before = {each.name: each for each in CONTACTS}, stored(session)
    values = {name: _read(known[name], text.strip()) for name, text in wanted.items()}
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
