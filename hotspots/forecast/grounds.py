"""What else says where incidents may come: homes, streets or people at risk, as shares by cell."""

import geopandas as gpd
import numpy as np

from hotspots.core.errors import CRSError, FrameError
from hotspots.geometry.grid import SquareGrid
from hotspots.scan.nulls import exposure_sites


def exposure_ground(exposure: gpd.GeoDataFrame, grid: SquareGrid, *, crs: object) -> np.ndarray:
    """The share of an exposure that each cell holds.

    Parameters
    ----------
    exposure
        Points, lines or polygons, as `hotspots.scan.nulls.exposure_sites` weighs them. What lies
        outside the grid's inside cells is left out.
    crs
        Of the grid.

    Returns
    -------
    ndarray
        (rows, columns), summing to 1. A cell without exposure has 0: that incidents come there all
        the same is left to the flat ground beside it.

    Raises
    ------
    CRSError, FrameError
        Another CRS; null weights; none of it inside.
    """
    if exposure.crs != crs:
        raise CRSError("exposure is not in the events' CRS: use to_crs on one")
    xy, weights = exposure_sites(exposure)
    held = np.where(grid.inside, grid.count(xy, weights), 0.0)
    if held.sum() <= 0:
        raise FrameError(
            "exposure: none of it lies in the study area: check that both are one place"
        )
    return np.asarray(held / held.sum())
