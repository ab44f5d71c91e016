"""Streets that a crew drives along: of OS Open Roads or OpenStreetMap, or the council's own."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyproj
import shapely
from sqlalchemy.orm import Session

from geodata import places
from geodata.core.types import SRID
from geodata.files import osm_extracts
from geodata.files.columns import Field, plain
from geodata.files.map_files import on_the_grid
from geodata.files.problems import FileRefusedError
from geodata.files.tables import Table, read_table
from geodata.importers.kinds.kind import WKT, Kind
from geodata.importers.parsed import Parsed
from geodata.models import Street

AROUND_M = 10_000
"""A road out of the borough and in again may be the quickest between two of its places."""
LINE = 1  # shapely's number of LineString
_OSM_CLASS = ("highway", "fclass")
_NOT_DRIVEN = frozenset(
    {
        "footway",
        "path",
        "steps",
        "pedestrian",
        "cycleway",
        "bridleway",
        "corridor",
        "elevator",
        "platform",
        "construction",
        "proposed",
        "abandoned",
        "razed",
        "raceway",
        "busway",
        "bus_guideway",
        "rail",
    }
)
_FORWARD = frozenset({"yes", "y", "true", "t", "1", "f", "forward"})
_BACKWARD = frozenset({"-1", "reverse", "backward"})
_BOTH = frozenset({"no", "n", "false", "0", "b", "both"})


def _read(session: Session, path: Path, layer: str | None, crs: str | None) -> Table:
    """What vehicles drive along within ``AROUND_M`` of the borough; a file may hold a country."""
    table = (
        _of_extract(session, path)
        if osm_extracts.is_extract(path)
        else read_table(path, layer=layer, crs=crs, headings={"wkt"})
    )
    # OpenStreetMap's ref is the number of a road, which many lines share, and no reference.
    numbers = {name: "road_number" for name in table.rows if plain(name) == "ref"}
    wanted = _is_driven(table.rows) & _is_near(session, table)
    if not wanted.any():
        raise FileRefusedError(
            f"{path.name} holds no street within {AROUND_M // 1000} km of the borough: is it the "
            "right file and layer, and its coordinate system right?",
            in_shell="--layer and --crs name others",
        )
    geometry = None if table.geometry is None else table.geometry[wanted]
    return replace(table, rows=table.rows.rename(columns=numbers)[wanted], geometry=geometry)


def _of_extract(session: Session, path: Path) -> Table:
    """The highways of an extract of OpenStreetMap about the borough, numbered from 1."""
    area = places.borough(session)
    if area is None:
        raise FileRefusedError(
            "this store knows no borough to keep the part of: make one with  "
            "hotspots init --area WARDS.geojson"
        )
    near = area.buffer(AROUND_M).bounds
    lines = osm_extracts.read_streets(path, near, pyproj.CRS(SRID))
    lines = lines.set_axis(pd.RangeIndex(1, len(lines) + 1))
    texts = lines.drop(columns="geometry").rename(columns={"reference": "external_ref"})
    return Table(pd.DataFrame(texts), lines.geometry)


def _is_driven(rows: pd.DataFrame) -> pd.Series:
    """Whether each line is for vehicles; OpenStreetMap's other lines have no class of highway."""
    for name in rows:
        if plain(name) in _OSM_CLASS:
            words = rows[name].str.lower()
            return (words != "") & ~words.isin(_NOT_DRIVEN)
    return pd.Series(True, index=rows.index)


def _is_near(session: Session, table: Table) -> pd.Series:
    """Whether each line lies near the borough; one that lies nowhere is refused later, by row."""
    area = places.borough(session)
    if area is None or table.geometry is None:
        return pd.Series(True, index=table.rows.index)
    lines = on_the_grid(table.geometry, SRID)
    return ~(lines.distance(area) > AROUND_M)


def _street(parsed: Parsed) -> None:
    parsed.take("name", lambda texts: texts.str[:200])
    named = parsed.columns["name"]
    numbers = parsed.texts("road_number").str[:200].replace("", None)
    parsed.columns["name"] = named.where(named.notna(), numbers)
    parsed.take("road_class", lambda texts: texts.str[:40])
    ways = parsed.texts("is_one_way").str.lower()
    known = dict.fromkeys(_FORWARD | _BACKWARD, True) | dict.fromkeys(_BOTH, False)
    parsed.columns["is_one_way"] = ways.map(known).astype(object)
    is_unknown = (ways != "") & ~ways.isin(known)
    parsed.leave_out(is_unknown, "is_one_way", "is neither yes nor no, nor -1: write one of them")
    _take_lines(parsed, ways.isin(_BACKWARD).to_numpy())


def _take_lines(parsed: Parsed, is_backward: np.ndarray) -> None:
    """One line a street, drawn in the direction that is driven; parts that touch become one."""
    shapes = parsed.columns["geometry"].to_numpy()
    lines = np.where(shapely.get_type_id(shapes) == LINE, shapes, shapely.line_merge(shapes))
    is_line = shapely.get_type_id(lines) == LINE
    parsed.refuse(
        ~is_line & ~(shapely.is_missing(shapes) | shapely.is_empty(shapes)),
        "geometry",
        "is no single line: draw each part as a street of its own",
    )
    lines[is_backward] = shapely.reverse(lines[is_backward])
    parsed.columns["geometry"] = lines


STREETS = Kind(
    "streets",
    Street,
    (
        Field("name", ("name 1", "name1", "road name", "street", "street name")),
        Field("road_number", ("number", "road classification number")),
        Field(
            "road_class",
            (*_OSM_CLASS, "road function", "function", "road classification", "class"),
        ),
        Field("is_one_way", ("oneway", "one way")),
        WKT,
    ),
    _street,
    takes_shapes=True,
    reach_m=AROUND_M,
    read=_read,
)
