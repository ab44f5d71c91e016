"""Frames and shapes in metres as what a browser draws: degrees, longitude first."""

import json
from collections.abc import Mapping
from typing import Any, TypedDict

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geodata.core.geography import lonlat_shapes
from geodata.core.types import SRID

Style = Mapping[str, object]
"""What Leaflet draws a feature with: colours, widths, radii, by its own names."""

Styles = Mapping[Any, Style]
"""By index label."""

DECIMALS = 1e-6  # of a degree: 0.1 m


class Feature(TypedDict):
    """One shape of GeoJSON with its facts."""

    type: str
    geometry: dict[str, object]
    properties: dict[str, object]


class FeatureCollection(TypedDict):
    """A GeoJSON document, as a map's script fetches it."""

    type: str
    features: list[Feature]


def bounds_lonlat(area: BaseGeometry) -> tuple[tuple[float, float], tuple[float, float]]:
    """South-west and north-east corner as Leaflet takes them: latitude first."""
    west, south, east, north = lonlat_shapes(np.array([area]))[0].bounds
    return (south, west), (north, east)


def feature_collection(
    frame: gpd.GeoDataFrame,
    *,
    simplify_m: float = 0.0,
    style: Styles | None = None,
) -> FeatureCollection:
    """GeoJSON of a frame (EPSG:27700): every column that is not geometry is a property.

    Parameters
    ----------
    frame
        What is drawn; times become ISO texts, missing values null.
    simplify_m
        Tolerance in metres; outlines are thinned for the screen, not for measuring.
    style
        By index label, what Leaflet draws the feature with; the property ``style``.
    """
    shapes = frame.geometry.to_numpy()
    if simplify_m:
        shapes = shapely.simplify(shapes, simplify_m)
    shapes = shapely.set_precision(lonlat_shapes(shapes), DECIMALS)
    rows = frame.drop(columns=frame.geometry.name).to_dict("records")
    features: list[Feature] = []
    for label, shape, row in zip(frame.index, shapes, rows, strict=True):
        properties = {name: _plain(value) for name, value in row.items()}
        if style is not None:
            properties["style"] = style[label]
        geometry = json.loads(shapely.to_geojson(shape))
        features.append({"type": "Feature", "geometry": geometry, "properties": properties})
    return collection(features)


def collection(features: list[Feature]) -> FeatureCollection:
    """Features as one document; the first is drawn lowest."""
    return {"type": "FeatureCollection", "features": features}


START_STYLE: Style = {"radius": 7, "color": "#ffffff", "weight": 2, "fillColor": "#0b0c0c"} | {
    "fillOpacity": 1.0
}


def start_feature(at: Point, words: str) -> list[Feature]:
    """Where a way begins and ends, dark among the marks of its stops."""
    frame = gpd.GeoDataFrame({"where": [words]}, geometry=[at], crs=SRID)
    return feature_collection(frame, style={0: START_STYLE})["features"]


def _plain(value: object) -> object:
    if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    return value.item() if isinstance(value, np.generic) else value
