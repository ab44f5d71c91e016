"""The newest run's hotspots as files for maps and navigation apps."""

import numpy as np
from flask import Response
from flask.typing import ResponseReturnValue

from geodata.core.geography import lonlat_shapes
from geodata.exporters.layer_pages import PAGED_LAYERS, Wanted, page
from web.database import read_session
from web.hotspot_desk.blueprint import desk, officers_only
from web.services.paper.gpx import RoutePoint, as_waypoints
from web.services.paper.kml import Placemark, as_kml

MOST = 1_000
"""Hotspots of a file: more than any run of a borough finds."""


@desk.get("/hotspots.kml")
@officers_only
def hotspots_kml() -> ResponseReturnValue:
    return _file(as_kml("Hotspots", _places()), "application/vnd.google-earth.kml+xml", "kml")


@desk.get("/hotspots.gpx")
@officers_only
def hotspots_gpx() -> ResponseReturnValue:
    middles = ((each.shape.centroid, each) for each in _places())
    points = [RoutePoint(at.x, at.y, each.name, each.about) for at, each in middles]
    return _file(as_waypoints(points), "application/gpx+xml", "gpx")


def _places() -> list[Placemark]:
    rows = page(read_session(), PAGED_LAYERS["hotspots"], Wanted(), limit=MOST)
    shapes = lonlat_shapes(np.array([row.shape for row in rows], dtype=object))
    return [
        Placemark(shape, f"{row.reference} {row.values['name']}", row.values["reason"])
        for row, shape in zip(rows, shapes, strict=True)
    ]


def _file(content: bytes, mimetype: str, ending: str) -> Response:
    answer = Response(content, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f"attachment; filename=hotspots.{ending}"
    return answer
