"""The demo's ground: streets, parks, car parks, water and names, drawn by rule and made up.

Where the demo's places lie, the ground says so: a car park stands where dumps recur in one. All
else is invented, and no street of this name need be there.
"""

import math
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geodata.basemap.making import write_basemap
from geodata.core.types import SRID
from geodata.core.vocabulary import PlaceKind
from geodata.demo.borough import OUTLINE, PLACES, WARD_CENTRES, place_points

ATTRIBUTION = "Synthetic demo map"
SEED = 15
BLOCK_M = 110.0
"""Between one street and the next of a ward."""
REACH_M = 500.0
"""How far the streets of a ward go from its middle."""
RIVER = shapely.from_wkt(
    "LINESTRING (544000 177300, 552500 177900, 554300 178600, 556800 177200, "
    "558500 176000, 560000 177200, 561500 177400, 570000 173500)"
)
STREAM = shapely.from_wkt(
    "LINESTRING (556900 169000, 556300 171000, 555300 172400, 554500 173600, "
    "554400 174600, 554900 176200, 555000 178000)"
)
MOTORWAY = shapely.from_wkt(
    "LINESTRING (552000 165000, 555600 170800, 556300 173000, 556500 175000, 556700 181000)"
)
TRUNK = shapely.from_wkt(
    "LINESTRING (544000 172900, 552000 172700, 556000 172900, 559000 172700, 569000 170600)"
)
RAILWAY = shapely.from_wkt(
    "LINESTRING (544000 173100, 553900 174500, 554320 174500, 557500 175000, "
    "558560 174900, 560600 174800, 569000 173900)"
)
FIRST = (
    "Acacia",
    "Beech",
    "Chapel",
    "Dene",
    "Elm",
    "Fleet",
    "Gorse",
    "Hawthorn",
    "Iris",
    "Juniper",
    "Kiln",
    "Larch",
    "Mill",
    "Nursery",
    "Oak",
    "Poplar",
    "Quarry",
    "Rowan",
    "Spring",
    "Tower",
)
LAST = ("Road", "Street", "Avenue", "Close", "Lane", "Grove", "Terrace", "Way")
HOUSE_EVERY_M = 24.0
PARK_M, WOOD_M, CAR_PARK_M = 130.0, 420.0, (60.0, 38.0)
_Row = tuple[str, str, str | None, BaseGeometry]


def save_ground(target: Path) -> None:
    """Write the ground beside the demo's store."""
    write_basemap(ground(), target, attribution=ATTRIBUTION)


def ground() -> gpd.GeoDataFrame:
    """All that is drawn: ``theme``, ``kind``, ``name``, EPSG:27700."""
    rng = np.random.default_rng(SEED)
    fixed = [*_waters(), *_parks(), *_car_parks(), *_great_lines(), *_names()]
    streets = list(_streets(rng))
    taken = shapely.union_all(
        [shape.buffer(12) for theme, _, _, shape in fixed if theme != "place"]
        + [street.buffer(7) for *_, street in streets]
    )
    houses = [("building", "building", None, house) for house in _houses(streets, taken)]
    rows = [*fixed, *streets, *houses]
    themes, kinds, names, shapes = zip(*rows, strict=True)
    return gpd.GeoDataFrame(
        {"theme": themes, "kind": kinds, "name": names}, geometry=list(shapes), crs=SRID
    )


def _waters() -> Iterator[_Row]:
    yield "water", "area", "River Thames (demo)", RIVER.buffer(260)
    yield "water", "area", None, STREAM.buffer(9)
    yield "water", "area", "Brooklands Lake (demo)", Point(554_700, 172_700).buffer(140)


def _parks() -> Iterator[_Row]:
    at = place_points()
    for kind, name, *_ in PLACES:
        if kind == PlaceKind.PARK:
            is_wide = name.endswith(("Heath", "Wood"))
            yield "green", "area", name, _blob(at[name], WOOD_M if is_wide else PARK_M)
    for n, (east, north) in enumerate(WARD_CENTRES.values()):
        turn = 2.4 * n
        middle = Point(east + 400 * math.cos(turn), north + 400 * math.sin(turn))
        yield "green", "area", None, _blob(middle, 70)


def _blob(middle: Point, radius_m: float) -> Polygon:
    """A rounded shape that is no circle."""
    turns = np.linspace(0, 2 * math.pi, 25)[:-1]
    reach = radius_m * (1 + 0.22 * np.sin(3 * turns + middle.x) + 0.12 * np.cos(5 * turns))
    corners = zip(middle.x + reach * np.cos(turns), middle.y + reach * np.sin(turns), strict=True)
    return Polygon(list(corners))


def _car_parks() -> Iterator[_Row]:
    at = place_points()
    for kind, name, *_ in PLACES:
        is_parking = kind == PlaceKind.CAR_PARK
        if is_parking or kind in {PlaceKind.STATION, PlaceKind.BUILDING, PlaceKind.OTHER}:
            label = name if is_parking else None
            yield "car_park", "area", label, _rectangle(at[name], *CAR_PARK_M)


