"""How many people hear what becomes of an incident, and by which way; never who."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from geodata.people import contacts
from web.services.mail import text_messages
from web.services.mail.letters import Sender


@dataclass(frozen=True)
class Listeners:
    """Reports of an incident whose reporters asked to hear, by mail and by text message.

    ``are_texts_sent`` says whether those who gave a mobile number hear at all.
    """

    by_mail: int
    by_text: int
    are_texts_sent: bool

    @property
    def words(self) -> str:
        """For officers, such as "2 by email, 1 by text message"."""
        texts = "by text message" if self.are_texts_sent else "by text message, which are not sent"
        ways = ((self.by_mail, "by email"), (self.by_text, texts))
        return ", ".join(f"{number} {way}" for number, way in ways if number) or "Nobody asked to"


def of_incident(session: Session, sender: Sender, incident_id: int) -> Listeners:
    """Who of its reporters is told of an incident's end."""
    reached = contacts.of_incident(session, incident_id)
    return Listeners(
        by_mail=sum(bool(contact.email) for contact in reached),
        by_text=sum(bool(contact.phone) for contact in reached),
        are_texts_sent=text_messages.are_sent(session, sender),
    )
