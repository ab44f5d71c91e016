"""Features as GeoJSON."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from shapely.geometry import mapping

from geodata.exporters.layer_pages import Row
from web.api.ogc.systems import System
from web.services.api.feature_collections import plain


def features(rows: Sequence[Row], system: System) -> list[dict[str, Any]]:
    """Each row as a feature, its coordinates in a system and in the order of its axes."""
    shapes = system.written(np.array([row.shape for row in rows], dtype=object))
    return [_feature(row, shape) for row, shape in zip(rows, shapes, strict=True)]


def _feature(row: Row, shape: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": row.reference,
        "geometry": None if shape is None else mapping(shape),
        "properties": {name: plain(value) for name, value in row.values.items()},
    }
