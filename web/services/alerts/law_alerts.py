"""Who is to be told that an order's end, or a notice's time limit, comes nearer.

Each mark that has passed is told once to each reader; of several that passed, the last alone.
The mails hold a public order's name, or a notice's reference, and a day.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from geodata.accounts import users
from geodata.core.vocabulary import ActionKind, NoticeState
from geodata.enforcement import actions, orders
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.rules.council import rulebook
from geodata.rules.days import local_day
from geodata.rules.enforcement.deadlines import period_end, time_limit
from geodata.rules.enforcement.keeper_life import watched_days
from geodata.rules.enforcement.notice_life import MONEY_KINDS, TERMINAL
from geodata.rules.enforcement.orders import end_to_come, expiry_alerts
from geodata.rules.tables import RuleBook
from web.services.enforcement import ENTITY
from web.services.enforcement.evidence_statements import weedings
from web.services.mail import letters
from web.services.mail.letters import Sender, Words
from web.services.mail.queueing import queue_for_each

LIMITED_KINDS = MONEY_KINDS - {ActionKind.KEEPER_PENALTY} | {ActionKind.PROSECUTION}
"""A keeper owes a civil debt: no proceedings for an offence can follow."""
ANSWER_WARNING = timedelta(days=14)
"""So long before the last day a keeper's representations without an answer are announced."""
SERVICE_WARNING = timedelta(days=7)
"""So long before the last day a keeper's notice that nobody was given yet is announced."""
WEED_WARNING = timedelta(days=7)
"""So long before the last day a recording that is kept still is announced."""
WARNINGS = ("prosecution_first_warning", "prosecution_second_warning")


@dataclass(frozen=True)
class Alert:
    """A mark that has passed. ``action_id`` is the notice's; None for an order."""

    key: str
    kind: str
    words: Words
    action_id: int | None = None


def tell_of_ends(session: Session, sender: Sender, council: Iterable[str], *, now: datetime) -> int:
    """Queue what nobody was told yet; how many mails.

    Parameters
    ----------
    council
        Addresses besides those of the accounts that may read enforcement data.
    """
    rules, today = rulebook(session), local_day(now)
    readers = sorted({*council, *users.enforcement_emails(session)})
    alerts = [
        *_orders(session, rules, sender, today),
        *_notices(session, rules, sender, today),
        *_representations(session, rules, sender, today),
        *_not_given(session, rules, sender, today),
        *_recordings(session, sender, today),
    ]
    return sum(_notify(session, alert, readers, now) for alert in alerts)


def _orders(session: Session, rules: RuleBook, sender: Sender, today: date) -> Iterator[Alert]:
    for order in orders.every(session):
        end = end_to_come(order.versions)
        if end is None or end < today:
            continue
        passed = [months for months, on in expiry_alerts(rules, end) if on <= today]
        if passed:
            # By its last day and not by its version: a variation announces nothing again.
            key = f"order-end:{order.id}:{end}:{min(passed)}"
            yield Alert(key, "order_end", letters.order_ends(sender, order.name, end, min(passed)))


def _notices(session: Session, rules: RuleBook, sender: Sender, today: date) -> Iterator[Alert]:
    for action, state in actions.every(session):
        if action.kind not in LIMITED_KINDS or state in TERMINAL or state == NoticeState.COURT:
            continue
        offence_on = local_day(action.offence_at)
        limit = time_limit(rules, action.kind, offence_on, action.offence_code)
        if limit is None:
            continue
        passed = [code for code in WARNINGS if period_end(rules, code, offence_on) <= today]
        if passed and today <= limit:
            key = f"time-limit:{action.id}:{passed[-1]}"
            words = letters.time_limit(sender, action.reference, limit)
            yield Alert(key, "time_limit", words, action.id)


def _representations(
    session: Session, rules: RuleBook, sender: Sender, today: date
) -> Iterator[Alert]:
    """A keeper's representations: one warning in time to answer them, and one after."""
    open_ones = actions.every(
        session, kind=ActionKind.KEEPER_PENALTY.value, state=NoticeState.REPRESENTATION.value
    )
    begun = actions.states_since(session, [action.id for action, _ in open_ones])
    for action, state in open_ones:
        since = begun.get(action.id)
        offence_on = local_day(action.offence_at)
        watched = watched_days(
            rules, state, offence_on=offence_on, given_on=action.given_on, since=since
        )
        if not watched or today < watched[0][0] - ANSWER_WARNING:
            continue
        last = watched[0][0]
        is_over = today > last
        mark = "lapsed" if is_over else "answer"
        words = letters.keeper_answer(sender, action.reference, last, is_over=is_over)
        yield Alert(f"time-limit:{action.id}:{since}-{mark}", "time_limit", words, action.id)


def _not_given(session: Session, rules: RuleBook, sender: Sender, today: date) -> Iterator[Alert]:
    """A keeper's notice that is written: one warning in time to give it, and one after."""
    drafts = actions.every(
        session, kind=ActionKind.KEEPER_PENALTY.value, state=NoticeState.DRAFT.value
    )
    for action, _ in drafts:
        last = period_end(rules, "keeper_service", local_day(action.offence_at))
        if today < last - SERVICE_WARNING:
            continue
        is_over = today > last
        words = letters.keeper_service(sender, action.reference, last, is_over=is_over)
        mark = "late" if is_over else "give"
        yield Alert(f"time-limit:{action.id}:{mark}", "time_limit", words, action.id)


def _recordings(session: Session, sender: Sender, today: date) -> Iterator[Alert]:
    """Recordings and exports: one warning in time to delete them, and one after."""
    for kept in weedings(session):
        if today < kept.on - WEED_WARNING:
            continue
        is_over = today > kept.on
        subject = kept.reference or kept.subject
        words = letters.recording_to_delete(sender, subject, kept.on, is_over=is_over)
        mark = "late" if is_over else "soon"
        key = f"weed:{kept.reference or kept.request_id}:{kept.on}-{mark}"
        yield Alert(key, "time_limit", words)


def _notify(session: Session, alert: Alert, readers: list[str], now: datetime) -> int:
    queued = queue_for_each(session, readers, alert.key, alert.words, kind=alert.kind, now=now)
    if queued and alert.action_id is not None:
        after: dict[str, object] = {"mark": alert.key.rpartition(":")[2], "mails": queued}
        audit.write(session, Actor(None, now), "announce", ENTITY, alert.action_id, after=after)
    return queued
