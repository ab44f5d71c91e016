"""Any file as a table of texts: tables, workbooks, lists of records and maps."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.files.bounds import MOST_CELLS
from geodata.files.cell_texts import cell_text
from geodata.files.columns import heading
from geodata.files.csv_files import read_csv
from geodata.files.grids import table_of
from geodata.files.kml_data import OWN_COLUMNS, with_described
from geodata.files.map_files import read_map
from geodata.files.old_workbooks import true_ending
from geodata.files.parquet_files import read_parquet
from geodata.files.problems import FileRefusedError, Problem
from geodata.files.record_files import LINES, holds_map, read_json, read_xml
from geodata.files.workbooks import Formula, read_sheets

JSON_FORMATS = {".json", *LINES}
MAP_FORMATS = {".geojson", ".gpkg", ".fgb", ".kml", ".kmz", ".gpx", ".zip", ".shp", ".mif"}
PARQUET_FORMATS = {".parquet", ".geoparquet", ".pq"}
TEXT_FORMATS = {".csv", ".txt", ".tab", ".tsv"}
_SAVE_AS = {
    ".numbers": "it is a workbook of Apple's: export it as XLSX",
    ".topojson": "it is TopoJSON: save it as GeoJSON",
    ".mid": "it is a part of a MapInfo table: send all its files as one zip",
    ".pbf": "of an extract of OpenStreetMap the streets, the features and the basemap are read",
    ".gml": "save it as GeoPackage",
    ".gdb": "save its layer as GeoPackage",
    ".pdf": "a PDF holds no table: ask for the spreadsheet that it was made from",
    ".docx": "copy its table into a spreadsheet, and save it as XLSX",
    ".html": "save the table as CSV",
}
_FEWEST_SHEETS = 3
"""Of two, neither is the odd one."""
_NO_RESULT = "holds a formula without a stored result: open and save the file in Excel"


@dataclass(frozen=True)
class Table:
    """What a file holds.

    Attributes
    ----------
    rows
        One row a record; every cell is a stripped text, empty where there is nothing. The index
        is the row number that a person sees.
    geometry
        In the file's own coordinate system, on the same index; None in a file without maps.
    problems
        Rows whose cells cannot be told apart.
    formulas
        One a cell of ``rows`` that is empty only because no program reckoned its formula; of no
        weight where its column means nothing here.
    cells
        Where a row comes from, if not from the file's row of its number: that row's number and
        the column.
    cell_columns
        Columns of ``rows`` that are not the file's, and hold what stands in ``cells``.
    sheets
        Which sheet a row is of, where rows of several stand below one another.
    spare
        Columns that the format itself has, and that mean something only where no other does.
    notes
        Sentences about what was left aside.
    """

    rows: pd.DataFrame
    geometry: gpd.GeoSeries | None = None
    problems: list[Problem] = field(default_factory=list)
    formulas: list[Problem] = field(default_factory=list)
    cells: Mapping[int, tuple[int, str]] = field(default_factory=dict)
    cell_columns: frozenset[str] = frozenset()
    sheets: Mapping[int, str] = field(default_factory=dict)
    spare: frozenset[str] = frozenset()
    notes: list[str] = field(default_factory=list)


def read_table(
    path: Path,
    *,
    layer: str | None = None,
    crs: str | None = None,
    headings: Collection[str] = (),
    most_cells: int = MOST_CELLS,
) -> Table:
    """Read a file by its ending.

    Parameters
    ----------
    layer
        Layer of a map file or sheet of a workbook, where it has several; ``all`` its sheets.
    crs
        Coordinate system of a map file, whatever it says itself.
    headings
        Plain names of columns that are known here, by which a header is found.
    most_cells
        More are refused, before they are all read.

    Raises
    ------
    FileRefusedError
        It does not exist, is empty, has an ending that is not known, is not what its ending
        says, or is a map without coordinate system and ``crs`` is not given.
    """
    if not path.is_file():
        raise FileRefusedError(f"there is no file {path}")
    suffixes = [suffix.lower() for suffix in path.suffixes] or [""]
    suffix = suffixes[-2] if suffixes[-1] == ".gz" and len(suffixes) > 1 else suffixes[-1]
    if suffix == ".xls":
        suffix = true_ending(path)
    if suffix in TEXT_FORMATS:
        table = _checked(read_csv(path, most_cells=most_cells), path, headings)
    elif suffixes[-1] == ".gz":
        raise FileRefusedError(f"{path.name}: only text files may be gzipped; unpack it first")
    elif suffix in {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}:
        sheets = read_sheets(path, headings, layer, most_cells=most_cells)
        parts = {name: _checked(sheets[name], path, headings) for name in sheets}
        table = _joined(path, *_of_one_form(parts, headings))
    elif suffix in MAP_FORMATS or (suffix in JSON_FORMATS and holds_map(path)):
        table = _of_map(path, layer, crs)
    else:
        table = _of_records(path, suffix, most_cells)
    if len(table.rows) == 0:  # a map may have shapes and no columns
        raise FileRefusedError(f"{path.name} holds no rows")
    return table


def _of_map(path: Path, layer: str | None, crs: str | None) -> Table:
    frame = read_map(path, layer=layer, crs=crs)
    if path.suffix.lower() not in {".kml", ".kmz"}:
        return _mapped(frame)
    return replace(_mapped(with_described(frame)), spare=OWN_COLUMNS)


def _of_records(path: Path, suffix: str, most_cells: int) -> Table:
    """A file that other programs wrote for programs."""
    if suffix in PARQUET_FORMATS:
        return _mapped(read_parquet(path, most_cells=most_cells))
    if suffix in JSON_FORMATS:
        return Table(read_json(path, most_cells=most_cells))
    if suffix == ".xml":
        return Table(read_xml(path, most_cells=most_cells))
    remedy = _SAVE_AS.get(
        suffix, "save it as CSV, XLSX, GeoJSON, GeoPackage, KML or zipped Shapefile"
    )
    which = f"files ending in {suffix} are not read" if suffix else "its name has no ending"
    raise FileRefusedError(f"{path.name}: {which}; {remedy}")


def _checked(lines: list[tuple[int, list[str]]], path: Path, headings: Collection[str]) -> Table:
    rows, problems, notes = table_of(lines, path.name, headings)
    return Table(rows, problems=problems, formulas=_take_formulas(rows), notes=notes)


def _of_one_form(
    tables: dict[str, Table], headings: Collection[str]
) -> tuple[dict[str, Table], list[str]]:
    """Sheets without those that sum the others up: of these half the columns mean nothing here."""
    n_known = {name: sum(heading(h) in headings for h in tables[name].rows) for name in tables}
    asides = [name for name in tables if n_known[name] * 2 <= max(n_known.values())]
    if len(tables) < _FEWEST_SHEETS or len(asides) == len(tables):
        return tables, []
    kept = {name: table for name, table in tables.items() if name not in asides}
    return kept, [f"sheet {name!r} has other columns, and is left aside" for name in asides]


def _joined(path: Path, tables: dict[str, Table], notes: list[str]) -> Table:
    """Tables of sheets below one another, if they have the same columns in any order."""
    (first, top), *others = tables.items()
    if not others:
        return replace(top, notes=[*top.notes, *notes])
    for name, table in others:
        if set(table.rows) != set(top.rows):
            odd = ", ".join(map(str, sorted(set(table.rows) ^ set(top.rows))))
            raise FileRefusedError(
                f"{path.name}: sheets {first!r} and {name!r} have other columns than each other "
                f"({odd}): make their headers the same, or keep one sheet in the file",
                in_shell="or give --layer for one",
            )
    joined, last = Table(pd.DataFrame(columns=top.rows.columns, dtype=object), notes=notes), 0
    parts: list[pd.DataFrame] = []
    cells: dict[int, tuple[int, str]] = {}
    sheets: dict[int, str] = {}
    for name, table in tables.items():
        moved = [last + int(number) for number in table.rows.index]
        cells |= {m: (int(n), "") for m, n in zip(moved, table.rows.index, strict=True)}
        sheets |= dict.fromkeys(moved, name)
        joined.notes.extend(f"{name}: {note}" for note in table.notes)
        joined.problems.extend(replace(p, row=last + p.row) for p in table.problems)
        joined.formulas.extend(replace(p, row=last + p.row) for p in table.formulas)
        parts.append(table.rows.set_axis(moved))
        last = max([last, *moved])
    return replace(joined, rows=pd.concat(parts)[top.rows.columns], cells=cells, sheets=sheets)


def _take_formulas(rows: pd.DataFrame) -> list[Problem]:
    """Empty the cells that hold a formula without its result, and name them."""
    problems: list[Problem] = []
    for name in rows:
        cells = rows[name]
        is_formula = np.array([type(cell) is Formula for cell in cells], dtype=bool)
        problems += [
            Problem(int(number), str(name), formula[:200], _NO_RESULT)
            for number, formula in cells[is_formula].items()
        ]
        if is_formula.any():
            rows[name] = cells.mask(is_formula, "")
    return problems


def _mapped(frame: pd.DataFrame) -> Table:
    numbers = pd.RangeIndex(2, 2 + len(frame))
    geometry = None
    if isinstance(frame, gpd.GeoDataFrame):
        geometry = frame.geometry.set_axis(numbers)
        frame = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    texts = {
        str(name).strip(): [_text(value) for value in frame[name].astype(object)] for name in frame
    }
    return Table(pd.DataFrame(texts, index=numbers, dtype=object), geometry)


def _text(value: object) -> str:
    is_missing = value is None or (pd.api.types.is_scalar(value) and pd.isna(value))
    return "" if is_missing else cell_text(value).strip()
