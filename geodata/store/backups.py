"""Copies of a store that may be in use, and a store put back from one."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from geodata.core import private_files
from geodata.core.errors import StoreError, UnreachableStoreError
from geodata.store.engine import Store, journals, open_store
from geodata.store.soundness import Finding, findings

ASIDE = ".before-restore"


@dataclass(frozen=True)
class Backup:
    """A copy that was read back; ``findings`` are faults that it shares with its store."""

    bytes: int
    findings: list[Finding]


def back_up(store: Store, path: Path) -> Backup:
    """Copy a store to a new file, read the copy back, and only then give it its name.

    Raises
    ------
    StoreError
        The store is no file, the target is there already, the copy is damaged, or it cannot be
        written; nothing is left under the name then.
    """
    if path.exists():
        raise StoreError(f"{path} is there already: choose another name")
    try:
        with private_files.written(path) as half:
            size = store.copy_to(half)
            faults = look(half)
            if damage := [finding for finding in faults if finding.check == "pages"]:
                raise StoreError(f"the copy was not kept: {damage[0].sentence}")
    except OSError as error:
        raise UnreachableStoreError(f"{path} cannot be written: {error.strerror}") from None
    return Backup(size, faults)


def look(path: Path) -> list[Finding]:
    """What is wrong with a store's file, which stays at its revision."""
    store = open_store(f"sqlite:///{path}", migrates=False)
    try:
        with store.engine.connect() as connection:
            return findings(connection)
    finally:
        store.close()


def rehearse(backup: Path, scratch: Path) -> list[Finding]:
    """Put a backup into a scratch file, bring it to this program's revision, and check it.

    Raises
    ------
    StoreError
        It is no store, damaged, or of a newer program.
    """
    shutil.copyfile(backup, scratch)
    try:
        open_store(f"sqlite:///{scratch}", keeps_copy=False).close()
        return look(scratch)
    except StoreError as error:  # of the file that was given: nobody knows the scratch file
        raise type(error)(str(error).replace(str(scratch), str(backup))) from None


def restore(backup: Path, target: Path, *, replaces: bool = False) -> Path | None:
    """Put a backup in a store's place once it has passed its rehearsal; where the old one is kept.

    Raises
    ------
    StoreError
        There is a store already and ``replaces`` does not say that it may go aside, it is in use,
        or the backup is not sound.
    """
    if target.exists() and not replaces:
        raise StoreError(f"there is a store at {target}: say --replace to put it aside")
    if target.exists() and target.samefile(backup):
        raise StoreError(f"{backup} is the store itself: name a backup of it")
    try:
        with private_files.written(target, replaces=True) as half:
            if faults := rehearse(backup, half):
                raise StoreError(
                    f"{backup} is not sound: {faults[0].sentence}; nothing was changed"
                )
            return _put_aside(target) if target.exists() else None
    except OSError as error:
        raise UnreachableStoreError(f"{target} cannot be written: {error.strerror}") from None


def _put_aside(target: Path) -> Path:
    """Keep the old store under another name; it stays in its place too until the new one is."""
    _refuse_in_use(target)
    number = 1
    while (aside := target.with_name(f"{target.name}{ASIDE}-{number}")).exists():
        number += 1
    shutil.copyfile(target, aside)
    aside.chmod(private_files.FILE_MODE)
    return aside


def _refuse_in_use(path: Path) -> None:
    """Take what waits in the journal into the file: beside another file it would spoil that."""
    try:
        with closing(sqlite3.connect(path, timeout=1)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError:
        raise StoreError(f"{path} is in use: stop the server first") from None
    except sqlite3.DatabaseError:  # too damaged to be asked, which is why it is replaced
        for journal in journals(path):
            if journal.exists():
                journal.rename(path.with_name(f"{journal.name}{ASIDE}"))
