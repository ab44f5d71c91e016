"""Mails go out once, over real SMTP, whatever the mail server does."""

import itertools
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import select

from geodata.models import OutboxMessage
from geodata.people import outbox
from geodata.people.outbox import Letter
from geodata.store.engine import Store
from web.services.mail.mailing import (
    MailReport,
    MailSettings,
    UnreachableMailError,
    message,
    send_due,
    smtp,
)

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Inbox:
    """A mail server's memory; it refuses addresses that say so."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, _: list[str]
    ) -> str:
        if address.startswith("nobody"):
            return "550 no such mailbox"
        if address.startswith("later"):
            return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, MailSettings]]:
    inbox = Inbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield inbox, MailSettings("127.0.0.1", port, "canisters@example.gov.uk", uses_starttls=False)
    controller.stop()


def queue(
    store: Store, key: str, recipient: str = "jo@example.org", stop_address: str | None = None
) -> bool:
    with store.writing() as session:
        return outbox.queue(
            session,
            key,
            kind="test",
            recipient=recipient,
            subject="Your report – 50 canisters",
            body="Cleared.\nThank you.\n",
            now=NOW,
            stop_address=stop_address,
        )


def send(store: Store, settings: MailSettings, now: datetime = NOW) -> MailReport:
    with smtp(settings) as mailer:
        return send_due(store, mailer, clock=lambda: now)


def stored(store: Store) -> list[OutboxMessage]:
    with store.reading() as session:
        return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def test_a_mail_arrives_as_it_was_written(store: Store, inbox) -> None:
    box, settings = inbox
    queue(store, "a")
    assert send(store, settings) == MailReport(sent=1)
    (mail,) = box.mails
    assert (mail["To"], mail["From"]) == ("jo@example.org", "canisters@example.gov.uk")
    assert mail["Subject"] == "Your report – 50 canisters"
    assert mail.get_content().splitlines() == ["Cleared.", "Thank you."]
    assert mail["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("address", "header", "post"),
    [
        ("https://c.example/stop/x", "<https://c.example/stop/x>", "List-Unsubscribe=One-Click"),
        ("http://c.example/stop/x", "<http://c.example/stop/x>", None),  # RFC 8058 wants https
        (None, None, None),
    ],
)
def test_a_mail_program_is_told_where_such_mails_are_stopped(
    store: Store, inbox, address: str | None, header: str | None, post: str | None
) -> None:
    box, settings = inbox
    queue(store, "a", stop_address=address)
    send(store, settings)
    (mail,) = box.mails
    assert (mail["List-Unsubscribe"], mail["List-Unsubscribe-Post"]) == (header, post)


def test_a_key_is_queued_once_and_a_mail_sent_once(store: Store, inbox) -> None:
    box, settings = inbox
    assert [queue(store, "a"), queue(store, "a")] == [True, False]
    send(store, settings)
    send(store, settings, NOW + timedelta(days=1))
    assert len(box.mails) == 1
    assert queue(store, "a") is False


def test_a_mailbox_that_is_not_there_is_tried_no_more(store: Store, inbox) -> None:
    _, settings = inbox
    queue(store, "a", "nobody@example.org")
    queue(store, "b")
    assert send(store, settings) == MailReport(sent=1, failed=1)
    assert stored(store)[0].abandoned_at == NOW
    assert send(store, settings, NOW + timedelta(days=9)) == MailReport()


def test_a_server_that_says_later_is_asked_later(store: Store, inbox) -> None:
    _, settings = inbox
    queue(store, "a", "later@example.org")
    report = send(store, settings)
    assert (report.failed, report.waiting) == (1, 1)
    assert "451" in report.problem
    assert send(store, settings, NOW + timedelta(seconds=59)).failed == 0
    assert send(store, settings, NOW + timedelta(seconds=61)).failed == 1


def test_a_server_that_is_down_loses_nothing(store: Store, inbox) -> None:
    box, settings = inbox
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody_there = MailSettings("127.0.0.1", free.getsockname()[1], settings.sender)
        queue(store, "a")
        with pytest.raises(UnreachableMailError):
            send(store, nobody_there)
    assert send(store, settings).sent == 1
    assert len(box.mails) == 1


class Dying:
    """A mailer whose process ends after the server took the mail, before that is written down."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    def send(self, letter: Letter) -> None:
        self.taken.append(message(letter, "a@b.example")["Message-ID"])
        raise KeyboardInterrupt


