"""A row of a rule table as it is entered, and whether it makes sense of its subject."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from geodata.clearances import contracts
from geodata.core.errors import RefusedError
from geodata.people.personal_data import found_in
from geodata.posters import poster_wording
from geodata.posters.campaign_wordings import TEXTS, PosterTexts, refuse_unfit
from geodata.rules import council
from geodata.rules.clearances.service_level import level_of
from geodata.rules.enforcement.letters import template_fault
from geodata.rules.enforcement.penalties import refuse_own_amount
from geodata.rules.tables import RuleTable
from geodata.rules.values import checked
from web.services.posters.poster_versions import refuse_unprintable

MOST_DAYS = 366
MOST_PROMISED = 90
"""A quarter: what takes longer is no promise of clearing."""
_LANGUAGE = re.compile("[a-z]{2,3}")


@dataclass(frozen=True)
class NewRow:
    """A row as it is entered."""

    values: dict[str, object]
    valid_from: date | None
    valid_to: date | None
    source: str
    is_verified: bool


def refuse_nonsense(session: Session, table: RuleTable, new: NewRow, today: date) -> None:
    """Refuse a row whose values are of the right kinds and still make no sense.

    Raises
    ------
    RefusedError
        Says which value, and what to write.
    """
    values = checked(table, new.values)
    if table.name == "council_amount":
        first_day = new.valid_from or new.valid_to or today
        refuse_own_amount(council.rulebook(session), values, first_day)
    if table.name == "letters":
        _refuse_unlawful_text(session, values, new.valid_from)
    if table.name == "poster_languages" and not _LANGUAGE.fullmatch(values["code"]):
        raise RefusedError(
            f"{values['code']!r} is no code of a language: write two or three small letters, such "
            "as pa for Punjabi"
        )
    if table.name == "poster_wordings":
        _refuse_unfit_wording(session, values)
    if table.name == "service_level":
        _refuse_odd_promise(session, values, new.source)
    if table.name == "working_days":
        _refuse_odd_days(new)


def _refuse_odd_promise(session: Session, values: dict[str, Any], source: str) -> None:
    level = level_of(values, source=source)
    if level.days > MOST_PROMISED:
        raise RefusedError(
            f"the days after the report are {level.days}: write {MOST_PROMISED} at most"
        )
    if level.contract is None:
        return
    firms = sorted({period.contractor for period in contracts.all_periods(session)})
    if not firms:
        raise RefusedError("no contract is entered: enter it first, or leave the contract empty")
    if level.contract not in firms:
        raise RefusedError(
            f"nobody called {level.contract!r} has a contract: write {' or '.join(firms)} as it is "
            "entered, or leave it empty for all"
        )


def _refuse_odd_days(new: NewRow) -> None:
    if new.valid_from is None:
        raise RefusedError("the first day is empty: enter the day that differs")
    if (new.valid_to or new.valid_from) - new.valid_from > timedelta(days=MOST_DAYS):
        raise RefusedError(f"these are more than {MOST_DAYS} days: enter each closure apart")


def _refuse_unfit_wording(session: Session, values: dict[str, Any]) -> None:
    known = poster_wording.languages(council.rulebook(session))
    if values["language"] not in known:
        raise RefusedError(
            f"{values['language']!r} is no language of posters: add it to that table first, or "
            f"write one of {', '.join(known)}"
        )
    texts = PosterTexts(**{name: values.get(name, "") for name in TEXTS})
    refuse_unfit(texts)
    refuse_unprintable(texts)


def _refuse_unlawful_text(
    session: Session, values: dict[str, Any], valid_from: date | None
) -> None:
    """A text has what the law asks for on its first day, and names nobody."""
    if valid_from is None:
        raise RefusedError("the first day is empty: enter from when the text is used")
    rules = council.rulebook(session)
    fault = template_fault(rules, values["letter"], values["text"], valid_from)
    if fault:
        raise RefusedError(fault)
    if names := found_in(values["text"]):
        raise RefusedError(f"{', '.join(names)} may say who somebody is: take it out of the text")
