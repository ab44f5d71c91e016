"""What chance alone would do: where cases would fall if no place were special.

A null draws cases and says what share of them a disc should hold. That people dump on land is
trivial; that they dump along streets nearly so. A street network (or population, or all litter)
as exposure makes the test ask what an officer asks: is this place worse than its like?
"""

from typing import Protocol

import geopandas as gpd
import numpy as np
import shapely
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from hotspots.core.errors import FrameError, ParameterError
from hotspots.core.frames import check_metres, numbers
from hotspots.geometry.grid import square_grid

CHUNK = 20_000
"""Discs whose exposure is summed together: bounds the memory of their pairs."""


class Null(Protocol):
    """A place where cases fall by chance."""

    name: str

    def draw(self, n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """(n, 2) cases in metres, and (n or 1, k) the share of all cases about each of them."""

    def shares(self, xy: np.ndarray) -> np.ndarray:
        """(n or 1, k) the share of all cases in the discs about points, by radius."""


class UniformNull:
    """Every square metre of the study area is as likely as any other."""

    name = "uniform over the study area"

    def __init__(self, area: BaseGeometry, radii_m: np.ndarray) -> None:
        triangles = shapely.get_parts(shapely.constrained_delaunay_triangles(area))
        self._corners = shapely.get_coordinates(triangles).reshape(-1, 4, 2)[:, :3]
        self._bounds = np.cumsum(shapely.area(triangles))
        # A disc on the edge has less ground than this: its expectation is at most overstated.
        self._shares: np.ndarray = np.minimum(np.pi * radii_m**2 / area.area, 1.0)[None]

    def draw(self, n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        # A triangle by its area, then a + u (b - a) + v (c - a) with u + v at most 1: uniform in it
        # (Turk 1990, Generating random points in triangles, Graphics Gems, 24-28).
        where = rng.random(n) * self._bounds[-1]
        a, b, c = self._corners[np.searchsorted(self._bounds, where, side="right")].swapaxes(0, 1)
        along = rng.random((n, 2))
        beyond = along[:, :1] + along[:, 1:] > 1  # the other half of the parallelogram, folded back
        along = np.where(beyond, 1 - along, along)
        return a + along[:, :1] * (b - a) + along[:, 1:] * (c - a), self._shares

    def shares(self, xy: np.ndarray) -> np.ndarray:
        return self._shares


class ExposureNull:
    """Cases fall on weighted sites, but for a small share that falls anywhere on the land.

    That share keeps an incident away from every street possible: nothing is infinitely surprising.
    """

    def __init__(
        self,
        sites: np.ndarray,
        weights: np.ndarray,
        area: BaseGeometry,
        radii_m: np.ndarray,
        *,
        name: str,
        background: float = 0.05,
    ) -> None:
        if not 0 < background <= 1:
            raise ParameterError(f"background is {background}: it must be above 0 and at most 1")
        self.name = name
        self._sites, self._weights = sites, weights / weights.sum()
        self._tree, self._radii, self._background = cKDTree(sites), radii_m, background
        self._land = UniformNull(area, radii_m)
        self._bounds = np.cumsum(self._weights)
        self._at_sites = self.shares(sites)

    def draw(self, n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        anywhere = rng.random(n) < self._background
        site = np.searchsorted(self._bounds[:-1], rng.random(n), side="right")
        xy, shares = self._sites[site], self._at_sites[site]
        xy[anywhere], _ = self._land.draw(int(anywhere.sum()), rng)
        shares[anywhere] = self.shares(xy[anywhere])
        return xy, shares

    def shares(self, xy: np.ndarray) -> np.ndarray:
        parts = [self._near(xy[i : i + CHUNK]) for i in range(0, len(xy), CHUNK)]
        near = np.concatenate([np.empty((0, len(self._radii))), *parts])
        return (1 - self._background) * near + self._background * self._land.shares(xy)

    def _near(self, xy: np.ndarray) -> np.ndarray:
        pairs = cKDTree(xy).sparse_distance_matrix(
            self._tree, self._radii[-1], output_type="ndarray"
        )
        # Weight by ring between two radii, then rings added from the centre out: discs.
        ring = np.searchsorted(self._radii, pairs["v"])
        k = len(self._radii)
        flat = np.bincount(pairs["i"] * k + ring, self._weights[pairs["j"]], len(xy) * k)
        return np.asarray(flat.reshape(len(xy), k).cumsum(axis=1))


def exposure_sites(
    exposure: gpd.GeoDataFrame, *, spacing_m: float = 10.0
) -> tuple[np.ndarray, np.ndarray]:
    """An exposure layer as weighted points.

    Parameters
    ----------
    exposure
        Lines (each weighs its metres), polygons (each its square metres) or points (1 each), in
        metres. Where there is a column ``weight``, it is what a whole feature weighs.
    spacing_m
        A line gives a point every so many metres, a polygon one for each square of that side, or
        of a fiftieth of its own extent where that is larger.

    Returns
    -------
    (m, 2) points in metres and (m,) their weights.
    """
    check_metres(exposure, name="exposure")
    if "weight" in exposure:
        numbers(exposure["weight"], name="weight")
    if not spacing_m > 0:
        raise ParameterError(f"spacing_m is {spacing_m}: it must be above 0")
    parts = exposure[~(exposure.geometry.isna() | exposure.geometry.is_empty)]
    points = [np.empty((0, 2))]
    weights = [np.empty(0)]
    for row, shape in enumerate(parts.geometry):
        at, size = _sites(shape, spacing_m)
        feature_weight = parts["weight"].iloc[row] if "weight" in parts else size
        points.append(at)
        weights.append(np.full(len(at), feature_weight / max(len(at), 1)))
    xy, weight = np.concatenate(points), np.concatenate(weights)
    if not (np.isfinite(weight) & (weight >= 0)).all() or weight.sum() <= 0:
        raise FrameError("exposure: its weights must be 0 or more, and some above 0")
    return xy, weight


def _sites(shape: BaseGeometry, spacing_m: float) -> tuple[np.ndarray, float]:
    """Points spread evenly over a shape, and what it weighs: square metres, metres, or points."""
    if shape.area > 0:
        # A whole ward in squares of 10 m would be a million points, which say no more.
        centres = square_grid(shape, max(spacing_m, shape.area**0.5 / 50)).centres()
        inner = shapely.get_coordinates(shape.representative_point())
        return (centres if len(centres) else inner), shape.area
    if shape.length > 0:
        pieces = int(np.ceil(shape.length / spacing_m))
        along = (np.arange(pieces) + 0.5) * shape.length / pieces
        return shapely.get_coordinates(shapely.line_interpolate_point(shape, along)), shape.length
    at = shapely.get_coordinates(shape)
    return at, float(len(at))
