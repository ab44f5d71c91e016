"""Decisions that can be taken back: authorities and orders; each with its reason, in the audit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from geodata.core.errors import RefusedError
from geodata.core.reasons import refuse_no_reason
from geodata.people.personal_data import found_in
from geodata.rules.days import date_in_words

if TYPE_CHECKING:
    from geodata.models import AuditEntry


@dataclass(frozen=True)
class DecisionLine:
    """One line of a history: what was done, about what, by whom and why."""

    at: datetime
    who: str
    what: str
    subject: str
    reason: str


def line_of(entry: AuditEntry, who: str | None, what: str, subject: str) -> DecisionLine:
    """An entry of the audit as a page says it."""
    return DecisionLine(entry.at, who or "The program", what, subject, entry.reason or "")


def check_reason(reason: str) -> None:
    """Let nothing be decided or taken back without a reason that names nobody.

    Raises
    ------
    RefusedError
        The reason is empty, or holds personal data.
    """
    refuse_no_reason(reason)
    if names := found_in(reason):
        raise RefusedError(f"{', '.join(names)} may say who somebody is: take it out of the reason")


def days_in_words(terms: Mapping[str, str | None]) -> str:
    """From when to when, as the audit kept it.

    >>> days_in_words({"valid_from": "2026-05-01", "valid_to": None})
    'from 1 May 2026 on'
    """
    first, last = (
        date_in_words(date.fromisoformat(day)) if (day := terms.get(name)) else ""
        for name in ("valid_from", "valid_to")
    )
    begins = f"from {first}" if first else ""
    return f"{begins} {f'to {last}' if last else 'on' if first else ''}".strip()
