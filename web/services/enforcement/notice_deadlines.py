"""The days to watch: of a notice, of an order, and all of them on one board."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from geodata.core.vocabulary import ACTION_WORDS, ActionKind, NoticeState
from geodata.enforcement import actions, orders
from geodata.enforcement.actions import ActionWithState
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.rules.council import rulebook
from geodata.rules.days import local_day
from geodata.rules.enforcement.deadlines import (
    deadlines,
    period_end,
    period_mark,
    time_limit,
)
from geodata.rules.enforcement.keeper_life import watched_days
from geodata.rules.enforcement.notice_life import (
    MONEY_KINDS,
    TERMINAL,
    NoticeFacts,
    amount_due,
    discount_last_day,
    is_out_of_time,
)
from geodata.rules.enforcement.orders import challenge_last_day, expiry_alerts, version_on
from geodata.rules.enforcement.penalties import early_mark, unread_amount
from geodata.rules.tables import RuleBook
from web.services.enforcement.evidence_statements import weedings

if TYPE_CHECKING:
    from geodata.models import EnforcementAction, Order, OrderVersion

UNPAID_STATES = frozenset({NoticeState.ISSUED, NoticeState.REPRESENTATION})
LOOK_BACK = timedelta(days=31)


@dataclass(frozen=True)
class NoticeDeadline:
    """A local day and what ends or begins on it."""

    on: date
    words: str


@dataclass(frozen=True)
class Due:
    """A line of the board.

    ``reference`` is a notice's, ``order_id`` an order's key, or ``request_id`` that of a request
    for footage. What ``waits`` stays on the board until somebody decides, however long ago it was.
    """

    on: date
    words: str
    subject: str
    reference: str | None = None
    order_id: int | None = None
    request_id: int | None = None
    waits: bool = False


def facts_of(session: Session, action: EnforcementAction, state: str) -> NoticeFacts:
    """What the rules ask of a stored action, with the states that it has been in."""
    been = frozenset(event.state for event in actions.events(session, action))
    return replace(facts_of_each(session, [(action, state)])[action.id], been=been)


def facts_of_each(session: Session, rows: Sequence[ActionWithState]) -> dict[int, NoticeFacts]:
    """What the rules ask of stored actions, by key."""
    since = actions.states_since(session, [action.id for action, _ in rows])
    return {
        action.id: NoticeFacts(
            action.kind,
            state,
            local_day(action.offence_at),
            action.issued_on,
            action.given_on,
            action.discount_pence,
            action.discount_days,
            since.get(action.id),
            action.offence_code,
        )
        for action, state in rows
    }


def notice_deadlines(rules: RuleBook, notice: NoticeFacts) -> list[NoticeDeadline]:
    """What is to be watched of a notice in its state, in time."""
    days = [NoticeDeadline(on, words) for on, words in _days(rules, notice)]
    return sorted(days, key=lambda deadline: (deadline.on, deadline.words))


@dataclass(frozen=True)
class OpenNotice:
    """What an open notice is waiting for, as its own page has it.

    ``due_pence`` is to be paid today; None where nothing is. ``is_read`` says whether somebody has
    read its amount in its source.
    """

    next_day: NoticeDeadline | None
    due_pence: int | None
    is_read: bool


def open_notices(
    session: Session,
    rows: Iterable[ActionWithState],
    today: date,
    *,
    rules: RuleBook | None = None,
) -> dict[int, OpenNotice]:
    """What comes next of each open notice, and what is to be paid, by its key.

    ``rules`` are those of the store, where a caller has read them already.
    """
    rules = rulebook(session) if rules is None else rules
    kinds = MONEY_KINDS | {ActionKind.PROSECUTION}
    waiting = [(a, state) for a, state in rows if state not in TERMINAL and a.kind in kinds]
    facts = facts_of_each(session, waiting)
    return {
        action.id: OpenNotice(
            _next_day(rules, facts[action.id], today),
            due_pence(rules, action, facts[action.id], today),
            not unread_source(rules, action),
        )
        for action, _ in waiting
    }


def unread_source(rules: RuleBook, action: EnforcementAction) -> str:
    """The source of an action's amount, where nobody has read it there; else empty."""
    if action.amount_pence is None:
        return ""
    return unread_amount(rules, action.kind, local_day(action.offence_at), action.issued_on)


