"""Maps without any special place: towns, homes, streets, and what rounding makes of them.

Dartford's outline and areas and the roads of Bristol are read from the shared data.
"""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from scipy.ndimage import gaussian_filter

from tests.conftest import SHARED_DATA

Draw = Callable[[int, np.random.Generator], np.ndarray]
N_HOMES = 43_000
COX_CELL_M = 50.0


class Background(NamedTuple):
    """Where cases fall, and the study area, EPSG:27700."""

    draw: Draw
    area: shapely.Geometry


@cache
def _areas() -> np.ndarray:
    """Polygons of equal numbers of residents, Dartford's of 2011."""
    path = SHARED_DATA / "dartford_lsoa_2011.geojson"
    return np.asarray(gpd.read_file(path).to_crs(27700).geometry)


@cache
def borough() -> shapely.Geometry:
    """Dartford's outline."""
    return shapely.union_all(_areas())


@cache
def roads() -> np.ndarray:
    path = SHARED_DATA / "osm" / "bristol_ways.gpkg"
    return np.asarray(gpd.read_file(path).to_crs(27700).geometry)


def even(n: int, rng: np.random.Generator, area: shapely.Geometry | None = None) -> np.ndarray:
    area = borough() if area is None else area
    west, south, east, north = area.bounds
    points = np.empty((0, 2))
    while len(points) < n:
        more = rng.uniform((west, south), (east, north), (4 * n + 20, 2))
        points = np.concatenate([points, more[shapely.contains_xy(area, more)]])
    return points[:n]


def residents(n: int, rng: np.random.Generator) -> np.ndarray:
    each = rng.multinomial(n, np.full(len(_areas()), 1 / len(_areas())))
    pairs = zip(_areas(), each, strict=True)
    return np.concatenate([even(k, rng, area) for area, k in pairs if k])


@cache
def home_addresses() -> np.ndarray:
    """Terraces of 10 to 60 homes on both sides of a street; one in twelve is a block of flats."""
    rng = np.random.default_rng(1)
    streets = []
    for area in _areas():
        built = 0
        while built < N_HOMES // len(_areas()):
            middle, turn = even(1, rng, area)[0], rng.uniform(0, np.pi)
            k, apart_m = int(rng.integers(10, 60)), rng.uniform(5, 9)
            along = np.array([np.cos(turn), np.sin(turn)])
            across = np.array([-along[1], along[0]])
            steps = (np.arange(k) - k / 2) * apart_m
            street = middle + steps[:, None] * along + rng.choice([-8, 8], k)[:, None] * across
            if rng.random() < 0.08:
                street = middle + rng.normal(0, 8, (k, 2))
            streets.append(street)
            built += k
    return np.concatenate(streets)[:N_HOMES]


def homes(n: int, rng: np.random.Generator) -> np.ndarray:
    addresses = home_addresses()
    return addresses[rng.integers(0, len(addresses), n)] + rng.normal(0, 10, (n, 2))


def rounded(step_m: float) -> Draw:
    return lambda n, rng: np.round(homes(n, rng) / step_m) * step_m


def gradient(n: int, rng: np.random.Generator) -> np.ndarray:
    middle, points = shapely.get_coordinates(borough().centroid)[0], even(30 * n, rng)
    weight = np.exp(-np.hypot(*(points - middle).T) / 1_500) + 0.02
    return points[rng.choice(len(points), n, replace=False, p=weight / weight.sum())]


def towns(n: int, rng: np.random.Generator) -> np.ndarray:
    """Five towns of 600 m, and three cases in twenty anywhere."""
    middles = even(5, np.random.default_rng(5))
    in_town = rng.random(n) < 0.85
    town = middles[rng.integers(0, 5, n)] + rng.normal(0, 600, (n, 2))
    return np.where(in_town[:, None], town, even(n, rng))


def streets(n: int, rng: np.random.Generator) -> np.ndarray:
    ways, lengths = roads(), shapely.length(roads())
    chosen = rng.choice(len(ways), n, p=lengths / lengths.sum())
    places = shapely.line_interpolate_point(ways[chosen], rng.random(n) * lengths[chosen])
    return shapely.get_coordinates(places) + rng.normal(0, 5, (n, 2))


def reporters(n: int, rng: np.random.Generator) -> np.ndarray:
    """Sixty keen people, some much keener, who report within some 120 m of their homes."""
    addresses = home_addresses()
    who = addresses[rng.integers(0, len(addresses), 60)]
    keenness = rng.gamma(1, 1, 60)
    return who[rng.choice(60, n, p=keenness / keenness.sum())] + rng.normal(0, 120, (n, 2))


@cache
def river() -> shapely.LineString:
    """A path that winds through the borough from west to east."""
    west, south, east, north = borough().bounds
    x = np.linspace(west, east, 400)
    along = (x - west) / (east - west)
    swing = 0.12 * np.sin(7 * along) + 0.05 * np.sin(23 * along + 1)
    path = shapely.LineString(np.column_stack([x, south + (north - south) * (0.45 + swing)]))
    return shapely.intersection(path, borough())


def riverside(n: int, rng: np.random.Generator) -> np.ndarray:
    """Along one path, evenly, some 10 m beside it; three in twenty anywhere."""
    places = shapely.line_interpolate_point(river(), rng.random(n), normalized=True)
    beside = shapely.get_coordinates(places) + rng.normal(0, 10, (n, 2))
    return np.where((rng.random(n) < 0.85)[:, None], beside, even(n, rng))


def cox(length_m: float, spread: float) -> Draw:
    """By a log-Gaussian field, another for each map, whose log has so large a standard deviation
    and the correlation exp(-d² / (4 length²))."""

    def draw(n: int, rng: np.random.Generator) -> np.ndarray:
        west, south, east, north = borough().bounds
        shape = int((north - south) // COX_CELL_M) + 1, int((east - west) // COX_CELL_M) + 1
        noise = gaussian_filter(rng.normal(size=shape), length_m / COX_CELL_M, mode="wrap")
        rate = np.exp(spread * noise / noise.std())
        row, column = np.divmod(
            rng.choice(rate.size, 6 * n, p=(rate / rate.sum()).ravel()), shape[1]
        )
        corner = np.column_stack([column, row]) + rng.random((6 * n, 2))
        points = corner * COX_CELL_M + (west, south)
        return points[shapely.contains_xy(borough(), points)][:n]

    return draw


def backgrounds() -> dict[str, Background]:
    drawn: dict[str, Draw] = {
        "even": even,
        "residents, even within each area": residents,
        "homes": homes,
        "homes, rounded to 100 m": rounded(100),
        "homes, rounded to 50 m": rounded(50),
        "a broad gradient": gradient,
        "five towns": towns,
        "60 keen reporters' homes": reporters,
    }
    of_dartford = {name: Background(draw, borough()) for name, draw in drawn.items()}
    bristol = shapely.box(*shapely.total_bounds(roads()))
    return of_dartford | {"along the streets": Background(streets, bristol)}


def with_sites(
    draw: Draw, n: int, per_site: int, rng: np.random.Generator, *, sites: int = 12
) -> tuple[np.ndarray, np.ndarray]:
    """Cases with so many more at each of some sites, 300 m apart and inside the borough."""
    cases, chosen = draw(n, rng), []
    for place in draw(sites * 40, rng):
        is_apart = all(np.hypot(*(place - other)) > 300 for other in chosen)
        if is_apart and len(chosen) < sites and shapely.contains_xy(borough(), *place):
            chosen.append(place)
    more = [site + rng.normal(0, 15, (per_site, 2)) for site in chosen]
    return np.concatenate([cases, *more]), np.array(chosen)