def _rectangle(middle: Point, wide_m: float, deep_m: float) -> Polygon:
    x, y = middle.x, middle.y
    return shapely.box(x - wide_m / 2, y - deep_m / 2, x + wide_m / 2, y + deep_m / 2)


def _great_lines() -> Iterator[_Row]:
    yield "rail", "rail", None, RAILWAY
    yield "road", "motorway", "M2X (demo)", MOTORWAY
    yield "road", "main", "Watling Way (demo)", TRUNK
    for middle, other in sorted(_neighbours()):
        name = next(ward for ward, centre in WARD_CENTRES.items() if centre == middle)
        yield "road", "through", f"{name} Road", LineString([middle, other])


def _neighbours() -> set[tuple[tuple[int, int], tuple[int, int]]]:
    """Middles of wards that a road joins: each with the two nearest to it, every pair once."""
    pairs = set()
    for middle in WARD_CENTRES.values():
        by_distance = sorted(WARD_CENTRES.values(), key=lambda other: math.dist(middle, other))
        pairs |= {(min(middle, other), max(middle, other)) for other in by_distance[1:3]}
    return pairs


def _names() -> Iterator[_Row]:
    for ward, (east, north) in WARD_CENTRES.items():
        kind, name = ("town", "Dartford (demo)") if ward == "Town" else ("suburb", ward)
        aside = 900 if kind == "town" else 0  # not below its ward's own name
        yield "place", kind, name, Point(east - aside, north + aside)
    at = place_points()
    for kind, name, *_ in PLACES:
        if kind == PlaceKind.STATION:
            yield "place", "station", name, at[name]


def _streets(rng: np.random.Generator) -> Iterator[_Row]:
    """A grid of streets for each ward, turned its own way, within the outline."""
    lakes = shapely.union_all([shape for *_, shape in _waters()])
    near = OUTLINE.buffer(300).difference(lakes.buffer(15))
    parks = shapely.union_all([shape for _, _, name, shape in _parks() if name])
    number = 0
    for east, north in WARD_CENTRES.values():
        turn = rng.uniform(0, math.pi / 2)
        for step in np.arange(-REACH_M, REACH_M + 1, BLOCK_M):
            for angle in (turn, turn + math.pi / 2):
                line = _across((east, north), angle, step)
                kept = line.intersection(near).difference(parks)
                for part in getattr(kept, "geoms", [kept]):
                    if part.length > BLOCK_M:
                        name = f"{FIRST[number % 20]} {LAST[number // 3 % 8]}"
                        number += 1
                        yield "road", "street", name, part
    for name, point in place_points().items():  # a street to every place that has a name
        middle = min(WARD_CENTRES.values(), key=lambda centre: math.dist(centre, point.coords[0]))
        lane = name if name.endswith("Street") else None
        yield "road", "service", lane, LineString([point, middle])


def _across(middle: tuple[float, float], angle: float, step_m: float) -> LineString:
    """A line through a ward's grid, bent a little so that it does not look ruled."""
    along, aside = (math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))
    reach = math.sqrt(max(REACH_M**2 - step_m**2, BLOCK_M**2))
    points = []
    for share in np.linspace(-1, 1, 9):
        bend = 18 * math.sin(3 * share + step_m)
        far, side = share * reach, step_m + bend
        points.append(
            (
                middle[0] + far * along[0] + side * aside[0],
                middle[1] + far * along[1] + side * aside[1],
            )
        )
    return LineString(points)


def _houses(streets: list[_Row], taken: BaseGeometry) -> list[Polygon]:
    """Houses along both sides of the streets, where nothing else is."""
    houses = []
    for _, kind, _, street in streets:
        if kind == "street":
            for at in np.arange(14, street.length - 10, HOUSE_EVERY_M):
                here, there = street.interpolate(at), street.interpolate(at + 1)
                houses += _pair(here, there)
    boxes = np.array(houses)
    shapely.prepare(taken)
    free = boxes[~shapely.intersects(taken, boxes)]
    tree, kept = shapely.STRtree(free), np.ones(len(free), dtype=bool)
    for one, other in tree.query(free, predicate="intersects").T:
        if one < other and kept[one]:
            kept[other] = False
    return list(free[kept])


def _pair(here: Point, there: Point) -> list[Polygon]:
    """A house on either side of a point of a street, its front along it."""
    dx, dy = there.x - here.x, there.y - here.y
    pair = []
    for side in (-1, 1):
        corners = [
            (
                here.x + along * dx - side * away * dy,
                here.y + along * dy + side * away * dx,
            )
            for along, away in ((-6, 11), (6, 11), (6, 20), (-6, 20))
        ]
        pair.append(Polygon(corners))
    return pair
