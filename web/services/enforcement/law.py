"""What the law says of a moment and a place: one document, for people and programs."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from shapely.geometry import Point
from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.enforcement import orders
from geodata.rules.council import rulebook
from geodata.rules.days import local_day
from geodata.rules.enforcement.deadlines import deadlines
from geodata.rules.enforcement.penalties import litter_band, order_max_pence
from geodata.rules.enforcement.regime import regime_at
from geodata.rules.tables import RuleBook, packaged


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
    """

    when: date | datetime
    at: Point | None = None
    notice_on: date | None = None
    given_on: date | None = None


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
            raise RefusedError(f"the {words}, {later}, lies before the act, {day}: check the dates")
    rules = packaged() if session is None else rulebook(session)
    return {
        "regime": asdict(regime_at(rules, question.when)),
        "litter_penalty": asdict(litter_band(rules, day)),
        "order_penalty": {"max_pence": order_max_pence(rules, day)},
        "orders": [] if session is None else _orders(session, question.at, day),
        "deadlines": _deadlines(rules, day, question),
    }


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
    ends = deadlines(rules, day, notice_on=question.notice_on, given_on=question.given_on)
    return {name: last and last.isoformat() for name, last in asdict(ends).items()}
