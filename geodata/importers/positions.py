"""Where a row lies, whichever way its file says it, and whether that can be true."""

from collections.abc import Callable, Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.core.geography import GREAT_BRITAIN
from geodata.core.grid_references import GridReferenceError, parse_gridref
from geodata.core.types import SRID
from geodata.files.columns import Field
from geodata.files.map_files import coordinate_system
from geodata.files.problems import FileRefusedError

FIELDS = (
    Field("longitude", ("lon", "long", "lng", "x longitude")),
    Field("latitude", ("lat", "y latitude")),
    Field("easting", ("eastings", "x", "x coordinate", "os easting", "osx", "geometry x")),
    Field("northing", ("northings", "y", "y coordinate", "os northing", "osy", "geometry y")),
    Field("grid_ref", ("grid reference", "gridref", "os grid ref", "os grid reference", "ngr")),
    Field("place", ("location", "site", "place name", "location name", "car park")),
)
BORDER_TOLERANCE_M = 1_000
WHOLE_FILE_ROWS = 20
"""So many rows that all lie elsewhere are not so many mistakes, but one."""
PILE_ROWS, PILE_SHARE = 20, 0.05
"""So many rows on one identical point, and such a share of the file, are named as a pile."""

PlaceFinder = Callable[[str], list[BaseGeometry]]


class Positions:
    """Eastings and northings of a file's rows, with what is wrong where they have none.

    Attributes
    ----------
    xy
        (n, 2) EPSG:27700 metres, NaN where there is none.
    accuracy_m
        (n,) half the diagonal of a grid square, NaN where the file does not tell.
    problem
        A sentence for each row that cannot stand; empty for the others.
    column
        The file's name of the column that positions come from.
    """

    def __init__(self, index: pd.Index, column: str) -> None:
        self.xy = np.full((len(index), 2), np.nan)
        self.accuracy_m = np.full(len(index), np.nan)
        self.problem = pd.Series("", index=index, dtype=object)
        self.column = column


def locate(
    rows: pd.DataFrame,
    columns: Mapping[str, str],
    geometry: gpd.GeoSeries | None,
    *,
    area: BaseGeometry | None,
    crs: str | None = None,
    find_place: PlaceFinder,
) -> Positions:
    """Find every row's position and test it against the borough.

    Parameters
    ----------
    rows, columns
        The file's texts, and which column holds which of ``FIELDS``.
    geometry
        Points of a map file, in its own coordinate system, or None.
    area
        The borough, EPSG:27700; None where the store knows none: then all Great Britain.
    crs
        Coordinate system of the numbers, where it is neither WGS 84 nor the National Grid.
    find_place
        Geometries of a known place's name.

    Raises
    ------
    FileRefusedError
        The file says in no way where its rows lie, or all of them lie elsewhere.
    """
    around = GREAT_BRITAIN if area is None else _with_its_surroundings(area)
    if geometry is not None:
        located = _from_geometry(rows, geometry, around)
    elif {"longitude", "latitude"} <= set(columns):
        system = coordinate_system(crs or "EPSG:4326")
        located = _from_numbers(rows, columns, ("longitude", "latitude"), around, system)
    elif {"easting", "northing"} <= set(columns):
        system = coordinate_system(crs or f"EPSG:{SRID}")
        located = _from_numbers(rows, columns, ("easting", "northing"), around, system)
    elif "grid_ref" in columns:
        located = _from_grid_references(rows, columns["grid_ref"])
    elif "place" in columns:
        located = _from_places(rows, columns["place"], find_place)
    else:
        raise FileRefusedError(
            "no column says where: name one longitude and latitude, easting and northing, "
            "grid_ref or place, or use --map THEIRS=OURS; the file has "
            f"{', '.join(map(str, rows.columns))}"
        )
    _refuse_outside(located, around, is_borough=area is not None)
    return located


def piles(xy: np.ndarray) -> list[tuple[float, float, int]]:
    """Points that suspiciously many rows share: a depot, or the centre of a postcode."""
    if len(xy) == 0:
        return []
    points, counts = np.unique(xy, axis=0, return_counts=True)
    many = (counts >= PILE_ROWS) & (counts > PILE_SHARE * len(xy))
    order = np.argsort(-counts[many], kind="stable")
    return [
        (float(x), float(y), int(n))
        for (x, y), n in zip(points[many][order], counts[many][order], strict=True)
    ]


def _with_its_surroundings(area: BaseGeometry) -> BaseGeometry:
    """Simplified first: to widen a county's coastline takes seconds, and 50 m do not count."""
    around = area.simplify(BORDER_TOLERANCE_M / 20).buffer(BORDER_TOLERANCE_M)
    shapely.prepare(around)
    return around


def single_parts(geometry: gpd.GeoSeries) -> np.ndarray:
    """The shapes, with collections of one part replaced by that part."""
    shapes: np.ndarray = geometry.to_numpy()
    alone = shapely.get_num_geometries(shapes) == 1
    return np.where(alone, shapely.get_geometry(shapes, 0), shapes)


