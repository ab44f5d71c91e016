"""A map product into the store's own ground: read by box and theme, written zoom by zoom."""

import datetime
import html
import re
import sqlite3
import tempfile
import warnings
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pyproj
import shapely
from shapely.errors import ShapelyError

from geodata.basemap import archive
from geodata.basemap.kept import LAYER
from geodata.basemap.products import FROM_ZOOM, PRODUCTS, Product, Selection
from geodata.core import private_files
from geodata.core.spatial import Box
from geodata.core.types import SRID
from geodata.files.map_opener import opened_basemap
from geodata.files.problems import FileRefusedError

MARGIN_M = 2_000.0
"""The ground goes on beyond the borough: its edge is no edge of a map."""
BANDS = ((8, 9), (10, 10), (11, 11), (12, 12), (13, 13), (14, 14))
"""Zooms that show the same features; the browser enlarges the last."""
_MERCATOR = 3857
_LAYERS = {  # readers take the names of columns from here
    "vector_layers": [{"id": LAYER, "fields": dict.fromkeys(("theme", "kind", "name"), "String")}]
}
_TAGS = re.compile(r"<[^>]*>")
_COLUMNS = ("theme", "kind", "name", "from_zoom")
OnStep = Callable[[int, int], None]


def make_basemap(
    path: Path, box: Box, target: Path, *, on_step: OnStep = lambda _done, _of: None
) -> int:
    """Make the ground of a box from a map file; how many features it has.

    Parameters
    ----------
    path
        An OpenStreetMap extract (.osm.pbf), OS Open Zoomstack or VectorMap District (.gpkg), or
        vector tiles (.pmtiles) of ours or of Protomaps.
    box
        (min x, min y, max x, max y) in metres, EPSG:27700; a margin is added.
    target
        Replaced once the new file is whole and can be read.

    Raises
    ------
    FileRefusedError
        It is none of these, is torn, or has nothing in the box.
    """
    if not path.is_file():
        raise FileRefusedError(f"there is no file {path}")
    west, south, east, north = box
    wide = (west - MARGIN_M, south - MARGIN_M, east + MARGIN_M, north + MARGIN_M)
    try:
        with opened_basemap(path) as source, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # GDAL warns of tags that it does not know
            return _make(path, source, wide, target, on_step)
    except (RuntimeError, ValueError, ShapelyError) as error:
        raise FileRefusedError(f"{path.name} cannot be read as a map: {error}") from None


def _make(path: Path, source: str, box: Box, target: Path, on_step: OnStep) -> int:
    layers = {str(name) for name, _ in pyogrio.list_layers(source)}
    if layers == {LAYER}:
        return _taken_over(path, source, box, target)
    product = _product_of(path, layers)
    selections = [one for one in product.selections if one.layer in layers]
    steps = len(selections) + len(BANDS)
    with tempfile.TemporaryDirectory() as folder:
        staging, count = Path(folder) / "staging.gpkg", 0
        for done, selection in enumerate(selections):
            on_step(done, steps)
            features = _selected(source, selection, box)
            if len(features):
                _stage(features, staging)
            count += len(features)
        if not count:
            raise FileRefusedError(_nothing_here(path))
        about = {"attribution": _attribution(path, product), "name": product.name}
        _write_bands(staging, Path(folder), target, about, lambda n: on_step(steps - n, steps))
    on_step(steps, steps)
    return count


def write_basemap(features: gpd.GeoDataFrame, target: Path, *, attribution: str) -> None:
    """The ground of features that were drawn by hand, such as the demo's.

    Parameters
    ----------
    features
        ``theme``, ``kind``, ``name`` (None where there is none), any projected CRS.
    """
    with tempfile.TemporaryDirectory() as folder:
        staging = Path(folder) / "staging.gpkg"
        _stage(features, staging)
        about = {"attribution": attribution, "name": "drawn"}
        _write_bands(staging, Path(folder), target, about, lambda _: None)


def _product_of(path: Path, layers: set[str]) -> Product:
    for product in PRODUCTS:
        if product.known_by <= layers:
            return product
    shown = ", ".join(sorted(layers)[:8]) or "none"
    raise FileRefusedError(
        f"{path.name} is not a map that is known here (its layers: {shown}): take an OpenStreetMap "
        "extract (.osm.pbf), or the GeoPackage of OS Open Zoomstack or OS VectorMap District"
    )


def _nothing_here(path: Path) -> str:
    return (
        f"{path.name} shows nothing in the borough: is it the map of another county? "
        "Take the extract that holds the borough"
    )


def _selected(source: str, selection: Selection, box: Box) -> gpd.GeoDataFrame:
    """The features of one selection, cut to the box, EPSG:3857."""
    about = pyogrio.read_info(source, layer=selection.layer)
    theirs = {str(name).lower(): str(name) for name in about["fields"]}
    kind = next((theirs[name] for name in selection.kind_column if name in theirs), None)
    name = next((theirs[name] for name in selection.names if name in theirs), None)
    crs = pyproj.CRS(about["crs"] or SRID)
    to_theirs = pyproj.Transformer.from_crs(SRID, crs, always_xy=True)
    rows = pyogrio.read_dataframe(
        source,
        layer=selection.layer,
        columns=[column for column in {kind, name} if column],
        where=selection.where or None,
        bbox=to_theirs.transform_bounds(*box),
    )
    if not isinstance(rows, gpd.GeoDataFrame) or rows.empty:
        return gpd.GeoDataFrame()
    kinds = pd.Series(None, index=rows.index, dtype=object)
    if kind is not None:
        kinds = rows[kind].map(selection.kinds)
    kinds = kinds.fillna(selection.others) if selection.others else kinds
    features = gpd.GeoDataFrame(
        {
            "theme": selection.theme,
            "kind": kinds,
            "name": None if name is None else rows[name],
        },
        geometry=rows.geometry.set_crs(crs, allow_override=True),
    )
    return _cut(features[features["kind"].notna()], box)


