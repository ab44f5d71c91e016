"""Orders through time: who follows whom, what is to be done, and what was in force where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.core.vocabulary import OrderChange
from geodata.enforcement import orders
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.rules.council import rulebook
from geodata.rules.days import LONDON, date_in_words, local_day
from geodata.rules.enforcement.order_breach import boundary_sentence
from geodata.rules.enforcement.orders import (
    Span,
    challenge_last_day,
    end_to_come,
    expiry_alerts,
    gaps,
    spans_in_force,
)
from geodata.rules.enforcement.penalties import order_penalty_fault
from geodata.rules.enforcement.prohibitions import limits_of
from geodata.rules.tables import RuleBook
from web.services.common.officer_position import Standpoint

if TYPE_CHECKING:
    from geodata.models import Order, OrderTask, OrderVersion, Prohibition


VERSION = "order_version"
"""What the audit calls a version."""


@dataclass(frozen=True)
class TimelineRow:
    """One order, or the gaps between all of them, as spans of days with words."""

    name: str
    order_id: int | None
    spans: list[tuple[Span, str]]


@dataclass(frozen=True)
class Timeline:
    """``first`` and ``last`` day of the picture."""

    first: date
    last: date
    rows: list[TimelineRow]


@dataclass(frozen=True)
class VersionDraft:
    """A version of an order as an officer enters it."""

    change: OrderChange
    valid_from: date
    valid_to: date | None
    geometry: BaseGeometry
    prohibitions: dict[str, str]
    made_on: date | None = None
    penalty_pence: int | None = None
    document: str | None = None
    source: str | None = None
    """Why it is entered: the decision."""


@dataclass(frozen=True)
class OrderView:
    """An order with what is to be done about it.

    Attributes
    ----------
    alerts
        Months before its end and the day of each, of the version that ends last.
    challenge
        Last day to challenge the newest version.
    """

    order: Order
    current: OrderVersion | None
    tasks: list[OrderTask]
    alerts: list[tuple[int, date]]
    challenge: date | None
    can_extend: bool


@dataclass(frozen=True)
class ThereAndThen:
    """An order as it stood at a point: in a sentence."""

    name: str
    version: int
    holds: bool
    days: Span
    sentence: str
    prohibitions: list[ProhibitionThere]


@dataclass(frozen=True)
class ProhibitionThere:
    """A prohibition, what it is limited to, and why it does not apply; empty where it does.

    ``fault`` is None where no time was asked of.
    """

    text: str
    limits: str
    fault: str | None


def timeline(session: Session, today: date) -> Timeline | None:
    """All orders in one picture, with the days on which none of them held; None without any."""
    spans_of = [(order, spans_in_force(order.versions)) for order in orders.every(session)]
    spans = [span for _, held in spans_of for span, _ in held]
    if not spans:
        return None
    last = max(today, *(span.valid_to or today for span in spans)) + timedelta(days=90)
    rows = [
        TimelineRow(order.name, order.id, [(s, f"{v.change}, version {v.number}") for s, v in held])
        for order, held in spans_of
    ]
    none = [(gap, "no order in force") for gap in gaps(spans)]
    rows.append(TimelineRow("No order in force", None, none))
    return Timeline(min(span.valid_from for span in spans), last, rows)


def open_order(session: Session, key: int, today: date) -> OrderView:
    """One order.

    Raises
    ------
    NotFoundError
        There is none of this key.
    """
    order = orders.find(session, key)
    rules = rulebook(session)
    newest = max(order.versions, key=lambda v: (v.valid_from, v.number), default=None)
    end = end_to_come(order.versions)
    return OrderView(
        order,
        orders.version_of_day(order, today),
        orders.tasks(session, order),
        expiry_alerts(rules, end) if end else [],
        challenge_last_day(rules, newest.made_on or newest.valid_from) if newest else None,
        end is not None and end >= today,
    )


def enter_order(session: Session, name: str, draft: VersionDraft, actor: Actor) -> Order:
    """A new order with its first version.

    Raises
    ------
    RefusedError
        The name is taken, or the law does not let it begin so.
    """
    with session.begin_nested():  # a version that is refused takes its empty order along
        order = orders.add(session, name)
        enter_version(session, order, draft, actor)
    return order


def enter_version(
    session: Session, order: Order, draft: VersionDraft, actor: Actor
) -> OrderVersion:
    """The next version of an order, with the tasks that the law ties to it.

    Raises
    ------
    RefusedError
        The law does not let this version follow the earlier ones.
    """
    rules = rulebook(session)
    _refuse_penalty(rules, order, draft)
    values = dict(vars(draft))
    version = orders.add_version(session, rules, order, values.pop("change"), **values)
    _add_tasks(session, rules, order, version)
    kept = ("change", "number", "made_on", "valid_from", "valid_to", "penalty_pence")
    after = {name: getattr(version, name) for name in kept} | {"order_id": order.id}
    area = {"area_m2": round(version.geometry.area), "prohibitions": draft.prohibitions}
    audit.write(
        session,
        actor,
        "create",
        VERSION,
        version.id,
        after=after | area,
        reason=draft.source,
    )
    return version


def _refuse_penalty(rules: RuleBook, order: Order, draft: VersionDraft) -> None:
    # Every notice under it would be refused: better now than in the street.
    fault = order_penalty_fault(rules, draft.penalty_pence, draft.valid_from)
    if fault:
        raise RefusedError(f"{order.name}: the penalty {fault}. Enter it again, or leave it empty")


def _add_tasks(session: Session, rules: RuleBook, order: Order, version: OrderVersion) -> None:
    if version.change == OrderChange.DISCHARGED:
        return
    start = version.valid_from
    due = {"start": start, "before_start": start - timedelta(days=1)}
    for row in rules["order_tasks"].rows:
        if row.holds_on(start):
            title = f"{row['task']}{orders.task_mark(version)}"
            orders.add_task(session, order, row["code"], title, due[row["due"]])


def do_task(session: Session, key: int, task_id: int, done_on: date, actor: Actor) -> None:
    """Note that a task was done.

    Raises
    ------
    NotFoundError
        There is no such order or task.
    RefusedError
        The day lies in the future.
    """
    if done_on > local_day(actor.now):
        raise RefusedError(
            f"{date_in_words(done_on)} lies in the future: enter the day on which it was done"
        )
    task = orders.do_task(session, orders.find(session, key), task_id, done_on)
    after = {"title": task.title, "done_on": done_on}
    audit.write(session, actor, "do_task", "order", key, after=after)


def in_force_there(
    session: Session,
    where: Standpoint,
    day: date,
    *,
    at: time | None = None,
    has_vehicle: bool = False,
) -> list[ThereAndThen]:
    """What was in force at a point on a day: every order, those that held there first.

    Parameters
    ----------
    at
        London's clock; None asks of no hour, and says of each prohibition only what limits it.
    """
    moment = None if at is None else datetime.combine(day, at, LONDON)
    return [
        _there_and_then(seen, where, moment, has_vehicle=has_vehicle)
        for seen in orders.seen_from(session, where.point, day)
    ]


def _prohibition_there(
    prohibition: Prohibition, moment: datetime | None, *, has_vehicle: bool
) -> ProhibitionThere:
    limits = limits_of(prohibition.limits)
    fault = None if moment is None else limits.fault(moment, from_vehicle=has_vehicle)
    return ProhibitionThere(prohibition.text, limits.words(), fault)


def _there_and_then(
    seen: orders.OrderThere, where: Standpoint, moment: datetime | None, *, has_vehicle: bool
) -> ThereAndThen:
    version = seen.version
    place = boundary_sentence(
        is_inside=seen.is_inside, boundary_m=seen.boundary_m, accuracy_m=where.accuracy_m
    )
    return ThereAndThen(
        seen.order.name,
        version.number,
        seen.holds,
        Span(version.valid_from, version.valid_to),
        f"{'In force' if seen.is_in_force else 'Not in force'} on the day; the place is {place}",
        [_prohibition_there(p, moment, has_vehicle=has_vehicle) for p in version.prohibitions],
    )
