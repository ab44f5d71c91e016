"""A detection leaves the store to others until it saves, and what they did meanwhile counts."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from geodata.core.errors import RefusedError
from geodata.models import DetectionRun, HotspotIdentity, Incident
from geodata.people.audit import Actor
from geodata.store.engine import Store
from tests.web.desk import scattered, store_incidents, weekly
from web.services.detection import detecting, running

NOW = datetime(2026, 7, 31, 12, tzinfo=UTC)
ACTOR = Actor(None, NOW)


@pytest.fixture
def record(council: Store) -> Store:
    """One place where dumps recur weekly, among scattered ones."""
    spot = (553_000, 174_000, weekly(12, NOW - timedelta(days=3)))
    store_incidents(council, [spot, *scattered(NOW)], now=NOW)
    return council


def interrupting(monkeypatch: pytest.MonkeyPatch, acts: list) -> None:
    """Let acts happen, one each time, between computing and saving."""
    find = detecting.find

    def found_and_then(*args: object, **kwargs: object) -> object:
        hotspots = find(*args, **kwargs)
        if acts:
            acts.pop(0)()
        return hotspots

    monkeypatch.setattr(detecting, "find", found_and_then)


def take_out_a_dump(store: Store) -> None:
    """Merge one dump of the place into another."""
    stands = Incident.merged_into_id.is_(None)
    with store.writing() as session:
        rows = session.scalars(select(Incident).where(stands).order_by(Incident.id))
        first, second, *_ = [row for row in rows if row.geometry.x == 553_000]
        first.merged_into_id = second.id


def test_others_write_while_hotspots_are_computed(
    record: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write() -> None:
        with record.writing() as session:
            session.execute(select(Incident.id))

    interrupting(monkeypatch, [write])
    assert len(running.run_apart(record, ACTOR).summary.hotspots) == 1


def test_a_dump_that_is_taken_out_meanwhile_makes_it_compute_anew(
    record: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupting(monkeypatch, [lambda: take_out_a_dump(record)])
    (hotspot,) = running.run_apart(record, ACTOR).summary.hotspots.to_dict("records")
    assert hotspot["incidents"] == 11  # of 12, one was merged


def test_a_record_that_never_stands_still_is_refused_and_nothing_saved(
    record: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupting(monkeypatch, [lambda: take_out_a_dump(record)] * running.TRIES)
    with pytest.raises(RefusedError, match="run it again"):
        running.run_apart(record, ACTOR)
    with record.reading() as session:
        assert not session.scalars(select(DetectionRun)).all()


def test_two_runs_at_once_call_one_place_by_one_name(
    record: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def other() -> None:
        running.run_apart(record, ACTOR)

    interrupting(monkeypatch, [other])
    running.run_apart(record, ACTOR)
    with record.reading() as session:
        assert len(session.scalars(select(DetectionRun)).all()) == 2
        assert len(session.scalars(select(HotspotIdentity)).all()) == 1
