"""How far each cell is from car parks, stations, parks, and how many people live round it: what the
forecast may learn from."""

from dataclasses import dataclass, field, replace

import geopandas as gpd
import numpy as np
import shapely

from hotspots.core.errors import CRSError, FrameError
from hotspots.core.frames import check_metres
from hotspots.geometry.grid import SquareGrid

MOST_KINDS = 40
REACHES_M = (100.0, 500.0)
"""Each kind is felt next to it, and in its quarter: exp(-distance / reach)."""


@dataclass(frozen=True, eq=False)
class Covariates:
    """Distances of cells to kinds of features.

    Attributes
    ----------
    kinds
        Sorted names.
    distances_m
        (n inside, kinds) from a cell's centre to the nearest feature; 0 inside a polygon.
    nearest
        (n inside, kinds) which feature of its kind that is, from 0.
    centres
        (n inside, 2) metres.
    levels
        Sorted names of what areas have so much of, such as residents.
    doublings
        (n inside, levels) base-2 logarithm of how dense each is about a cell: 1 more is twice as
        dense.
    """

    kinds: tuple[str, ...]
    distances_m: np.ndarray
    nearest: np.ndarray
    centres: np.ndarray
    levels: tuple[str, ...] = ()
    doublings: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))

    def columns(self) -> np.ndarray:
        """(n inside, kinds × reaches + levels): `nearness`, then the doublings."""
        if not self.levels:
            return self.nearness()
        return np.column_stack([self.nearness(), self.doublings])

    def nearness(self) -> np.ndarray:
        """(n inside, kinds × reaches) in [0, 1], kind by kind."""
        near = [np.exp(-self.distances_m / reach) for reach in REACHES_M]
        return np.stack(near, axis=2).reshape(len(self.distances_m), -1)


def covariates_of(
    features: gpd.GeoDataFrame, grid: SquareGrid, *, crs: object, kind: str = "kind"
) -> Covariates:
    """Distances of the inside cells to the features of a frame.

    Parameters
    ----------
    features
        Points, lines or polygons in metres with a column ``kind``; those without a shape or a kind
        are left out.
    crs
        Of the grid.

    Raises
    ------
    CRSError, FrameError
        Another CRS; no such column; no feature, or too many kinds; a null coordinate.
    """
    check_metres(features, name="covariates")
    if features.crs != crs:
        raise CRSError("covariates are not in the events' CRS: use to_crs on one")
    if kind not in features.columns:
        raise FrameError(f"covariates: column {kind!r} is missing: it names the kind of a feature")
    geometry = np.asarray(features.geometry)
    is_kept = ~(shapely.is_missing(geometry) | shapely.is_empty(geometry))
    is_kept &= features[kind].notna().to_numpy()
    if not is_kept.any():
        raise FrameError("covariates: no feature has both a shape and a kind")
    if not np.isfinite(shapely.bounds(geometry[is_kept])).all():
        raise FrameError("covariates: some coordinates are not finite")
    names = features[kind].astype(str).to_numpy()
    kinds = tuple(sorted(set(names[is_kept])))
    if len(kinds) > MOST_KINDS:
        raise FrameError(
            f"covariates: {len(kinds)} kinds are more than {MOST_KINDS}: give a column of fewer"
        )
    centres = grid.centres()
    neighbours = [_nearest(geometry[is_kept & (names == name)], centres) for name in kinds]
    nearest, distances = (np.column_stack(columns) for columns in zip(*neighbours, strict=True))
    return Covariates(kinds, distances, nearest, centres)


def with_levels(covariates: Covariates, areas: gpd.GeoDataFrame, *, crs: object) -> Covariates:
    """The same, with what areas have so much of.

    Parameters
    ----------
    areas
        Polygons in metres, with ``level`` (its name) and ``amount`` (≥ 0, of the whole area, such
        as its residents). Ground that no area of a level covers is taken for as dense as the
        median area.
    crs
        Of the grid.

    Raises
    ------
    CRSError, FrameError
        Another CRS; a missing column; an amount that is none.
    """
    if areas.crs != crs:
        raise CRSError("areas are not in the events' CRS: use to_crs on one")
    if missing := {"level", "amount"} - set(areas.columns):
        raise FrameError(f"areas: column {min(missing)!r} is missing")
    amounts = areas["amount"].to_numpy(dtype=float)
    if not (np.isfinite(amounts) & (amounts >= 0)).all():
        raise FrameError("areas: some amounts are not numbers of 0 or more")
    names = tuple(sorted(set(areas["level"].astype(str))))
    of = areas["level"].astype(str).to_numpy()
    columns = [_doublings(areas[of == name], covariates.centres) for name in names]
    return replace(covariates, levels=names, doublings=np.column_stack(columns))


def _doublings(areas: gpd.GeoDataFrame, centres: np.ndarray) -> np.ndarray:
    shapes = np.asarray(areas.geometry)
    density = areas["amount"].to_numpy(dtype=float) / np.maximum(shapely.area(shapes), 1.0)
    cell, area = shapely.STRtree(shapes).query(shapely.points(centres), predicate="intersects")
    middle = float(np.median(density))
    of_cell = np.full(len(centres), middle)
    of_cell[cell] = density[area]
    positive = density[density > 0]
    # None at all is no infinitely many doublings below some: half of the least there is.
    least = positive.min() / 2 if len(positive) else 1.0
    return np.asarray(np.log2(np.maximum(of_cell, least)))


def _nearest(shapes: np.ndarray, centres: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(n,) which shape is nearest to each, and how far, metres."""
    (_, shape), distance = shapely.STRtree(shapes).query_nearest(
        shapely.points(centres), return_distance=True, all_matches=False
    )
    return np.asarray(shape), np.asarray(distance)
