"""The risk surface on a map: where more incidents are expected than in an average cell, and how
well that is known."""

import geopandas as gpd
import numpy as np

from hotspots.detection.surface_errors import likely_range
from web.maps.features import FeatureCollection, feature_collection
from web.maps.sheet import LegendItem

DAYS = 28
LEVELS = (  # at least so many times an even cell, colour, words; darkest first
    (20, "#7a0177", "20 times the borough's average or more"),
    (5, "#c51b8a", "5 to 20 times"),
    (2, "#f768a1", "2 to 5 times"),
)
ERROR_LEVELS = (  # standard error up to such a share of what is expected, colour, words
    (0.25, "#08519c", "well known"),
    (0.5, "#4292c6", "roughly known"),
    (np.inf, "#9ecae1", "hardly known: few incidents, or methods differ"),
)
OPACITY = 0.45
SURFACE_FACTS = (
    ("level", "Expected incidents"),
    ("expected", f"In {DAYS} days and this cell"),
    ("likely", "Likely, with a chance of 90 %"),
)
ERROR_FACTS = (("known", "What is expected here is"), *SURFACE_FACTS[1:])
SURFACE_LEGEND = tuple(
    LegendItem(f"Expected: {words}", colour, colour, OPACITY) for _, colour, words in LEVELS
)
ERROR_LEGEND = tuple(
    LegendItem(f"Expected incidents: {words}", colour, colour, OPACITY)
    for _, colour, words in ERROR_LEVELS
)


def surface_features(cells: gpd.GeoDataFrame) -> FeatureCollection:
    """Shaded squares of what is expected; the pale rest is left out.

    ``cells`` have ``expected_per_day`` and ``standard_error`` (null: not known), EPSG:27700.
    """
    rate = cells["expected_per_day"].to_numpy(dtype=float)
    even = _average(rate)
    level = np.full(len(cells), len(LEVELS))
    for number, (times, _, _) in reversed(list(enumerate(LEVELS))):
        level[rate >= times * even] = number
    shown = level < len(LEVELS)
    named = {"level": [LEVELS[number][2] for number in level[shown]]}
    return _squares(cells[shown], named, [LEVELS[number][1] for number in level[shown]])


def error_features(cells: gpd.GeoDataFrame) -> FeatureCollection:
    """Squares shaded by how well what is expected is known, where it may be more than twice the
    average; none where a run kept no errors. ``cells`` as `surface_features` takes them."""
    known = cells[cells["standard_error"].notna()]
    rate, error = (
        known[name].to_numpy(dtype=float) for name in ("expected_per_day", "standard_error")
    )
    shown = likely_range(rate, error)[1] >= LEVELS[-1][0] * _average(rate)
    share = error[shown] / rate[shown]
    level = np.searchsorted([most for most, _, _ in ERROR_LEVELS], share)
    named = {"known": [ERROR_LEVELS[number][2] for number in level]}
    return _squares(known[shown], named, [ERROR_LEVELS[number][1] for number in level])


def _average(rate: np.ndarray) -> float:
    """Of all cells; not a number where nothing is expected anywhere, so that nothing exceeds it."""
    return float(rate.mean()) if rate.any() else np.nan


def _squares(
    cells: gpd.GeoDataFrame, named: dict[str, list[str]], colours: list[str]
) -> FeatureCollection:
    rate = cells["expected_per_day"].to_numpy(dtype=float)
    error = cells["standard_error"].to_numpy(dtype=float)
    low, high = likely_range(rate, np.nan_to_num(error))
    drawn = gpd.GeoDataFrame(
        {
            **named,
            "expected": [f"{DAYS * one:.2g}" for one in rate],
            "likely": [
                None if np.isnan(one) else f"{DAYS * least:.2g} to {DAYS * most:.2g}"
                for one, least, most in zip(error, low, high, strict=True)
            ],
        },
        geometry=cells.geometry.to_numpy(),
        crs=cells.crs,
    )
    style = {
        label: {"stroke": False, "fillColor": colour, "fillOpacity": OPACITY}
        for label, colour in zip(drawn.index, colours, strict=True)
    }
    return feature_collection(drawn, style=style)
