"""Features that dumping may be drawn to: car parks, pubs, lamp columns - anything by its kind."""

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyproj
from sqlalchemy.orm import Session

from geodata import places
from geodata.core.types import SRID
from geodata.files import osm_extracts
from geodata.files.columns import Field, match_columns
from geodata.files.map_files import on_the_grid
from geodata.files.problems import FileRefusedError
from geodata.files.tables import Table, read_table
from geodata.importers.kinds.kind import WKT, Kind
from geodata.importers.parsed import Parsed
from geodata.importers.where import position_columns
from geodata.models import CovariateFeature

KIND = Field(
    "kind",
    ("type", "class", "fclass", "category", "feature", "feature type", "amenity", "covariate"),
)
AROUND_M = 1_000
"""The borough's edge is felt; beyond it nothing is."""
_PLURALS = {kind.removesuffix("s"): kind for kind in osm_extracts.KIND_OF_TAG.values()}


def _read(session: Session, path: Path, layer: str | None, crs: str | None) -> Table:
    area = places.borough(session)
    if area is None:
        raise FileRefusedError(
            "this store knows no borough to keep the part of: make one with  "
            "hotspots init --area WARDS.geojson"
        )
    near = area.buffer(AROUND_M)
    if osm_extracts.is_extract(path):
        table = _table(osm_extracts.read_features(path, near.bounds, pyproj.CRS(SRID)))
    else:
        table = _with_kinds(path, read_table(path, layer=layer, crs=crs, headings={"wkt"}))
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
    return replace(table, rows=table.rows[is_kept], geometry=table.geometry[is_kept])


def _table(features: gpd.GeoDataFrame) -> Table:
    """An extract's features, numbered from 1."""
    features = features.set_axis(pd.RangeIndex(1, len(features) + 1))
    rows = features[["reference", "kind"]].rename(columns={"reference": "external_ref"})
    return Table(pd.DataFrame(rows), features.geometry)


def _with_kinds(path: Path, table: Table) -> Table:
    """Where no column says what the rows are, the file's name does: ``car_parks.geojson``."""
    if match_columns([str(name) for name in table.rows], [KIND], {}):
        return table
    return replace(table, rows=table.rows.assign(kind=path.name.split(".")[0]))


def _feature(parsed: Parsed) -> None:
    parsed.take("kind", _in_words, "is no kind: write what it is, such as car park")
    parsed.refuse(parsed.texts("kind") == "", "kind", "is empty: write such as car park")


def _in_words(texts: pd.Series) -> pd.Series:
    """A kind as a sentence names it, in the plural where the store knows it.

    >>> list(_in_words(pd.Series(["fast_food", "Car park", "CCTV_cameras"])))
    ['takeaways', 'car parks', 'cctv cameras']
    """
    plain = texts.str.strip().str.lower()
    words = plain.str.replace("_", " ").str[:80]
    known = plain.map(osm_extracts.KIND_OF_TAG)
    return known.fillna(words.map(_PLURALS)).fillna(words)


FEATURES = Kind(
    "features",
    CovariateFeature,
    (KIND, WKT, *(f for f in position_columns.FIELDS if f.name != "place")),
    _feature,
    takes_shapes=True,
    reach_m=AROUND_M,
    read=_read,
)
