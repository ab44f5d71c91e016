"""How far each cell is from car parks, stations, parks: what the forecast may learn from."""

from dataclasses import dataclass

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
    centres
        (n inside, 2) metres.
    """

    kinds: tuple[str, ...]
    distances_m: np.ndarray
    centres: np.ndarray

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
    columns = [_distances(geometry[is_kept & (names == name)], centres) for name in kinds]
    return Covariates(kinds, np.column_stack(columns), centres)


def _distances(shapes: np.ndarray, centres: np.ndarray) -> np.ndarray:
    points = shapely.points(centres)
    _, distance = shapely.STRtree(shapes).query_nearest(
        points, return_distance=True, all_matches=False
    )
    return np.asarray(distance)
