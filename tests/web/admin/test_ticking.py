"""Background work is done once, by one process, and what fails leaves the rest done."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import shapely
from sqlalchemy import func, select

from geodata import posters
from geodata.accounts import users
from geodata.incidents import open_incidents
from geodata.media import photos
from geodata.media.pictures import clean
from geodata.models import (
    DetectionRun,
    OutboxMessage,
    PhotoContent,
    PosterEvent,
    PosterSite,
    ReportDraft,
    ReporterContact,
)
from geodata.people import contacts
from geodata.people.audit import Actor
from geodata.reports import drafts
from geodata.reports.drafts import Draft
from geodata.store import background, leases
from geodata.store.engine import Store
from tests.passwords import hashed
from tests.pictures import encoded, picture
from web.config import Config
from web.server.ticks import Ticker, tick_settings
from web.services import clearing, reporting
from web.services.alerts import notifications
from web.services.background import ticking
from web.services.background.tick_settings import Ticked, TickSettings
from web.services.clearing import NewClearance
from web.services.common.placing import Spot
from web.services.mail.letters import Sender
from web.services.mail.mailing import MailSettings
from web.services.reporting.answers import Answers
from web.services.reporting.intake import TakenReport

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
SENDER = Sender("Testford", "https://canisters.example")
SETTINGS = TickSettings(SENDER)


def tick(store: Store, now: datetime, settings: TickSettings = SETTINGS) -> Ticked:
    return ticking.tick(store, settings, clock=lambda: now)


def new_draft(store: Store, now: datetime, **answers: object) -> Draft:
    with store.writing() as session:
        spot = Spot(553_000.0, 174_000.0, 10.0, "pin")
        document = Answers(spot=spot, **answers).to_document()
        return drafts.start(session, document, now=now)


def report(store: Store, now: datetime = MONDAY, email: str = "jo@example.org") -> TakenReport:
    draft = new_draft(store, now, email=email)
    with store.writing() as session:
        return reporting.submit(session, draft, SENDER, now=now)


def count(store: Store, model: type) -> int:
    with store.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def mails(store: Store) -> list[tuple[str, str]]:
    with store.reading() as session:
        others = OutboxMessage.kind != "late_work"  # these tests tick once in a while
        query = select(OutboxMessage).where(others).order_by(OutboxMessage.id)
        return [(mail.recipient, mail.subject) for mail in session.scalars(query)]


def close(store: Store, taken: TakenReport, outcome: str, at: datetime) -> None:
    with store.writing() as session:
        new = NewClearance(taken.incident_id, outcome, at, no_photo_reason="Too dark")
        clearing.record(session, new, now=at)


def test_reporters_hear_once_that_it_is_cleared(council: Store) -> None:
    taken = report(council)
    close(council, taken, "cleared", MONDAY + timedelta(hours=5))
    for hours in (6, 7):
        tick(council, MONDAY + timedelta(hours=hours))
    assert mails(council) == [
        ("jo@example.org", f"We have your report {taken.reference}"),
        ("jo@example.org", f"Cleared: your report {taken.reference}"),
    ]


def test_everybody_who_reported_it_hears(council: Store) -> None:
    first = report(council)
    report(council, MONDAY + timedelta(hours=1), "sam@example.org")
    close(council, first, "not_found", MONDAY + timedelta(hours=5))
    tick(council, MONDAY + timedelta(hours=6))
    recipients = [who for who, subject in mails(council) if subject.startswith("Not found")]
    assert recipients == ["jo@example.org", "sam@example.org"]


def test_crews_hear_of_new_jobs_and_of_those_that_are_still_there(council: Store) -> None:
    with council.writing() as session:
        users.add(
            session,
            "crew",
            hashed("a long enough password"),
            "contractor",
            now=MONDAY,
            email="crew@example.org",
        )
    taken = report(council, email="")
    tick(council, MONDAY + timedelta(minutes=1))
    close(council, taken, "cleared", MONDAY + timedelta(hours=5))
    with council.writing() as session:
        clearing.reopen(session, taken.incident_id, now=MONDAY + timedelta(hours=6))
    tick(council, MONDAY + timedelta(hours=6, minutes=1))
    assert mails(council) == [
        ("crew@example.org", f"New job: {taken.incident_key}"),
        ("crew@example.org", f"Still there: {taken.incident_key}"),
    ]


def test_mails_to_crews_say_nothing_of_the_reporter(council: Store) -> None:
    report(council)
    tick(council, MONDAY, TickSettings(SENDER, crews=("crew@example.org",)))
    with council.reading() as session:
        sent = session.execute(select(OutboxMessage.recipient, OutboxMessage.body)).all()
    (body,) = (body for recipient, body in sent if recipient == "crew@example.org")
    assert "jo@example.org" not in body
    assert "by the end of Wednesday 25 November" in body


def test_what_is_overdue_is_listed_once_a_morning(council: Store) -> None:
    taken = report(council, email="")
    settings = TickSettings(SENDER, council=("csu@example.org",))
    thursday = datetime(2026, 11, 26, tzinfo=UTC)
    for hour in (0, 7, 8, 9, 23):
        tick(council, thursday + timedelta(hours=hour), settings)
    assert mails(council) == [("csu@example.org", "1 job is overdue")]
    tick(council, thursday + timedelta(hours=32), settings)
    close(council, taken, "cleared", thursday + timedelta(hours=40))
    tick(council, thursday + timedelta(hours=56), settings)
    assert len(mails(council)) == 2


def test_posters_that_should_be_down_are_in_the_councils_list_and_not_in_the_crews(
    council: Store,
) -> None:
    actor = Actor(None, MONDAY - timedelta(days=200))
    with council.writing() as session:
        for name, days_ago in (("Spring", 3), ("Summer", 0)):
            last = (MONDAY - timedelta(days=days_ago)).date()
            first = last - timedelta(days=90)
            campaign = posters.add_campaign(
                session, actor, name=name, valid_from=first, valid_to=last
            )
            for n in (1, 2):
                site = PosterSite(
                    code=f"{name}{n}", name="Lamp", geometry=shapely.Point(553_000, 174_000 + n)
                )
                site.campaign_id, site.is_candidate = campaign.id, False
                session.add(site)
                session.flush()
                session.add(PosterEvent(site_id=site.id, kind="installed", at=actor.now))
    settings = TickSettings(SENDER, crews=("crew@example.org",), council=("csu@example.org",))
    tick(council, MONDAY, settings)
    # Spring ended on Friday the 20th; Monday is Summer's last day, when its posters may hang yet
    assert mails(council) == [("csu@example.org", "2 posters are to be taken down")]
    with council.reading() as session:
        body = session.scalars(select(OutboxMessage.body)).one()
    assert "Spring: 2 posters still up, and its last day was 20 November 2026" in body
    assert "Summer" not in body
    taken = report(council, email="")
    tick(council, datetime(2026, 11, 26, 9, tzinfo=UTC), settings)
    assert mails(council)[1:] == [
        ("crew@example.org", f"New job: {taken.incident_key}"),
        ("csu@example.org", "1 job is overdue, 4 posters are to be taken down"),
        ("crew@example.org", "1 job is overdue"),
    ]


def test_addresses_go_six_months_after_the_incident_closed(council: Store) -> None:
    taken = report(council)
    close(council, taken, "cleared", MONDAY + timedelta(hours=5))
    # 23 November 2026 + 6 months = 23 May 2027
    assert tick(council, datetime(2027, 5, 23, 13, tzinfo=UTC)).contacts_deleted == 0
    assert tick(council, datetime(2027, 5, 23, 15, tzinfo=UTC)).contacts_deleted == 1
    assert count(council, ReporterContact) == count(council, OutboxMessage) == 0


def test_an_address_stays_while_its_incident_was_spoken_of_lately(council: Store) -> None:
    report(council)
    assert tick(council, MONDAY + timedelta(days=100)).contacts_deleted == 0


def test_a_draft_that_nobody_sends_goes_after_a_day_with_its_photos(council: Store) -> None:
    draft = new_draft(council, MONDAY)
    with council.writing() as session:
        drafts.add_photo(session, draft, clean(encoded(picture())))
    assert tick(council, MONDAY + timedelta(hours=23)).drafts_dropped == 0
    done = tick(council, MONDAY + timedelta(hours=25))
    assert (done.drafts_dropped, done.photos_destroyed) == (1, 1)
    assert count(council, ReportDraft) == count(council, PhotoContent) == 0


def test_the_photos_of_a_sent_report_stay(council: Store) -> None:
    draft = new_draft(council, MONDAY)
    with council.writing() as session:
        drafts.add_photo(session, draft, clean(encoded(picture())))
    with council.writing() as session:
        taken = reporting.submit(session, draft, SENDER, now=MONDAY)
    tick(council, MONDAY + timedelta(days=30))
    with council.reading() as session:
        (photo,) = photos.of_owner(session, report_id=taken.report_id)
        assert photos.content(session, photo.id)


def test_hotspots_are_detected_once_a_night(council: Store) -> None:
    report(council)
    night = datetime(2026, 11, 24, tzinfo=UTC)
    ran = [tick(council, night + timedelta(hours=h)).hotspots for h in (1, 2, 3, 4, 26, 27)]
    assert ran == [None, None, 0, None, None, 0]
    assert count(council, DetectionRun) == 2


def test_without_a_mail_server_mails_wait_and_that_is_said(council: Store) -> None:
    report(council)
    done = tick(council, MONDAY)
    assert (done.sent, done.waiting) == (0, 1)
    assert "HOTSPOTS_SMTP_HOST" in done.problems[0]


def test_a_mail_server_that_is_down_stops_nothing_else(council: Store) -> None:
    report(council)
    new_draft(council, MONDAY - timedelta(days=2))
    down = MailSettings("127.0.0.1", 1, "canisters@example.gov.uk")
    done = tick(council, MONDAY, TickSettings(SENDER, down))
    assert (done.waiting, done.drafts_dropped) == (1, 1)
    assert "did not take them" in done.problems[0]


def test_a_part_that_fails_leaves_the_others_done(
    council: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_draft(council, MONDAY - timedelta(days=2))

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("no such luck")

    monkeypatch.setattr(notifications, "tell_of_events", fail)
    done = tick(council, MONDAY)
    assert done.problems == ["tell: RuntimeError"]
    assert done.drafts_dropped == 1


def test_two_ticks_at_once_do_the_work_once(council: Store) -> None:
    for n in range(3):
        report(council, email=f"p{n}@example.org")
    done: list[Ticked] = []
    threads = [
        threading.Thread(target=lambda: done.append(tick(council, MONDAY))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 4
    assert any(one.has_run for one in done)
    assert all(not one.problems or "wait" in one.problems[0] for one in done)
    assert len(mails(council)) == 3


def test_a_lease_outlives_no_dead_holder(store: Store) -> None:
    with store.writing() as session:
        until = MONDAY + timedelta(minutes=15)
        assert leases.take(session, "tick", "dead", until=until, now=MONDAY)
        late = MONDAY + timedelta(minutes=14)
        assert not leases.take(session, "tick", "next", until=until, now=late)
        later = MONDAY + timedelta(minutes=16)
        assert leases.take(session, "tick", "next", until=later, now=later)


def test_an_old_history_is_nobody_s_news(council: Store) -> None:
    taken = report(council)
    close(council, taken, "cleared", MONDAY + timedelta(hours=1))
    settings = TickSettings(SENDER, crews=("crew@example.org",))
    tick(council, MONDAY + timedelta(days=20), settings)
    assert [who for who, _ in mails(council)] == ["jo@example.org"]


def test_mails_hold_links_to_the_configured_site(council: Store) -> None:
    taken = report(council)
    with council.reading() as session:
        body = session.scalars(select(OutboxMessage.body)).one()
        contact = contacts.of_report(session, taken.report_id)
        assert open_incidents.by_key(session, taken.reference).geometry.equals(
            shapely.Point(553_000, 174_000)
        )
    assert contact is not None
    assert f"https://canisters.example/track/{taken.reference}" in body
    assert f"https://canisters.example/track/stop/{contact.token}" in body
    close(council, taken, "cleared", MONDAY + timedelta(hours=1))
    tick(council, MONDAY + timedelta(hours=1))
    with council.reading() as session:
        stops = session.scalars(select(OutboxMessage.stop_address)).all()
    assert stops == [f"https://canisters.example/track/stop/{contact.token}"] * 2


def test_a_server_ticks_by_itself_until_it_is_stopped(council: Store) -> None:
    new_draft(council, datetime.now(UTC) - timedelta(days=2))
    ticker = Ticker(council, Config(), every_s=0.01)
    ticker.start()
    give_up = datetime.now(UTC) + timedelta(seconds=30)
    while count(council, ReportDraft) and datetime.now(UTC) < give_up:
        ticker.join(0.05)
    ticker.stop()
    assert count(council, ReportDraft) == 0
    assert not ticker.is_alive()


def test_a_server_that_is_woken_ticks_at_once(council: Store) -> None:
    ticker = Ticker(council, Config(), every_s=3600)
    ticker.start()
    give_up = datetime.now(UTC) + timedelta(seconds=30)

    def has_ticked() -> bool:
        with council.reading() as session:
            return bool(background.ticks(session))

    while not has_ticked() and datetime.now(UTC) < give_up:
        ticker.join(0.02)
    new_draft(council, datetime.now(UTC) - timedelta(days=2))
    ticker.wake()
    while count(council, ReportDraft) and datetime.now(UTC) < give_up:
        ticker.join(0.02)
    ticker.stop()
    assert count(council, ReportDraft) == 0


def test_the_settings_of_an_installation_name_its_mail_server() -> None:
    config = Config(
        smtp_host="mail.example",
        mail_from="canisters@example.gov.uk",
        smtp_port=2525,
        contractor_email="depot@example.org",
        base_url="https://canisters.example/",
        retention_months=3,
    )
    made = tick_settings(config, "Testford")
    assert made.mail == MailSettings("mail.example", 2525, "canisters@example.gov.uk")
    assert (made.crews, made.council, made.terms.retention_months) == (
        ("depot@example.org",),
        (),
        3,
    )
    assert made.sender.track("ABC") == "Follow it here: https://canisters.example/track/ABC"
    assert tick_settings(Config(), "Testford").mail is None
