"""What a confirmed report may rely on: it is on the disk, and writers wait for one another."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from geodata.store import engine
from geodata.store.engine import Store, open_store

WRITERS, TRANSACTIONS = 4, 25
WRITE = """
import os, sys
from geodata.store import settings
from geodata.store.engine import open_store

def write(name):
    store = open_store(sys.argv[1])
    for n in range(int(sys.argv[3])):
        with store.writing() as session:
            settings.write(session, f"{name}-{n}", n)
            settings.write(session, "total", settings.read(session, "total", 0) + 1)
    store.close()

children = []
for name in range(int(sys.argv[2])):
    child = os.fork()
    if not child:
        write(name)
        os._exit(0)
    children.append(child)
sys.exit(sum(os.waitpid(child, 0)[1] for child in children))
"""


def test_the_embedded_store_logs_ahead_and_syncs_every_commit(
    geopackage_template: Path, durability: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "DURABILITY", durability)  # as it is in use
    store = open_store(f"sqlite:///{geopackage_template}")
    with store.reading() as session:
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
        assert session.scalar(text("PRAGMA synchronous")) == 2  # FULL
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
    store.close()


def test_a_copy_of_a_store_logs_ahead_once_it_is_opened(geopackage: Store, tmp_path: Path) -> None:
    geopackage.copy_to(tmp_path / "copy.gpkg")  # VACUUM INTO writes it in another mode
    copy = open_store(f"sqlite:///{tmp_path / 'copy.gpkg'}")
    with copy.reading() as session:
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
    copy.close()


def test_several_processes_write_one_file_and_lose_nothing(geopackage: Store) -> None:
    url = str(geopackage.engine.url)
    arguments = [sys.executable, "-c", WRITE, url, str(WRITERS), str(TRANSACTIONS)]
    ended = subprocess.run(arguments, capture_output=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")
    with geopackage.reading() as session:
        total = session.scalar(text("SELECT value FROM setting WHERE name = 'total'"))
    assert int(total) == WRITERS * TRANSACTIONS  # a lost update would leave fewer
