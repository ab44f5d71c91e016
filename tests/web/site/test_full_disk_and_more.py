"""A disk that is full or read-only, a server that goes away, and many who work at once.

After each the store is sound, and holds what was confirmed once.
"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select, text

from geodata.core.errors import StoreError, UnreachableStoreError
from geodata.models import DetectionRun, Report
from geodata.store import backups
from geodata.store.engine import Store, open_store
from tests.benchmarks import faults
from tests.web.reporting import begin, fill
from web.services.background import ticking

READ_ONLY = {
    True: "PRAGMA query_only=ON",
    False: "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
}
"""What lets a connection write nothing, by whether the store is a file."""


@pytest.fixture
def founded(store: Store) -> Store:
    faults.plant_borough(store)
    return store


def twin(store: Store) -> Store:
    """The same store as another server opens it."""
    return open_store(store.engine.url.render_as_string(hide_password=False))


def reports(store: Store) -> int:
    with store.reading() as session:
        return session.scalar(select(func.count()).select_from(Report)) or 0


def limited(store: Store, statement: str) -> Callable[[], None]:
    """Let every connection begin with a statement; what undoes it."""

    def limit(connection: Any, _: object) -> None:
        connection.execute(statement)
        connection.commit()

    store.engine.dispose()
    event.listen(store.engine, "connect", limit)

    def undo() -> None:
        event.remove(store.engine, "connect", limit)
        store.engine.dispose()

    return undo


def at_once(*work: Callable[[], object]) -> list[object]:
    ready = threading.Barrier(len(work))

    def begin_together(each: Callable[[], object]) -> object:
        ready.wait()
        return each()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(begin_together, work))


def full_now(store: Store) -> str:
    with store.reading() as session:
        return f"PRAGMA max_page_count={session.execute(text('PRAGMA page_count')).scalar_one()}"


@pytest.mark.parametrize(
    ("pragma", "words"),
    [(full_now, "is full"), (lambda _: READ_ONLY[True], "cannot be written")],
    ids=["full", "read-only"],
)
def test_a_disk_that_takes_no_more_is_said_and_what_came_before_stays(
    geopackage: Store, tmp_path: Path, pragma: Callable[[Store], str], words: str
) -> None:
    faults.plant_borough(geopackage)
    confirmed = 0
    undo = limited(geopackage, pragma(geopackage))
    with pytest.raises(UnreachableStoreError, match=words):
        for number in range(1_000):
            faults.report(geopackage, number)
            confirmed += 1
    assert reports(geopackage) == confirmed
    undo()
    faults.report(geopackage, 5_000)
    assert faults.faults_left(geopackage, faults.Scene("", tmp_path)) == []
    assert reports(geopackage) == confirmed + 1


def test_a_page_says_in_a_sentence_that_nothing_can_be_written(app: Flask, council: Store) -> None:
    client = app.test_client()
    key = begin(client)
    fill(client, key)
    undo = limited(council, READ_ONLY[council.is_embedded])
    answer = client.post(f"/report/{key}/check", data={"website": ""})
    undo()
    assert answer.status_code == 503
    assert "Traceback" not in answer.text
    assert client.post(f"/report/{key}/check", data={"website": ""}).status_code == 302


def test_three_ticks_of_two_servers_do_everything_once(founded: Store, tmp_path: Path) -> None:
    for number in range(4):
        faults.report(founded, number)
    clock = lambda: faults.START + timedelta(hours=2)  # noqa: E731
    servers = [founded, twin(founded), twin(founded)]
    at_once(*(lambda s=s: ticking.tick(s, faults.TICKING, clock=clock) for s in servers))  # type: ignore[misc]
    for server in servers[1:]:
        server.close()
    with founded.reading() as session:
        assert session.scalar(select(func.count()).select_from(DetectionRun)) == 1
    assert faults.faults_left(founded, faults.Scene("", tmp_path)) == []


def test_a_clock_that_jumps_tells_nobody_twice(founded: Store, tmp_path: Path) -> None:
    faults.report(founded, 1)
    for days in (0, 400, -1, 0, 1):
        now = faults.START + timedelta(days=days)
        assert ticking.tick(founded, faults.TICKING, clock=lambda now=now: now).has_run  # type: ignore[misc]
    assert faults.faults_left(founded, faults.Scene("", tmp_path)) == []


def test_a_backup_while_others_write_is_of_one_moment(geopackage: Store, tmp_path: Path) -> None:
    faults.plant_borough(geopackage)
    is_over = threading.Event()

    def write() -> int:
        number = 0
        while not is_over.is_set() or number < 3:
            faults.report(geopackage, number)
            number += 1
        return number

    def copy() -> list[str]:
        try:
            for number in range(2):
                faults.backup(geopackage, faults.Scene("", tmp_path), number)
        finally:
            is_over.set()
        # Each copy: pages and references, reports against mails, incidents against events.
        faults_of_copies = []
        for path in tmp_path.glob("copy-*.gpkg"):
            opened = open_store(f"sqlite:///{path}")
            faults_of_copies += faults.faults_left(opened, faults.Scene("", tmp_path / "none"))
            opened.close()
        return faults_of_copies

    written, faults_of_copies = at_once(write, copy)
    assert faults_of_copies == []
    assert reports(geopackage) == written
    assert not [path for path in tmp_path.glob("copy-*.gpkg") if backups.look(path)]


@pytest.mark.postgis
def test_a_server_that_is_cut_off_under_load_loses_nothing_that_it_confirmed(
    postgis: Store, tmp_path: Path
) -> None:
    faults.plant_borough(postgis)

    def write(first: int) -> Iterator[int]:
        for number in range(first, first + 12):
            try:
                faults.report(postgis, number)
            except StoreError as error:
                assert "does not answer" in str(error)  # noqa: PT017 - many are tried
            else:
                yield number

    others = (
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )

    def cut() -> list[int]:
        for _ in range(5):
            with postgis.engine.connect() as connection:
                connection.execute(text(others))
        return []

    confirmed = at_once(*(lambda k=k: [*write(100 * k)] for k in range(3)), cut)  # type: ignore[misc]
    numbers = [number for each in confirmed for number in each]  # type: ignore[attr-defined]
    postgis.engine.dispose()
    # One whose answer was cut off may be there all the same, and nobody was told otherwise.
    assert len(numbers) <= reports(postgis) <= 36
    assert faults.faults_left(postgis, faults.Scene("", tmp_path)) == []
