"""Whom mails reach, what the legal pages name, and how long data are kept: set in the store."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
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
