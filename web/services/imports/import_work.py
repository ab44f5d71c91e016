"""A held file is looked at and taken in: at once if small, else by the background work."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from geodata.core import private_files
from geodata.core.errors import GeodataError
from geodata.exporters import harmless_table
from geodata.files.bounds import MOST_CELLS
from geodata.files.problems import FileRefusedError, TooMuchError
from geodata.importers import profiles
from geodata.importers.batches import OnRows
from geodata.importers.reading import ImportResult, read_outline
from geodata.people.audit import Actor
from geodata.store.engine import Store
from web.services.imports import held_imports, importing
from web.services.imports.held_imports import Held, State
from web.services.imports.import_choices import Choices
from web.services.imports.import_looks import Looked, look_of

SMALL_BYTES = 256 * 1024
"""Some thousand rows: a second of work, for which a person can wait."""
SMALL_CELLS = 100_000
TOLD_EVERY_S = 2
FAILED = "the program failed. What happened is in its log"
log = logging.getLogger(__name__)


def look_soon(store: Store, held: Held, *, now: datetime) -> Held:
    """Look at a file, or let the background work do so where it is large."""
    due = replace(held, task="look", fault="", in_shell="")
    if held.path.stat().st_size <= SMALL_BYTES:
        with suppress(TooMuchError):
            return _look(store, due, now, SMALL_CELLS)
    held_imports.keep(due)
    return due


def choose(store: Store, held: Held, choices: Choices, *, now: datetime) -> Held:
    """Look at a file again, with what a person said of it."""
    return look_soon(store, replace(held, choices=choices), now=now)


def check_profile_name(name: str) -> None:
    """Refuse a name under which no choices can be kept; empty, they are not to be.

    Raises
    ------
    RefusedError
        It has other signs than letters, digits, - and _, or too many.
    """
    if name:
        profiles.check_name(name)


def take_soon(store: Store, held: Held, *, by: Actor, profile_name: str = "") -> Held:
    """Take a file in, or let the background work do so where it is large.

    ``profile_name`` is the name by which the choices are kept; empty: they are not.
    """
    due = replace(held, task="take", fault="", in_shell="", profile_name=profile_name)
    is_small = held.path.stat().st_size <= SMALL_BYTES
    if not is_small or held_imports.looked(held).accepted > importing.MOST_AT_ONCE:
        held_imports.keep(due)
        return due
    if not held_imports.claim(held, by.now):  # the button was pressed twice
        return held
    return _guarded(held, lambda: _take(store, due, lambda: by.now))


def do_waiting(store: Store, root: Path, *, clock: Callable[[], datetime]) -> int:
    """Do what the files that wait here wait for, each by one process; how many that were."""
    done = 0
    for held in held_imports.every(root):
        if held.state(clock()) is State.WAITING and held_imports.claim(held, clock()):
            work = _take if held.task == "take" else _look_in_peace
            _guarded(held, lambda held=held, work=work: work(store, held, clock))  # type: ignore[misc]
            done += 1
    return done


def _guarded(held: Held, work: Callable[[], Held]) -> Held:
    """Work whose fault is kept and not raised."""
    try:
        return work()
    except GeodataError as error:
        return held_imports.settle(held, **_fault(held, error))
    except Exception:
        log.exception("an import from a page failed")
        return held_imports.settle(held, fault=FAILED, in_shell="")


def _look_in_peace(store: Store, held: Held, clock: Callable[[], datetime]) -> Held:
    return _look(store, held, clock(), MOST_CELLS)


def _look(store: Store, held: Held, now: datetime, most_cells: int) -> Held:
    options = held.choices.options(most_cells)
    try:
        result = importing.look(store, held.kind, held.path, options, now=now).result
    except TooMuchError as error:
        if most_cells < MOST_CELLS:
            raise
        return held_imports.settle(held, **_fault(held, error))
    except GeodataError as error:
        held_imports.keep_look(held, _outline(store, held, most_cells))
        return held_imports.settle(held, **_fault(held, error))
    _keep_result(held, result)
    return held_imports.settle(held)


def _outline(store: Store, held: Held, most_cells: int) -> Looked:
    """The columns of a file that was refused, where it has any."""
    options = held.choices.options(most_cells)
    try:
        with store.reading() as session:
            return Looked(columns=read_outline(session, held.kind, held.path, options))
    except FileRefusedError:
        return Looked()


def _take(store: Store, held: Held, clock: Callable[[], datetime]) -> Held:
    def keep_profile(session: Session) -> None:
        if held.profile_name:
            options = held.choices.options(MOST_CELLS)
            importing.keep_profile(session, held.profile_name, held.kind, options)

    result = importing.take_in(
        store,
        held.kind,
        held.path,
        held.choices.options(MOST_CELLS),
        now=clock(),
        by=Actor(held.user_id, clock()),
        on_read=lambda read: _keep_result(held, read),
        on_rows=_teller(held, clock),
        then=keep_profile,
    )
    taken = held_imports.settle(held, is_taken=True, batch=result.batch)
    held_imports.forget_content(taken)
    return taken


def _teller(held: Held, clock: Callable[[], datetime]) -> OnRows:
    """Says now and then how far it is, by a file: the writer's lock may be held meanwhile."""
    told_at = clock()

    def tell(done: int, of: int) -> None:
        nonlocal told_at
        if (clock() - told_at).total_seconds() >= TOLD_EVERY_S:
            told_at = clock()
            held_imports.tell(held, told_at, done, of)

    return tell


def _keep_result(held: Held, result: ImportResult) -> None:
    held_imports.keep_look(held, look_of(result))
    with private_files.written(held.rejects, replaces=True) as half:
        harmless_table(result.rejects).to_csv(half, index=False, encoding="utf-8-sig")


def _fault(held: Held, error: GeodataError) -> dict[str, str]:
    """What a file was refused for, without the folder in which it waits."""
    return {
        "fault": str(error).replace(str(held.path), held.name),
        "in_shell": getattr(error, "in_shell", ""),
    }
