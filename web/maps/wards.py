"""The public map: counts by ward, never a point."""

import math

import geopandas as gpd
from shapely.geometry.base import BaseGeometry

from web.config import Config
from web.maps.features import FeatureCollection, Style, feature_collection
from web.maps.layers import RemoteGeoJson
from web.maps.sheet import LegendItem, Sheet, finish, new_map
from web.services.common.speaking import N_
from web.services.common.speaking import gettext as _

CLASSES = (  # at least, colour, words; light to dark, told apart in grey too
    (50, "#08306b", N_("50 or more dumps")),
    (20, "#2171b5", N_("20 to 49")),
    (10, "#6baed6", N_("10 to 19")),
    (5, "#c6dbef", N_("5 to 9")),
)
HIDDEN_COLOUR = "#d9d9d9"
OPACITY = 0.75
LEGEND = (
    *(
        LegendItem(words, colour, fill_opacity=OPACITY)
        for _least, colour, words in reversed(CLASSES)
    ),
    LegendItem(N_("Too few to show"), HIDDEN_COLOUR, fill_opacity=OPACITY),
)


def ward_map(config: Config, area: BaseGeometry | None, address: str) -> Sheet:
    """The map; its one layer is fetched from ``address``."""
    canvas = new_map(config, area)
    RemoteGeoJson(
        address,
        name=_("Wards"),
        facts=(
            ("name", _("Ward")),
            ("shown", _("Reported in the year")),
            ("in_target", _("Cleared in time")),
        ),
        label="name",
    ).add_to(canvas)
    return finish(canvas, LEGEND)


def ward_features(wards: gpd.GeoDataFrame) -> FeatureCollection:
    """Wards coloured by ``incidents`` (NaN: not shown); property ``shown`` says it in words."""
    style = {label: _style(count) for label, count in wards["incidents"].items()}
    return feature_collection(wards.drop(columns="incidents"), simplify_m=10, style=style)


def _style(count: float) -> Style:
    colour = HIDDEN_COLOUR
    if not math.isnan(count):
        colour = next(colour for least, colour, _ in CLASSES if count >= least)
    return {"color": "#28363b", "weight": 1.5, "fillColor": colour, "fillOpacity": OPACITY}
