"""Where features lie: the shape that a filter names."""

from typing import Any

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape

from web.api.ogc.areas import Area, area_of_numbers, check_reach
from web.api.ogc.filters.reading import Tree, unfit
from web.api.ogc.systems import System

KINDS = {
    *("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"),
    "GeometryCollection",
}


def named_area(tree: Tree, system: System) -> Area:
    """The area of a box or a shape as GeoJSON has it, in a system.

    Raises
    ------
    FaultError
        It is none, crosses itself, or reaches beyond its system.
    """
    if isinstance(tree, dict) and isinstance(tree.get("bbox"), list):
        return area_of_numbers(_numbers(tree["bbox"]), system, unfit)
    if not isinstance(tree, dict) or tree.get("type") not in KINDS:
        raise unfit("S_INTERSECTS takes a shape, such as BBOX(0.1, 51.4, 0.3, 51.5)")
    return Area(system, _checked(_shape(tree), system))


def _numbers(values: list[Any]) -> list[float]:
    if not all(isinstance(each, int | float) for each in values):
        raise unfit("the box holds something that is no number")
    return [float(each) for each in values]


def _shape(tree: dict[str, Any]) -> Any:
    try:
        return shapely.force_2d(shape(tree))
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError):
        raise unfit(f"the {tree['type']} has coordinates that make no shape") from None


def _checked(geometry: Any, system: System) -> Any:
    if geometry.is_empty:
        raise unfit("the shape is empty")
    x0, y0, x1, y1 = geometry.bounds
    if system.is_north_first:
        geometry = shapely.transform(geometry, lambda xy: xy[:, ::-1])
        x0, y0, x1, y1 = y0, x0, y1, x1
    for ends, furthest in (((x0, x1), system.furthest[0]), ((y0, y1), system.furthest[1])):
        check_reach(ends, furthest, system, unfit)
    if not shapely.is_valid(geometry):
        raise unfit(f"the shape is none: {shapely.is_valid_reason(geometry)[:80]}")
    return geometry
