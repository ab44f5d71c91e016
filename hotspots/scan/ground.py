"""Cases and what they fall on, by raster: how many a place's surroundings lead one to expect."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import shapely
from scipy.signal import fftconvolve
from shapely.geometry.base import BaseGeometry

from hotspots.core.executors import IN_TURN, Executor, in_parts
from hotspots.geometry.cell_index import CellIndex
from hotspots.geometry.tiles import ROUNDING, tiles

WIDTHS_M = (250.0, 400.0, 700.0, 1_200.0, 2_000.0)
"""Standard deviations of the surroundings that are tried, narrowest first."""
LEAST_NEAR = 10.0
"""Cases that surroundings must hold; else wider ones are taken."""
MOST_CELLS = 1_000_000
LEAST_CELL_M = 50.0
ANYWHERE = 0.05
"""Share of the exposure that is spread evenly over the land: no place is impossible."""


class Exposure(NamedTuple):
    """What cases fall on: (m, 2) points in metres and (m,) weights, 0 or more, some above 0."""

    sites: np.ndarray
    weights: np.ndarray


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What the surroundings of cases lead one to expect.

    Attributes
    ----------
    rate
        (n,) cases per unit of exposure (m² where there is none) round about each case.
    near
        (n,) cases that this rests on.
    width_m
        (n,) standard deviation of the surroundings taken.
    """

    rate: np.ndarray
    near: np.ndarray
    width_m: np.ndarray


class Ground:
    """Cases and exposure on a raster with the area's origin: moved ground changes nothing."""

    def __init__(
        self, area: BaseGeometry, cases: np.ndarray, exposure: Exposure | None, hole_m: float
    ) -> None:
        west, south, east, north = area.bounds
        self._origin = np.array([west, south])
        size = (east - west) * (north - south)
        self._cell_m = max(LEAST_CELL_M, float(np.sqrt(size / MOST_CELLS)))
        columns, rows = (
            int(np.ceil(span / self._cell_m)) + 1 for span in (east - west, north - south)
        )
        self._shape = rows, columns
        self._hole_m = hole_m
        self._cases = self._raster(cases, np.ones(len(cases)))
        self._land = self._land_m2(area)
        self._exposure = None
        self._mass = self._land
        self._per_m2 = 1.0
        if exposure is not None:
            share = exposure.weights * (1 - ANYWHERE) / exposure.weights.sum()
            self._per_m2 = ANYWHERE / area.area
            self._exposure = Exposure(exposure.sites, share)
            self._mass = self._raster(exposure.sites, share) + self._per_m2 * self._land

    def _cells(self, xy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        column, row = np.floor((xy - self._origin) / self._cell_m).astype(np.int64).T
        return np.clip(row, 0, self._shape[0] - 1), np.clip(column, 0, self._shape[1] - 1)

    def _raster(self, xy: np.ndarray, weights: np.ndarray) -> np.ndarray:
        raster = np.zeros(self._shape)
        np.add.at(raster, self._cells(xy), weights)
        return raster

    def _land_m2(self, area: BaseGeometry) -> np.ndarray:
        """Square metres of the area in each cell: all or nothing, by its middle."""
        rows, columns = np.indices(self._shape)
        x = self._origin[0] + (columns + 0.5) * self._cell_m
        y = self._origin[1] + (rows + 0.5) * self._cell_m
        shapely.prepare(area)
        return np.where(shapely.contains_xy(area, x, y), self._cell_m**2, 0.0)

    def surroundings(self, xy: np.ndarray) -> Surroundings:
        """Of points: the narrowest surroundings with cases enough, else the widest."""
        at = self._cells(xy)
        rate, near, width = np.zeros(len(xy)), np.zeros(len(xy)), np.zeros(len(xy))
        is_open = np.ones(len(xy), dtype=bool)
        for width_m in WIDTHS_M:
            kernel = self._kernel(width_m)
            held = np.maximum(fftconvolve(self._cases, kernel, mode="same"), 0.0)[at]
            mass = np.maximum(fftconvolve(self._mass, kernel, mode="same"), 0.0)[at]
            least = self._cell_m**2 * self._per_m2
            is_taken = is_open & ((held >= LEAST_NEAR) | (width_m == WIDTHS_M[-1]))
            near[is_taken] = held[is_taken]
            rate[is_taken] = (held[is_taken] + 0.5) / np.maximum(mass[is_taken], least)
            width[is_taken] = width_m
            is_open &= ~is_taken
        return Surroundings(rate, near, width)

    def _kernel(self, width_m: float) -> np.ndarray:
        """Gaussian weights, 1 in the middle, with a hole for the disc that is asked about."""
        reach = int(np.ceil(3 * width_m / self._cell_m))
        across = np.arange(-reach, reach + 1) * self._cell_m
        apart = np.hypot(across[:, None], across)
        weight = np.exp(-(apart**2) / (2 * width_m**2))
        return np.where((apart > self._hole_m) & (apart <= 3 * width_m), weight, 0.0)

    def in_discs(
        self, xy: np.ndarray, radii: np.ndarray, executor: Executor = IN_TURN
    ) -> np.ndarray:
        """(n, k) exposure in each disc about points; also of what an edge cuts off."""
        land = np.broadcast_to(np.pi * radii**2 * self._per_m2, (len(xy), len(radii)))
        if self._exposure is None:
            return land
        sites, weights = self._exposure
        held = np.zeros((len(xy), len(radii)))
        parts = list(tiles(xy, sites, float(radii[-1])))
        origin = sites.min(axis=0)
        sent = (
            (xy[tile.centres], sites[tile.points], weights[tile.points], radii, origin)
            for tile in parts
        )
        for tile, weight in zip(parts, in_parts(executor, _weights_about, sent), strict=True):
            held[tile.centres] = weight
        return land + held


def _weights_about(
    xy: np.ndarray, sites: np.ndarray, weights: np.ndarray, radii: np.ndarray, origin: np.ndarray
) -> np.ndarray:
    """(n, k) weight within each radius of points; cells from ``origin``, so that sums add up in
    one order in every tile."""
    held = np.zeros((len(xy), len(radii)))
    if len(sites) == 0:
        return held
    index = CellIndex(sites, float(radii[-1]) * ROUNDING, origin=origin)
    for row, site, apart in index.about(xy):
        for column, radius in enumerate(radii):
            inside = apart <= radius
            held[:, column] += np.bincount(row[inside], weights[site[inside]], len(xy))
    return held
