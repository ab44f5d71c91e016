"""Sending what waits in the outbox over SMTP, one message a transaction."""

import hashlib
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import formatdate
from typing import Protocol

from geodata.people import outbox
from geodata.people.outbox import Letter
from geodata.store.engine import Store
from web.services.common import outgoing

TIMEOUT_S = 20
BATCH = 200
ONE_CLICK = "List-Unsubscribe=One-Click"
"""What a mail program posts to the address, without asking further (RFC 8058)."""


class RefusedMailError(Exception):
    """The mail server will never take this message."""


class UnreachableMailError(Exception):
    """The mail server did not answer, or asks to come back later."""


class Mailer(Protocol):
    """What takes a message over."""

    def send(self, letter: Letter) -> None:
        """Hand one message over.

        Raises
        ------
        RefusedMailError, UnreachableMailError
            It was not taken.
        """


@dataclass(frozen=True)
class MailSettings:
    """The council's mail server."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    uses_starttls: bool = True


@dataclass(frozen=True)
class MailReport:
    """What became of the messages that were due."""

    sent: int = 0
    failed: int = 0
    waiting: int = 0
    problem: str = ""


class SmtpMailer:
    """One connection to the mail server, for one round of sending."""

    def __init__(self, server: smtplib.SMTP, settings: MailSettings) -> None:
        self.server, self.settings = server, settings

    def send(self, letter: Letter) -> None:
        try:
            self.server.send_message(message(letter, self.settings.sender))
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            kind = RefusedMailError if code >= 500 else UnreachableMailError
            raise kind(f"{code} {words!r}") from error
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            is_final = error.smtp_code >= 500
            kind = RefusedMailError if is_final else UnreachableMailError
            raise kind(f"{error.smtp_code} {error.smtp_error!r}") from error
        except ValueError as error:  # an address or subject that no mail can bear
            raise RefusedMailError(str(error)) from error
        except (smtplib.SMTPException, OSError) as error:
            raise UnreachableMailError(str(error) or type(error).__name__) from error


@contextmanager
def smtp(settings: MailSettings) -> Iterator[SmtpMailer]:
    """A connection to the council's mail server.

    Raises
    ------
    UnreachableMailError
        It does not answer, or does not accept the user and password.
    """
    try:
        server = outgoing.to_mail_server(settings.host, settings.port, timeout_s=TIMEOUT_S)
    except (smtplib.SMTPException, OSError) as error:
        raise UnreachableMailError(f"{settings.host}:{settings.port}: {error}") from error
    try:
        _prepare(server, settings)
        yield SmtpMailer(server, settings)
    finally:
        server.close()


def _prepare(server: smtplib.SMTP, settings: MailSettings) -> None:
    try:
        if settings.uses_starttls:
            server.starttls(context=ssl.create_default_context())
        if settings.user:
            server.login(settings.user, settings.password)
    except (smtplib.SMTPException, OSError) as error:
        raise UnreachableMailError(f"{settings.host}:{settings.port}: {error}") from error


def message(letter: Letter, sender: str) -> EmailMessage:
    """The mail of a letter. One letter always has one Message-ID, by which copies are known."""
    mail = EmailMessage()
    mail.set_content(letter.body)
    # A header that is folded at 78 characters and holds no space comes out as an encoded word,
    # within which no mail program finds the address to stop at; 998 is RFC 5322's own limit.
    mail.policy = mail.policy.clone(max_line_length=998)
    domain = sender.rpartition("@")[2].strip("> ") or "localhost"
    name = hashlib.sha256(letter.key.encode()).hexdigest()[:32]
    mail["Message-ID"] = f"<{name}@{domain}>"
    mail["From"], mail["To"], mail["Subject"] = sender, letter.recipient, letter.subject
    mail["Date"] = formatdate(localtime=False)
    mail["Auto-Submitted"] = "auto-generated"  # so that holiday replies stay away (RFC 3834)
    if letter.stop_address:
        mail["List-Unsubscribe"] = f"<{letter.stop_address}>"
        if letter.stop_address.startswith("https://"):  # else one click is not allowed (RFC 8058)
            mail["List-Unsubscribe-Post"] = ONE_CLICK
    return mail


def send_due(
    store: Store, mailer: Mailer, *, clock: Callable[[], datetime], are_texts: bool = False
) -> MailReport:
    """Send every mail, or text message, whose time has come.

    Each is claimed, sent and marked in transactions of its own: no lock is held while the mail
    server thinks, and no crash loses a message. A server that does not answer ends the round.
    """
    with store.reading() as session:
        keys = outbox.due(session, now=clock(), limit=BATCH, are_texts=are_texts)
    sent = failed = 0
    problem = ""
    for key in keys:
        with store.writing() as session:
            letter = outbox.claim(session, key, now=clock())
        if letter is None:
            continue
        try:
            mailer.send(letter)
        except RefusedMailError as error:
            failed += 1
            _note_failure(store, key, str(error), clock(), is_final=True)
        except UnreachableMailError as error:
            failed, problem = failed + 1, str(error)
            _note_failure(store, key, problem, clock(), is_final=False)
            break
        else:
            sent += 1
            with store.writing() as session:
                outbox.mark_sent(session, key, now=clock())
    with store.reading() as session:
        waiting = outbox.waiting(session, are_texts=are_texts)
        return MailReport(sent, failed, waiting, problem)


def _note_failure(store: Store, key: int, error: str, now: datetime, *, is_final: bool) -> None:
    with store.writing() as session:
        outbox.mark_failed(session, key, error, now=now, is_final=is_final)
