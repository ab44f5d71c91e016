"""Mails before an order ends and before a notice can no longer be prosecuted: once each."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from geodata.accounts import users
from geodata.core.vocabulary import NoticeState, OrderChange
from geodata.enforcement import actions, orders
from geodata.models import OutboxMessage
from geodata.people import audit
from geodata.rules.tables import packaged
from geodata.store.engine import Store
from tests.passwords import hashed
from tests.web.enforcement.conftest import CAR_PARK, TOWN
from web.services.background import ticking
from web.services.background.tick_settings import TickSettings
from web.services.mail.letters import Sender

SETTINGS = TickSettings(
    Sender("Testford", "https://canisters.example"), council=("csu@example.org",)
)


def tick(store: Store, *days: date) -> list[tuple[str, str]]:
    """A tick at nine in the morning of each day; who was told what so far."""
    for day in days:
        at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        ticking.tick(store, SETTINGS, clock=lambda at=at: at)
    return [(mail.recipient, mail.subject) for mail in mails(store)]


def mails(store: Store) -> list[OutboxMessage]:
    with store.reading() as session:
        others = OutboxMessage.kind != "late_work"  # these tests tick once in months
        return list(session.scalars(select(OutboxMessage).where(others).order_by(OutboxMessage.id)))


def add_order(store: Store, last: date = date(2027, 1, 31)) -> int:
    with store.writing() as session:
        order = orders.add(session, "Town")
        add_version(session, order, OrderChange.MADE, date(2024, 2, 1), last)
        return order.id


def add_version(session, order, change: OrderChange, first: date, last: date | None) -> None:
    orders.add_version(
        session,
        packaged(),
        order,
        change,
        valid_from=first,
        valid_to=last,
        made_on=min(first, date(2026, 6, 1)),
        geometry=TOWN,
        penalty_pence=10_000,
        prohibitions={"ingest": "No inhaling"},
    )


def add_notice(
    store: Store, offence_on: date, kind: str = "litter_fpn", given_on: date | None = None
) -> str:
    at = datetime(offence_on.year, offence_on.month, offence_on.day, 12, tzinfo=UTC)
    columns = {
        "kind": kind,
        "offence_at": at,
        "issued_on": offence_on,
        "given_on": given_on,
        "geometry": CAR_PARK,
        "age_band": "18_or_over",
        "note": "MARK-NOTE",
        "landmark": "MARK-LANDMARK",
        "recipient_ref": "MARK-RECIPIENT",
        "amount_pence": 12_300,
    }
    with store.writing() as session:
        return actions.add(session, columns, at=at, now=at, user_id=None).reference


def test_an_orders_end_is_told_nine_six_and_three_months_before_once_each(council: Store) -> None:
    add_order(council)
    mail_sent = ("csu@example.org", "Town ends on 31 January 2027")
    # 31 January 2027 less 9, 6 and 3 months: 30 April (it has no 31st), 31 July, 31 October.
    for count, marks in enumerate(((4, 30), (7, 31), (10, 31)), start=1):
        day = date(2026, *marks)
        before = date.fromordinal(day.toordinal() - 1)
        after = date.fromordinal(day.toordinal() + 1)
        assert tick(council, before) == [mail_sent] * (count - 1)
        assert tick(council, day, day, after) == [mail_sent] * count
    assert tick(council, date(2027, 1, 31), date(2027, 2, 1)) == [mail_sent] * 3


def test_who_begins_late_hears_of_the_last_mark_alone(council: Store) -> None:
    add_order(council)
    assert len(tick(council, date(2026, 12, 1), date(2026, 12, 2))) == 1
    assert "3 months away or less" in mails(council)[0].body


@pytest.mark.parametrize("change", [OrderChange.EXTENDED, OrderChange.DISCHARGED])
def test_an_order_that_was_extended_or_discharged_is_not_announced(
    council: Store, change: OrderChange
) -> None:
    key = add_order(council)
    with council.writing() as session:
        order = orders.find(session, key)
        if change == OrderChange.EXTENDED:
            add_version(session, order, change, date(2027, 2, 1), date(2030, 1, 31))
        else:
            add_version(session, order, change, date(2026, 12, 31), None)
    assert tick(council, date(2026, 12, 1)) == []


def test_a_notices_time_limit_is_told_at_four_and_five_months_from_the_offence(
    council: Store,
) -> None:
    reference = add_notice(council, date(2025, 10, 31))
    mail_sent = ("csu@example.org", f"Time limit: {reference}")
    # 31 October + 4 months is 28 February 2026, + 5 is 31 March, + 6 is 30 April.
    assert tick(council, date(2026, 2, 27)) == []
    assert tick(council, date(2026, 2, 28), date(2026, 3, 1)) == [mail_sent]
    assert tick(council, date(2026, 3, 30)) == [mail_sent]
    assert tick(council, date(2026, 3, 31), date(2026, 4, 30)) == [mail_sent, mail_sent]
    body = mails(council)[0].body.replace(reference, "")
    assert "30 April 2026 is the last day" in body
    assert [word for word in ("MARK", "litter", "123", "18", "Westgate") if word in body] == []


def test_each_announcement_of_a_notice_is_in_the_audit(council: Store) -> None:
    reference = add_notice(council, date(2026, 1, 15))
    tick(council, date(2026, 5, 15), date(2026, 5, 16))
    with council.reading() as session:
        action, _ = actions.find(session, reference)
        ((entry, who),) = audit.entries(session, "enforcement_action", action.id)
    assert (entry.act, who) == ("announce", None)
    assert entry.after == {"mark": "prosecution_first_warning", "mails": 1}


@pytest.mark.parametrize(
    "steps", [(NoticeState.PAID_FULL,), (NoticeState.REFERRED_TO_LEGAL, NoticeState.COURT)]
)
def test_nobody_is_warned_of_what_was_paid_or_is_in_court(
    council: Store, steps: tuple[NoticeState, ...]
) -> None:
    reference = add_notice(council, date(2026, 1, 15))
    at = datetime(2026, 3, 1, tzinfo=UTC)
    with council.writing() as session:
        action, _ = actions.find(session, reference)
        for state in steps:
            actions.add_event(session, action, state, at=at, now=at, user_id=None)
    assert tick(council, date(2026, 6, 15)) == []


@pytest.mark.parametrize("kind", ["keeper_penalty", "cpw", "advice"])
def test_what_cannot_be_prosecuted_has_no_time_limit(council: Store, kind: str) -> None:
    add_notice(council, date(2026, 1, 15), kind)
    assert tick(council, date(2026, 6, 15)) == []


@pytest.mark.parametrize(("day", "count"), [(15, 1), (16, 0)])  # six months from 15 January
def test_nothing_is_told_when_the_limit_has_passed(council: Store, day: int, count: int) -> None:
    add_notice(council, date(2026, 1, 15))
    assert len(tick(council, date(2026, 7, day))) == count


def test_council_accounts_that_may_read_enforcement_hear_of_it(council: Store) -> None:
    people = (("chief", "officer", True), ("clerk", "officer", False), ("crew", "contractor", True))
    with council.writing() as session:
        for name, role, may_read in people:
            users.add(
                session,
                name,
                hashed("a long enough password"),
                role,
                now=datetime(2026, 1, 1, tzinfo=UTC),
                email=f"{name}@example.org",
                may_read_enforcement=may_read,
            )
    add_notice(council, date(2026, 1, 15))
    recipients = [who for who, _ in tick(council, date(2026, 5, 15))]
    assert recipients == ["chief@example.org", "csu@example.org"]
    with council.reading() as session:
        keys = session.scalars(select(OutboxMessage.dedupe_key)).all()
    assert not any("@" in key for key in keys)


def test_a_keepers_notice_that_nobody_was_given_is_told_in_time_and_once_more_after(
    council: Store,
) -> None:
    reference = add_notice(council, date(2026, 5, 1), kind="keeper_penalty")
    with council.writing() as session:
        action, _ = actions.find(session, reference)
        at = datetime(2026, 5, 2, 12, tzinfo=UTC)
        actions.add_event(session, action, NoticeState.DRAFT, at=at, now=at, user_id=None)
    mail_sent = ("csu@example.org", f"Notice to give: {reference}")
    # 1 May is the first of 35 days, 4 June the last; 7 days before it is 28 May.
    assert mail_sent not in tick(council, date(2026, 5, 27))
    assert tick(council, date(2026, 5, 28), date(2026, 6, 4)).count(mail_sent) == 1
    assert tick(council, date(2026, 6, 5)).count(mail_sent) == 2


def test_representations_that_wait_for_an_answer_are_told_in_time_and_once_more_after(
    council: Store,
) -> None:
    reference = add_notice(
        council, date(2026, 5, 1), kind="keeper_penalty", given_on=date(2026, 5, 2)
    )
    with council.writing() as session:
        action, _ = actions.find(session, reference)
        at = datetime(2026, 5, 10, 12, tzinfo=UTC)
        actions.add_event(session, action, NoticeState.REPRESENTATION, at=at, now=at, user_id=None)
    mail_sent = ("csu@example.org", f"Answer due: {reference}")
    # 10 May is the first of 56 days, 4 July the last; 14 days before it is 20 June.
    answers = [mail for mail in tick(council, date(2026, 6, 19)) if mail == mail_sent]
    assert answers == []
    assert mail_sent in tick(council, date(2026, 6, 20), date(2026, 7, 4))
    assert mail_sent in tick(council, date(2026, 7, 5))
