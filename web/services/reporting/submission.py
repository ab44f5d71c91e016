"""A finished draft becomes a report: with photos, contact and messages, or not at all."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.core.vocabulary import Source
from geodata.media import photos
from geodata.people import contacts, outbox
from geodata.reports import drafts
from geodata.reports.drafts import Draft
from web.services.common import speaking
from web.services.mail import letters, text_messages
from web.services.mail.letters import Sender
from web.services.reporting.answers import Answers
from web.services.reporting.intake import NewReport, TakenReport, take_report


@dataclass(frozen=True)
class Reached:
    """How a reporter wants to hear; each empty where they do not."""

    email: str = ""
    phone: str = ""


def submit(
    session: Session,
    draft: Draft,
    sender: Sender,
    *,
    now: datetime,
    source: Source = Source.PUBLIC,
    user_id: int | None = None,
) -> TakenReport:
    """Send a draft off. The draft's key makes sure that sending it twice makes one report.

    Raises
    ------
    RefusedError
        The draft has no place yet, or a time in it lies in the future.
    """
    answers = Answers.from_document(draft.answers)
    if answers.spot is None:
        raise RefusedError("The report does not say where: go back and choose a place")
    new = NewReport(
        position=answers.spot.point,
        accuracy_m=answers.spot.accuracy_m,
        source=source.value,
        channel=answers.channel,
        reported_at=now,
        charger_band=answers.charger_band,
        cylinders=answers.cylinders,
        has_balloons=answers.has_balloons,
        has_needles=answers.has_needles,
        has_glass=answers.has_glass,
        is_leaking=answers.is_leaking,
        from_vehicle=answers.from_vehicle,
        first_seen_at=answers.first_seen_at,
        last_clean_at=answers.last_clean_at,
        description=answers.description or None,
        landmark=answers.landmark or None,
        idempotency_key=draft.key,
        user_id=user_id,
        poster_code=answers.poster_code or None,
        joins_incident_id=answers.joins_incident_id,
    )
    taken = take_report(session, new, now=now)
    if taken.is_new:
        photos.adopt_drafts(session, draft.id, now=now, report_id=taken.report_id)
        acknowledge(session, taken, Reached(answers.email, answers.phone), sender, now=now)
    drafts.drop(session, draft.id)
    return taken


def acknowledge(
    session: Session, taken: TakenReport, reached: Reached, sender: Sender, *, now: datetime
) -> None:
    """Keep how a reporter is reached, and put the first message into the outbox, in their language.

    A mobile number is kept only where the council sends text messages.
    """
    phone = reached.phone if text_messages.are_sent(session, sender) else ""
    if not reached.email and not phone:
        return
    spoken = speaking.current().language.code
    token = contacts.add(
        session, taken.report_id, reached.email, now=now, language=spoken, phone=phone
    )
    if reached.email:
        _acknowledge_by_mail(session, taken, reached.email, token, sender, now)
    if phone:
        words = text_messages.acknowledgement(sender, taken.reference, token, taken.due_at)
        text_messages.queue(
            session,
            taken.report_id,
            "acknowledged",
            kind="acknowledgement",
            number=phone,
            words=words,
            now=now,
        )


def _acknowledge_by_mail(
    session: Session, taken: TakenReport, email: str, token: str, sender: Sender, now: datetime
) -> None:
    words = letters.acknowledgement(
        sender, taken.reference, token, taken.due_at, has_opened=taken.has_opened
    )
    outbox.queue(
        session,
        contacts.mail_key(taken.report_id, "acknowledged"),
        kind="acknowledgement",
        recipient=email,
        subject=words.subject,
        body=words.body,
        stop_address=words.stop_address,
        now=now,
    )