def _cut(features: gpd.GeoDataFrame, box: Box) -> gpd.GeoDataFrame:
    flat = features.set_geometry(gpd.GeoSeries(features.geometry.force_2d())).to_crs(SRID)
    cut = flat.set_geometry(shapely.clip_by_rect(flat.geometry.to_numpy(), *box), crs=SRID)
    return cut[~(cut.geometry.is_empty | cut.geometry.isna())].to_crs(_MERCATOR)


def _with_labels(features: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """A point for each area's name: an area is cut at the tiles' edges, and its name said again."""
    is_named = features["name"].notna() & features.geometry.geom_type.str.endswith("Polygon")
    named = features[is_named]
    labels = named.set_geometry(named.geometry.representative_point())
    return pd.concat([features, labels.assign(theme="label", kind=named["theme"])])


def _stage(features: gpd.GeoDataFrame, staging: Path) -> None:
    features = _with_labels(features)
    zooms = [
        FROM_ZOOM.get(f"{theme} {kind}", FROM_ZOOM[theme])
        for theme, kind in zip(features["theme"], features["kind"], strict=True)
    ]
    staged = features.assign(from_zoom=zooms).to_crs(_MERCATOR)
    pyogrio.write_dataframe(
        staged[[*_COLUMNS, staged.geometry.name]],
        staging,
        driver="GPKG",
        layer=LAYER,
        geometry_type="Unknown",
        append=staging.exists(),
    )


def _write_bands(
    staging: Path,
    folder: Path,
    target: Path,
    about: dict[str, Any],
    on_left: Callable[[int], None],
) -> None:
    """Each band streams from the staging file: memory does not grow with the map."""
    bands = []
    for number, (low, high) in enumerate(BANDS):
        on_left(len(BANDS) - number)
        band = folder / f"band-{low}.pmtiles"
        with pyogrio.open_arrow(
            staging, layer=LAYER, where=f"from_zoom <= {low}", use_pyarrow=False
        ) as (meta, stream):
            pyogrio.write_arrow(
                stream,
                band,
                driver="PMTiles",
                layer=LAYER,
                geometry_type="Unknown",
                geometry_name=meta["geometry_name"] or "wkb_geometry",
                crs=meta["crs"],
                MINZOOM=low,
                MAXZOOM=high,
            )
        if band.exists() and _has_tiles(band):
            bands.append(band)
    with private_files.written(target, replaces=True) as half:
        archive.join(bands, about | _LAYERS, half)
        _check(half)


def _has_tiles(band: Path) -> bool:
    with band.open("rb") as file:
        return archive.read_header(file).tiles[1] > 0


def _check(half: Path) -> None:
    """What was written can be read again: only then does it replace what was there."""
    if pyogrio.read_dataframe(half, layer=LAYER, max_features=1).empty:
        raise FileRefusedError(f"{half.name} came out empty: nothing was replaced")


def _taken_over(path: Path, source: str, box: Box, target: Path) -> int:
    """A file that this program made, here or elsewhere, is taken as it is."""
    with path.open("rb") as file:
        if not archive.read_metadata(file).get("attribution"):
            raise FileRefusedError(f"{path.name} does not say whose map data it holds")
    to_theirs = pyproj.Transformer.from_crs(SRID, _MERCATOR, always_xy=True)
    here = pyogrio.read_dataframe(source, layer=LAYER, bbox=to_theirs.transform_bounds(*box))
    if here.empty:
        raise FileRefusedError(_nothing_here(path))
    with private_files.written(target, replaces=True) as half, path.open("rb") as file:
        with half.open("wb") as out:
            while chunk := file.read(1 << 20):
                out.write(chunk)
        _check(half)
    return len(here)


def _attribution(path: Path, product: Product) -> str:
    if product.attribution:
        return (
            product.attribution
            if "{" not in product.attribution
            else product.attribution.format(year=_year_of(path))
        )
    with path.open("rb") as file:
        attribution = str(archive.read_metadata(file).get("attribution") or "")
    plain = html.unescape(_TAGS.sub("", attribution)).strip()
    if not plain:
        raise FileRefusedError(f"{path.name} does not say whose map data it holds")
    return plain


def _year_of(path: Path) -> int:
    """The year that a GeoPackage says it was last changed in; of its file where it says none."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        (last_change,) = connection.execute("SELECT max(last_change) FROM gpkg_contents").fetchone()
    if last_change and str(last_change)[:4].isdigit():
        return int(str(last_change)[:4])
    return datetime.datetime.fromtimestamp(path.stat().st_mtime, tz=datetime.UTC).year
