"""Cleaning pictures in processes of their own: two at a time, each bounded in time and memory.

A server's thread that decoded a stranger's picture itself would hold up all the others, and what
kills a decoder would kill the server.
"""

import atexit
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from geodata.core.errors import GeodataError
from geodata.media.picture_worker import picture_of, receive, send
from geodata.media.pictures import CleanPicture, PictureRefusedError, refuse_by_size


class BusyError(GeodataError):
    """Too many pictures are being read at this moment: the same picture will do a little later."""


class SlowPictureError(PictureRefusedError):
    """Reading it took more time or memory than any camera's picture does."""


@dataclass(frozen=True)
class Bounds:
    """How much work pictures may make.

    Attributes
    ----------
    workers
        Processes, each of which reads one picture at a time.
    callers
        Threads that may wait for them or be served: fewer than a server has, so that one is left
        for everything else.
    queue_s, worker_s
        How long a thread waits to be among the callers, and as one of them for a worker.
    picture_s
        How long one picture may take. The largest honest one takes two seconds on a slow machine.
    """

    workers: int = 2
    callers: int = 7
    queue_s: float = 1.0
    worker_s: float = 10.0
    picture_s: float = 15.0


class PictureWorkers:
    """A pool of processes, started when they are first needed."""

    def __init__(self, bounds: Bounds | None = None) -> None:
        self.bounds = bounds or Bounds()
        self._callers = threading.BoundedSemaphore(self.bounds.callers)
        self._places = threading.BoundedSemaphore(self.bounds.workers)
        self._idle: list[subprocess.Popen[bytes]] = []

    def clean(self, content: bytes) -> CleanPicture:
        """As ``pictures.clean``, in another process.

        Raises
        ------
        PictureRefusedError
            It is no picture that we take; a ``SlowPictureError`` where nobody can tell.
        BusyError
            No worker is free for long, or none can be started.
        """
        refuse_by_size(content)
        with (
            _place(self._callers, self.bounds.queue_s),
            _place(self._places, self.bounds.worker_s),
        ):
            return picture_of(self._ask(self._worker(), content))

    def close(self) -> None:
        """End the processes that wait for work."""
        while self._idle:
            _end(self._idle.pop())

    def _worker(self) -> subprocess.Popen[bytes]:
        while self._idle:
            worker = self._idle.pop()
            if worker.poll() is None:
                return worker
            _end(worker)
        try:
            return _start()
        except OSError as error:
            raise BusyError(f"No photo can be read at this moment ({error.strerror})") from None

    def _ask(self, worker: subprocess.Popen[bytes], content: bytes) -> list[bytes]:
        assert worker.stdin is not None
        assert worker.stdout is not None
        watch = threading.Timer(self.bounds.picture_s, worker.kill)  # which ends the reading below
        watch.start()
        try:
            send(worker.stdin, content)
            answer = receive(worker.stdout)
        except (EOFError, OSError):
            worker.kill()
            _end(worker)
            raise SlowPictureError(
                "The photo takes too long to read: send a screenshot of it instead"
            ) from None
        finally:
            watch.cancel()
        self._idle.append(worker)
        return answer


_OF_PROCESS: dict[int, PictureWorkers] = {}


def picture_workers() -> PictureWorkers:
    """The pool of this process; what a process has from before a fork is its parent's."""
    if os.getpid() not in _OF_PROCESS:
        pool = _OF_PROCESS.setdefault(os.getpid(), PictureWorkers())
        atexit.register(pool.close)
    return _OF_PROCESS[os.getpid()]


@contextmanager
def _place(places: threading.BoundedSemaphore, patience_s: float) -> Iterator[None]:
    if not places.acquire(timeout=patience_s):
        raise BusyError("Many photos are being read at this moment: send it again in a minute")
    try:
        yield
    finally:
        places.release()


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "geodata.media.picture_worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # what a library says of a stranger's bytes is no news of ours
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )


def _end(worker: subprocess.Popen[bytes]) -> None:
    for stream in (worker.stdin, worker.stdout):
        if stream is not None:
            with suppress(BrokenPipeError):  # half of a picture waits to be written
                stream.close()
    worker.wait()
