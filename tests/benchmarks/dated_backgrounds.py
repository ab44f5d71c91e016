"""Years of chance with their dates: what the whole detection sees where no place is special."""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from tests.benchmarks import backgrounds
from tests.benchmarks.backgrounds import Draw

AS_OF = pd.Timestamp("2026-01-01T12:00Z")
DAYS = 365.0
HOMES_A_POSTCODE = 15


class Chance(NamedTuple):
    """A way in which chance alone may fill a year.

    Attributes
    ----------
    draw
        (incidents a year, rng) → incidents, EPSG:27700.
    study_area
        One polygon.
    exposure, streets
        As `detect_hotspots` takes them; with streets it is their reading that counts.
    """

    draw: Callable[[int, np.random.Generator], gpd.GeoDataFrame]
    study_area: gpd.GeoSeries
    exposure: gpd.GeoDataFrame | None = None
    streets: gpd.GeoDataFrame | None = None


def dated(
    xy: np.ndarray, rng: np.random.Generator, days_ago: np.ndarray | None = None
) -> gpd.GeoDataFrame:
    """Points told of at any moment of the year, or so many days ago."""
    ages = rng.uniform(0.1, DAYS - 1, len(xy)) if days_ago is None else days_ago
    reported_at = AS_OF - pd.to_timedelta(ages, unit="D").floor("s")
    points = gpd.points_from_xy(*np.asarray(xy).T)
    return gpd.GeoDataFrame({"first_reported_at": reported_at}, geometry=points, crs=27700)


def _undated(draw: Draw) -> Callable[[int, np.random.Generator], gpd.GeoDataFrame]:
    return lambda n, rng: dated(draw(n, rng), rng)


def bursts(n: int, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Parties at homes; every third leaves two to six piles of one night within some 30 m."""
    piles = np.where(rng.random(n) < 1 / 3, rng.integers(2, 7, n), 1)
    party = np.repeat(np.arange(n), piles)[:n]
    xy = backgrounds.homes(n, rng)[party] + rng.normal(0, 15, (n, 2))
    return dated(xy, rng, rng.uniform(0.2, DAYS - 1, n)[party] + rng.uniform(0, 0.1, n))


@cache
def postcodes() -> np.ndarray:
    """Middles of some 15 homes that lie together."""
    homes = backgrounds.home_addresses()
    seeds = homes[np.random.default_rng(2).choice(len(homes), len(homes) // HOMES_A_POSTCODE)]
    nearest = cKDTree(seeds).query(homes)[1]
    size = np.maximum(np.bincount(nearest, minlength=len(seeds)), 1)
    sums = [np.bincount(nearest, axis, len(seeds)) for axis in homes.T]
    return (np.stack(sums) / size).T[np.bincount(nearest, minlength=len(seeds)) > 0]


def at_postcodes(n: int, rng: np.random.Generator) -> np.ndarray:
    homes = backgrounds.homes(n, rng)
    return postcodes()[cKDTree(postcodes()).query(homes)[1]]


def seasonal(n: int, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """At homes, three times as often in summer as in winter."""
    ages = rng.uniform(0.1, DAYS - 1, 4 * n)
    summer = 0.5 - 0.5 * np.cos(2 * np.pi * (ages / DAYS))
    kept = ages[rng.random(4 * n) < (1 + 2 * summer) / 3][:n]
    return dated(backgrounds.homes(len(kept), rng), rng, kept)


def _clipped(chance: Chance) -> Chance:
    """The same, inside the study area alone."""
    area = chance.study_area.iloc[0]

    def draw(n: int, rng: np.random.Generator) -> gpd.GeoDataFrame:
        incidents = chance.draw(n, rng)
        return incidents[incidents.geometry.intersects(area)]

    return chance._replace(draw=draw)


def chances() -> dict[str, Chance]:
    """By name, in the order of the targets."""
    dartford = gpd.GeoSeries([backgrounds.borough()], crs=27700)
    of_dartford: dict[str, Draw] = {
        "uniform": backgrounds.even,
        "five towns": backgrounds.towns,
        "addresses": backgrounds.homes,
        "a broad gradient": backgrounds.gradient,
        "snapped to 50 m": backgrounds.rounded(50),
        "snapped to postcodes": at_postcodes,
        "one river path": backgrounds.riverside,
        "a log-Gaussian field of 500 m": backgrounds.cox(500, 1.0),
        "a log-Gaussian field of 200 m": backgrounds.cox(200, 1.0),
    }
    every = {name: Chance(_undated(draw), dartford) for name, draw in of_dartford.items()}
    every["bursts within a night"] = Chance(bursts, dartford)
    every["seasonal"] = Chance(seasonal, dartford)
    addresses = gpd.GeoDataFrame(
        geometry=gpd.points_from_xy(*backgrounds.home_addresses().T), crs=27700
    )
    every["addresses, as exposure"] = every["addresses"]._replace(exposure=addresses)
    roads = gpd.GeoDataFrame(geometry=backgrounds.roads(), crs=27700)
    bristol = gpd.GeoSeries([shapely.box(*roads.total_bounds)], crs=27700)
    streets = Chance(_undated(backgrounds.streets), bristol)
    every["streets"] = streets
    every["streets, as exposure"] = streets._replace(exposure=roads)
    every["streets, read by street"] = streets._replace(streets=roads)
    return {name: _clipped(chance) for name, chance in every.items()}
