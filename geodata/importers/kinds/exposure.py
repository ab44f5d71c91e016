"""What is at risk: addresses, people by area, car parks - whatever dumping may follow."""

from pathlib import Path

import pandas as pd
import shapely
from sqlalchemy.orm import Session

from geodata import places
from geodata.core.types import SRID
from geodata.files.columns import Field
from geodata.files.map_files import on_the_grid
from geodata.files.problems import FileRefusedError
from geodata.files.tables import Table, read_table
from geodata.importers.kinds.kind import WKT, Kind
from geodata.importers.parsed import Parsed
from geodata.importers.where import position_columns
from geodata.models import ExposureFeature

MOST = 1e12
AROUND_M = 2_000
"""Of a file of the whole country, what lies this near the borough; the rest says nothing here."""
UPRN_COLUMNS = ["UPRN", "X_COORDINATE", "Y_COORDINATE"]
CHUNK = 1_000_000
WEIGHTS = (
    "population",
    "residents",
    "people",
    "households",
    "homes",
    "addresses",
    "dwellings",
    "count",
    "number",
    "total",
    "value",
)
_OF_SHAPES = ("number of places", "length", "area")  # by dimension: points, lines, polygons


def _read(session: Session, path: Path, layer: str | None, crs: str | None) -> Table:
    area = places.borough(session)
    if area is None:
        raise FileRefusedError(
            "this store knows no borough to keep the part of: make one with  "
            "hotspots init --area WARDS.geojson"
        )
    near = area.buffer(AROUND_M)
    if _is_open_uprn(path):
        return _read_uprns(path, near.bounds)
    table = read_table(path, layer=layer, crs=crs, headings={"wkt", *WEIGHTS})
    if table.geometry is None:
        return table
    # A shape that is none lies nowhere: it stays, to be refused by its row.
    is_kept = ~(on_the_grid(table.geometry, SRID).distance(near) > 0)
    if not is_kept.any():
        raise FileRefusedError(
            f"{path.name} holds nothing within {AROUND_M // 1000} km of the borough: is it the "
            "right file and layer, and its coordinate system right?",
            in_shell="--layer and --crs name others",
        )
    return Table(table.rows[is_kept], table.geometry[is_kept], table.problems, table.formulas)


def _is_open_uprn(path: Path) -> bool:
    """Whether it is Ordnance Survey's file of all addresses, by its first line."""
    if path.suffix.lower() != ".csv" or not path.is_file():
        return False
    with path.open("rb") as file:
        header = file.readline(500).decode("utf-8-sig", errors="replace").strip()
    return header.replace('"', "").split(",")[:3] == UPRN_COLUMNS


def _read_uprns(path: Path, box: tuple[float, float, float, float]) -> Table:
    """Of 40 million addresses those in the box, read piece by piece."""
    parts = []
    try:
        pieces = pd.read_csv(path, usecols=UPRN_COLUMNS, chunksize=CHUNK, dtype={"UPRN": str})
        for piece in pieces:
            x, y = piece["X_COORDINATE"], piece["Y_COORDINATE"]
            parts.append(piece[x.between(box[0], box[2]) & y.between(box[1], box[3])])
    except ValueError as error:  # pandas' errors of parsing are ValueErrors
        raise FileRefusedError(f"{path.name} is not a proper OS Open UPRN file: {error}") from None
    rows = pd.concat(parts)
    if rows.empty:
        raise FileRefusedError(
            f"{path.name} holds no address within {AROUND_M // 1000} km of the borough"
        )
    texts = pd.DataFrame(
        {
            "external_ref": rows["UPRN"].to_numpy(),
            "easting": rows["X_COORDINATE"].map("{:.2f}".format).to_numpy(),
            "northing": rows["Y_COORDINATE"].map("{:.2f}".format).to_numpy(),
            "measure": "number of addresses",
        },
        index=pd.Index(rows.index + 2),
    )
    return Table(texts)


def _exposure(parsed: Parsed) -> None:
    weight = "is no amount: write a number of 0 or more, such as 312"
    parsed.take("weight", _parse_weight, weight)
    if "weight" in parsed.headers:
        parsed.refuse(parsed.texts("weight") == "", "weight", "is empty: write 0 for none")
    dimensions = shapely.get_dimensions(parsed.columns["geometry"].to_numpy())
    parsed.take("measure", lambda texts: texts.str[:80])
    header, measure = parsed.headers.get("weight"), parsed.columns["measure"]
    of = [header.lower() if header else _OF_SHAPES[max(d, 0)] for d in dimensions]
    parsed.columns["measure"] = measure.where(measure.notna(), pd.Series(of, measure.index))


def _parse_weight(texts: pd.Series) -> pd.Series:
    number = pd.to_numeric(texts.str.replace(",", "", regex=False), errors="coerce")
    return number.where((number >= 0) & (number <= MOST))


EXPOSURE = Kind(
    "exposure",
    ExposureFeature,
    (
        Field("weight", WEIGHTS),
        Field("measure", ("measures", "of", "what")),
        WKT,
        *(f for f in position_columns.FIELDS if f.name != "place"),
    ),
    _exposure,
    takes_shapes=True,
    reach_m=AROUND_M,
    read=_read,
)
