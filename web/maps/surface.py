"""The risk surface on a map: cells where more incidents are expected than in an average one."""

import geopandas as gpd
import numpy as np

from web.maps.features import FeatureCollection, feature_collection
from web.maps.sheet import LegendItem

DAYS = 28
LEVELS = (  # at least so many times an even cell, colour, words; darkest first
    (20, "#7a0177", "20 times the borough's average or more"),
    (5, "#c51b8a", "5 to 20 times"),
    (2, "#f768a1", "2 to 5 times"),
)
OPACITY = 0.45
SURFACE_FACTS = (("level", "Expected incidents"), ("expected", f"In {DAYS} days and this cell"))
SURFACE_LEGEND = tuple(
    LegendItem(f"Expected: {words}", colour, colour, OPACITY) for _, colour, words in LEVELS
)


def surface_features(cells: gpd.GeoDataFrame) -> FeatureCollection:
    """Cells with ``expected_per_day`` (EPSG:27700) as shaded squares; the pale rest is left out."""
    rate = cells["expected_per_day"].to_numpy(dtype=float)
    even = rate.mean() if len(rate) else np.nan
    level = np.full(len(cells), len(LEVELS))
    for number, (times, _, _) in reversed(list(enumerate(LEVELS))):
        level[rate >= times * even] = number
    shown = level < len(LEVELS)
    drawn = gpd.GeoDataFrame(
        {
            "level": [LEVELS[number][2] for number in level[shown]],
            "expected": [f"{DAYS * one:.2g}" for one in rate[shown]],
        },
        geometry=cells.geometry.to_numpy()[shown],
        crs=cells.crs,
    )
    colours = [LEVELS[number][1] for number in level[shown]]
    style = {
        label: {"stroke": False, "fillColor": colour, "fillOpacity": OPACITY}
        for label, colour in zip(drawn.index, colours, strict=True)
    }
    return feature_collection(drawn, style=style)
