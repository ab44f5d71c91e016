"""Ordnance Survey's open files of postcodes and names: Code-Point Open and OS Open Names.

Both come as a zip of many CSV files without headers for the whole country. A borough needs its
own part and what lies around it, so the rest is dropped while it is read.
"""

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from geodata.core.spatial import Box
from geodata.files.archives import opened_zip
from geodata.files.bounds import refuse_big
from geodata.files.problems import FileRefusedError

NAMES_COLUMNS = (  # OS Open Names, by position (technical specification, product version 3)
    "ID",
    "NAMES_URI",
    "NAME1",
    "NAME1_LANG",
    "NAME2",
    "NAME2_LANG",
    "TYPE",
    "LOCAL_TYPE",
    "GEOMETRY_X",
    "GEOMETRY_Y",
    "MOST_DETAIL_VIEW_RES",
    "LEAST_DETAIL_VIEW_RES",
    "MBR_XMIN",
    "MBR_YMIN",
    "MBR_XMAX",
    "MBR_YMAX",
    "POSTCODE_DISTRICT",
    "POSTCODE_DISTRICT_URI",
    "POPULATED_PLACE",
    "POPULATED_PLACE_URI",
    "POPULATED_PLACE_TYPE",
    "COUNTY_UNITARY",
    "COUNTY_UNITARY_URI",
    "COUNTY_UNITARY_TYPE",
    "DISTRICT_BOROUGH",
)
NO_POSITION = 90
"""Code-Point Open's mark of quality for a postcode of which nobody knows where it is."""
MOST_BYTES, MOST_PART_BYTES = 5_000_000_000, 200_000_000
"""OS Open Names is a gigabyte in 819 parts; each is let go of when it is read."""
_MOST_HEAD, _MOST_COLUMNS = 20_000, 100
_POSTCODE = r"[A-Z]{1,2}\d[A-Z\d]? *\d[A-Z]{2}"
_KINDS = {"Postcode": "postcode", "transportNetwork": "street", "populatedPlace": "settlement"}


def read_gazetteer(path: Path, box: Box) -> pd.DataFrame:
    """The rows of a file that lie in a box.

    Parameters
    ----------
    path
        The product's zip, or one CSV file of it, with or without a header.
    box
        (min x, min y, max x, max y) in metres, EPSG:27700.

    Returns
    -------
    DataFrame
        Texts: ``external_ref`` (empty for postcodes of Code-Point Open), ``kind``, ``name``,
        ``district``, ``east``, ``north``.

    Raises
    ------
    FileRefusedError
        The file is neither of the two, or holds nothing in the box.
    """
    if not path.is_file():
        raise FileRefusedError(f"there is no file {path}")
    parts = [_rows(content, name, box) for name, content in _members(path)]
    entries = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    if entries.empty:
        raise FileRefusedError(
            f"{path.name} holds no postcode or name within 10 km of the borough: "
            "is it Code-Point Open or OS Open Names, as CSV?"
        )
    return entries


def _members(path: Path) -> Iterator[tuple[str, bytes]]:
    if not zipfile.is_zipfile(path):
        refuse_big(path.name, path.stat().st_size, MOST_PART_BYTES)
        yield path.name, path.read_bytes()
        return
    with opened_zip(path, most_bytes=MOST_BYTES) as archive:
        for part in sorted(archive.infolist(), key=lambda part: part.filename):
            is_document = any(name.lower() == "doc" for name in Path(part.filename).parts)
            if part.filename.lower().endswith(".csv") and not is_document:
                refuse_big(part.filename, part.file_size, MOST_PART_BYTES)
                yield part.filename, archive.read(part)


def _rows(content: bytes, name: str, box: Box) -> pd.DataFrame:
    text = content.decode("utf-8-sig", errors="replace")
    frame = _read(text, name)
    if frame.shape[1] >= len(NAMES_COLUMNS) and frame.iat[0, 0] == "ID":
        frame = frame.iloc[1:]
    if frame.empty:
        return pd.DataFrame()
    if frame.shape[1] >= len(NAMES_COLUMNS):
        return _names(frame, box)
    if frame.shape[1] >= 4 and frame[0].str.fullmatch(_POSTCODE).mean() > 0.5:
        return _postcodes(frame, box)
    raise FileRefusedError(f"{name} is neither Code-Point Open nor OS Open Names")


def _read(text: str, name: str) -> pd.DataFrame:
    _refuse_wide(text, name)
    try:
        return pd.read_csv(io.StringIO(text), header=None, dtype=str, keep_default_na=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise FileRefusedError(f"{name} is not a proper CSV file: {error}") from None


def _refuse_wide(text: str, name: str) -> None:
    """By the first row, which says for all others how wide they may be."""
    head = text[:_MOST_HEAD]
    cells = next(csv.reader(io.StringIO(head, newline="")), [])
    if len(cells) > _MOST_COLUMNS or sum(map(len, cells)) + len(cells) >= _MOST_HEAD:
        raise FileRefusedError(f"{name} is neither Code-Point Open nor OS Open Names")


def _names(frame: pd.DataFrame, box: Box) -> pd.DataFrame:
    frame = frame.iloc[:, : len(NAMES_COLUMNS)].set_axis(list(NAMES_COLUMNS), axis=1)
    frame = frame[_inside(frame["GEOMETRY_X"], frame["GEOMETRY_Y"], box)]
    kind = frame["LOCAL_TYPE"].map(_KINDS).fillna(frame["TYPE"].map(_KINDS))
    is_station = frame["LOCAL_TYPE"].str.contains("Station")
    town, borough = frame["POPULATED_PLACE"], frame["DISTRICT_BOROUGH"]
    both = (town != "") & (borough != "") & (town != borough)
    return pd.DataFrame(
        {
            "external_ref": frame["ID"],
            "kind": kind.fillna("landmark").mask(is_station, "landmark"),
            "name": frame["NAME1"],
            "district": np.where(both, town + ", " + borough, np.where(town == "", borough, town)),
            "east": frame["GEOMETRY_X"],
            "north": frame["GEOMETRY_Y"],
        }
    )


def _postcodes(frame: pd.DataFrame, box: Box) -> pd.DataFrame:
    quality = pd.to_numeric(frame[1], errors="coerce")
    frame = frame[_inside(frame[2], frame[3], box) & (quality < NO_POSITION)]
    return pd.DataFrame(
        {
            "external_ref": "",
            "kind": "postcode",
            "name": frame[0],
            "district": "",
            "east": frame[2],
            "north": frame[3],
        }
    )


def _inside(x: pd.Series, y: pd.Series, box: Box) -> pd.Series:
    east, north = pd.to_numeric(x, errors="coerce"), pd.to_numeric(y, errors="coerce")
    return east.between(box[0], box[2]) & north.between(box[1], box[3])
