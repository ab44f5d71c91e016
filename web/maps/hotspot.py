"""One hotspot's map: its outlines from run to run, and what there is around it."""

from collections.abc import Callable

import folium
import geopandas as gpd
from shapely.geometry.base import BaseGeometry

from web.config import Config
from web.maps.features import FeatureCollection, feature_collection
from web.maps.hotspots import (
    AGES,
    HOTSPOT_STYLE,
    INCIDENT_FACTS,
    INTERVENTION_FACTS,
    INTERVENTIONS,
    incident_features,
    layer_of,
)
from web.maps.layers import RemoteGeoJson
from web.maps.sheet import LegendItem, Sheet, finish, new_map
from web.services.hotspots.hotspot_surroundings import Surroundings

EARLIER_STYLE = {"color": "#7a1f1f", "weight": 1.5, "dashArray": "5 5", "fill": False}
POSTER_STYLE = {"radius": 7, "color": "#0b0c0c", "weight": 2, "fillColor": "#00703c"} | {
    "fillOpacity": 1
}
COLUMN_STYLE = {"radius": 4, "color": "#4c2c92", "weight": 2, "fillColor": "#ffffff"} | {
    "fillOpacity": 1
}
LAYERS = ("outlines", *INTERVENTIONS, "fixtures", "incidents")
LEGEND = (
    LegendItem("Outline now", "#d4351c", "#7a1f1f", 0.25),
    LegendItem("Outline in an earlier run (dashed)", "#ffffff", "#7a1f1f", 0),
    *(LegendItem(f"Incident: {words.lower()}", colour, is_round=True) for _, colour, words in AGES),
    *(
        LegendItem(f"{name}: shaded today, dashed before or later", colour, colour, 0.1)
        for name, colour, _ in INTERVENTIONS.values()
    ),
    LegendItem("Poster that hangs", "#00703c", is_round=True),
    LegendItem("Lamp column", "#ffffff", "#4c2c92", is_round=True),
)
OUTLINE_FACTS = (("as_of", "Run of"), ("dumps", "Incidents"), ("rank", "Rank"))
FIXTURE_FACTS = (("name", "Where"), ("what", "What"))


def hotspot_map(config: Config, area: BaseGeometry, addresses: dict[str, str]) -> Sheet:
    """The map of an area (EPSG:27700); ``addresses`` of each of ``LAYERS``."""
    canvas = new_map(config, area)
    for layer, (name, _, _) in INTERVENTIONS.items():
        RemoteGeoJson(addresses[layer], name=name, facts=INTERVENTION_FACTS, is_behind=True).add_to(
            canvas
        )
    RemoteGeoJson(addresses["outlines"], name="Outlines", facts=OUTLINE_FACTS).add_to(canvas)
    RemoteGeoJson(
        addresses["fixtures"], name="Posters and lamp columns", facts=FIXTURE_FACTS
    ).add_to(canvas)
    RemoteGeoJson(
        addresses["incidents"], name="Incidents", facts=INCIDENT_FACTS, link=("href", "Open")
    ).add_to(canvas)
    folium.LayerControl(collapsed=True).add_to(canvas)
    return finish(canvas, LEGEND)


def layer_features(
    around: Surroundings, layer: str, incident_address: Callable[[str], str]
) -> FeatureCollection:
    """The features of one of ``LAYERS``."""
    if layer == "outlines":
        return _outline_features(around.outlines)
    if layer == "fixtures":
        is_poster = around.fixtures["is_poster"].items()
        style = {n: POSTER_STYLE if poster else COLUMN_STYLE for n, poster in is_poster}
        return feature_collection(around.fixtures, style=style)
    if layer == "incidents":
        links = [incident_address(key) for key in around.incidents["key"]]
        return incident_features(around.incidents.assign(href=links).iloc[::-1])
    return _intervention_features(
        around.intervention_records[around.intervention_records["kind"].map(layer_of) == layer],
        layer,
    )


def _intervention_features(interventions: gpd.GeoDataFrame, layer: str) -> FeatureCollection:
    """Shaded what holds today, dashed what is over or still to come."""
    colour = INTERVENTIONS[layer][1]
    shaded = {"radius": 7, "color": colour, "weight": 2, "fillColor": colour, "fillOpacity": 0.1}
    dashed = {"radius": 7, "color": colour, "weight": 1, "dashArray": "3 5", "fill": False}
    style = {n: shaded if holds else dashed for n, holds in interventions["holds"].items()}
    return feature_collection(interventions, style=style)


def _outline_features(outlines: gpd.GeoDataFrame) -> FeatureCollection:
    """The newest on top and filled, the earlier ones dashed below it."""
    oldest_first = outlines.iloc[::-1]
    style = {n: HOTSPOT_STYLE if n == outlines.index[0] else EARLIER_STYLE for n in outlines.index}
    return feature_collection(oldest_first, style=style)
