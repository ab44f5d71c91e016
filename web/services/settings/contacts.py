"""Whom mails reach, what the legal pages name, and how long data are kept: set in the store."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.core.kept_years import years_fault
from geodata.core.reasons import refuse_no_reason
from geodata.people.audit import Actor
from geodata.rules.days import local_day
from geodata.store import settings
from web.services.settings import setting_days
from web.services.settings.setting_days import Ahead, Change, SettingChange

_ADDRESS = re.compile(r"[^\s@,;<>]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")
_PAGE = re.compile(r"https://[A-Za-z0-9.-]+\.[A-Za-z]{2,}(/[\x21-\x7e]*)?")


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
        "security_contact",
        "Whom to tell of a weakness of this site",
        "A mail address, or a page that begins with https://.",
        "mail or page",
    ),
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
    Contact(
        "enforcement_years",
        "Years after which what may say who a case of enforcement was about is removed",
        "From the day that the last case of the person was closed; or keep: never. Figures stay.",
        "years or keep",
    ),
    Contact(
        "audit_years",
        "Years after which the audit log no longer says who did something and why",
        "From the day of the entry; or keep: never. The council's own decisions stay.",
        "years or keep",
    ),
)
MOST = {"retention_months": 120, "record_years": 30}


NAMES = frozenset(each.name for each in CONTACTS)


def stored(session: Session, day: date) -> dict[str, str | int]:
    """What this store sets on a day, by name; a name that it does not set is missing."""
    held = setting_days.held_on(session, day, settings.read_several(session, NAMES))
    return {each.name: value for each in CONTACTS if (value := held[each.name]) is not None}


def ahead(session: Session) -> list[Ahead]:
    """Changes of contacts that were entered for a day to come, in time."""
    return setting_days.ahead(session, NAMES)


def history(session: Session, day: date, *, limit: int | None = None) -> list[SettingChange]:
    """What was changed, the newest first; ``day`` is today."""
    held = dict.fromkeys(NAMES) | stored(session, day)
    return setting_days.history(session, held, limit=limit)


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
        A text is no address, number of months, years or telephone number, the reason is empty, or
        the day has passed.
    """
    refuse_no_reason(reason)
    today = local_day(actor.now)
    first = setting_days.first_day(valid_from, today)
    setting_days.settle(session, today)
    before, values = stored(session, first), _values(wanted)
    changes = [
        Change(name, before.get(name), value, settings.read(session, name))
        for name, value in values.items()
    ]
    return setting_days.make(session, actor, changes, first, reason)


def _values(wanted: Mapping[str, str]) -> dict[str, str | int | None]:
    known = {each.name: each for each in CONTACTS}
    return {name: _read(known[name], text.strip()) for name, text in wanted.items()}


def undo(session: Session, actor: Actor, entry_id: int) -> list[str]:
    """Give settings back what they were before a change; the names of what changed.

    Raises
    ------
    NotFoundError
        The log has no such change of a contact.
    RefusedError
        A setting was changed again since, so that the undo would take back more than this.
    """
    today = local_day(actor.now)
    undoing = setting_days.undoing(
        session, entry_id, NAMES, today, lambda day: stored(session, day)
    )
    wanted = {name: str(value or "") for name, value in undoing.values.items()}
    return save(session, actor, wanted, reason=undoing.reason, valid_from=undoing.valid_from)


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


def is_mail_or_page(text: str) -> bool:
    """Whether a text is one mail address, or one address of a page over https."""
    return bool(_ADDRESS.fullmatch(text) or _PAGE.fullmatch(text))


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
    if contact.kind == "mail or page" and not is_mail_or_page(text):
        raise RefusedError(
            f"{contact.label}: {text!r} is no mail address and no page: "
            "write name@example.org or https://example.org/page"
        )
    if contact.kind == "years or keep" and (fault := years_fault(text)):
        raise RefusedError(f"{contact.label}: {text!r} is none: {fault}")
    if len(text) > 100:
        raise RefusedError(f"{contact.label}: it has {len(text)} characters: write up to 100")
    return text
