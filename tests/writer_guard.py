"""Nothing slow while the writer's lock is held: the rule of the house, held in every test.

From the moment on in which a thread of the program has its turn to write, no picture is decoded, no
password hashed, no route searched, no file of rows read, no part of the record read for analysis,
no other process started and no other machine called. Each of these raises here, where in use it
would only make others wait. What a test does in a transaction of its own is its own business.
"""

import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import argon2
import openpyxl
import pandas as pd
import pyogrio
import pytest
import pyvrp
from PIL import Image, ImageFile

from geodata import frames
from geodata.store.engine import Store
from geodata.store.writer_queue import WriterQueue

TESTS = str(Path(__file__).parent)
PRODUCT = tuple(str(Path(TESTS).parent / name) for name in ("geodata", "web"))
OPENERS = ("/geodata/store/engine.py", "/geodata/store/writer_queue.py")
"""These open a transaction for somebody else."""
FOUNDING = "/web/commands/running/demo.py"
"""Founds a store, in one transaction: nobody has it open yet."""
SLOW: tuple[tuple[Any, str, str], ...] = (
    (Image, "open", "a picture was opened"),
    (ImageFile.ImageFile, "load", "a picture was decoded"),
    (Image.Image, "save", "a picture was written"),
    (argon2.PasswordHasher, "hash", "a password was hashed"),
    (argon2.PasswordHasher, "verify", "a password was verified"),
    (pyvrp.Model, "solve", "a route was searched"),
    (pyogrio, "read_dataframe", "a map file was read"),
    (openpyxl, "load_workbook", "a workbook was read"),
    (pd, "read_csv", "a file was read"),
    (pd, "read_excel", "a file was read"),
    (socket.socket, "connect", "another machine was called"),
    (subprocess.Popen, "__init__", "a process was started"),
    (frames, "incidents", "incidents were read for analysis"),
    (frames, "actions", "enforcement actions were read for analysis"),
    (frames, "report_channels", "reports were read for analysis"),
)
LOOKED_UP = (socket, "getaddrinfo", "another machine was looked up")
"""Not where the store's own driver looks its server up: a turn begins with its connection."""
DRIVER = "/psycopg/"
WHOLE = (
    (frames, "reports", "every report was read"),
    (frames, "clearances", "every clearance was read"),
)
"""Slow without ``keys``; a few are read to link what came in."""


class SlowUnderLockError(AssertionError):
    """Something slow was begun by a thread that has its turn to write."""


_turns = threading.local()


def refuse(what: str) -> None:
    """Raise where this thread has a turn that the program itself took.

    Raises
    ------
    SlowUnderLockError
        It has.
    """
    if getattr(_turns, "count", 0):
        raise SlowUnderLockError(
            f"{what} while this thread holds the writer's lock: read and compute first, then write"
        )


def _is_of_program() -> bool:
    """Whether the program, and not a test, takes the turn that is being taken."""
    frame = sys._getframe(1)
    while frame := frame.f_back:  # type: ignore[assignment]
        name = frame.f_code.co_filename
        if name.startswith(TESTS) and name != __file__:
            return False
        if name.startswith(PRODUCT) and not name.endswith(OPENERS):
            return not name.endswith(FOUNDING)
    return False


def counted(
    opens: Callable[..., AbstractContextManager[Any]],
) -> Callable[..., AbstractContextManager[Any]]:
    """The same turn, and this thread is known to have it."""

    @contextmanager
    def turn(*args: Any) -> Iterator[Any]:
        mine = int(_is_of_program())
        with opens(*args) as opened:
            _turns.count = getattr(_turns, "count", 0) + mine
            try:
                yield opened
            finally:
                _turns.count -= mine

    return turn


def guarded(function: Callable[..., Any], what: str) -> Callable[..., Any]:
    """The same function, refused under the lock."""

    @wraps(function)
    def refused(*args: Any, **kwargs: Any) -> Any:
        refuse(what)
        return function(*args, **kwargs)

    return refused


def guarded_lookup(function: Callable[..., Any], what: str) -> Callable[..., Any]:
    """The same look-up, refused under the lock but to the store's driver."""

    @wraps(function)
    def refused(*args: Any, **kwargs: Any) -> Any:
        frame = sys._getframe(1)
        while frame and DRIVER not in frame.f_code.co_filename:
            frame = frame.f_back  # type: ignore[assignment]
        if not frame:
            refuse(what)
        return function(*args, **kwargs)

    return refused


def guarded_whole(function: Callable[..., Any], what: str) -> Callable[..., Any]:
    """The same reading function, refused under the lock where it reads everything."""

    @wraps(function)
    def refused(session: Any, *, keys: Any = None) -> Any:
        if keys is None:
            refuse(what)
        return function(session, keys=keys)

    return refused


@contextmanager
def watching() -> Iterator[None]:
    """Hold the rule from here on."""
    with pytest.MonkeyPatch.context() as patch:
        for owner, name in ((WriterQueue, "turn"), (Store, "writing_if_free")):
            patch.setattr(owner, name, counted(getattr(owner, name)))
        guards = ((guarded, SLOW), (guarded_whole, WHOLE), (guarded_lookup, (LOOKED_UP,)))
        for guard, functions in guards:
            for owner, name, what in functions:
                patch.setattr(owner, name, guard(getattr(owner, name), what))
        yield