def _from_geometry(rows: pd.DataFrame, geometry: gpd.GeoSeries, around: BaseGeometry) -> Positions:
    located = Positions(rows.index, "geometry")
    shapes = single_parts(geometry)
    usable = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    is_point = shapely.get_type_id(shapes) == 0
    located.problem[~usable] = "has no geometry: give it a point"
    located.problem[usable & ~is_point] = "is not a point: give one point for each row"
    given = np.full((len(rows), 2), np.nan)
    given[usable & is_point] = shapely.get_coordinates(shapes[usable & is_point])
    _settle(located, given, pyproj.CRS(geometry.crs), around)
    return located


def _from_numbers(
    rows: pd.DataFrame,
    columns: Mapping[str, str],
    names: tuple[str, str],
    around: BaseGeometry,
    system: pyproj.CRS,
) -> Positions:
    headers = [columns[name] for name in names]
    located = Positions(rows.index, ", ".join(headers))
    given = rows[headers].apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float)
    missing = ~np.isfinite(given).all(axis=1)
    located.problem[missing] = (
        f"{names[0]} and {names[1]} must both be numbers, without commas or units: fill them in"
    )
    _settle(located, given, system, around)
    return located


def _settle(
    located: Positions, given: np.ndarray, system: pyproj.CRS, around: BaseGeometry
) -> None:
    """Take positions as they are given; where they lie outside, say how that came about."""
    names = ("longitude", "latitude") if system.is_geographic else ("easting", "northing")
    to_grid = pyproj.Transformer.from_crs(system, SRID, always_xy=True)
    located.xy = _projected(to_grid, given)
    outside = np.isfinite(given).all(axis=1) & ~shapely.contains_xy(around, located.xy)
    outside &= (located.problem == "").to_numpy()
    zero = outside & (given == 0).all(axis=1)
    located.problem[zero] = "0, 0 is no place: leave the row out or fill in where it was"
    other = pyproj.Transformer.from_crs(4326 if system.is_projected else SRID, SRID, always_xy=True)
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
    ):
        mended = shapely.contains_xy(around, would_be)
        located.problem[outside & mended & (located.problem == "").to_numpy()] = remedy


_OTHER_SYSTEM = {
    False: "these look like eastings and northings: give --crs EPSG:27700",
    True: "these look like longitude and latitude: give --crs EPSG:4326",
}


def _projected(to_grid: pyproj.Transformer, given: np.ndarray) -> np.ndarray:
    """Grid coordinates; NaN where the numbers are beyond what the projection can take."""
    xy = np.column_stack(to_grid.transform(given[:, 0], given[:, 1]))
    return np.where(np.isfinite(xy), xy, np.nan)


def _from_grid_references(rows: pd.DataFrame, header: str) -> Positions:
    located = Positions(rows.index, header)
    for position, text in enumerate(rows[header]):
        try:
            easting, northing, side = parse_gridref(text)
        except GridReferenceError as error:
            located.problem.iloc[position] = str(error)
        else:
            located.xy[position] = easting, northing
            located.accuracy_m[position] = side / np.sqrt(2)
    return located


def _from_places(rows: pd.DataFrame, header: str, find_place: PlaceFinder) -> Positions:
    located = Positions(rows.index, header)
    for name, positions in rows.groupby(header).indices.items():
        shapes = find_place(str(name))
        if len(shapes) == 1:
            centre = shapes[0].representative_point()
            located.xy[positions] = centre.x, centre.y
            located.accuracy_m[positions] = np.sqrt(shapes[0].area / np.pi)
        else:
            remedy = (
                f"{len(shapes)} places have this name: give coordinates"
                if shapes
                else "is no known place: import it with  hotspots import places  first"
            )
            located.problem.iloc[positions] = remedy
    return located


def _refuse_outside(located: Positions, around: BaseGeometry, *, is_borough: bool) -> None:
    sound = (located.problem == "").to_numpy()
    where = "the borough" if is_borough else "Great Britain"
    nowhere = sound & ~np.isfinite(located.xy).all(axis=1)
    outside = sound & ~nowhere & ~shapely.contains_xy(around, located.xy)
    located.problem[nowhere] = "lies nowhere on the National Grid: check the numbers"
    if not outside.any():
        return
    away_km = shapely.distance(shapely.points(located.xy[outside]), around) / 1000 + 1
    if outside.sum() == sound.sum() >= WHOLE_FILE_ROWS:
        raise FileRefusedError(
            f"all {sound.sum()} rows lie outside {where}, the nearest {away_km.min():.1f} km away: "
            "is it a file of another place, or in another coordinate system (--crs)?"
        )
    located.problem[outside] = [
        f"lies {km:.1f} km outside {where}: check it, or leave the row out" for km in away_km
    ]
