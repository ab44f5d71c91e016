"""MapInfo's tables (.tab with its .dat, .map and .id) and exchange files (.mif with its .mid).

A .tab may name other tables anywhere on the disk, as a view or a seamless map does: only those
of type NATIVE that name nothing are opened, under names of ours in a folder without neighbours.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from geodata.files.bounds import MOST_COLUMNS, refuse_big, refuse_many
from geodata.files.problems import FileRefusedError, no_map

PARTS = {
    ".mif": (".mif", ".mid"),
    ".tab": (".tab", ".dat", ".map", ".id", ".ind"),
}
"""Endings of what belongs together, the one that is opened first; the first two must be there."""
MOST_BYTES = 250_000_000
_MIF = re.compile(rb"\s*version\s+\d+", re.IGNORECASE)
_TAB = re.compile(rb"\s*!table\s", re.IGNORECASE)
_COLUMNS = re.compile(rb"(?:^|[\r\n])\s*(?:columns|fields)[^\d\r\n]*(\d{1,9})", re.IGNORECASE)
"""How many a file says that it has. GDAL compares each with all others."""
_NATIVE = re.compile(rb"\btype\s+native\b", re.IGNORECASE)
_NAMES_OTHERS = re.compile(
    rb"open\s+table|create\s+view|\bselect\b|isseamless|\bfile\s+\"|rasterstyle|"
    rb"type\s+(?!native|char\b|integer\b|smallint\b|largeint\b|decimal\b|float\b|date\b|datetime\b|"
    rb"time\b|logical\b)\w",
    re.IGNORECASE,
)
"""A column that is called Type has one of the types of columns behind its name."""
_FOREIGN = re.compile(rb"<(?:\w+:)?(?:OGR|GDAL|VRT|CSW|WFS)", re.IGNORECASE)


def beside(path: Path) -> dict[str, bytes]:
    """The parts of a file that lie beside it, by their endings."""
    parts: dict[str, bytes] = {}
    for ending in PARTS[path.suffix.lower()]:
        for part in (path.with_suffix(ending), path.with_suffix(ending.upper())):
            if part.is_file() and ending not in parts:
                refuse_big(part.name, part.stat().st_size, MOST_BYTES)
                parts[ending] = part.read_bytes()
    return parts


def put_down(name: str, parts: Mapping[str, bytes], folder: Path) -> str:
    """Write the parts of one table into an empty folder; the name of the one to be opened.

    Raises
    ------
    FileRefusedError
        Parts lack, it is not what its ending says, or it names other files.
    """
    ending = ".mif" if ".mif" in parts else ".tab"
    lacks = [each for each in PARTS[ending][:2] if each not in parts]
    if lacks:
        raise FileRefusedError(
            f"{name} is a part of a MapInfo table and lacks {', '.join(lacks)}: send all its files "
            "as one zip"
        )
    head = parts[ending]
    if not (_MIF if ending == ".mif" else _TAB).match(head) or _FOREIGN.search(head):
        raise no_map(name, "it is no MapInfo table")
    if ending == ".tab" and (not _NATIVE.search(head) or _NAMES_OTHERS.search(head)):
        raise FileRefusedError(
            f"{name} names other tables, as a view or a seamless map does: save it as a table of "
            "its own, or as MIF"
        )
    for n_columns in _COLUMNS.findall(head):
        refuse_many(name, int(n_columns), MOST_COLUMNS, "columns")
    for part, content in parts.items():
        (folder / f"map{part}").write_bytes(content)
    return str(folder / f"map{ending}")
