"""Numbers of a coordinate system as positions on the National Grid, and what mends a wrong one."""

import numpy as np
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.core.geography import grid_from
from geodata.core.types import SRID
from geodata.importers.where.several_positions import Positions


def settle(located: Positions, given: np.ndarray, system: pyproj.CRS, around: BaseGeometry) -> None:
    """Take positions as they are given; where they lie outside, say how that came about."""
    names = ("longitude", "latitude") if system.is_geographic else ("easting", "northing")
    to_grid = grid_from(system)
    located.xy = _projected(to_grid, given)
    outside = np.isfinite(given).all(axis=1) & ~shapely.contains_xy(around, located.xy)
    outside &= (located.problem == "").to_numpy()
    zero = outside & (given == 0).all(axis=1)
    located.problem[zero] = "0, 0 is no place: leave the row out or fill in where it was"
    other = grid_from(pyproj.CRS(4326 if system.is_projected else SRID))
    for would_be, remedy in (
        (
            _projected(to_grid, given[:, ::-1]),
            f"{names[0]} and {names[1]} look swapped: exchange the two columns",
        ),
        (
            _projected(to_grid, given * (-1, 1)),
            f"the sign of the {names[0]} looks wrong: east of Greenwich is positive",
        ),
        (_projected(to_grid, given * (1, -1)), f"the sign of the {names[1]} looks wrong"),
        (_projected(other, given), _OTHER_SYSTEM[system.is_projected]),
        (_projected(grid_from(_WEB), given), _WEB_MERCATOR),
    ):
        mended = shapely.contains_xy(around, would_be)
        located.problem[outside & mended & (located.problem == "").to_numpy()] = remedy


_WEB = pyproj.CRS(3857)
_WEB_MERCATOR = "these look like Web Mercator (EPSG:3857): save them as longitude and latitude"
_OTHER_SYSTEM = {
    False: "these look like eastings and northings (EPSG:27700): name them so in the file",
    True: "these look like longitude and latitude (EPSG:4326): name them so in the file",
}


def _projected(to_grid: pyproj.Transformer, given: np.ndarray) -> np.ndarray:
    """Grid coordinates; NaN where the numbers are beyond what the projection can take."""
    xy = np.column_stack(to_grid.transform(given[:, 0], given[:, 1]))
    return np.where(np.isfinite(xy), xy, np.nan)
