"""The one way to open a zip, or a workbook, which is one: its directory is looked at first."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geodata.files import bounds
from geodata.files.bounds import refuse_big
from geodata.files.problems import FileRefusedError

MOST_MEMBERS = 1_000
MOST_TIMES = 200
"""Tables of text shrink by 5 to 40 times; only repeated nothing shrinks by more than this."""
_SMALL_BYTES = 10_000_000
_READ = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
"""Deflated parts are unpacked piece by piece; of the others one piece can fill the memory."""
_END = b"PK\x05\x06"
_END_BYTES = 22
_LOCATOR_BYTES = 20  # of the record by which a zip of more than 4 GB says its numbers
_MOST_DIRECTORY_BYTES = 1_000 * MOST_MEMBERS


@contextmanager
def opened_zip(path: Path, *, most_bytes: int | None = None) -> Iterator[zipfile.ZipFile]:
    """A zip whose parts are not many, and not big when unpacked.

    What a part holds beyond the size that the directory says is never unpacked.

    Parameters
    ----------
    most_bytes
        Of all parts together; ``bounds.MOST_BYTES`` where None.

    Raises
    ------
    FileRefusedError
        It is no zip, is torn or locked, or its parts are too many, too big or packed otherwise.
    """
    try:
        _refuse_long_directory(path)
        with zipfile.ZipFile(path) as archive:
            _refuse_parts(path, archive.infolist(), most_bytes)
            yield archive
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, zlib.error) as error:
        raise FileRefusedError(
            f"{path.name} is torn, or not what its ending says ({error}): save it anew in "
            "the program that made it"
        ) from None


def _refuse_long_directory(path: Path) -> None:
    """By its last bytes: to read a directory of a million names takes a gigabyte."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - _END_BYTES - _LOCATOR_BYTES - 0xFFFF))
        tail = file.read()
    starts = [tail.rfind(_END), len(tail) - _END_BYTES]  # as zipfile looks for it, in both places
    for start in starts:
        end = tail[start : start + _END_BYTES] if start >= 0 else b""
        if len(end) < _END_BYTES or not end.startswith(_END):
            continue
        (directory_bytes,) = struct.unpack_from("<L", end, 12)
        has_locator = tail[max(0, start - _LOCATOR_BYTES) : start].startswith(b"PK\x06\x07")
        if has_locator or directory_bytes > _MOST_DIRECTORY_BYTES:
            raise FileRefusedError(
                f"{path.name} holds more than {MOST_MEMBERS:,} files: zip what is meant alone"
            )


def _refuse_parts(path: Path, parts: list[zipfile.ZipInfo], most_bytes: int | None) -> None:
    if len(parts) > MOST_MEMBERS:
        raise FileRefusedError(
            f"{path.name} holds {len(parts):,} files, more than {MOST_MEMBERS:,}: "
            "zip what is meant alone"
        )
    total = sum(part.file_size for part in parts)
    refuse_big(path.name, total, most_bytes or bounds.MOST_BYTES)
    times = total / max(1, path.stat().st_size)
    if total > _SMALL_BYTES and times > MOST_TIMES:
        raise FileRefusedError(
            f"{path.name} grows {times:,.0f} times when unpacked, more than {MOST_TIMES}: no table "
            "does; save it anew"
        )
    for part in parts:
        if part.flag_bits & 1:
            raise FileRefusedError(f"{path.name} is locked by a password: save it without one")
        if part.compress_type not in _READ:
            raise FileRefusedError(
                f"{path.name} is packed in an unusual way (method {part.compress_type}): zip it "
                "anew with your computer's own program"
            )
