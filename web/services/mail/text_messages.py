"""Text messages to reporters: whether the council sends them, and their words.

Short, since each 153 letters are paid for: which report, what became of it, and two links. Who asks
for both gets mails and text messages of the same.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from geodata.people import contacts, outbox
from geodata.store import settings
from web.services.common import speaking
from web.services.common.speaking import gettext as _
from web.services.common.wording import day_in_words, due_in_words
from web.services.mail.letters import OUTCOME_WORDS, Sender, Words

SETTING = "text_messages"
"""Setting: whether the council sends text messages; it does not until a manager says so."""


def are_sent(session: Session, sender: Sender) -> bool:
    """Whether a reporter may ask for text messages; without the site's address none could be
    stopped.
    """
    return can_be_sent(sender) and _is_on(session)


def can_be_sent(sender: Sender) -> bool:
    """Whether all is set that they need where the program runs."""
    return sender.can_text and bool(sender.base_url)


def standing(session: Session, sender: Sender) -> str:
    """Whether they go out, and if not, who can change that; for officers."""
    if not _is_on(session):
        return "Off. A manager switches them on under Settings."
    if not can_be_sent(sender):
        return (
            "Switched on, but none can go out: whoever runs the program has to set up GOV.UK "
            "Notify. See Settings."
        )
    return "On. Whoever reports may give a mobile number."


def _is_on(session: Session) -> bool:
    return bool(settings.read(session, SETTING, False))


def queue(
    session: Session,
    report_id: int,
    what: str,
    *,
    kind: str,
    number: str,
    words: Words,
    now: datetime,
) -> bool:
    """Put a text message about a report into the outbox, once for each ``what``."""
    return outbox.queue(
        session,
        contacts.mail_key(report_id, f"text:{what}"),
        kind=kind,
        recipient=number,
        subject="",
        body=words.body,
        stop_address=words.stop_address,
        is_text=True,
        now=now,
    )


def acknowledgement(sender: Sender, reference: str, token: str, due_at: datetime | None) -> Words:
    """To the reporter, at once."""

    def written() -> str:
        promise = (
            _("We aim to clear them %(due)s.", due=due_in_words(due_at))
            if due_at
            else _("We have passed it on.")
        )
        return f"{_('Thank you for reporting dumped canisters.')} {promise}"

    return _text(sender, reference, token, written)


def outcome(sender: Sender, reference: str, token: str, state: str, at: datetime) -> Words:
    """To everybody who reported an incident, when it has closed."""
    sentence = OUTCOME_WORDS[state][1]
    return _text(sender, reference, token, lambda: _(sentence, day=day_in_words(at)))


def reopened(sender: Sender, reference: str, token: str) -> Words:
    """To everybody who reported an incident that turns out to be there still."""

    def written() -> str:
        return _(
            "We were told that the canisters you reported are still there, and have opened it "
            "again."
        )

    return _text(sender, reference, token, written)


def _text(sender: Sender, reference: str, token: str, write: Callable[[], str]) -> Words:
    """In a language that nobody has checked it says so, and the same in English."""
    lines = [f"{sender.council}: {write()}"]
    if speaking.current().is_draft:
        lines.append(_("(Translated by machine)"))
        with speaking.speaking(speaking.PLAIN):
            lines.append(write())
    stop = sender.stop_address(token)
    lines.append(sender.track(reference))
    if stop is not None:
        lines.append(_("Stop these messages: %(address)s", address=stop))
    return Words("", "\n".join(lines), stop)
