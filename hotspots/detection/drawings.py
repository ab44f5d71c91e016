"""A result drawn: on Axes of matplotlib, or on a map of Folium to move about in.

Both are loaded when a drawing is asked for, so that the library works where neither is installed.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import shapely

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from hotspots.detection.detection_result import DetectionResult

LEAST_DRAWN_M = 40.0
"""An outline of 20 m is a dot on the map of a borough: a ring so far round it is what is seen."""
SAID = ("incidents", "nights", "observed", "expected", "q_value", "class", "reason")
"""What the map says of a hotspot that is pointed at."""


def plot_result(
    result: DetectionResult, ax: Axes | None = None, *, busy: bool = True, surface: bool = False
) -> Axes:
    """See `DetectionResult.plot`."""
    axes = _axes(ax)
    if surface:
        cells = result.surface
        cells.plot(ax=axes, column="expected_per_day", cmap="Greys", alpha=0.6, zorder=0)
    result.study_area.boundary.plot(ax=axes, color="0.4", linewidth=0.8, zorder=1)
    # pandas' plot of no rows warns: nothing is drawn where there is nothing.
    if len(result.incidents):
        result.incidents.plot(ax=axes, color="0.6", markersize=6, zorder=2, label="incident")
    if busy and len(result.busy):
        result.busy.plot(
            ax=axes,
            marker="s",
            facecolor="none",
            edgecolor="0.3",
            markersize=60,
            zorder=3,
            label="busy like its surroundings",
        )
    if len(result.hotspots):
        _draw_hotspots(axes, result.hotspots)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
    axes.set_title(result.summary(), fontsize="medium", wrap=True)
    axes.set_aspect("equal")
    axes.set_axis_off()
    return axes


def _axes(ax: Axes | None) -> Axes:
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.subplots(layout="constrained")[1]


def _draw_hotspots(axes: Axes, hotspots: gpd.GeoDataFrame) -> None:
    """Hatched black rings and their ranks: told apart without colour, and on a photocopy."""
    rings = hotspots.buffer(LEAST_DRAWN_M)
    rings.plot(ax=axes, facecolor="none", edgecolor="black", linewidth=1.6, hatch="///", zorder=4)
    axes.plot([], [], color="black", linewidth=1.6, label="hotspot, by rank")
    for rank, ring in enumerate(rings, 1):
        _, _, east, north = ring.bounds
        axes.annotate(f"{rank}", (east, north), fontweight="bold", zorder=5)


def explore_result(
    result: DetectionResult, m: Any = None, *, busy: bool = True, **options: Any
) -> Any:
    """See `DetectionResult.explore`."""
    # By name: Folium is nothing that this library stands on (import-linter holds that).
    folium = import_module("folium")
    drawn = folium.Map(**options) if m is None else m
    layers: list[tuple[str, gpd.GeoDataFrame, tuple[str, ...]]]
    layers = [("Study area", gpd.GeoDataFrame(geometry=result.study_area.geometry), ())]
    if busy:
        layers.append(("Busy like its surroundings", _rings(result.busy, "radius_m"), ("reason",)))
    layers.append(("Hotspots", result.hotspots, SAID))
    for name, frame, columns in layers:
        if len(frame):
            _layer(folium, name, frame, columns).add_to(drawn)
    folium.LayerControl().add_to(drawn)
    if m is None:
        west, south, east, north = result.study_area.to_crs(4326).total_bounds.tolist()
        drawn.fit_bounds([(south, west), (north, east)])
    return drawn


def _rings(places: gpd.GeoDataFrame, radius: str) -> gpd.GeoDataFrame:
    points = shapely.points(places[["centre_x", "centre_y"]].to_numpy(dtype=float))
    return places.set_geometry(shapely.buffer(points, places[radius].to_numpy(dtype=float)))


def _layer(folium: Any, name: str, frame: gpd.GeoDataFrame, columns: tuple[str, ...]) -> Any:
    rows = frame[[*columns, frame.geometry.name]].reset_index(drop=True).to_crs(4326)
    numbers = rows.select_dtypes("float").columns
    rows = rows.assign(**{column: rows[column].round(3) for column in numbers})
    is_area = name == "Study area"
    style = {
        "color": "#0b0c0c",
        "weight": 1 if is_area else 3,
        "fillOpacity": 0 if is_area else 0.2,
    }
    if name != "Hotspots":
        style["dashArray"] = "4 4"
    return folium.GeoJson(
        rows.to_json(),
        name=name,
        style_function=lambda _: style,
        tooltip=folium.GeoJsonTooltip(list(columns)) if columns else None,
    )