def due_pence(
    rules: RuleBook, action: EnforcementAction, facts: NoticeFacts, today: date
) -> int | None:
    """What is to be paid of a notice on a day; None where nothing is."""
    if action.amount_pence is None or facts.state in TERMINAL:
        return None
    return amount_due(rules, facts, action.amount_pence, today)


def _next_day(rules: RuleBook, facts: NoticeFacts, today: date) -> NoticeDeadline | None:
    """What comes next; where nothing is to come, what passed last, so that it stays in sight."""
    if is_out_of_time(rules, facts, today):
        return NoticeDeadline(_ran_out_on(rules, facts), out_of_time_words(rules, facts))
    days = notice_deadlines(rules, facts)
    ahead = [due for due in days if due.on >= today]
    passed = [replace(due, words=f"{due.words} (passed)") for due in days[-1:]]
    return next(iter(ahead or passed), None)


def out_of_time_words(rules: RuleBook, notice: NoticeFacts) -> str:
    """What to record of an open notice that can no longer be enforced."""
    if notice.state == NoticeState.DRAFT:
        mark = period_mark(rules, "keeper_service", notice.offence_on)
        return f"The time to give it has passed{mark}: record it as void"
    if notice.kind == ActionKind.KEEPER_PENALTY:
        mark = period_mark(rules, "keeper_answer", notice.since or notice.offence_on)
        return f"The representations were not answered in time{mark}: record it as cancelled"
    mark = period_mark(rules, "prosecution", notice.offence_on)
    return f"The time to prosecute has passed{mark}: record it as timed out"


def _ran_out_on(rules: RuleBook, notice: NoticeFacts) -> date:
    """The last day on which an open notice that is out of time could still be enforced."""
    if notice.kind == ActionKind.KEEPER_PENALTY:
        watched = _watched(rules, notice)
        return watched[-1][0] if watched else notice.offence_on
    return time_limit(rules, notice.kind, notice.offence_on, notice.offence) or notice.offence_on


def _days(rules: RuleBook, notice: NoticeFacts) -> Iterator[tuple[date, str]]:
    if notice.kind == ActionKind.KEEPER_PENALTY:
        yield from _keeper_days(rules, notice)
        return
    ends = deadlines(rules, notice.offence_on, notice_on=notice.issued_on)
    to_pay = period_mark(rules, "payment", notice.issued_on) if notice.issued_on else ""
    if notice.kind in MONEY_KINDS and notice.state in UNPAID_STATES:
        early = discount_last_day(notice)
        if early is not None:
            yield early, _early_words(rules, notice)
        if ends.last_day_to_pay is not None:
            yield ends.last_day_to_pay, f"Last day to pay{to_pay}"
    if notice.kind in MONEY_KINDS or notice.kind == ActionKind.PROSECUTION:
        if ends.earliest_proceedings is not None and notice.kind in MONEY_KINDS:
            yield ends.earliest_proceedings, f"Proceedings may begin from this day{to_pay}"
        limit = time_limit(rules, notice.kind, notice.offence_on, notice.offence)
        if limit is not None:
            yield from _before_the_limit(rules, notice.offence_on)
            mark = period_mark(rules, "prosecution", notice.offence_on)
            yield limit, f"Last day on which proceedings may begin{mark}"


def _before_the_limit(rules: RuleBook, offence_on: date) -> Iterator[tuple[date, str]]:
    for code, words in _WARNINGS:
        yield period_end(rules, code, offence_on), f"{words}{period_mark(rules, code, offence_on)}"


_WARNINGS = (
    ("prosecution_first_warning", "First warning: the time limit is coming nearer"),
    ("prosecution_second_warning", "Second warning: the time limit is near"),
)


def _early_words(rules: RuleBook, notice: NoticeFacts) -> str:
    return f"Last day of the early amount{early_mark(rules, notice.kind, notice.issued_on)}"


def _keeper_days(rules: RuleBook, notice: NoticeFacts) -> Iterator[tuple[date, str]]:
    """The early amount while it holds, and what the procedure runs to."""
    early = discount_last_day(notice)
    if early is not None and notice.state == NoticeState.ISSUED:
        yield early, _early_words(rules, notice)
    yield from _watched(rules, notice)


