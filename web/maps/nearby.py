"""The map of what is known near a place: numbered as in the list of the page."""

from collections.abc import Sequence

import geopandas as gpd
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geodata.core.types import SRID
from web.config import Config
from web.maps.features import FeatureCollection, feature_collection
from web.maps.layers import RemoteGeoJson
from web.maps.sheet import LegendItem, Sheet, finish, new_map
from web.services.common.speaking import N_

YOURS, KNOWN = "#ffdd00", "#ffffff"
MARGIN_M = 60.0
LEGEND = (
    LegendItem(N_("The place that you chose"), YOURS, is_round=True),
    LegendItem(N_("Reported before, with its number in the list"), KNOWN, is_round=True),
)


def nearby_map(config: Config, points: Sequence[Point], address: str) -> Sheet:
    """The map around points (EPSG:27700); its one layer is fetched from ``address``."""
    area: BaseGeometry = gpd.GeoSeries(points).union_all().buffer(MARGIN_M)
    canvas = new_map(config, area)
    RemoteGeoJson(address, name="Known", label="label", label_class="number-label").add_to(canvas)
    return finish(canvas, LEGEND)


def nearby_features(spot: Point, known: Sequence[Point]) -> FeatureCollection:
    """The reporter's own place, and known ones numbered from 1."""
    ring = {"color": "#0b0c0c", "weight": 3, "fillOpacity": 0.9}
    style = {0: ring | {"radius": 11, "fillColor": YOURS}}
    style |= {n: ring | {"radius": 11, "fillColor": KNOWN} for n in range(1, len(known) + 1)}
    labels = ["", *(str(n) for n in range(1, len(known) + 1))]
    frame = gpd.GeoDataFrame({"label": labels}, geometry=[spot, *known], crs=SRID)
    return feature_collection(frame, style=style)
