"""Writers wait for each other, but neither for ever nor all at once."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from geodata.core.errors import BusyStoreError
from geodata.store import settings, writer_queue
from geodata.store.engine import Store, lock


@contextmanager
def locked(store: Store) -> Iterator[None]:
    """The lock held by another thread, as a slow change would."""
    held, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with store.writing() as session:
            settings.write(session, "held", 1)
            lock(session, "a part")
            held.set()
            let_go.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(10)
    yield
    let_go.set()
    holder.join()


def write(store: Store) -> None:
    with store.writing() as session:
        lock(session, "a part")
        settings.write(session, "written", 1)


def test_a_wait_for_the_lock_ends(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_queue, "PATIENCE_S", 0.2)
    monkeypatch.setattr("geodata.store.engine.PATIENCE_S", 0.2)
    with locked(store):
        begun = time.monotonic()
        with pytest.raises(BusyStoreError, match="nothing of yours was changed"):
            write(store)
        assert time.monotonic() - begun < 5
    write(store)  # and the next one finds the way free
    with store.reading() as session:
        assert settings.read(session, "written") == 1


def test_readers_do_not_wait_for_a_writer(store: Store) -> None:
    with locked(store), store.reading() as session:
        assert settings.read(session, "held") is None  # not committed yet
        assert session.scalar(text("SELECT 1")) == 1


def test_a_change_within_a_change_does_not_wait_for_itself(geopackage: Store) -> None:
    with geopackage._queue.turn():
        write(geopackage)


def test_no_more_wait_than_there_are_places(
    geopackage: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_queue, "DOORSTEP_S", 0.1)
    with locked(geopackage):
        waiting = [threading.Thread(target=write, args=(geopackage,)) for _ in range(5)]
        for thread in waiting:
            thread.start()
        until = time.monotonic() + 10
        while geopackage._queue._places._value and time.monotonic() < until:
            time.sleep(0.01)
        begun = time.monotonic()
        with pytest.raises(BusyStoreError):  # the holder and five waiting are six
            write(geopackage)
        assert time.monotonic() - begun < 5
    for thread in waiting:
        thread.join()
    with geopackage.reading() as session:
        assert settings.read(session, "written") == 1
