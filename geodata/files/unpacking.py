"""How big a file may be once it is unpacked: a zip of 100 kB may hold 100 GB."""

import zipfile
from pathlib import Path

from geodata.files.problems import FileRefusedError

MOST_BYTES = 1_000_000_000


def refuse_big(name: str, n_bytes: int) -> None:
    """Refuse what would not fit into memory.

    Raises
    ------
    FileRefusedError
        It is bigger than ``MOST_BYTES``.
    """
    if n_bytes > MOST_BYTES:
        raise FileRefusedError(
            f"{name} is bigger than {MOST_BYTES / 1e9:.0f} GB when unpacked: split it"
        )


def refuse_big_zip(path: Path) -> None:
    """The same for a zip or workbook, by the sizes that its directory states.

    Raises
    ------
    FileRefusedError
        It is no zip, or all its members together are too big.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            total = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, OSError) as error:
        raise FileRefusedError(
            f"{path.name} is torn, or not what its ending says: {error}"
        ) from None
    refuse_big(path.name, total)
