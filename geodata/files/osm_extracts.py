"""An extract of OpenStreetMap (.osm.pbf): streets, and what dumping may be drawn to.

Layers and columns: GDAL's OSM driver (osmconf.ini); tags: the OpenStreetMap wiki's Map Features.
"""

import re
import warnings
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import pandas as pd
import pyogrio
import pyproj

from geodata.core.spatial import Box
from geodata.files.map_opener import opened_basemap
from geodata.files.problems import FileRefusedError

ENDING = ".osm.pbf"
CRS = 4326
_LAYERS = ("points", "lines", "multipolygons")
_AREAS_ONLY = frozenset({"landuse"})


class _Tagged(NamedTuple):
    """Features of one kind, by one of their tags."""

    kind: str
    key: str
    values: tuple[str, ...]


_KINDS = (
    _Tagged("car parks", "amenity", ("parking",)),
    _Tagged("pubs, bars and clubs", "amenity", ("pub", "bar", "nightclub", "biergarten")),
    _Tagged("takeaways", "amenity", ("fast_food",)),
    _Tagged("petrol stations", "amenity", ("fuel",)),
    _Tagged("schools and colleges", "amenity", ("school", "college", "university")),
    _Tagged("benches", "amenity", ("bench",)),
    _Tagged("food shops", "shop", ("convenience", "supermarket", "alcohol")),
    _Tagged("playgrounds", "leisure", ("playground",)),
    _Tagged("sports pitches", "leisure", ("pitch",)),
    _Tagged("parks", "leisure", ("park", "common")),
    _Tagged("parks", "landuse", ("recreation_ground", "village_green")),
    _Tagged("stations", "railway", ("station", "halt")),
    _Tagged("bus stops", "highway", ("bus_stop",)),
    _Tagged("lamp columns", "highway", ("street_lamp",)),
    _Tagged("main roads", "highway", ("trunk", "primary", "secondary")),
    _Tagged("service roads", "highway", ("service",)),
    _Tagged(
        "paths",
        "highway",
        ("footway", "path", "track", "cycleway", "bridleway", "pedestrian", "steps"),
    ),
)
KIND_OF_TAG = {value: tagged.kind for tagged in _KINDS for value in tagged.values}
"""A tag's value -> the kind in words, such as ``fast_food`` -> ``takeaways``."""


def is_extract(path: Path) -> bool:
    """Whether a file is one, by its ending."""
    return path.name.lower().endswith(ENDING)


def read_features(path: Path, box: Box, crs: pyproj.CRS) -> gpd.GeoDataFrame:
    """What dumping may be drawn to, in a box: ``reference``, ``kind`` in words; EPSG:4326.

    Parameters
    ----------
    box, crs
        West, south, east, north in that coordinate system.

    Raises
    ------
    FileRefusedError
        The file is no extract, or is torn.
    """
    parts, degrees = [], _degrees(box, crs)
    for layer in _LAYERS:
        wanted = [t for t in _KINDS if layer == "multipolygons" or t.key not in _AREAS_ONLY]
        rows = _read(path, layer, wanted, degrees)
        parts.append(rows.assign(kind=_kinds(rows, wanted))[["reference", "kind", "geometry"]])
    features = pd.concat(parts, ignore_index=True)
    return features[features["kind"].notna()].reset_index(drop=True)


def read_streets(path: Path, box: Box, crs: pyproj.CRS) -> gpd.GeoDataFrame:
    """Lines with a class of highway, in a box, EPSG:4326: ``reference``, ``name``, ``ref``,
    ``highway``, ``oneway``, texts, empty where OpenStreetMap says nothing.

    Raises
    ------
    FileRefusedError
        The file is no extract, or is torn.
    """
    rows = _read(path, "lines", None, _degrees(box, crs))
    texts = {key: _tag(rows, key).fillna("") for key in ("name", "ref", "highway", "oneway")}
    return rows[["reference", "geometry"]].assign(**texts)


def _degrees(box: Box, crs: pyproj.CRS) -> Box:
    to_degrees = pyproj.Transformer.from_crs(crs, CRS, always_xy=True)
    west, south, east, north = to_degrees.transform_bounds(*box)
    return west, south, east, north


def _read(path: Path, layer: str, wanted: list[_Tagged] | None, box: Box) -> gpd.GeoDataFrame:
    """A layer's features in a box: those of some kinds, or all lines that are a highway."""
    try:
        with opened_basemap(path) as source, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # GDAL warns of tags that it does not know
            columns = {str(name) for name in pyogrio.read_info(source, layer=layer)["fields"]}
            where = (
                '"highway" IS NOT NULL'
                if wanted is None
                else " OR ".join(_condition(tagged, columns) for tagged in wanted)
            )
            rows = pyogrio.read_dataframe(source, layer=layer, where=where, bbox=box)
    except RuntimeError as error:  # pyogrio's errors are RuntimeErrors
        raise FileRefusedError(f"{path.name} cannot be read as a map: {error}") from None
    return gpd.GeoDataFrame(rows.assign(reference=_references(rows, layer)), crs=CRS)


def _condition(tagged: _Tagged, columns: set[str]) -> str:
    """GDAL's filter. What has no column of its own stands among the other tags.

    >>> _condition(_KINDS[0], {"amenity"})
    '"amenity" IN (\\'parking\\')'
    """
    if tagged.key in columns:
        values = ", ".join(f"'{value}'" for value in tagged.values)
        return f'"{tagged.key}" IN ({values})'
    return " OR ".join(
        f'other_tags LIKE \'%"{tagged.key}"=>"{value}"%\'' for value in tagged.values
    )


def _tag(rows: pd.DataFrame, key: str) -> pd.Series:
    """The value of a tag, missing where there is none."""
    if key in rows:
        return rows[key]
    return rows["other_tags"].astype(str).str.extract(f'"{re.escape(key)}"=>"([^"]*)"')[0]


def _kinds(rows: pd.DataFrame, wanted: list[_Tagged]) -> pd.Series:
    """Of each row the first kind that it is of."""
    kinds = pd.Series(None, index=rows.index, dtype=object)
    for tagged in wanted:
        is_of = _tag(rows, tagged.key).isin(tagged.values)
        kinds = kinds.where(kinds.notna() | ~is_of, tagged.kind)
    return kinds


def _references(rows: pd.DataFrame, layer: str) -> pd.Series:
    """Of a way "way 12"; an area's number stands in one of two columns."""
    if layer != "multipolygons":
        return ("node " if layer == "points" else "way ") + rows["osm_id"].astype(str)
    is_way = rows["osm_way_id"].notna()
    numbers = rows["osm_way_id"].where(is_way, rows["osm_id"]).astype(str)
    return is_way.map({True: "way ", False: "relation "}) + numbers