def _watched(rules: RuleBook, notice: NoticeFacts) -> list[tuple[date, str]]:
    return watched_days(
        rules,
        notice.state,
        offence_on=notice.offence_on,
        given_on=notice.given_on,
        since=notice.since,
    )


def board(session: Session, actor: Actor) -> list[Due]:
    """Every deadline of open notices and of orders that is still ahead or passed within a month.

    A recording that had to be gone stays on it until somebody says that it is.
    """
    today = local_day(actor.now)
    rules = rulebook(session)
    lines = [*_notices_due(session, rules, today), *_orders_due(session, rules, today)]
    ahead = [due for due in lines if due.waits or due.on >= today - LOOK_BACK]
    ahead += [Due(**vars(weeding)) for weeding in weedings(session)]
    note_reading(session, actor, len(ahead))
    return _in_order(ahead)


def note_reading(session: Session, actor: Actor, rows: int) -> None:
    """Let the audit say that somebody read so many lines."""
    audit.write(session, actor, "list", "deadline", after={"rows": rows})


def notices_running_out(session: Session, *, today: date, within: timedelta) -> list[Due]:
    """Deadlines from today on, and after them what waits for a decision; the reader notes it."""
    lines = _in_order(list(_notices_due(session, rulebook(session), today)))
    ahead = [due for due in lines if not due.waits and today <= due.on <= today + within]
    return [*ahead, *(due for due in lines if due.waits)]


def orders_running_out(session: Session, *, today: date, within: timedelta) -> list[Due]:
    """Last days of orders that nothing follows yet: an order is public, and its end too."""
    ends = [(order, _last_version(order, today)) for order in orders.every(session)]
    return _in_order(
        [
            Due(version.valid_to, "Last day in force", order.name, order_id=order.id)
            for order, version in ends
            if version is not None and version.valid_to is not None
            if today <= version.valid_to <= today + within
        ]
    )


def _in_order(lines: list[Due]) -> list[Due]:
    return sorted(lines, key=lambda due: (due.on, due.subject, due.words))


def _notices_due(session: Session, rules: RuleBook, today: date) -> Iterator[Due]:
    waiting = [row for row in actions.every(session) if row[1] not in TERMINAL]
    facts_by_key = facts_of_each(session, waiting)
    for action, _ in waiting:
        subject = f"{ACTION_WORDS[ActionKind(action.kind)]} {action.reference}"
        facts = facts_by_key[action.id]
        if is_out_of_time(rules, facts, today):
            on, words = _ran_out_on(rules, facts), out_of_time_words(rules, facts)
            yield Due(on, words, subject, reference=action.reference, waits=True)
            continue
        for deadline in notice_deadlines(rules, facts):
            yield Due(deadline.on, deadline.words, subject, reference=action.reference)


def _orders_due(session: Session, rules: RuleBook, today: date) -> Iterator[Due]:
    for order in orders.every(session):
        for on, words in (*_order_days(rules, order, today), *_task_days(session, order)):
            yield Due(on, words, order.name, order_id=order.id)


def _order_days(rules: RuleBook, order: Order, today: date) -> Iterator[tuple[date, str]]:
    version = _last_version(order, today)
    if version is None:
        return
    made = version.made_on or version.valid_from
    yield challenge_last_day(rules, made), "Last day to challenge it in the High Court"
    if version.valid_to is not None:
        for months, on in expiry_alerts(rules, version.valid_to):
            yield on, f"{months} months to its end: extend it before, or let it end"
        yield version.valid_to, "Last day in force: it cannot be extended after"


def _last_version(order: Order, today: date) -> OrderVersion | None:
    """The version that ends last of those in force or to come; None for a past order."""
    versions = sorted(order.versions, key=lambda v: (v.valid_from, v.number))
    to_come = [v for v in versions if v.valid_from > today and v.change != "discharged"]
    return to_come[-1] if to_come else version_on(versions, today)


def _task_days(session: Session, order: Order) -> Iterator[tuple[date, str]]:
    for task in orders.tasks(session, order):
        if task.due_on is not None and task.done_on is None:
            yield task.due_on, f"To do: {task.title}"
