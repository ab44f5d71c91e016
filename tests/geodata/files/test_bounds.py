"""Files that stand for more than memory or a day would hold: refused in a sentence, and soon."""

import bz2
import csv
import gzip
import io
import json
import os
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import shapely
from hypothesis import example, given
from hypothesis import strategies as st

from geodata.core.mending import MOST_CROSSINGS, about_crossings
from geodata.core.spatial import Box
from geodata.files.csv_files import read_csv
from geodata.files.map_files import read_map
from geodata.files.problems import FileRefusedError
from geodata.files.tables import read_table
from geodata.importers.os_open import read_gazetteer
from geodata.places.areas import read_outline
from tests.fuzzing import fuzzed

HEADINGS = {"ref", "date"}
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
HEADER = (
    '<row r="1"><c t="inlineStr"><is><t>Ref</t></is></c>'
    '<c t="inlineStr"><is><t>Date</t></is></c></row>'
)


def book() -> bytes:
    workbook, content = openpyxl.Workbook(), io.BytesIO()
    workbook.active.append(["Ref", "Date"])
    workbook.active.append(["A", "2026-05-01"])
    workbook.save(content)
    return content.getvalue()


def with_part(path: Path, name: str, content: str | bytes, packing: int = 8) -> Path:
    """A workbook of Excel's own form in which one part is another."""
    with (
        zipfile.ZipFile(io.BytesIO(book())) as source,
        zipfile.ZipFile(path, "w", packing) as target,
    ):
        for part in source.namelist():
            target.writestr(part, content if part == name else source.read(part))
    return path


def sheet(rows: str, before: str = "") -> str:
    start = f'<?xml version="1.0"?>{before}<worksheet xmlns="{MAIN}">'
    return f"{start}<sheetData>{HEADER}{rows}</sheetData></worksheet>"


LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1 if n > 1 else str()};" * 10}">' for n in range(1, 10))
    + "]>"
)
BOMBS: dict[str, tuple[str, str | bytes, str]] = {
    "entities": (SHEET, sheet("<row><c><v>&a9;</v></c></row>", LAUGHS), "its own entities"),
    "one in UTF-16": (SHEET, sheet("", LAUGHS).encode("utf-16"), "its own entities"),
    "nested": (SHEET, sheet("<row>" + "<c>" * 100_000), "nests more than 64"),
    "cells": (SHEET, sheet("<row>" + "<c/>" * 400_000 + "</row>"), "more than 16,384 cells in one"),
    "last row": (SHEET, sheet('<row r="2000000000"><c><v>1</v></c></row>'), "row numbered"),
    "late row": (SHEET, sheet('<row r="9000000"><c><v>1</v></c></row>'), "more than 1,048,576"),
    "far column": (SHEET, sheet('<row><c r="XFD2"><v>1</v></c></row>'), "more than 1,000 columns"),
    "repeated": (SHEET, sheet(" " * 50_000_000), "grows .* times"),
    "one text": (SHEET, sheet("<row><c><v>" + "1" * 3_000_000), "letters in one text"),
    "one name": (SHEET, f"<worksheet a='{'x' * 3_000_000}", "letters in one text"),
    "torn": (SHEET, sheet("<row>"), "not an Excel workbook"),
    "text that is none": (SHEET, sheet('<row><c t="s"><v>9999</v></c></row>'), "not an Excel"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_workbook_that_stands_for_more_is_refused(tmp_path: Path, name: str) -> None:
    part, content, words = BOMBS[name]
    path = with_part(tmp_path / "bomb.xlsx", part, content)
    with pytest.raises(FileRefusedError, match=words):
        read_table(path, headings=HEADINGS)


def test_a_page_takes_fewer_cells_than_a_command(tmp_path: Path) -> None:
    rows = "<row><c><v>1</v></c><c><v>2</v></c></row>" * 600
    path = with_part(tmp_path / "book.xlsx", SHEET, sheet(rows))
    assert len(read_table(path, headings=HEADINGS).rows) == 600
    with pytest.raises(FileRefusedError, match="more than 1,000 cells"):
        read_table(path, headings=HEADINGS, most_cells=1_000)
    (tmp_path / "book.csv").write_text("Ref,Date\n" + "1,2\n" * 600)
    with pytest.raises(FileRefusedError, match="more than 1,000 cells"):
        read_table(tmp_path / "book.csv", headings=HEADINGS, most_cells=1_000)


def test_colours_as_far_as_excel_goes_and_a_false_size_do_no_harm(tmp_path: Path) -> None:
    rows = '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>2</v></c><c r="XFD2" s="0"/></row>'
    dimension = '<dimension ref="A1:XFD1048576"/><sheetData>'
    content = sheet(rows).replace("<sheetData>", dimension)
    table = read_table(with_part(tmp_path / "b.xlsx", SHEET, content), headings=HEADINGS)
    assert table.rows.to_numpy().tolist() == [["1", "2"]]


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_unpacks_at_one_stroke_is_refused(tmp_path: Path, packing: int) -> None:
    path = with_part(tmp_path / "b.xlsx", SHEET, sheet(""), packing)
    with pytest.raises(FileRefusedError, match="unusual way"):
        read_table(path, headings=HEADINGS)


def many_files(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(1_001):
            archive.writestr(f"{number}.csv", b"")
    return path


def understated(path: Path) -> Path:
    """A part of 30 MB of which the directory says that it has 10 bytes."""
    with_part(path, SHEET, sheet("<row/>" * 5_000_000))
    content = bytearray(path.read_bytes())
    start = content.index(SHEET.encode(), content.index(b"PK\x01\x02")) - 46
    struct.pack_into("<L", content, start + 24, 10)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("make", "words"), [(many_files, "1,001 files"), (understated, "torn|not an Excel")]
)
def test_every_reader_of_zips_holds_its_directory_against_bounds(
    tmp_path: Path, make: Callable[[Path], Path], words: str
) -> None:
    box: Box = (0, 0, 1, 1)
    path = make(tmp_path / "a.xlsx")
    with pytest.raises(FileRefusedError, match=words):
        read_table(path, headings=HEADINGS)
    path = path.rename(tmp_path / "a.zip")
    with pytest.raises(FileRefusedError):
        read_table(path)
    with pytest.raises(FileRefusedError):
        read_gazetteer(path, box)


def bz2_of_zeros() -> bytes:
    return bz2.compress(bytes(10_000_000))


CSV_BOMBS: dict[str, tuple[bytes, str]] = {
    "columns": (b"a," * 100_000 + b"\n1,2\n", "more than 1,000 columns"),
    "cell": (b"Ref,Date\nA," + b"x" * 3_000_000, "1,000,000 letters in a cell of row 2"),
    "quotation": (b'Ref,Date\nA,"' + b"x\n" * 900_000, "never closed"),
    "one row": (b"," * 11_000_000, "more than 10,000,000 letters in one row"),
    "one row of many lines": (b'"\n",' * 2_600_000, "more than 10,000,000 letters in one row"),
    "null in UTF-16": ("Ref,Date\nA,\0\n".encode("utf-16"), "null byte in line 2"),
    "UTF-16 without its mark": ("Ref,Date\nA,\0\n".encode("utf-16-le"), "null byte"),
    "other packing": (bz2_of_zeros(), "null byte|no row|not a text"),
}


@pytest.mark.parametrize("ending", [".csv", ".csv.gz"])
@pytest.mark.parametrize("name", CSV_BOMBS)
def test_a_text_file_that_stands_for_more_is_refused(
    tmp_path: Path, name: str, ending: str
) -> None:
    content, words = CSV_BOMBS[name]
    path = tmp_path / f"bomb{ending}"
    path.write_bytes(gzip.compress(content, 1) if ending.endswith("gz") else content)
    with pytest.raises(FileRefusedError, match=words):
        read_table(path, headings=HEADINGS)


def test_a_text_file_of_too_many_rows_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geodata.files.csv_files.MOST_ROWS", 100)
    (tmp_path / "a.csv").write_text("Ref,Date\n" + "\n" * 200)
    with pytest.raises(FileRefusedError, match="more than 100 rows"):
        read_table(tmp_path / "a.csv", headings=HEADINGS)


def test_a_gazetteer_as_wide_as_it_is_long_is_refused(tmp_path: Path) -> None:
    for head in ("a," * 1_000_000, '"' + "\n" * 100 + '",' + "," * 1_000_000):
        (tmp_path / "names.csv").write_text(head)
        with pytest.raises(FileRefusedError, match="neither Code-Point"):
            read_gazetteer(tmp_path / "names.csv", (0, 0, 1, 1))


def geojson(tmp_path: Path, geometry: str) -> Path:
    path = tmp_path / "plan.geojson"
    path.write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, '
        f'"geometry": {geometry}}}]}}'
    )
    return path


def star(corners: int) -> shapely.Polygon:
    """Each side crosses nearly each other: as many crossings as there can be."""
    angle = np.arange(corners) * np.pi * (corners - 1) / corners
    return shapely.Polygon(np.stack([-1 + np.cos(angle) / 9, 52 + np.sin(angle) / 9], axis=1))


def test_crossings_are_reckoned_as_they_are() -> None:
    # Of n sides each crosses all but itself and its two neighbours: n (n - 3) / 2.
    assert about_crossings(star(7)) == 14
    assert about_crossings(star(501)) == pytest.approx(501 * 498 / 2, rel=0.05)
    assert about_crossings(star(2_001)) > MOST_CROSSINGS


def test_a_shape_that_could_not_be_mended_in_an_hour_is_refused(tmp_path: Path) -> None:
    path = geojson(tmp_path, shapely.to_geojson(star(5_001)))
    with pytest.raises(Exception, match="crosses itself about 12,4"):
        read_outline(path)


def test_a_shape_of_a_million_corners_is_refused(tmp_path: Path) -> None:
    turn = np.linspace(0, 2 * np.pi, 600_001)
    corners = np.stack([-1 + np.cos(turn) / 9, 52 + np.sin(turn) / 9], axis=1).tolist()
    path = geojson(tmp_path, f'{{"type": "Polygon", "coordinates": [{corners}]}}')
    with pytest.raises(FileRefusedError, match="has 600,001 corners: simplify it to 500,000"):
        read_map(path)


def test_a_text_in_geojson_that_never_ends_takes_no_time(tmp_path: Path) -> None:
    path = tmp_path / "plan.geojson"
    path.write_bytes(b'{"a": ' + b'"\\' * 2_000_000)
    with pytest.raises(FileRefusedError):  # in n² steps it would not end within the run
        read_map(path)


def folders(number: int) -> str:
    return "".join(
        f"<Folder><name>f{n}</name><Placemark><Point><coordinates>-1,52</coordinates></Point>"
        "</Placemark></Folder>"
        for n in range(number)
    )


DATA = "".join(f'<Data name="c{n}"><value>1</value></Data>' for n in range(1_001))
COLUMNS = "Version 300\nColumns(1001\n" + "".join(f" c{n} Char(9)\n" for n in range(1_001))
WIDE_MAPS = {  # 50,000 columns in 2 MB kept GDAL busy for 40 seconds, twice as many for 160
    "columns": [("plan.kml", f"<kml><Placemark>{DATA}</Placemark></kml>")],
    "layers": [("plan.kml", f"<kml><Document>{folders(101)}</Document></kml>")],
    "columns of MapInfo": [("plan.mif", f"{COLUMNS}Data\n"), ("plan.mid", "1")],
}


@pytest.mark.parametrize("things", WIDE_MAPS)
def test_a_map_as_wide_as_it_is_long_is_refused(tmp_path: Path, things: str) -> None:
    for name, content in WIDE_MAPS[things]:
        (tmp_path / name).write_text(content)
    kind = things.partition(" ")[0]
    words = rf"^plan\.\w+ has more than [\d,]+ {kind}: split it"
    with pytest.raises(FileRefusedError, match=words):
        read_map(tmp_path / WIDE_MAPS[things][0][0])


@pytest.mark.parametrize("n_bytes", [4, 1_000])
def test_a_flatgeobuf_of_its_mark_alone_is_refused(tmp_path: Path, n_bytes: int) -> None:
    path = tmp_path / "plan.fgb"
    path.write_bytes(b"fgb\x03fgb\x00" + b"\xff" * n_bytes)
    with pytest.raises(FileRefusedError, match="it holds no layer"):
        read_map(path)


ODD_SHAPES = [
    '{"type": "Point", "coordinates": [1e400, 52]}',
    '{"type": "Point", "coordinates": [NaN, 52]}',
    '{"type": "Point", "coordinates": [-1, 52], "coordinates": [0, 0]}',
    '{"type": "Point", "coordinates": ["-1", null]}',
    f'{{"type": "Point", "coordinates": [{"9" * 10_000}, 52]}}',
    '{"type": "GeometryCollection", "geometries": [' * 25 + "]}" * 25,
    '{"type": "Polygon", "coordinates": [[[0, 52], [0, 52], [0, 52], [0, 52]]]}',
    '{"type": "Polygon", "coordinates": [[]]}',
    '{"type": "Curve", "coordinates": []}',
    '{"type": "\\ud800", "coordinates": [0, 52]}',
    "null",
    "[]",
]


@pytest.mark.parametrize("geometry", ODD_SHAPES)
def test_an_odd_shape_is_read_or_refused_in_our_words(tmp_path: Path, geometry: str) -> None:
    path = geojson(tmp_path, geometry)
    for read in (read_map, read_outline):
        try:
            read(path)
        except Exception as error:
            assert type(error).__name__ in {"FileRefusedError", "RefusedError"}  # noqa: PT017


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=12,
)


