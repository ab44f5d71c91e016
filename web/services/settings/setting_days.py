"""Changes of settings that hold from a day to come, and what taking a change back would set."""

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from geodata.core.errors import NotFoundError, RefusedError
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.rules.days import LONDON, date_in_words, local_day
from geodata.store import settings

ENTITY = "setting"
AHEAD = "contacts_ahead"
"""Setting: every change to come, of contacts and of the council's other settings alike."""
VALID_FROM = "valid_from"
"""In a change's audit: the day from which it holds, where that was not at once."""


@dataclass(frozen=True)
class Ahead:
    """A change that is decided and holds from a local day on; ``value`` None takes it back."""

    name: str
    value: Any
    valid_from: date


@dataclass(frozen=True)
class Change:
    """A setting as it would be on a day, as it is to be from then on, and as it is today."""

    name: str
    before: Any
    then: Any
    now: Any


@dataclass(frozen=True)
class Undoing:
    """What taking a change back sets: by name, from which day on, and why."""

    values: dict[str, Any]
    valid_from: date
    reason: str


@dataclass(frozen=True)
class SettingChange:
    """One line of the history; ``valid_from`` None held at once, ``who`` empty is the program."""

    entry_id: int
    at: datetime
    who: str
    name: str
    before: Any
    then: Any
    valid_from: date | None
    reason: str
    can_undo: bool


def ahead(session: Session, names: Set[str] | None = None) -> list[Ahead]:
    """Changes entered for a day to come, in time; some of those days may have come.

    ``names`` None is of every setting.
    """
    rows = settings.read(session, AHEAD, [])
    changes = [Ahead(name, value, date.fromisoformat(day)) for name, value, day in rows]
    wanted = [each for each in changes if names is None or each.name in names]
    return sorted(wanted, key=lambda each: each.valid_from)


def held_on(session: Session, day: date, now: Mapping[str, Any]) -> dict[str, Any]:
    """What is set on a day, from what is set ``now``."""
    come = {each.name: each.value for each in ahead(session) if each.valid_from <= day}
    return {name: come.get(name, value) for name, value in now.items()}


def settle(session: Session, today: date) -> None:
    """Make what has come what is set, so that a newer change is not overtaken by it."""
    for change in ahead(session):
        if change.valid_from <= today:
            settings.write(session, change.name, change.value)
    _keep(session, [each for each in ahead(session) if each.valid_from > today])


def make(
    session: Session, actor: Actor, changes: Iterable[Change], first: date, reason: str
) -> list[str]:
    """Set what differs from a local day on, each in the audit; the names of what was changed."""
    today = local_day(actor.now)
    made = [each for each in changes if each.before != each.then]
    for each in made:
        _put(session, Ahead(each.name, each.then, first), today, each.now)
        later = {} if first == today else {VALID_FROM: first.isoformat()}
        audit.write(
            session,
            actor,
            "change",
            ENTITY,
            before={each.name: each.before},
            after={each.name: each.then} | later,
            reason=reason.strip(),
        )
    return [each.name for each in made]


def _put(session: Session, change: Ahead, today: date, now: Any) -> None:
    """Set a value at once, or keep it for its day; ``now`` is set today."""
    if change.valid_from <= today:
        settings.write(session, change.name, change.value)
        return
    same = (change.name, change.valid_from)
    others = [each for each in ahead(session) if (each.name, each.valid_from) != same]
    _keep(session, others)
    is_so_already = held_on(session, change.valid_from, {change.name: now}) == {
        change.name: change.value
    }
    _keep(session, others if is_so_already else [*others, change])


def first_day(valid_from: date | None, today: date) -> date:
    """From which day a change holds.

    Raises
    ------
    RefusedError
        The day has passed.
    """
    if valid_from is not None and valid_from < today:
        raise RefusedError(
            f"{date_in_words(valid_from)} has passed: what was done under the old setting stays "
            "so, choose today or a later day"
        )
    return valid_from or today


def undoing(
    session: Session,
    entry_id: int,
    names: Set[str],
    today: date,
    held: Callable[[date], Mapping[str, Any]],
) -> Undoing:
    """What taking a change of the log back would set.

    Parameters
    ----------
    names
        Settings that may be meant.
    held
        What is set on a day, by name.

    Raises
    ------
    NotFoundError
        The log has no such change of one of them.
    RefusedError
        A setting was changed again since, so that the undo would take back more than this.
    """
    entries = (entry for entry, _ in audit.entries(session, ENTITY) if entry.id == entry_id)
    entry = next(entries, None)
    if entry is None or not entry.after or not set(entry.after) <= names | {VALID_FROM}:
        raise NotFoundError(
            f"there is no change of a setting {entry_id}: the history has their numbers"
        )
    after, before = dict(entry.after), entry.before or {}
    first = max(today, date.fromisoformat(after.pop(VALID_FROM, today.isoformat())))
    now = held(first)
    for name, value in after.items():
        if now.get(name) != value:
            label = name.replace("_", " ")
            raise RefusedError(f"{label} was changed again since: undo the newest change first")
    made = f"{date_in_words(local_day(entry.at))}, {entry.at.astimezone(LONDON):%H:%M}"
    values = {name: before.get(name) for name in after}
    return Undoing(values, first, f"Undoes the change of {made}")


def history(
    session: Session, held: Mapping[str, Any], *, limit: int | None = None
) -> list[SettingChange]:
    """Changes of the settings that ``held`` names, the newest first; it says what is set today."""
    to_come = [(each.name, each.value, each.valid_from) for each in ahead(session)]
    lines = []
    for entry, who in audit.entries(session, ENTITY):
        after = dict(entry.after or {})
        day = after.pop(VALID_FROM, None)
        first = date.fromisoformat(day) if day else None
        for name in (name for name in after if name in held):
            before, then = (entry.before or {}).get(name), after[name]
            stands = held[name] == then or (name, then, first) in to_come
            line = (name, before, then, first, entry.reason or "", stands and before != then)
            lines.append(SettingChange(entry.id, entry.at, who or "", *line))
    return lines[:limit]


def _keep(session: Session, changes: Iterable[Ahead]) -> None:
    rows = [[each.name, each.value, each.valid_from.isoformat()] for each in changes]
    settings.write(session, AHEAD, rows or None)
