"""The officers' map of hotspots, with the incidents that made them."""

import folium
import geopandas as gpd
import numpy as np
from shapely.geometry.base import BaseGeometry

from web.config import Config
from web.maps.features import FeatureCollection, Style, collection, feature_collection
from web.maps.layers import RemoteGeoJson
from web.maps.sheet import LegendItem, Sheet, finish, new_map
from web.maps.surface import ERROR_FACTS, ERROR_LEGEND, SURFACE_FACTS, SURFACE_LEGEND

HOTSPOT_STYLE = {"color": "#7a1f1f", "weight": 3, "fillColor": "#d4351c", "fillOpacity": 0.25}
RING_STYLE = {"radius": 13, "color": "#7a1f1f", "weight": 3, "fillColor": "#d4351c"} | {
    "fillOpacity": 0.15
}
INCIDENT_STYLE = {"radius": 4, "color": "#0b0c0c", "weight": 1, "fillOpacity": 0.8}
WARD_STYLE = {"color": "#50686f", "weight": 1.5, "fill": False}
AGES = (  # newest first: days up to, colour, words
    (28, "#fd0", "Last 28 days"),
    (182, "#f47738", "Last 6 months"),
    (100_000, "#505a5f", "Older"),
)
INTERVENTIONS = {  # layer -> its name in the control, colour, whether it is shown from the start
    "orders": ("Orders (PSPO)", "#4c2c92", True),
    "cctv": ("CCTV", "#1d70b8", True),
    "posters": ("Posters", "#00703c", True),
    "other": ("Other interventions", "#28a197", False),
}
_LAYER_OF = {"order": "orders", "cctv": "cctv", "poster": "posters"}
LEGEND = (
    LegendItem("Hotspot", "#d4351c", "#7a1f1f", 0.25),
    *(LegendItem(f"Incident: {words.lower()}", colour, is_round=True) for _, colour, words in AGES),
    LegendItem("Square: many incidents, darker where there are more", "#0b0c0c", "#0b0c0c", 0.4),
    *(LegendItem(name, colour, colour, 0.2) for name, colour, _ in INTERVENTIONS.values()),
    *SURFACE_LEGEND,
    *ERROR_LEGEND,
)
HOTSPOT_FACTS = (("name", "Hotspot"), ("reason", "Why it is flagged"))
INTERVENTION_FACTS = (("name", "What"), ("since", "From"), ("until", "To"))
INCIDENT_FACTS = (
    ("when", "Reported"),
    ("state", "State"),
    ("reports", "Reports"),
    ("incidents", "Incidents in this square: zoom in to see each"),
)


def hotspot_map(config: Config, area: BaseGeometry | None, addresses: dict[str, str]) -> Sheet:
    """The map; ``addresses`` of its layers: ``wards``, ``surface``, ``surface_error``,
    ``incidents``, ``hotspots``, and each of ``INTERVENTIONS``."""
    canvas = new_map(config, area)
    RemoteGeoJson(addresses["wards"], name="Wards", label="name").add_to(canvas)
    RemoteGeoJson(
        addresses["surface"], name="Expected dumps", facts=SURFACE_FACTS, is_behind=True
    ).add_to(canvas)
    RemoteGeoJson(
        addresses["surface_error"],
        name="How well that is known",
        facts=ERROR_FACTS,
        is_behind=True,
        show=False,
    ).add_to(canvas)
    for layer, (name, _, is_shown) in INTERVENTIONS.items():
        RemoteGeoJson(addresses[layer], name=name, facts=INTERVENTION_FACTS, show=is_shown).add_to(
            canvas
        )
    RemoteGeoJson(
        addresses["incidents"], name="Incidents", facts=INCIDENT_FACTS, is_by_view=True
    ).add_to(canvas)
    RemoteGeoJson(
        addresses["hotspots"], name="Hotspots", facts=HOTSPOT_FACTS, link=("href", "Open")
    ).add_to(canvas)
    folium.LayerControl(collapsed=True).add_to(canvas)
    return finish(canvas, LEGEND)


def hotspot_features(hotspots: gpd.GeoDataFrame) -> FeatureCollection:
    """Hotspots: ``name``, ``reason``, ``href``.

    Each is its outline and a ring about its middle, since an outline of 50 m is a dot on a map of
    the borough.
    """
    rings = hotspots.set_geometry(hotspots.geometry.representative_point())
    shapes = feature_collection(hotspots, style=dict.fromkeys(hotspots.index, HOTSPOT_STYLE))
    marks = feature_collection(rings, style=dict.fromkeys(rings.index, RING_STYLE))
    return collection(shapes["features"] + marks["features"])


def intervention_features(interventions: gpd.GeoDataFrame) -> FeatureCollection:
    """Orders, cameras, posters and the like: ``name``, ``kind``, ``since``, ``until``."""
    style = {label: _intervention_style(kind) for label, kind in interventions["kind"].items()}
    return feature_collection(interventions, style=style)


def layer_of(kind: str) -> str:
    """Which of ``INTERVENTIONS`` a kind of intervention is drawn in."""
    return _LAYER_OF.get(kind, "other")


def _intervention_style(kind: str) -> Style:
    colour = INTERVENTIONS[layer_of(kind)][1]
    return {"radius": 7, "color": colour, "weight": 2, "fillColor": colour, "fillOpacity": 0.2}


def incident_features(incidents: gpd.GeoDataFrame) -> FeatureCollection:
    """Incidents coloured by ``age_days``; squares shaded by how many ``incidents`` they have."""
    if "incidents" in incidents:
        return _density_features(incidents)
    style = {
        label: INCIDENT_STYLE | {"fillColor": next(c for days, c, _ in AGES if age <= days)}
        for label, age in incidents["age_days"].items()
    }
    return feature_collection(incidents, style=style)


def _density_features(squares: gpd.GeoDataFrame) -> FeatureCollection:
    """The fullest square as dark as one may be, the others by the root of their counts."""
    counts = squares["incidents"]
    shades = (0.15 + 0.6 * np.sqrt(counts / counts.max())).round(2)
    style = {
        label: {"stroke": False, "fillColor": "#0b0c0c", "fillOpacity": shade}
        for label, shade in shades.items()
    }
    return feature_collection(squares, style=style)


def ward_features(wards: gpd.GeoDataFrame) -> FeatureCollection:
    """Wards as thin outlines with their names."""
    return feature_collection(wards, simplify_m=10, style=dict.fromkeys(wards.index, WARD_STYLE))