def test_a_crash_in_between_repeats_a_mail_under_the_same_name(store: Store) -> None:
    queue(store, "a")
    dying = Dying()
    for minutes in (0, 0.5, 2):  # the second is too soon: the claim still holds
        try:
            send_due(store, dying, clock=lambda m=minutes: NOW + timedelta(minutes=m))
        except KeyboardInterrupt:
            continue
    assert len(dying.taken) == 2
    assert len(set(dying.taken)) == 1
    assert stored(store)[0].sent_at is None


class Down:
    def send(self, letter: Letter) -> None:
        raise UnreachableMailError("no answer")


def test_tries_grow_rarer_and_end_after_five_days(store: Store) -> None:
    queue(store, "a")
    tries, now = [], NOW
    while stored(store)[0].abandoned_at is None:
        before = stored(store)[0].attempts
        send_due(store, Down(), clock=lambda at=now: at)
        if stored(store)[0].attempts > before:
            tries.append(now)
        now = max(stored(store)[0].next_attempt_at, now)
    gaps = [b - a for a, b in itertools.pairwise(tries)]
    assert gaps == sorted(gaps)
    # 1 + 5 + 15 + 60 + 180 + 360 + 720 + 3 * 1440 minutes
    assert tries[-1] - tries[0] == timedelta(minutes=5661)


def test_two_senders_at_once_send_one_mail(store: Store) -> None:
    queue(store, "a")
    with store.writing() as session:
        (key,) = outbox.due(session, now=NOW, limit=9)
        first = outbox.claim(session, key, now=NOW)
    with store.writing() as session:
        second = outbox.claim(session, key, now=NOW)
    assert first is not None
    assert second is None


def test_what_was_sent_is_forgotten_but_not_sent_again(store: Store, inbox) -> None:
    _, settings = inbox
    queue(store, "a")
    send(store, settings)
    with store.writing() as session:
        assert outbox.forget_sent(session, before=NOW) == 0
        assert outbox.forget_sent(session, before=NOW + timedelta(days=30)) == 1
    (row,) = stored(store)
    assert (row.recipient, row.subject, row.body) == ("", "", "")
    assert queue(store, "a") is False


def test_a_subject_of_two_lines_cannot_add_a_header(store: Store, inbox) -> None:
    box, settings = inbox
    with store.writing() as session:
        outbox.queue(
            session,
            "a",
            kind="test",
            recipient="jo@example.org",
            subject="x\nBcc: all@example.org",
            body="",
            now=NOW,
        )
    assert send(store, settings) == MailReport(failed=1)
    assert box.mails == []


def test_the_address_to_stop_at_is_sent_as_mail_programs_read_it() -> None:
    # RFC 2369: the address stands between < and > as it is; an encoded word there is no address.
    stop = "https://canisters.a-borough-of-some-length.gov.uk/follow/stop/" + "k" * 43
    letter = Letter(1, "key", "jo@example.org", "News", "No" + "é" * 200, 0, stop_address=stop)
    sent = message(letter, "site@canisters.a-borough-of-some-length.gov.uk").as_bytes()
    assert f"\nList-Unsubscribe: <{stop}>\n".encode() in sent
    assert b"=?" not in sent
    assert max(map(len, sent.partition(b"\n\n")[2].splitlines())) <= 76  # RFC 2045, of the text
