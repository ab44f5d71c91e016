"""What the law says of a moment and a place: one document, for people and programs."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from shapely.geometry import Point
from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.core.vocabulary import ActionKind
from geodata.enforcement import orders
from geodata.rules.council import rulebook
from geodata.rules.days import date_in_words, local_day
from geodata.rules.enforcement.deadlines import (
    deadlines,
)
from geodata.rules.enforcement.regime import regime_at, regime_row
from geodata.rules.enforcement.route_warnings import NoticeDays, has_power, route_warnings
from geodata.rules.tables import Row, RuleBook, RuleTable, packaged


@dataclass(frozen=True)
class Question:
    """What is asked.

    Attributes
    ----------
    when
        Day of the act, or its instant.
    at
        EPSG:27700; None asks of everywhere.
    notice_on, given_on
        Days of the notice, and on which it was given to a vehicle's keeper.
    offence
        Code of what it would be prosecuted as; None is leaving litter.
    """

    when: date | datetime
    at: Point | None = None
    notice_on: date | None = None
    given_on: date | None = None
    offence: str | None = None


def what_holds(session: Session | None, question: Question) -> dict[str, Any]:
    """What held then and there: regime, penalties, orders, deadlines; days as ISO texts.

    Parameters
    ----------
    session
        None where there is no store: then the packaged tables answer, and no order is known.

    Raises
    ------
    RefusedError
        A notice is dated before the act.
    """
    day = local_day(question.when)
    for words, later in (("notice", question.notice_on), ("day given", question.given_on)):
        if later is not None and later < day:
            raise RefusedError(
                f"the {words}, {date_in_words(later)}, lies before the act, {date_in_words(day)}: "
                "check the dates"
            )
    rules = packaged() if session is None else rulebook(session)
    return {
        "regime": asdict(regime_at(rules, question.when)),
        "litter_penalty": _values(rules, "litter_penalty", day),
        "order_penalty": _values(rules, "order_penalty", day),
        "orders": [] if session is None else _orders(session, question.at, day),
        "deadlines": _deadlines(rules, day, question),
        "warnings": list(route_warnings(rules, _days_of(question))),
        "tables": [asdict(held) for held in held_rows(session, question)],
    }


@dataclass(frozen=True)
class HeldRow:
    """The row of a dated table that held on the day of the act.

    Attributes
    ----------
    key
        What tells it from other rows of the table on that day, such as a period's code; else None.
    source
        None where there was no such power then.
    values, verified
        By the field's name; whether somebody read the value in the source.
    """

    table: str
    title: str
    key: str | None
    source: str | None
    values: dict[str, Any]
    verified: dict[str, bool]


def held_rows(session: Session | None, question: Question) -> list[HeldRow]:
    """What each table that the answer rests on said then, with its source."""
    rules = packaged() if session is None else rulebook(session)
    day = local_day(question.when)
    money = [_held_row(rules[name], _held(rules, name, day)) for name in _POWER_OF]
    regime = _held_row(rules["nitrous_oxide_regime"], regime_row(rules, question.when))
    keyed = [
        _held_row(rules[name], _of_its_day(rules, name, code, day), code)
        for name, codes in (("powers", list(ActionKind)), ("periods", _PERIODS))
        for code in codes
    ]
    return [regime, *money, *keyed]


def _of_its_day(rules: RuleBook, name: str, code: str, day: date) -> Row | None:
    """A route's or period's row; none of a period whose power did not exist then."""
    is_keepers = name == "periods" and code.startswith("keeper_")
    if is_keepers and not has_power(rules, ActionKind.KEEPER_PENALTY, day):
        return None
    return rules[name].on(day, code)


def _held_row(table: RuleTable, row: Row | None, key: str | None = None) -> HeldRow:
    if row is None:
        return HeldRow(table.name, table.title, key, None, {}, {})
    fields = [field.name for field in table.fields if row[field.name] is not None]
    verified = {name: row.is_read(name) for name in fields}
    values = {name: row[name] for name in fields}
    return HeldRow(table.name, table.title, key, row.source, values, verified)


_POWER_OF = {
    "litter_penalty": ActionKind.LITTER_FPN,
    "order_penalty": ActionKind.PSPO_FPN,
    "fly_tipping_penalty": ActionKind.FLY_TIPPING_FPN,
    "notice_breach_penalty": ActionKind.CPN_FPN,
}
_PERIODS = (
    "payment",
    "prosecution",
    "keeper_service",
    "keeper_representations",
    "keeper_full_payment",
    "keeper_answer",
    "keeper_appeal",
    "keeper_after_appeal",
    "keeper_enforcement_notice",
    "keeper_debt",
)


def _held(rules: RuleBook, name: str, day: date) -> Row | None:
    return rules[name].on(day) if has_power(rules, _POWER_OF[name], day) else None


def _values(rules: RuleBook, name: str, day: date) -> dict[str, int | None]:
    row = _held(rules, name, day)
    fields = rules[name].fields
    return {field.name: None if row is None else row[field.name] for field in fields}


def _days_of(question: Question) -> NoticeDays:
    day = local_day(question.when)
    return NoticeDays(day, question.notice_on, question.given_on, question.offence)


def _orders(session: Session, at: Point | None, day: date) -> list[dict[str, Any]]:
    if at is None:
        versions = orders.in_force(session, day)
    else:
        versions = [seen.version for seen in orders.seen_from(session, at, day) if seen.holds]
    return [
        {
            "name": version.order.name,
            "version": version.number,
            "from": version.valid_from.isoformat(),
            "to": version.valid_to and version.valid_to.isoformat(),
        }
        for version in versions
    ]


def _deadlines(rules: RuleBook, day: date, question: Question) -> dict[str, str | None]:
    ends = deadlines(
        rules,
        day,
        notice_on=question.notice_on,
        given_on=question.given_on,
        offence=question.offence,
    )
    dates: dict[str, date | None] = asdict(ends)
    if not has_power(rules, ActionKind.KEEPER_PENALTY, day):
        dates = {name: None if name.startswith("keeper_") else on for name, on in dates.items()}
    return {name: None if on is None else on.isoformat() for name, on in dates.items()}
