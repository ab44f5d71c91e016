"""What a council sets for itself on the page Settings; each change stands in the audit log."""

import re
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from sqlalchemy.orm import Session

from geodata import places
from geodata.clearances.time_gaps import DEFAULT_GAP_HOURS, GAP_HOURS
from geodata.core.errors import RefusedError
from geodata.people.audit import Actor
from geodata.people.personal_data import found_in
from geodata.rules.days import local_day
from geodata.store import settings
from web.services.clearing.depots import DEPOT, Depot, find_depot, set_depot
from web.services.mail.text_messages import SETTING as TEXT_MESSAGES
from web.services.patrols.patrol_sheet import CONTACTS, DEFAULT_CONTACTS
from web.services.patrols.patrolling import START_PLACE
from web.services.patrols.shift_hours import LONGEST, SHIFT, SHORTEST, ShiftHours, set_hours
from web.services.settings import setting_days
from web.services.settings.setting_days import Ahead, Change, SettingChange

LONGEST_NAME = 100
MOST_CONTACTS = 12
SHIFT_FIELDS = ("patrol_shift_start", "patrol_shift_end")
_NUMBER = re.compile(r"\+?[0-9][0-9 ]{1,19}")
Contact = tuple[str, str]
LABELS = {
    settings.COUNCIL_NAME: "Name of the council",
    START_PLACE: "Where patrols start and end",
    CONTACTS: "Whom a patrol calls",
    SHIFT: "Usual shift of a patrol",
    DEPOT: "Where the contractor's rounds start",
    GAP_HOURS: "Hours for which a crew's own time counts",
    TEXT_MESSAGES: "Text messages to people who report",
}


