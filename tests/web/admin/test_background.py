"""The control room sees what is late, why mails fail and when things were last done."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import shapely
import time_machine
from flask.testing import FlaskClient

from geodata import places
from geodata.accounts import users
from geodata.core.vocabulary import PlaceKind
from geodata.people import outbox
from geodata.store import background, settings
from geodata.store.background import TickRecord
from geodata.store.engine import Store
from hotspots.detection import DetectionParams
from tests.passwords import hashed
from tests.web.page import Page
from web.services.alerts import notifications, watching
from web.services.background import ticking
from web.services.background.tick_settings import Ticked, TickSettings
from web.services.detection import detecting
from web.services.mail.letters import Sender

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SENDER = Sender("Testford", "https://canisters.example")
SETTINGS = TickSettings(SENDER, council=("csu@testford.example",))


def tick(store: Store, now: datetime) -> Ticked:
    return ticking.tick(store, SETTINGS, clock=lambda: now)


def late(store: Store, now: datetime, *, backs_up: bool = True) -> list[str]:
    with store.reading() as session:
        return [each.kind for each in watching.overdue(session, now=now, backs_up=backs_up)]


def subjects(store: Store, kind: str = "late_work") -> list[str]:
    from sqlalchemy import select

    from geodata.models import OutboxMessage

    with store.reading() as session:
        query = select(OutboxMessage).where(OutboxMessage.kind == kind).order_by(OutboxMessage.id)
        return [mail.body.split(":")[0] for mail in session.scalars(query)]


def queue(store: Store, now: datetime, key: str = "k") -> None:
    with store.writing() as session:
        outbox.queue(
            session,
            key,
            kind="overdue",
            recipient="jo@example.org",
            subject="Overdue",
            body="Two jobs",
            now=now,
        )


def test_a_tick_that_is_missed_for_a_quarter_of_an_hour_is_late(store: Store) -> None:
    assert late(store, NOON) == ["tick"]
    tick(store, NOON)
    assert late(store, NOON + timedelta(minutes=15)) == []
    assert late(store, NOON + timedelta(minutes=16)) == ["tick"]


def test_mails_are_late_after_two_hours_and_no_longer_once_they_are_sent(store: Store) -> None:
    tick(store, NOON)
    queue(store, NOON - timedelta(hours=2))
    assert late(store, NOON) == []
    assert late(store, NOON + timedelta(minutes=1)) == ["mails"]
    with store.writing() as session:
        (message_id,) = outbox.due(session, now=NOON, limit=5)
        outbox.claim(session, message_id, now=NOON)
        outbox.mark_sent(session, message_id, now=NOON)
    assert late(store, NOON + timedelta(minutes=1)) == []


def test_the_nights_detection_is_late_after_a_day_and_a_half(council: Store) -> None:
    with council.writing() as session:
        detecting.run(session, DetectionParams(n_simulations=99), as_of=NOON, now=NOON)
    for hours, expected in ((36, []), (37, ["detection"])):
        at = NOON + timedelta(hours=hours)
        with council.writing() as session:
            background.record_tick(session, TickRecord(at, {}))
        assert late(council, at, backs_up=False) == expected


def test_a_backup_is_late_two_days_after_the_last_or_after_the_first_tick(store: Store) -> None:
    tick(store, NOON)
    two_days_on = NOON + timedelta(hours=49)
    assert "backup" not in late(store, NOON + timedelta(hours=48))
    assert "backup" in late(store, two_days_on)
    assert "backup" not in late(store, two_days_on, backs_up=False)
    with store.writing() as session:
        background.record_backup(session, Path("copy.gpkg"), NOON + timedelta(hours=20))
    assert "backup" not in late(store, two_days_on)


def test_administrators_are_told_once_a_day_of_each_kind(store: Store) -> None:
    with store.writing() as session:
        password = hashed("a long enough password")
        users.add(session, "ada", password, "admin", email="ada@t.example", now=NOON)
    tick(store, NOON)
    assert subjects(store) == []
    assert tick(store, NOON + timedelta(minutes=30)).queued == 2  # ada and the council's address
    for minutes in (31, 60 * 3):
        tick(store, NOON + timedelta(minutes=minutes))
    sent = subjects(store)
    assert sent == ["No background work was done since 23/11/2026 12"] * 2
    tick(store, NOON + timedelta(hours=30))
    assert len(subjects(store)) == 4


def test_a_tick_is_kept_with_what_it_could_not_do_and_nobodys_address(
    council: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("cannot read 'Sarah Jones <sarah@example.org>'")

    tick(council, NOON)
    monkeypatch.setattr(notifications, "tell_of_events", fail)
    done = tick(council, NOON + timedelta(minutes=1))
    assert done.problems == ["tell: ValueError"]
    monkeypatch.undo()
    for minutes in (2, 3):
        tick(council, NOON + timedelta(minutes=minutes))
    with council.reading() as session:
        kept = background.ticks(session)
    newest, failed = kept[0], kept[1]
    assert newest.ended_at == NOON + timedelta(minutes=3)
    assert newest.is_quiet
    assert failed.problems == ("tell: ValueError",)
    assert "Sarah" not in str(kept)


def test_ticks_that_did_something_are_kept_up_to_twenty(store: Store) -> None:
    with store.writing() as session:
        for minute in range(30):
            at = NOON + timedelta(minutes=minute)
            background.record_tick(session, TickRecord(at, {"sent": minute + 1}))
        kept = background.ticks(session)
    assert [tick.done["sent"] for tick in kept] == list(range(30, 10, -1))


def test_the_page_says_what_is_late_and_why_mails_were_not_taken(council: Store, signed_in) -> None:
    tick(council, NOON)
    queue(council, NOON)
    with council.writing() as session:
        (message_id,) = outbox.due(session, now=NOON, limit=5)
        outbox.claim(session, message_id, now=NOON)
        outbox.mark_failed(session, message_id, "550 <jo@example.org> unknown", now=NOON)
        places.add(session, PlaceKind.PARK, "Park", shapely.Point(553_000, 174_000).buffer(9))
    with time_machine.travel(NOON + timedelta(hours=3), tick=False):
        answer = signed_in("manager").get("/admin/background")
    page = Page(answer.text)
    assert "1 mails wait, the oldest since 23/11/2026 12:00" in answer.text
    assert "No background work was done since 23/11/2026 12:00" in answer.text
    caption = "Mails, text messages and pushes that were not taken, the oldest first"
    (mail,) = page.table(caption).rows
    assert (mail["About"], mail["Tries"]) == ("Overdue", "1")
    assert mail["Reason"] == "550 <[removed]> unknown"
    assert "jo@example.org" not in answer.text


def test_the_page_is_the_managers_and_not_an_officers(app, signed_in) -> None:
    assert signed_in("officer").get("/admin/background").status_code == 403


def test_ready_names_each_check_and_live_asks_no_store(
    council: Store, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel(NOON, tick=False):
        answer = client.get("/health/ready")
        assert answer.status_code == 503
        checks = answer.get_json()["checks"]
        assert checks.pop("tick") == "no background work was done of late"
        assert set(checks.values()) == {"ok"}
        assert {"writes", "migrations", "outbox"} <= set(checks)
        tick(council, NOON)
        assert client.get("/health/ready").get_json()["status"] == "ok"
    monkeypatch.setattr(council, "reading", None)
    assert client.get("/health/live").status_code == 200


def test_a_store_of_another_revision_is_not_ready(council: Store, client: FlaskClient) -> None:
    tick(council, NOON)
    with council.writing() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    with time_machine.travel(NOON, tick=False):
        checks = client.get("/health/ready").get_json()["checks"]
    with council.writing() as session:  # as the next test expects it
        from alembic.script import ScriptDirectory

        from geodata.migrations import alembic_config

        head = ScriptDirectory.from_config(alembic_config()).get_current_head()
        session.connection().exec_driver_sql(f"UPDATE alembic_version SET version_num = '{head}'")
    assert checks["migrations"] == "the store's tables are not this program's"


def test_a_writer_at_work_makes_nobody_wait_for_readiness(
    council: Store, client: FlaskClient
) -> None:
    tick(council, NOON)
    with time_machine.travel(NOON, tick=False), council.writing() as session:
        settings.write(session, "busy", True)
        assert client.get("/health/ready").get_json()["checks"]["writes"] == "ok"


def test_a_full_disk_is_said(geopackage: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from web.services.background import readiness

    tick(geopackage, NOON)
    monkeypatch.setattr(
        readiness.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 499 * 1024**2})
    )
    checks = readiness.checks(geopackage, now=NOON, sends_mail=False)
    assert [each.name for each in checks if not each.is_ok] == ["disk"]
