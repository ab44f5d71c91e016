"""What a council sets for itself on the page Settings; each change stands in the audit log."""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from geodata import audit, places, settings
from geodata.audit import Actor
from geodata.errors import RefusedError
from geodata.rules.days import local_day
from web.services.patrol_sheet import CONTACTS, DEFAULT_CONTACTS
from web.services.patrolling import START_PLACE

ENTITY = "setting"
LONGEST_NAME = 100
MOST_CONTACTS = 12
_NUMBER = re.compile(r"\+?[0-9][0-9 ]{1,19}")
Contact = tuple[str, str]


class SettingRefusedError(RefusedError):
    """A value cannot be taken; ``name`` says of which setting."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(reason)
        self.name = name


@dataclass(frozen=True)
class CouncilSettings:
    """The settings.

    Attributes
    ----------
    patrol_start_place
        Name of a known place; None: the middle of the hotspots.
    patrol_contacts
        Whom a patrol calls, and the number, in the order of the sheet.
    """

    council_name: str
    patrol_start_place: str | None
    patrol_contacts: tuple[Contact, ...]


def current(session: Session) -> CouncilSettings:
    """The settings as they are."""
    contacts = settings.read(session, CONTACTS, DEFAULT_CONTACTS)
    return CouncilSettings(
        settings.read(session, settings.COUNCIL_NAME, ""),
        settings.read(session, START_PLACE),
        tuple((str(who), str(number)) for who, number in contacts),
    )


def read_contacts(text: str) -> tuple[Contact, ...]:
    """Contacts of a free text, one a line: who, a colon, the number.

    Raises
    ------
    SettingRefusedError
        A line has no number, or there are too many.

    Examples
    --------
    >>> read_contacts("Control room: 01632 960001\\nPolice: 101")
    (('Control room', '01632 960001'), ('Police', '101'))
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if not 1 <= len(lines) <= MOST_CONTACTS:
        raise SettingRefusedError(
            CONTACTS, f"there are {len(lines)} lines: write from 1 to {MOST_CONTACTS}"
        )
    return tuple(_contact(line) for line in lines)


def _contact(line: str) -> Contact:
    who, _, number = (" ".join(part.split()) for part in line.rpartition(":"))
    if not 1 <= len(who) <= 60 or not _NUMBER.fullmatch(number):
        raise SettingRefusedError(
            CONTACTS,
            f"{line.strip()!r} is no contact: write who, a colon and a telephone number, such as "
            "Control room: 01632 960001",
        )
    return who, number


def save(session: Session, actor: Actor, wanted: CouncilSettings) -> list[str]:
    """Set what differs; the names of what was changed.

    Raises
    ------
    SettingRefusedError
        The council has no name or a very long one, or the place is not known.
    """
    if not 1 <= len(wanted.council_name) <= LONGEST_NAME:
        raise SettingRefusedError(
            settings.COUNCIL_NAME,
            f"the name has {len(wanted.council_name)} characters: write from 1 to {LONGEST_NAME}",
        )
    place = wanted.patrol_start_place
    if place is not None and not places.by_name(session, place, local_day(actor.now)):
        raise SettingRefusedError(
            START_PLACE, f"there is no place called {place!r} today: choose one of the list"
        )
    before, after = _as_record(current(session)), _as_record(wanted)
    changed = [name for name in after if after[name] != before[name]]
    for name in changed:
        settings.write(session, name, after[name])
        audit.write(
            *(session, actor, "change", ENTITY),
            before={name: before[name]},
            after={name: after[name]},
        )
    return changed


def _as_record(values: CouncilSettings) -> dict[str, Any]:
    return {
        settings.COUNCIL_NAME: values.council_name,
        START_PLACE: values.patrol_start_place,
        CONTACTS: [list(contact) for contact in values.patrol_contacts],
    }
