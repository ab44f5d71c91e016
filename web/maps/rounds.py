"""A round on the map: numbered stops joined in driving order."""

from collections.abc import Sequence

import geopandas as gpd
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from geodata.core.types import SRID
from web.config import Config
from web.filters import clock
from web.maps.features import FeatureCollection, collection, feature_collection, start_feature
from web.maps.layers import RemoteGeoJson
from web.maps.sheet import LegendItem, Sheet, finish, new_map
from web.services.clearing.rounds import PlannedRound
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
        address,
        name=_("Round"),
        facts=facts,
        link=("href", _("Open the job")),
        label="number",
        label_class="number-label",
        fits=True,
    ).add_to(canvas)
    return finish(
        canvas,
        (
            LegendItem(_("Stop, by its number"), "#ffffff", is_round=True),
            LegendItem(_("Start and end"), "#0b0c0c", is_round=True),
        ),
    )


def round_features(planned: PlannedRound, links: Sequence[str]) -> FeatureCollection:
    """Start and stops of ``services.clearing.rounds``, joined by straight lines, not by road.

    They lead back to the start, as the crew does.
    """
    stops = planned.stops
    if not stops:
        return collection([])
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
    marks = feature_collection(frame, style=dict.fromkeys(frame.index, STOP_STYLE))["features"]
    way = LineString([planned.start, *points, planned.start])
    line = gpd.GeoDataFrame({"number": [""]}, geometry=[way], crs=SRID)
    lines = feature_collection(line, style={0: LINE_STYLE})["features"]
    return collection([*lines, *start_feature(planned.start, planned.starts_from), *marks])
