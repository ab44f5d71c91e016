"""Parts of a detection done by Dask's workers and by processes, and what becomes of it when they
end: a sentence, nothing saved, and a second try that works."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import pandas as pd
import pytest
from sqlalchemy import select

from geodata.core.errors import RefusedError
from geodata.models import DetectionRun
from geodata.people.audit import Actor
from geodata.store.engine import Store
from hotspots.core.executors import Executor
from tests.web.desk import scattered, store_incidents, weekly
from tests.web.nginx import free_port
from web.commands.analysis import workers as work
from web.services.detection import running

pytest.importorskip("distributed")
ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 7, 31, 12, tzinfo=UTC)
ACTOR = Actor(None, NOW)


@dataclass
class Cluster:
    """A scheduler and two workers, each a process of its own."""

    address: str
    processes: list[subprocess.Popen[bytes]]

    def kill(self, which: int) -> None:
        self.processes[which].kill()
        self.processes[which].wait()


@contextmanager
def running_cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    address = f"tcp://127.0.0.1:{(port := free_port())}"
    scheduler = ["scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]
    worker = ["worker", address, "--no-nanny", "--nthreads", "1", "--no-dashboard"]
    worker += ["--death-timeout", "30", "--local-directory", str(folder)]
    with ExitStack() as stack:
        started = []
        for command in (scheduler, *[worker] * workers):
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *command],
                cwd=ROOT,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            stack.callback(process.wait)
            stack.callback(process.kill)
            started.append(process)
        yield Cluster(address, started)


@pytest.fixture
def record(council: Store) -> Store:
    """One place where dumps recur weekly, among scattered ones."""
    spot = (553_000, 174_000, weekly(12, NOW - timedelta(days=3)))
    store_incidents(council, [spot, *scattered(NOW)], now=NOW)
    return council


@dataclass
class Interrupted:
    """An executor, and what happens before the first part is sent."""

    far: Executor
    act: Callable[[], None]

    def map(self, fn: Callable[..., Any], /, *iterables: Iterable[Any]) -> Iterable[Any]:
        self.act()
        self.act = lambda: None
        return self.far.map(fn, *iterables)


@pytest.mark.parametrize("store", ["geopackage"], indirect=True)
def test_a_worker_may_die_and_a_scheduler_that_dies_saves_nothing(
    record: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = running.run_apart(record, ACTOR).summary.hotspots
    with running_cluster(tmp_path, 2) as cluster:
        # It is still starting when it is first asked for, and the machine may be busy.
        with monkeypatch.context() as patient:
            patient.setattr(work, "CONNECT_S", 60)
            patient.setattr(work, "WORKERS_S", 60)
            with work.executor(None, cluster.address) as far:
                one_dies = Interrupted(far, lambda: cluster.kill(1))
                run = running.run_apart(record, ACTOR, executor=one_dies)
        there = run.summary.hotspots
        pd.testing.assert_frame_equal(pd.DataFrame(there), pd.DataFrame(here), check_exact=True)

        before = _runs(record)
        with (
            pytest.raises(RefusedError, match=r"went away .* nothing was saved; start it"),
            work.executor(None, cluster.address) as far,
        ):
            all_die = Interrupted(far, lambda: cluster.kill(0))
            running.run_apart(record, ACTOR, executor=all_die)
    assert _runs(record) == before == 2
    again = running.run_apart(record, ACTOR).summary  # a second try
    assert len(again.hotspots) == 1


def _runs(store: Store) -> int:
    with store.reading() as session:
        return len(session.scalars(select(DetectionRun)).all())


def test_a_worker_of_another_version_is_refused_by_name() -> None:
    ours = {"canister-hotspots": "0.1.0 (abc)", "numpy": "2.3.0"}
    with pytest.raises(RefusedError, match=r"tcp://10\.0\.0\.7:41 has numpy 1\.26\.4, and here"):
        work._check_alike("tcp://10.0.0.7:41", ours | {"numpy": "1.26.4"}, ours)
    with pytest.raises(RefusedError, match="has numpy of no version"):
        work._check_alike("tcp://10.0.0.7:41", {"canister-hotspots": "0.1.0 (abc)"}, ours)
    with pytest.raises(RefusedError, match=r", and here it is 1\.26\.4"):  # one that came later
        work._done_alike(work._versions() | {"numpy": "1.26.4"}, pow, 2, 3)
    assert work._done_alike(work._versions(), pow, 2, 3) == 8


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:{port}", "nonsense://here", "::"])
def test_a_scheduler_that_is_not_there_is_named_at_once(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "CONNECT_S", 0.5)
    given = address.format(port=free_port())
    start = time.monotonic()
    with pytest.raises(RefusedError, match="no Dask scheduler answers at"):
        work.executor(None, given).__enter__()
    assert time.monotonic() - start < 20


def test_without_dask_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "find_spec", lambda _: None)
    with pytest.raises(RefusedError, match=r"pip install 'canister-hotspots\[dask\]'"):
        work.executor(None, "tcp://127.0.0.1:1").__enter__()


def test_workers_and_a_scheduler_are_one_too_many() -> None:
    with pytest.raises(click.UsageError, match="not both"):
        work.executor(2, "tcp://127.0.0.1:1").__enter__()


def test_a_process_that_is_killed_ends_it_with_a_sentence() -> None:
    with (
        pytest.raises(RefusedError, match=r"worker process ended .* nothing was saved"),
        work.executor(1, None) as near,
    ):
        list(near.map(os._exit, [9]))
