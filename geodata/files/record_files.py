"""Lists of records as programs exchange them, Open311's above all: JSON, a JSON a line, XML."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from geodata.core.texts import storable
from geodata.files.bounds import LONGEST_CELL, MOST_COLUMNS, refuse_big, refuse_many
from geodata.files.cell_texts import cell_text
from geodata.files.map_opener import MOST_GEOJSON_BYTES, refuse_deep
from geodata.files.problems import FileRefusedError
from geodata.files.xml_bounds import walk

Record = dict[str, str]
LINES = {".ndjson", ".jsonl", ".geojsonl", ".geojsonseq", ".geojsons"}
_SHAPE = re.compile(rb'\{"(?:coordinates|geometries)":|\{"type":"(?:Point|Line|Poly|Multi|Geom)')
"""A bare shape; a point within a record is a cell."""
_FOREIGN = {
    "Topology": "TopoJSON, which keeps no coordinates of its own: save it as GeoJSON",
    "esri": "Esri's JSON: ask its server for f=geojson, or save it as GeoJSON",
}


def holds_map(path: Path) -> bool:
    """Whether a file of JSON is GeoJSON, and no list of records; as its first bytes say.

    Raises
    ------
    FileRefusedError
        It is a map in a form that is not read.
    """
    with path.open("rb") as file:
        head = file.read(100_000).lstrip(b"\xef\xbb\xbf\x1e \t\r\n")
    if head.startswith(b"["):
        return False
    compact = b"".join(head.split())
    for mark, kind in ((b'"type":"Topology"', "Topology"), (b'"geometryType":"esri', "esri")):
        if mark in compact:
            raise FileRefusedError(f"{path.name} is {_FOREIGN[kind]}")
    return b'"type":"Feature' in compact or _SHAPE.match(compact) is not None


def read_json(path: Path, *, most_cells: int) -> pd.DataFrame:
    """Records of a JSON list, of the one list in an object, or of an object a line.

    Raises
    ------
    FileRefusedError
        It is too big, nests deep, is no JSON, or holds no list of objects.
    """
    refuse_big(path.name, path.stat().st_size, MOST_GEOJSON_BYTES)
    content = path.read_bytes().lstrip(b"\xef\xbb\xbf")
    refuse_deep(path.name, content)
    try:
        if path.suffix.lower() in LINES:
            records = [
                _parsed(line) for line in content.lstrip(b"\x1e").splitlines() if line.strip()
            ]
        else:
            records = _list_in(_parsed(content))
    except (ValueError, RecursionError) as error:
        raise FileRefusedError(f"{path.name} is no JSON: {error}") from None
    if not records or not all(isinstance(record, dict) for record in records):
        raise FileRefusedError(
            f"{path.name} holds no list of records: write [{{…}}, {{…}}], or save it as CSV"
        )
    return _table(path.name, (dict(_flat(record)) for record in records), most_cells)


def _parsed(content: bytes) -> Any:
    return json.loads(content.lstrip(b"\x1e"), parse_constant=lambda _: None)


def _list_in(document: Any) -> list[Any]:
    if isinstance(document, list):
        return document
    lists = [v for v in document.values() if isinstance(v, list)] if document else []
    return lists[0] if len(lists) == 1 else []


def _flat(record: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Cells of a record; of an object within it, each under both names. Points stay whole."""
    for name, value in record.items():
        title = storable(f"{prefix}{name}").strip()
        if isinstance(value, dict) and "coordinates" not in value:
            yield from _flat(value, f"{title} ")
        elif isinstance(value, dict | list):
            yield title, json.dumps(value)
        elif isinstance(value, bool):
            yield title, str(value).lower()
        else:
            yield title, storable(cell_text(value)).strip()


def read_xml(path: Path, *, most_cells: int) -> pd.DataFrame:
    """Records of an XML list: the elements within its root, and the texts within each.

    Raises
    ------
    FileRefusedError
        It is too big, nests deep, declares entities, is no XML, or its root holds no records.
    """
    refuse_big(path.name, path.stat().st_size, MOST_GEOJSON_BYTES)
    records: list[Record] = []
    within: list[str] = []

    def on_start(tag: str, depth: int, _: dict[str, str]) -> None:
        if depth == 0 and tag.lower() in {"kml", "gpx"}:
            raise FileRefusedError(f"{path.name} is a map: name it .{tag.lower()}")
        del within[max(0, depth - 2) :]
        if depth == 1:
            records.append({})
        elif depth > 1:
            within.append(tag)

    def on_end(_: str, depth: int, text: str) -> None:
        if depth > 1 and text:
            title = " ".join(within[: depth - 1])
            before = records[-1].get(title)
            records[-1][title] = text if before is None else f"{before}; {text}"

    walk(path.name, path.read_bytes(), on_start, on_end)
    if not any(records):
        raise FileRefusedError(
            f"{path.name} holds no list of records: its root element must hold one element each, "
            "as Open311 writes them; or save it as CSV"
        )
    return _table(path.name, records, most_cells)


def _table(name: str, records: Iterable[Record], most_cells: int) -> pd.DataFrame:
    """A row a record, numbered as if a header stood above."""
    rows, headers = [], dict[str, None]()
    for record in records:
        rows.append(record)
        headers |= dict.fromkeys(record)
        refuse_many(name, len(headers), MOST_COLUMNS, "columns")
        refuse_many(name, len(rows) * len(headers), most_cells, "cells")
        refuse_many(name, max(map(len, record.values()), default=0), LONGEST_CELL, "letters")
    frame = pd.DataFrame(rows, columns=list(headers), dtype=object).fillna("")
    return frame.set_axis(pd.RangeIndex(2, 2 + len(frame)))
