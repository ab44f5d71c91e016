"""Any file as a table of texts: CSV, XLSX, GeoJSON, GeoPackage, zipped Shapefile."""

import csv
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
from openpyxl.utils.exceptions import InvalidFileException
from pyogrio.errors import DataLayerError, DataSourceError

from geodata.importers.problems import FileRefusedError

MAP_FORMATS = {".geojson", ".json", ".gpkg", ".zip", ".shp"}
TEXT_FORMATS = {".csv", ".txt", ".tab", ".tsv"}
_LONGEST_TITLE = 20


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
    """

    rows: pd.DataFrame
    geometry: gpd.GeoSeries | None = None


def read_table(path: Path, *, layer: str | None = None, crs: str | None = None) -> Table:
    """Read a file by its ending.

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
    if suffix in TEXT_FORMATS:
        table = Table(_read_text(path))
    elif suffix == ".xlsx":
        table = Table(_read_workbook(path))
    elif suffix in MAP_FORMATS:
        table = _read_map(path, layer, crs)
    else:
        raise FileRefusedError(
            f"{path.name}: files ending in {suffix or 'nothing'} are not read; save it as CSV, "
            "XLSX, GeoJSON, GeoPackage or zipped Shapefile"
        )
    if table.rows.empty:
        raise FileRefusedError(f"{path.name} holds no rows")
    return table


def _read_text(path: Path) -> pd.DataFrame:
    text = _decode(_bytes(path), path)
    sample = text[:20_000]
    try:
        dialect: Any = csv.Sniffer().sniff(sample, delimiters=",;\t|")
        separator = dialect.delimiter
    except csv.Error:
        separator = ","
    try:
        frame = pd.read_csv(
            io.StringIO(text), sep=separator, dtype=str, keep_default_na=False, index_col=False
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError, pd.errors.ParserWarning) as error:
        raise FileRefusedError(f"{path.name} is not a proper CSV file: {error}") from None
    frame.index = pd.RangeIndex(2, 2 + len(frame))
    return _stripped(frame)


def _bytes(path: Path) -> bytes:
    content = path.read_bytes()
    try:
        return gzip.decompress(content) if path.suffix.lower() == ".gz" else content
    except OSError as error:
        raise FileRefusedError(f"{path.name} is not a gzip file: {error}") from None


def _decode(content: bytes, path: Path) -> str:
    """UTF-8 where it is; else Windows-1252, which English spreadsheets save."""
    if b"\x00" in content[:4096]:
        raise FileRefusedError(f"{path.name} is not a text file: save it as CSV (UTF-8)")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _read_workbook(path: Path) -> pd.DataFrame:
    try:
        workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, BadZipFile, KeyError, OSError, ValueError) as error:
        raise FileRefusedError(f"{path.name} is not an Excel workbook: {error}") from None
    with_number = enumerate(workbook.worksheets[0].iter_rows(values_only=True), start=1)
    rows = [(number, [_cell_text(cell) for cell in row]) for number, row in with_number]
    workbook.close()
    header = _header_position([row for _, row in rows])
    if header is None:
        raise FileRefusedError(f"{path.name}: no row of the first sheet looks like a header")
    names = list(_unique(rows[header][1]))
    body = [(number, row) for number, row in rows[header + 1 :] if any(row)]
    frame = pd.DataFrame([row for _, row in body], columns=names, dtype=str)
    frame.index = pd.Index([number for number, _ in body])
    return _stripped(frame.loc[:, [name for name in names if not name.startswith("unnamed ")]])


def _header_position(rows: list[list[str]]) -> int | None:
    """The fullest of the first rows: titles and merged cells above it are short."""
    filled = [sum(map(bool, row)) for row in rows[:_LONGEST_TITLE]]
    return filled.index(max(filled)) if filled and max(filled) > 1 else None


def _unique(names: list[str]) -> Iterator[str]:
    seen: set[str] = set()
    for position, name in enumerate(names):
        unique = name or f"unnamed {position + 1}"
        while unique in seen:
            unique += " (again)"
        seen.add(unique)
        yield unique


def _cell_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.isoformat(sep=" ") if isinstance(cell, datetime) else cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _read_map(path: Path, layer: str | None, crs: str | None) -> Table:
    try:
        frame = pyogrio.read_dataframe(path, layer=layer)
    except (DataSourceError, DataLayerError) as error:
        raise FileRefusedError(f"{path.name} cannot be read as a map file: {error}") from None
    if not isinstance(frame, gpd.GeoDataFrame):
        rows = frame
        geometry = None
    elif frame.crs is None and crs is None:
        raise FileRefusedError(
            f"{path.name} does not say its coordinate system (a Shapefile needs its .prj): "
            "give --crs, for example EPSG:27700"
        )
    else:
        geometry = frame.geometry.set_crs(crs) if frame.crs is None else frame.geometry
        rows = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    texts = pd.DataFrame(
        {str(name): [_cell_text(None if pd.isna(v) else v) for v in rows[name]] for name in rows},
        index=pd.RangeIndex(2, 2 + len(frame)),
        dtype=str,
    )
    if geometry is not None:
        geometry = geometry.set_axis(texts.index)
    return Table(_stripped(texts), geometry)


def _stripped(frame: pd.DataFrame) -> pd.DataFrame:
    frame = frame.rename(columns=lambda name: str(name).strip())
    for name in frame.columns:
        frame[name] = frame[name].fillna("").str.strip()
    return frame
