"""An area as somebody gives it: a file of polygons, or corners one below the other."""

import re
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geodata import places
from geodata.core.errors import RefusedError
from geodata.core.geography import from_lonlat
from geodata.core.grid_references import GridReferenceError, parse_gridref
from geodata.places.areas import read_outline

LEAST_M2 = 1.0
MOST_CORNERS = 50_000
"""A borough with all its creeks has fewer; every place of a report is held against each."""
_LATLON = re.compile(r"(-?\d+(?:\.\d+)?)\s*[,;\s]\s*(-?\d+(?:\.\d+)?)")


def area_from(session: Session, *, corners: str = "", file: Path | None = None) -> BaseGeometry:
    """A multipolygon in EPSG:27700; the file wins over the corners.

    Parameters
    ----------
    corners
        One a line: a grid reference such as TQ 5409 7420, or latitude and longitude.
    file
        GeoJSON, GeoPackage or zipped Shapefile.

    Raises
    ------
    RefusedError
        There is neither, one cannot be read, or it is no area within the borough.
    """
    if file is not None:
        area = read_outline(file)
        if (n_corners := int(shapely.get_num_coordinates(area))) > MOST_CORNERS:
            raise RefusedError(
                f"this outline has {n_corners:,} corners: simplify it to {MOST_CORNERS:,} or fewer"
            )
    elif corners.strip():
        area = _polygon(corners)
    else:
        raise RefusedError("draw the area on the map, list its corners, or give a file")
    if area.is_empty or area.area < LEAST_M2:
        raise RefusedError("this encloses no area: give three corners or more, in order")
    borough = places.borough(session)
    if borough is not None and not area.intersects(borough):
        raise RefusedError("this area lies outside the borough: check the numbers")
    return area


def _polygon(corners: str) -> BaseGeometry:
    lines = [line.strip() for line in corners.splitlines() if line.strip()]
    points = [_corner(number, line) for number, line in enumerate(lines, 1)]
    if len(points) < 3:
        raise RefusedError(f"{len(points)} corners enclose no area: give three or more")
    shape = shapely.Polygon(points)
    if not shape.is_valid:
        raise RefusedError("the outline crosses itself: list the corners in order, going round")
    return shapely.multipolygons([shape])


def _corner(number: int, line: str) -> tuple[float, float]:
    match = _LATLON.fullmatch(line)
    if match:
        lat, lon = float(match[1]), float(match[2])
        x, y = from_lonlat(lon, lat)
        if not (49 <= lat <= 61 and np.isfinite([x, y]).all()):
            raise RefusedError(
                f"corner {number}, {line!r}, is not in Great Britain: latitude first"
            )
        return x, y
    try:
        easting, northing, _ = parse_gridref(line)
    except GridReferenceError as error:
        raise RefusedError(f"corner {number}: {error}, or latitude and longitude") from None
    return easting, northing
