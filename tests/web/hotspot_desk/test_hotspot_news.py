"""Watchers hear what a run changed of their hotspot, and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from geodata import detections
from geodata.accounts import users
from geodata.detections import hotspot_records
from geodata.models import Hotspot, OutboxMessage, User
from geodata.people.audit import Actor
from geodata.store.engine import Store
from tests.passwords import hashed
from tests.web.desk import run_now, scattered, store_incidents, weekly
from web.services.alerts.hotspot_news import news_of_run
from web.services.background import ticking
from web.services.background.tick_settings import TickSettings
from web.services.mail.letters import Sender

NOW = datetime(2026, 7, 31, 12, tzinfo=UTC)


@pytest.fixture
def watched(council: Store) -> tuple[Store, Actor]:
    """A hotspot that two runs flag, watched by one officer."""
    spots = [(553_000, 174_000, weekly(20, NOW - timedelta(days=3)))]
    store_incidents(council, spots + scattered(NOW), now=NOW)
    with council.writing() as session:
        account = users.add(session, "ann", hashed("a long enough password"), "officer", now=NOW)
        actor = Actor(account.id, NOW)
        for days in (40, 0):
            run_now(session, actor, as_of=NOW - timedelta(days=days))
        for hotspot in session.scalars(select(Hotspot)):
            hotspot.hotspot_class = "sporadic"
        key = detections.find_by_code(session, "H-0001").id
        hotspot_records.watch(session, actor, key, is_wanted=True)
    return council, actor


def test_a_run_that_changes_nothing_is_no_news(watched: tuple[Store, Actor]) -> None:
    with watched[0].reading() as session:
        first, second = sorted(run.id for run in detections.runs(session))
        assert news_of_run(session, second) == []
        assert news_of_run(session, first) == []  # there is none before it


def test_a_new_class_a_split_and_an_end_are_told_to_who_watches(
    watched: tuple[Store, Actor],
) -> None:
    store, actor = watched
    with store.writing() as session:
        newest = detections.latest_run(session)
        hotspot, identity = detections.hotspots_of(session, newest.id)[0]
        hotspot.hotspot_class = "intensifying"
        part = detections.new_identity(session, "Bandstand", NOW)
        detections.save_succession(session, newest, "split", identity.id, part.id)
        (news,) = news_of_run(session, newest.id)
        assert [watcher.name for watcher in news.watchers] == ["ann"]
        assert news.sentences == (
            "It was sporadic and is intensifying now.",
            "A part of it split off: see H-0002, Bandstand.",
        )
        # 400 days on, the window of twelve months holds nothing any more.
        late = Actor(actor.user_id, NOW + timedelta(days=400))
        ended = run_now(session, late).run_id
        (news,) = news_of_run(session, ended)
        assert news.sentences == ("It is not flagged any more.",)


def test_the_night_s_run_mails_its_news_once(watched: tuple[Store, Actor]) -> None:
    store, _ = watched
    with store.writing() as session:
        ann = session.scalars(select(User)).one()
        ann.email = "ann@council.example"
    later = NOW + timedelta(days=400)  # the window holds nothing any more
    sender = Sender("Testford", "https://canisters.example")
    for moment in (later, later + timedelta(hours=1)):
        ticking.tick(store, TickSettings(sender, nightly_hour=0), clock=lambda at=moment: at)
    with store.reading() as session:
        (mail,) = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "hotspot"))
        assert mail.recipient == "ann@council.example"
        assert "It is not flagged any more." in mail.body
