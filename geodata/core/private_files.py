"""Files that only the account of the service may read, whatever its umask.

What is written comes to stand under its name whole and on the disk, or not at all.
"""

import errno
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FILE_MODE = 0o600
OTHERS = stat.S_IRWXG | stat.S_IRWXO
_UNFINISHED = ".unfinished"
LEFT_FOR_S = 86_400
"""After a day nobody is writing an unfinished file any more."""


def create(path: Path) -> None:
    """An empty file.

    Raises
    ------
    FileExistsError
        There is one already.
    OSError
        It cannot be made.
    """
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE))


def is_exposed(path: Path) -> bool:
    """Whether other accounts of the machine may do anything with a file or folder."""
    return bool(path.stat().st_mode & OTHERS)


def tighten(path: Path) -> None:
    """Take a file from the other accounts. Somebody else's stays as it is: `is_exposed` says so."""
    if path.exists() and is_exposed(path) and path.stat().st_uid == os.geteuid():
        path.chmod(FILE_MODE)


@contextmanager
def written(path: Path, *, replaces: bool = False) -> Iterator[Path]:
    """Where to write what is to stand at ``path`` once the block ends without an error.

    It is written in a folder of its own beside it, for a program that makes files by itself (GDAL,
    SQLite) does so under the umask.

    Raises
    ------
    FileExistsError
        There is a file of this name already, and ``replaces`` does not say that it may go.
    OSError
        It cannot be written; what stood there before stands there still.
    """
    _sweep(path.parent)
    folder = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=_UNFINISHED, dir=path.parent))
    try:
        half = folder / path.name
        yield half
        half.chmod(FILE_MODE)
        _put_on_disk(half)
        if replaces:
            half.replace(path)
        else:
            _take_name(half, path)
        _put_on_disk(path.parent)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _take_name(half: Path, path: Path) -> None:
    """Give a file a name that nobody has, in one step: a link refuses where a rename replaces."""
    try:
        path.hardlink_to(half)
    except FileExistsError:
        raise
    except OSError:  # a disk without links, such as a memory stick
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        half.replace(path)


def _sweep(folder: Path) -> None:
    """Remove what a killed process left here."""
    for left in folder.glob(f".*{_UNFINISHED}"):
        if time.time() - left.stat().st_mtime > LEFT_FOR_S:
            shutil.rmtree(left, ignore_errors=True)


def _put_on_disk(path: Path) -> None:
    """Have a file's content, or the names in a folder, survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
