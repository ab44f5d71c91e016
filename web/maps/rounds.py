"""A round on the map: numbered stops joined in driving order."""

from collections.abc import Sequence

import geopandas as gpd
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from geodata.core.types import SRID
from web.config import Config
from web.filters import clock
from web.maps.features import FeatureCollection, feature_collection
from web.maps.layers import RemoteGeoJson
from web.maps.sheet import LegendItem, Sheet, finish, new_map
from web.services.clearing.rounds import Stop
from web.services.common.speaking import gettext as _

STOP_STYLE = {"radius": 11, "color": "#0b0c0c", "weight": 2, "fillColor": "#ffffff"} | {
    "fillOpacity": 0.9
}
LINE_STYLE = {"color": "#0b0c0c", "weight": 3, "dashArray": "6 6"}


def round_map(config: Config, area: BaseGeometry | None, address: str) -> Sheet:
    """The map; its one layer is fetched from ``address``."""
    canvas = new_map(config, area)
    facts = (("number", _("Stop")), ("arrive", _("Arrive")), ("where", _("Where")))
    RemoteGeoJson(
        address, name=_("Round"), facts=facts, link=("href", _("Open the job")), label="number"
    ).add_to(canvas)
    return finish(canvas, (LegendItem(_("Stop, by its number"), "#ffffff", is_round=True),))


def round_features(stops: Sequence[Stop], links: Sequence[str]) -> FeatureCollection:
    """Stops of ``services.clearing.rounds`` joined by a line: straight, not along the road."""
    points = [Point(stop.job.easting, stop.job.northing) for stop in stops]
    frame = gpd.GeoDataFrame(
        {
            "number": [str(number) for number in range(1, len(stops) + 1)],
            "arrive": [clock(stop.arrive_at) for stop in stops],
            "where": [stop.job.place or stop.job.landmark or stop.job.key for stop in stops],
            "href": list(links),
        },
        geometry=points,
        crs=SRID,
    )
    marks = feature_collection(frame, style=dict.fromkeys(frame.index, STOP_STYLE))
    if len(points) > 1:
        line = gpd.GeoDataFrame({"number": [""]}, geometry=[LineString(points)], crs=SRID)
        lines = feature_collection(line, style={0: LINE_STYLE})
        marks["features"] = lines["features"] + marks["features"]
    return marks
