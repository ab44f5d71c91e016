"""Who may write next: a bounded queue within one process, and a bounded wait for the store."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from geodata.core.errors import BusyStoreError

PATIENCE_S = 15
"""Longest wait for the lock. It is held for milliseconds: so long means that something hangs."""
PLACES = 6
"""Writers of one process that wait or write at once: fewer than a server's threads, so that pages
which only read always find one."""
DOORSTEP_S = 5
"""How long to wait for such a place."""
BUSY = "other changes are being stored and took too long: nothing of yours was changed, try again"


class WriterQueue:
    """Lets writers of this process through, one at a time where the store has only one.

    SQLite lets waiting writers try again at random and gives up on the unlucky: a storm of this
    process's own threads queues here instead. On PostGIS the server queues them.
    """

    def __init__(self, *, is_single: bool) -> None:
        self._places = threading.BoundedSemaphore(PLACES)
        self._lock = threading.Lock() if is_single else None
        self._mine = threading.local()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """This thread's turn; one that has it already is let through.

        Raises
        ------
        BusyStoreError
            It did not come in time.
        """
        if getattr(self._mine, "has_turn", False):
            yield
            return
        with self._place(), self._turn_of_one():
            self._mine.has_turn = True
            try:
                yield
            finally:
                self._mine.has_turn = False

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(timeout=DOORSTEP_S):
            raise BusyStoreError(BUSY)
        try:
            yield
        finally:
            self._places.release()

    @contextmanager
    def _turn_of_one(self) -> Iterator[None]:
        if self._lock is None:
            yield
            return
        if not self._lock.acquire(timeout=PATIENCE_S):
            raise BusyStoreError(BUSY)
        try:
            yield
        finally:
            self._lock.release()
