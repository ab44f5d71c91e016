"""The ground read back as shapes, for a map on paper."""

import geopandas as gpd
import pandas as pd
import pyogrio
import pyproj
import shapely

from geodata.basemap.kept import LAYER, Basemap
from geodata.basemap.products import FROM_ZOOM
from geodata.core.spatial import Box
from geodata.core.types import SRID

_MERCATOR = 3857
_TILES_ACROSS = 6
"""At most so many tiles across are read: paper shows no more than that."""
_TILE_M = 40_075_016.686 / 2**14
"""Width of a tile of zoom 14 at the equator, in metres of EPSG:3857."""


def shapes_in(basemap: Basemap, box: Box) -> gpd.GeoDataFrame:
    """What lies in a box, as a map of this width shows it.

    Parameters
    ----------
    box
        (min x, min y, max x, max y) in metres, EPSG:27700.

    Returns
    -------
    GeoDataFrame
        ``theme``, ``kind``, ``name`` (None where there is none), EPSG:27700, cut to the box.
        A shape that crosses an edge of a tile comes in parts.
    """
    to_mercator = pyproj.Transformer.from_crs(SRID, _MERCATOR, always_xy=True)
    wide = to_mercator.transform_bounds(*box)
    zoom = _zoom(wide[2] - wide[0], basemap.last_zoom)
    shapes = pyogrio.read_dataframe(basemap.path, layer=LAYER, bbox=wide, ZOOM_LEVEL=zoom)
    if shapes.empty:
        return gpd.GeoDataFrame({"theme": [], "kind": [], "name": []}, geometry=[], crs=SRID)
    drawn = shapes[["theme", "kind", "name", "geometry"]].to_crs(SRID)
    cut = drawn.set_geometry(shapely.clip_by_rect(drawn.geometry.to_numpy(), *box), crs=SRID)
    return cut[~(cut.geometry.is_empty | cut.geometry.isna())].reset_index(drop=True)


def _zoom(width_m: float, last: int) -> int:
    """The finest zoom whose tiles across the box are not too many."""
    zoom = last
    while zoom > min(FROM_ZOOM.values()) and width_m / (_TILE_M * 2 ** (14 - zoom)) > _TILES_ACROSS:
        zoom -= 1
    return zoom


def named_roads(shapes: gpd.GeoDataFrame) -> pd.Series:
    """The longest part of each named road, by name, longest first: where its name is written."""
    roads = shapes[(shapes["theme"] == "road") & shapes["name"].notna()]
    parts = roads.explode(index_parts=False)
    longest = parts.assign(length=parts.length).sort_values("length", kind="stable")
    by_name = longest.groupby("name").last().sort_values("length", ascending=False, kind="stable")
    return by_name["geometry"]
