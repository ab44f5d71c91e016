"""Mails: queued where something happened or a day begins, then sent."""

from datetime import datetime

from sqlalchemy.orm import Session

from geodata.accounts import users
from geodata.clearances.contracts import CrewScope, contractor_on, crew_scope
from geodata.incidents.open_incidents import contract_periods
from geodata.people import outbox
from geodata.rules.days import local_day
from geodata.store import background, settings
from geodata.store.engine import Store
from web.services.alerts import (
    following,
    law_alerts,
    notifications,
    officer_alerts,
    overdue_work,
    watching,
)
from web.services.background import once_a_day
from web.services.background.tick_settings import Clock, Ticked, TickSettings
from web.services.briefing import morning_mail
from web.services.mail import mailing
from web.services.mail.mailing import MailReport, MailSettings, UnreachableMailError
from web.services.mail.notify import NotifyTexter

BRIEFING_HOUR, DIGEST_HOUR = 7, 8
DIGESTED_ON = "overdue_digest_on"
BRIEFED_ON = "briefed_on"
LAW_TOLD_ON = "law_deadlines_told_on"


def warn(store: Store, settings_: TickSettings, done: Ticked, clock: Clock) -> None:
    """Mails to administrators of work that is late."""
    now = clock()
    with store.reading() as session:
        is_demo = bool(settings.read(session, settings.IS_DEMO, False))
        backs_up = store.is_embedded and not is_demo
        late = watching.overdue(session, now=now, backs_up=backs_up)
        if not background.ticks(session):  # the first tick of all comes after none
            late = [each for each in late if each.kind != "tick"]
    if settings_.mail is None:  # said with every tick; to queue more mails helps nobody
        late = [each for each in late if each.kind != "mails"]
    if late:
        with store.writing() as session:
            done.queued = overdue_work.tell(
                session, settings_.sender, settings_.council, late, now=now
            )


def tell(store: Store, settings_: TickSettings, done: Ticked, clock: Clock) -> None:
    """Mails of what happened since the last round."""
    with store.writing() as session:
        now = clock()
        crews = _crews(session, settings_, now)
        done.queued += notifications.tell_of_events(session, settings_.sender, crews, now=now)


def brief(store: Store, settings_: TickSettings, done: Ticked, clock: Clock) -> None:
    """The daily briefing, from 7am."""
    now = clock()
    with store.reading() as session:
        if not settings_.briefed or not once_a_day.is_due(
            session, BRIEFED_ON, now, from_hour=BRIEFING_HOUR
        ):
            return
        words = morning_mail.briefing_words(session, settings_.sender, now=now)
    with store.writing() as session:
        if once_a_day.is_first(session, BRIEFED_ON, now, from_hour=BRIEFING_HOUR):
            done.queued += morning_mail.tell(session, words, settings_.briefed, now=now)


def digest(store: Store, settings_: TickSettings, done: Ticked, clock: Clock) -> None:
    """The daily list of overdue work, from 8am."""
    now = clock()
    with store.writing() as session:
        if not once_a_day.is_first(session, DIGESTED_ON, now, from_hour=DIGEST_HOUR):
            return
        crews = _crews(session, settings_, now)
        done.queued += notifications.tell_of_overdue(
            session, settings_.sender, crews, settings_.council, now=now
        )
        done.queued += officer_alerts.tell_of_overdue(session, settings_.sender, now=now)


def tell_of_law(store: Store, settings_: TickSettings, done: Ticked, clock: Clock) -> None:
    """Orders and notices that are about to run out, once a day."""
    now = clock()
    with store.writing() as session:
        if once_a_day.is_first(session, LAW_TOLD_ON, now, from_hour=DIGEST_HOUR):
            done.queued += law_alerts.tell_of_ends(
                session, settings_.sender, settings_.council, now=now
            )


def _crews(session: Session, settings_: TickSettings, now: datetime) -> dict[str, CrewScope]:
    """Addresses that hear of jobs, each with whose; those set are of the contractor of today."""
    day = local_day(now)
    today = contractor_on(contract_periods(session), day)
    addresses = [*((each, today) for each in settings_.crews), *users.crew_emails(session)]
    return {address: crew_scope(session, who, day) for address, who in reversed(addresses)}


def tell_followers(store: Store, settings_: TickSettings, done: Ticked, clock: Clock) -> None:
    """Mails to who follows a ward."""
    if not settings_.sender.base_url:  # a mail without the link that stops it is not sent
        return
    with store.reading() as session:
        is_due = bool(following.to_tell(session))
    if is_due:
        with store.writing() as session:
            done.queued += following.tell(session, settings_.sender, now=clock())


def send(store: Store, settings_: TickSettings, done: Ticked, clock: Clock) -> None:
    """Hand what waits to the mail server."""
    with store.reading() as session:
        done.waiting = outbox.waiting(session)
    if not done.waiting:
        return
    if settings_.mail is None:
        done.problems.append(
            f"{done.waiting} mails wait: set HOTSPOTS_SMTP_HOST and HOTSPOTS_MAIL_FROM to send them"
        )
        return
    report = _sent(store, settings_.mail, clock)
    done.sent, done.waiting = report.sent, report.waiting
    if report.problem:
        done.problems.append(f"the mail server did not take them: {report.problem}")


def send_texts(store: Store, settings_: TickSettings, done: Ticked, clock: Clock) -> None:
    """Hand the text messages that wait to GOV.UK Notify."""
    with store.reading() as session:
        waiting = outbox.waiting(session, are_texts=True)
    if not waiting:
        return
    if settings_.texts is None:
        done.problems.append(
            f"{waiting} text messages wait: set HOTSPOTS_NOTIFY_API_KEY and "
            "HOTSPOTS_NOTIFY_TEMPLATE_ID to send them"
        )
        return
    texter = NotifyTexter(settings_.texts, clock, settings_.private_hosts)
    report = mailing.send_due(store, texter, clock=clock, are_texts=True)
    done.texts_sent = report.sent
    if report.problem:
        done.problems.append(f"text messages were not taken: {report.problem}")


def _sent(store: Store, mail: MailSettings, clock: Clock) -> MailReport:
    try:
        with mailing.smtp(mail) as mailer:
            return mailing.send_due(store, mailer, clock=clock)
    except UnreachableMailError as error:
        with store.reading() as session:
            return MailReport(waiting=outbox.waiting(session), problem=str(error))
