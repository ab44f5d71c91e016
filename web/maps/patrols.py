"""A patrol plan on the map: numbered stops, one line a team."""

import folium
import geopandas as gpd
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from geodata.core.types import SRID
from geodata.rules.days import LONDON
from web.config import Config
from web.maps.features import (
    Feature,
    FeatureCollection,
    Style,
    collection,
    feature_collection,
    start_feature,
)
from web.maps.layers import RemoteGeoJson
from web.maps.sheet import LegendItem, Sheet, finish, new_map
from web.services.patrols.patrol_sheet import PatrolSheet, SheetStop

TEAMS = (("#1d70b8", None), ("#d4351c", "8 6"), ("#00703c", "2 6"), ("#4c2c92", "12 4 2 4"))
"""Colour and dashes: teams are told apart in grey too, and by the number at each stop."""
FACTS = (
    ("label", "Team and stop"),
    ("name", "Place"),
    ("where", "Start"),
    ("window", "When"),
    ("reason", "Why"),
)


def plan_map(config: Config, area: BaseGeometry | None, address: str, *, teams: int) -> Sheet:
    """The map; its one layer is fetched from ``address``."""
    canvas: folium.Map = new_map(config, area)
    RemoteGeoJson(
        address, name="Patrol", facts=FACTS, label="label", label_class="number-label", fits=True
    ).add_to(canvas)
    used = TEAMS[: min(teams, len(TEAMS))]
    named = [LegendItem(f"Team {n}", fill, is_round=True) for n, (fill, _) in enumerate(used, 1)]
    return finish(canvas, (*named, LegendItem("Start and end", "#0b0c0c", is_round=True)))


def plan_features(plan: PatrolSheet) -> FeatureCollection:
    """Stops and the straight lines between them, not the road."""
    features: list[Feature] = []
    if (start := _start(plan)) is not None:
        features += start_feature(start, plan.params["start_place"])
    for team, stops in enumerate(plan.teams):
        colour, dashes = TEAMS[team % len(TEAMS)]
        if len(stops) > 1:
            features += _line(stops, {"color": colour, "weight": 3, "dashArray": dashes})
        features += _marks(stops, colour)
    return collection(features)


def _start(plan: PatrolSheet) -> Point | None:
    at = plan.params.get("start_xy")  # plans made before it was kept have none
    return Point(*at) if at and plan.stops else None


def _line(stops: list[SheetStop], style: Style) -> list[Feature]:
    path = LineString([(stop.easting, stop.northing) for stop in stops])
    frame = gpd.GeoDataFrame({"label": [""]}, geometry=[path], crs=SRID)
    return feature_collection(frame, style={0: style})["features"]


def _marks(stops: list[SheetStop], colour: str) -> list[Feature]:
    style = {"radius": 9, "color": "#0b0c0c", "weight": 2, "fillColor": colour, "fillOpacity": 0.9}
    frame = gpd.GeoDataFrame(
        {
            "label": [f"{stop.team}.{stop.position}" for stop in stops],
            "name": [stop.name for stop in stops],
            "window": [window(stop) for stop in stops],
            "reason": [stop.reason for stop in stops],
        },
        geometry=[Point(stop.easting, stop.northing) for stop in stops],
        crs=SRID,
    )
    return feature_collection(frame, style=dict.fromkeys(frame.index, style))["features"]


def window(stop: SheetStop) -> str:
    """From when to when, by London's clock."""
    start, end = stop.arrives_at.astimezone(LONDON), stop.leaves_at.astimezone(LONDON)
    return f"{start:%H:%M} to {end:%H:%M}"
