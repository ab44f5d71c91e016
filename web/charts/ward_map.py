"""Wards shaded by how many incidents a square kilometre has: a map without a ground."""

from collections.abc import Sequence

from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from web.charts.drawing import Drawing, Shape, Text
from web.charts.week import level_of_times
from web.services.hotspots.borough_record import WardCount

WIDTH, EDGE = 720.0, 12.0


def ward_map(wards: Sequence[WardCount], sentence: str) -> Drawing:
    """North is up; darker is more a square kilometre than the wards have together."""
    west, south, east, north = _bounds(wards)
    scale = (WIDTH - 2 * EDGE) / (east - west)
    drawing = Drawing(WIDTH, (north - south) * scale + 2 * EDGE, sentence)
    average = sum(w.incidents for w in wards) / sum(w.area_km2 for w in wards)
    for ward in wards:
        level = level_of_times(ward.per_km2 / average) if average else 0
        css = f"chart-ward chart-heat-{level}"
        title = f"{ward.name}: {ward.incidents} incidents, {ward.per_km2:.1f} a square kilometre"
        rings = [
            tuple((EDGE + (x - west) * scale, EDGE + (north - y) * scale) for x, y in ring)
            for ring in _rings(ward.geometry.simplify(1 / scale))
        ]
        drawing.shapes.append(Shape(tuple(rings), css, title))
        middle = ward.geometry.representative_point()
        x, y = EDGE + (middle.x - west) * scale, EDGE + (north - middle.y) * scale
        for words, line in ((ward.name, y), (str(ward.incidents), y + 14)):
            drawing.texts.append(Text(x, line, words, "middle", "chart-text chart-halo"))
    return drawing


def _bounds(wards: Sequence[WardCount]) -> tuple[float, float, float, float]:
    edges = list(zip(*(ward.geometry.bounds for ward in wards), strict=True))
    return min(edges[0]), min(edges[1]), max(edges[2]), max(edges[3])


def _rings(shape: BaseGeometry) -> list[list[tuple[float, float]]]:
    parts = shape.geoms if isinstance(shape, MultiPolygon) else [shape]
    polygons = [part for part in parts if isinstance(part, Polygon)]
    return [
        [(x, y) for x, y, *_ in ring.coords]
        for part in polygons
        for ring in (part.exterior, *part.interiors)
    ]
