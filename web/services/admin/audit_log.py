"""The whole audit log, a page at a time. To read it is itself an entry."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from geodata.accounts import users
from geodata.clearances import contracts
from geodata.enforcement import issuers, orders
from geodata.people import audit
from geodata.people.audit import Actor, LogFilter
from geodata.rules.days import LONDON
from web.services.common.wording import date_in_words, time_in_words
from web.services.enforcement import ENTITY
from web.services.enforcement.evidence_statements import FOOTAGE

if TYPE_CHECKING:
    from geodata.models import AuditEntry

PAGE = 50
ACCOUNT_KEYS = frozenset({"user_id", "by_id"})
_ISO = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d.*)?", re.ASCII)
WITHHELD = frozenset({ENTITY, FOOTAGE, "issuer", "deadline"})
"""What entries of these hold is for those who may read enforcement data."""


@dataclass(frozen=True)
class Change:
    """A value before and after; empty where there was none."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class LogLine:
    """One entry.

    Attributes
    ----------
    subject
        Which of its kind it is about: its name, else its key; empty for none.
    is_withheld
        Its values and its reason are not for this reader.
    """

    at: datetime
    who: str
    act: str
    entity: str
    subject: str
    changes: list[Change]
    reason: str
    is_withheld: bool


@dataclass(frozen=True)
class LogPage:
    """Newest first. ``older`` is the filter of the next page; None on the last one."""

    lines: list[LogLine]
    older: LogFilter | None


def read_log(
    session: Session, wanted: LogFilter, actor: Actor, *, may_read_enforcement: bool
) -> LogPage:
    """A page of the log; that it was read is added to it."""
    entries = audit.log(session, wanted, limit=PAGE + 1)
    shown = entries[:PAGE]
    filters = {name: value for name, value in vars(wanted).items() if value is not None}
    audit.write(session, actor, "list", "audit_entry", after=filters | {"rows": len(shown)})
    names = _names(session)
    return LogPage(
        [_line(entry, name, names, may_read_enforcement) for entry, name in shown],
        replace(wanted, before_id=shown[-1][0].id) if len(entries) > PAGE else None,
    )


Names = Mapping[str, Mapping[int | None, str]]


def _names(session: Session) -> Names:
    """What entries are about and name by a key, where it has a name: kind, key and name."""
    return {
        "account": users.names(session),
        "issuer": {each.id: each.badge for each in issuers.every(session)},
        "order": {each.id: each.name for each in orders.every(session)},
        "contract_period": {each.id: each.contractor for each in contracts.all_periods(session)},
    }


def _line(entry: AuditEntry, name: str | None, names: Names, may_read_enforcement: bool) -> LogLine:
    is_withheld = entry.entity in WITHHELD and not may_read_enforcement
    subject = "" if is_withheld else names.get(entry.entity, {}).get(entry.entity_id, "")
    return LogLine(
        entry.at,
        name or "The program",
        entry.act,
        entry.entity,
        subject or ("" if entry.entity_id is None else str(entry.entity_id)),
        [] if is_withheld else _changes(entry.before or {}, entry.after or {}, names["account"]),
        "" if is_withheld else entry.reason or "",
        is_withheld,
    )


def _changes(
    before: Mapping[str, object], after: Mapping[str, object], accounts: Mapping[int | None, str]
) -> list[Change]:
    """What differs, in the order in which it was kept; accounts by their names."""

    def text(name: str, value: object) -> str:
        if name in ACCOUNT_KEYS and isinstance(value, int):
            return accounts.get(value, "") or str(value)
        return _text(value)

    return [
        Change(name, text(name, before.get(name)), text(name, after.get(name)))
        for name in dict.fromkeys([*before, *after])
        if before.get(name) != after.get(name)
    ]


def _text(value: object) -> str:
    """As people write it: the log holds JSON, with days and moments in ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _day_or_moment(str(value)) or str(value)


def _day_or_moment(value: str) -> str:
    """A day as 14 June 2026, a moment as that day and London's time; empty for anything else."""
    if not _ISO.fullmatch(value):
        return ""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return ""
    if len(value) == len("2026-06-14"):
        return date_in_words(moment.date())
    if moment.tzinfo is None:
        return ""
    day = date_in_words(moment.astimezone(LONDON).date())
    return f"{day}, {time_in_words(moment)}"