class SettingRefusedError(RefusedError):
    """A value cannot be taken; ``name`` says of which field of the form."""

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
    patrol_shift
        Hours of the usual shift; None: from 20:00, or sunset where that is later, to 00:30.
    round_depot
        Where crews' rounds start; None: where ``web.services.clearing.rounds`` thinks they do.
    device_gap_hours
        For how many hours before its receipt the time that a crew's telephone tells counts.
    sends_texts
        Whether people who report may give a mobile number, to hear by text message.
    """

    council_name: str
    patrol_start_place: str | None
    patrol_contacts: tuple[Contact, ...]
    patrol_shift: ShiftHours | None = None
    round_depot: Depot | None = None
    device_gap_hours: int = DEFAULT_GAP_HOURS
    sends_texts: bool = False


def current(session: Session) -> CouncilSettings:
    """The settings as they are."""
    contacts = settings.read(session, CONTACTS, DEFAULT_CONTACTS)
    return CouncilSettings(
        settings.read(session, settings.COUNCIL_NAME, ""),
        settings.read(session, START_PLACE),
        tuple((str(who), str(number)) for who, number in contacts),
        set_hours(session),
        set_depot(session),
        settings.read(session, GAP_HOURS, DEFAULT_GAP_HOURS),
        settings.read(session, TEXT_MESSAGES, False),
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
    if personal := found_in(who):
        raise SettingRefusedError(
            CONTACTS,
            f"{', '.join(personal)} is somebody's name: write the post, such as Duty officer",
        )
    return who, number


def read_shift(start: time | None, end: time | None) -> ShiftHours | None:
    """Hours of two fields, either of which may be empty; None where both are.

    Raises
    ------
    SettingRefusedError
        One of them is missing, or the shift is too short or too long.

    Examples
    --------
    >>> read_shift(time(21), time(1))
    ShiftHours(start=datetime.time(21, 0), end=datetime.time(1, 0))
    """
    if start is None and end is None:
        return None
    if start is None or end is None:
        missing, given = (SHIFT_FIELDS[start is not None], start or end)
        raise SettingRefusedError(
            missing, f"only {given:%H:%M} is given: enter both times, or leave both empty"
        )
    hours = ShiftHours(start, end)
    if not SHORTEST <= hours.length <= LONGEST:
        raise SettingRefusedError(
            SHIFT_FIELDS[1], f"{hours} is no shift: it must last from 2 to 12 hours"
        )
    return hours


def read_depot(session: Session, where: str) -> Depot | None:
    """The depot that a line means; None where it is empty.

    Raises
    ------
    SettingRefusedError
        It means no place, or one that is far off.
    """
    try:
        return find_depot(session, where)
    except RefusedError as error:
        raise SettingRefusedError(DEPOT, str(error)) from None


def save(
    session: Session,
    actor: Actor,
    wanted: CouncilSettings,
    *,
    reason: str = "",
    valid_from: date | None = None,
) -> list[str]:
    """Set what differs; the names of what was changed.

    Parameters
    ----------
    valid_from
        Local day on which it begins to hold; None: at once.

    Raises
    ------
    SettingRefusedError
        The council has no name or a very long one, the place is not known, or the day has passed.
    """
    today = local_day(actor.now)
    first = _first_day(valid_from, today)
    _refuse(session, wanted, first)
    return _apply(session, actor, as_record(wanted), first, reason)


def changes_of(
    session: Session, wanted: CouncilSettings, valid_from: date | None, today: date
) -> list[tuple[str, str, str]]:
    """What ``save`` would change: label, value before and then.

    Raises
    ------
    SettingRefusedError
        As ``save``.
    """
    first = _first_day(valid_from, today)
    _refuse(session, wanted, first)
    before, after = _held(session, first), as_record(wanted)
    return [
        (LABELS[name], value_words(before[name]), value_words(after[name]))
        for name in after
        if after[name] != before[name]
    ]


def undo(session: Session, actor: Actor, entry_id: int) -> list[str]:
    """Give settings back what they were before a change; the names of what changed.

    Raises
    ------
    NotFoundError
        The log has no such change of a setting.
    RefusedError
        A setting was changed again since.
    """
    today = local_day(actor.now)
    undoing = setting_days.undoing(
        session, entry_id, set(LABELS), today, lambda day: _held(session, day)
    )
    wanted = _held(session, undoing.valid_from) | undoing.values
    return _apply(session, actor, wanted, undoing.valid_from, undoing.reason)


def ahead(session: Session, today: date) -> list[Ahead]:
    """Changes that are decided and do not hold yet, in time."""
    return [each for each in setting_days.ahead(session, set(LABELS)) if each.valid_from > today]


def history(session: Session, *, limit: int | None = None) -> list[SettingChange]:
    """What was changed, the newest first."""
    return setting_days.history(session, as_record(current(session)), limit=limit)


def _first_day(valid_from: date | None, today: date) -> date:
    try:
        return setting_days.first_day(valid_from, today)
    except RefusedError as error:
        raise SettingRefusedError("valid_from", str(error)) from None


def _refuse(session: Session, wanted: CouncilSettings, day: date) -> None:
    if not 1 <= len(wanted.council_name) <= LONGEST_NAME:
        raise SettingRefusedError(
            settings.COUNCIL_NAME,
            f"the name has {len(wanted.council_name)} characters: write from 1 to {LONGEST_NAME}",
        )
    place = wanted.patrol_start_place
    if place is not None and not places.by_name(session, place, day):
        raise SettingRefusedError(
            START_PLACE,
            f"there is no place called {place!r} on that day: choose one of the list",
        )


def _held(session: Session, day: date) -> dict[str, Any]:
    return setting_days.held_on(session, day, as_record(current(session)))


def _apply(
    session: Session, actor: Actor, wanted: dict[str, Any], first: date, reason: str
) -> list[str]:
    setting_days.settle(session, local_day(actor.now))
    now, before = as_record(current(session)), _held(session, first)
    changes = [Change(name, before[name], wanted[name], now[name]) for name in wanted]
    return setting_days.make(session, actor, changes, first, reason)


def as_record(values: CouncilSettings) -> dict[str, Any]:
    """By setting, as the store keeps them."""
    return {
        settings.COUNCIL_NAME: values.council_name,
        START_PLACE: values.patrol_start_place,
        CONTACTS: [list(contact) for contact in values.patrol_contacts],
        SHIFT: values.patrol_shift and values.patrol_shift.to_record(),
        DEPOT: values.round_depot and values.round_depot.to_record(),
        GAP_HOURS: values.device_gap_hours,
        TEXT_MESSAGES: values.sends_texts,
    }


def value_words(value: Any) -> str:
    """A setting as the store keeps it, in words.

    >>> value_words([["Police", "101"]]), value_words(["22:00", "02:00"]), value_words(None)
    ('Police: 101', '22:00 to 02:00', 'not set')
    """
    if value is None or value == "":
        return "not set"
    if isinstance(value, bool):
        return "sent to who asks" if value else "not sent"
    if isinstance(value, dict):
        return str(value["where"])
    if isinstance(value, list):
        if value and isinstance(value[0], str):
            return " to ".join(value)
        return "; ".join(f"{who}: {number}" for who, number in value)
    return str(value)