@fuzzed
@given(value=json_values)
def test_fuzzed_geojson_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, value: object
) -> None:
    folder = tmp_path_factory.getbasetemp()
    path = geojson(folder, f'{{"type": "Polygon", "coordinates": {json.dumps(value)}}}')
    with suppress(FileRefusedError):
        read_map(path)


@fuzzed
@given(content=st.binary(max_size=300), at=st.integers(0, 4_000))
@example(content=b"PK\x05\x06" + b"\xff" * 18, at=9_999)
def test_fuzzed_workbook_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, at: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzzed.xlsx"
    workbook = book()
    path.write_bytes(workbook[:at] + content + workbook[at + len(content) :])
    with suppress(FileRefusedError):
        read_table(path, headings=HEADINGS)


cells = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)


@fuzzed
@given(st.lists(st.lists(cells, min_size=2, max_size=4), min_size=1, max_size=5))
@example([["", ";"], [";", ";"]])  # was cut at the semicolons
def test_fuzzed_csv_that_is_written_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzzed.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([["Ref", "Date", "Place"], *rows])
    read = [line for _, line in read_csv(path)]
    assert read[1:] == [[cell.strip() for cell in row] for row in rows]


@pytest.mark.skipif(sys.platform != "linux", reason="the limit of addresses is Linux's")
def test_bombs_of_every_kind_stay_within_a_gigabyte(tmp_path: Path) -> None:
    """Read in a process that may have no more than the libraries and 1 GB."""
    for number, name in enumerate(("repeated", "cells", "entities", "nested")):
        part, content, _ = BOMBS[name]
        with_part(tmp_path / f"{number}.xlsx", part, content)
    with gzip.open(tmp_path / "zeros.csv.gz", "wb", 1) as file:
        for _ in range(20):
            file.write(b"," * 10_000_000)
    code = (
        "import resource, sys, pathlib\n"
        "from geodata.files.tables import read_table, FileRefusedError\n"
        "used = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize()\n"
        "resource.setrlimit(resource.RLIMIT_AS, (used + 10**9,) * 2)\n"
        "for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):\n"
        "    try: read_table(path, headings={'ref', 'date'})\n"
        "    except FileRefusedError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        env=dict(os.environ),
    )
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 5
