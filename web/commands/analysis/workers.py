"""Where the parts of a long reckoning are done: here, in processes of this machine, or by Dask."""

from __future__ import annotations

import hashlib
import logging
import multiprocessing
import platform
import warnings
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

import hotspots
from geodata.core.errors import RefusedError
from hotspots.core.executors import IN_TURN, Executor

if TYPE_CHECKING:
    from distributed import Client

T = TypeVar("T")
CONNECT_S, WORKERS_S = 5, 10
"""How long a scheduler, and the first of its workers, is waited for."""
ALIKE = ("numpy", "scipy", "shapely", "pandas", "geopandas", "scikit-learn", "dbscan")
"""Libraries whose versions may change the last digits of a result."""
AGAIN = "nothing was saved"


def options(command: Callable[..., None]) -> Callable[..., None]:
    """``--workers`` and ``--scheduler``."""
    command = click.option(
        "--scheduler",
        metavar="URL",
        help="A Dask scheduler whose workers do the parts, such as tcp://10.0.0.5:8786.",
    )(command)
    return click.option(
        "--workers",
        type=click.IntRange(1, 256),
        help="Processes of this machine that do the parts; else one does it all.",
    )(command)


@contextmanager
def executor(workers: int | None, scheduler: str | None) -> Iterator[Executor]:
    """What does the parts, as long as it is used; the result is the same whoever does them.

    Raises
    ------
    RefusedError
        Dask is not installed, its scheduler does not answer, a worker has another version, or
        what does the parts ends before they are done.
    """
    if workers is not None and scheduler is not None:
        raise click.UsageError("give --workers or --scheduler, not both")
    if scheduler is not None:
        with _dask(scheduler) as far:
            yield far
    elif workers is not None:
        with _processes(workers) as near:
            yield near
    else:
        yield IN_TURN


@contextmanager
def _processes(workers: int) -> Iterator[Executor]:
    # Spawned, not forked: the store's connections and threads belong to this process alone.
    context = multiprocessing.get_context("spawn")
    try:
        with ProcessPoolExecutor(workers, mp_context=context) as pool:
            yield pool
    except BrokenProcessPool as error:
        raise RefusedError(
            f"a worker process ended before its part was done (killed, or out of memory): {AGAIN}; "
            f"run it again, with fewer than {workers} workers where memory is short"
        ) from error


@contextmanager
def _dask(address: str) -> Iterator[Executor]:
    if find_spec("distributed") is None:
        raise RefusedError(
            "--scheduler needs Dask, which is not installed: pip install 'canister-hotspots[dask]'"
        )
    from distributed.client import ClosedClientError
    from distributed.comm.core import CommClosedError
    from distributed.scheduler import KilledWorker

    with _connected(address) as client:
        try:
            _check_workers(client, address)
            yield _DaskExecutor(client, _versions())
        except KilledWorker as error:
            raise RefusedError(
                f"a part ended several workers of {address} one after another, perhaps out of "
                f"memory: {AGAIN}; give the workers more memory, and run it again"
            ) from error
        except (CancelledError, ClosedClientError, CommClosedError, TimeoutError) as error:
            raise RefusedError(
                f"the Dask scheduler at {address} went away before all was done: {AGAIN}; "
                "start it, and run this again"
            ) from error


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    import dask
    from distributed import Client

    # Dask's own lines of log would bury the sentence that says what is wrong.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    patience = {"distributed.comm.timeouts.connect": CONNECT_S, "distributed.comm.retry.count": 0}
    with warnings.catch_warnings(), dask.config.set(patience):
        warnings.filterwarnings("ignore", module=r"distributed\..*")
        try:
            client = Client(address, timeout=CONNECT_S, set_as_default=False)
        except (OSError, ValueError) as error:
            raise RefusedError(
                f"no Dask scheduler answers at {address}: start one with  dask scheduler, or give "
                "its address, such as tcp://10.0.0.5:8786"
            ) from error
        try:
            yield client
        finally:
            client.close(timeout=CONNECT_S)


def _check_workers(client: Client, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=WORKERS_S)
    except TimeoutError as error:
        raise RefusedError(
            f"the Dask scheduler at {address} has no worker: start one with  dask worker {address}"
        ) from error
    answers = client.run(_versions, on_error="return")
    for worker, versions in sorted(answers.items()):
        if isinstance(versions, BaseException):
            raise RefusedError(
                f"the worker {worker} cannot do this ({versions}): install canister-hotspots there"
            )
        _check_alike(worker, versions, _versions())


def _check_alike(worker: str, theirs: dict[str, str], ours: dict[str, str]) -> None:
    other = [name for name, version in ours.items() if theirs.get(name) != version]
    if other:
        name = other[0]
        raise RefusedError(
            f"the worker {worker} has {name} {theirs.get(name, 'of no version')}, and here it is "
            f"{ours[name]}: install the same version there, or its results may differ"
        )


@cache
def _versions() -> dict[str, str]:
    """Of all that a result rests on; the library by its files, which a version may not tell."""
    files = sorted(Path(hotspots.__path__[0]).rglob("*.py"))
    written = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    own = f"{metadata.version('canister-hotspots')} ({written[:12]})"
    python = ".".join(platform.python_version_tuple()[:2])
    return {"canister-hotspots": own, "Python": python} | {
        name: metadata.version(name) for name in ALIKE
    }


class _DaskExecutor:
    """The ``map`` of ``concurrent.futures`` on the workers of a scheduler."""

    def __init__(self, client: Client, versions: dict[str, str]) -> None:
        self._client, self._versions = client, versions

    def map(self, fn: Callable[..., T], /, *iterables: Iterable[Any]) -> Iterator[T]:
        # One by one: together they would be one message of many MB.
        futures = [
            self._client.submit(_done_alike, self._versions, fn, *part, pure=False)
            for part in zip(*iterables, strict=False)
        ]
        try:
            for future in futures:
                yield future.result()
        finally:
            if self._client.status == "running":  # else there is nobody to be told
                self._client.cancel(futures)


def _done_alike(versions: dict[str, str], fn: Callable[..., T], *part: object) -> T:
    """A part done on a worker, which may have come after the others were asked for theirs."""
    _check_alike(platform.node(), _versions(), versions)
    return fn(*part)
