"""Killed at any moment, a backup leaves a whole copy or none, and a store is sound."""

import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import shapely
from sqlalchemy import func, select

from geodata.models import Place
from geodata.store import backups
from geodata.store.engine import Store, open_store

KILLS = 6


def _child(work: Callable[..., None], url: str, *rest: Path) -> int:
    child = os.fork()
    if child == 0:
        work(url, *rest)
        os._exit(0)
    return child


def _write(url: str) -> None:
    store = open_store(url)
    while True:
        with store.writing() as session:
            session.add_all(
                Place(kind="other", name=side, geometry=shapely.Point(0, 0)) for side in "ab"
            )


def _back_up(url: str, path: Path) -> None:
    store = open_store(url)
    backups.back_up(store, path)
    os.kill(os.getpid(), signal.SIGSTOP)


def test_a_writer_and_a_backup_that_are_killed_leave_whole_things(
    geopackage: Store, tmp_path: Path
) -> None:
    url, chance = str(geopackage.engine.url), random.Random(13)
    geopackage.close()
    for number in range(KILLS):
        copy = tmp_path / f"copy-{number}.gpkg"
        children = [_child(_write, url), _child(_back_up, url, copy)]
        time.sleep(chance.uniform(0.02, 0.6))
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        if copy.exists():
            assert backups.look(copy) == []
        assert backups.look(Path(geopackage.path or "")) == []
    with geopackage.reading() as session:
        per_name = session.execute(select(Place.name, func.count()).group_by(Place.name)).all()
    assert len({count for _, count in per_name}) <= 1  # both of a transaction, or neither
