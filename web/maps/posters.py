"""Poster sites on the map: what is in view of each, and incidents in view and not."""

import folium
import geopandas as gpd
from shapely.geometry.base import BaseGeometry

from web.config import Config
from web.maps.features import FeatureCollection, Style, collection, feature_collection
from web.maps.layers import RemoteGeoJson
from web.maps.picker import WritesPlace
from web.maps.sheet import LegendItem, Sheet, finish, new_map

VIEW_STYLE = {"color": "#00703c", "weight": 1.5, "fillColor": "#00703c", "fillOpacity": 0.12}
SQUARE_STYLE = {"color": "#0b0c0c", "weight": 0.5, "fillOpacity": 0.5}
DUMP_STYLE = {"radius": 4, "color": "#0b0c0c", "weight": 1, "fillOpacity": 0.9}
SEEN, UNSEEN = "#fd0", "#505a5f"
LOOKS = {  # state -> ring, dashes, words
    "planned": ("#1d70b8", "4 6", "To be put up"),
    "up": ("#00703c", None, "Up"),
    "damaged": ("#d4351c", "10 5", "Damaged"),
    "down": ("#505a5f", "1 7", "Down"),
}
SITE_FACTS = (
    ("site", "Site"),
    ("name", "Where"),
    ("state", "State"),
    ("incidents", "Incidents in view"),
)
INCIDENT_FACTS = (
    ("when", "Reported"),
    ("incidents", "Incidents"),
    ("seen", "In view of a poster"),
)
MARGIN_M = 300.0
_BASE = (
    LegendItem("In view of a poster", "#00703c", "#00703c", 0.12),
    LegendItem("Incident in view", SEEN, is_round=True),
    LegendItem("Incident not in view", UNSEEN, is_round=True),
)


def ground_of(sites: gpd.GeoSeries) -> BaseGeometry:
    """The ground that a map of sites shows, EPSG:27700; empty where there are none."""
    return sites.union_all().envelope.buffer(MARGIN_M)


def poster_map(
    config: Config,
    area: BaseGeometry | None,
    addresses: dict[str, str],
    *,
    has_states: bool = True,
) -> Sheet:
    """The map; ``addresses`` of its layers: ``wards``, ``incidents`` and ``sites``.

    Without states the legend speaks of proposed sites only.
    """
    canvas = new_map(config, area)
    RemoteGeoJson(addresses["wards"], name="Wards", label="name").add_to(canvas)
    RemoteGeoJson(
        addresses["incidents"], name="Incidents of 12 months", facts=INCIDENT_FACTS, is_behind=True
    ).add_to(canvas)
    RemoteGeoJson(
        addresses["sites"], name="Sites", facts=SITE_FACTS, link=("href", "Open"), label="label"
    ).add_to(canvas)
    folium.LayerControl(collapsed=True).add_to(canvas)
    looks = LOOKS.values() if has_states else [(*LOOKS["planned"][:2], "Proposed site")]
    sites = tuple(LegendItem(words, "#ffffff", ring, is_round=True) for ring, _, words in looks)
    return finish(canvas, sites + _BASE)


def site_picker(config: Config, area: BaseGeometry | None, addresses: dict[str, str]) -> Sheet:
    """The same ground, to be tapped: a tap fills in the field ``where``. Nothing opens on a tap."""
    canvas = new_map(config, area)
    RemoteGeoJson(addresses["wards"], name="Wards", label="name").add_to(canvas)
    RemoteGeoJson(addresses["incidents"], name="Incidents of 12 months", is_behind=True).add_to(
        canvas
    )
    RemoteGeoJson(addresses["sites"], name="Sites", label="label").add_to(canvas)
    WritesPlace("where").add_to(canvas)
    return finish(canvas, _BASE)


def site_features(sites: gpd.GeoDataFrame, *, view_m: float) -> FeatureCollection:
    """Sites and the ground from which they are read.

    Parameters
    ----------
    sites
        ``label`` (short enough for a ring), ``site``, ``name``, ``state`` (a key of ``LOOKS``),
        ``incidents``, and ``href`` where there is a page; points in EPSG:27700.
    """
    named = sites.assign(state=[LOOKS[state][-1] for state in sites["state"]])
    looks = {label: _look(state) for label, state in sites["state"].items()}
    views = sites[["geometry"]].set_geometry(sites.geometry.buffer(view_m))
    ground = feature_collection(views, style=dict.fromkeys(views.index, VIEW_STYLE))
    marks = feature_collection(named, style=looks)
    return collection(ground["features"] + marks["features"])


def candidate_features(candidates: gpd.GeoDataFrame) -> FeatureCollection:
    """Places where posters may hang, as small marks."""
    style = {"radius": 5, "color": "#0b0c0c", "weight": 1.5, "fillColor": "#ffffff"}
    return feature_collection(candidates, style=dict.fromkeys(candidates.index, style))


def _look(state: str) -> Style:
    ring, dashes, _ = LOOKS[state]
    style = {"radius": 12, "color": ring, "weight": 4, "fillColor": "#ffffff", "fillOpacity": 1}
    return style | ({"dashArray": dashes} if dashes else {})


def incident_marks(incidents: gpd.GeoDataFrame) -> FeatureCollection:
    """Incidents by ``is_seen``; ``when`` is written as it is."""
    style = {
        label: DUMP_STYLE | {"fillColor": SEEN if seen else UNSEEN}
        for label, seen in incidents["is_seen"].items()
    }
    facts = incidents[["when", "geometry"]].assign(
        seen=incidents["is_seen"].map({True: "yes", False: "no"})
    )
    return feature_collection(facts, style=style)


def incident_squares(squares: gpd.GeoDataFrame) -> FeatureCollection:
    """Squares by how many ``incidents`` they have; coloured as seen where most are ``marked``."""
    half = squares["incidents"] / 2
    style = {
        label: SQUARE_STYLE | {"fillColor": SEEN if seen else UNSEEN}
        for label, seen in (squares["marked"] > half).items()
    }
    seen = [f"{n} of them" for n in squares["marked"]]
    return feature_collection(squares[["incidents", "geometry"]].assign(seen=seen), style=style)
