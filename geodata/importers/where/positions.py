"""Where a row lies, whichever way its file says it, and whether that can be true."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.core.geography import GREAT_BRITAIN, outside_in_words
from geodata.core.grid_references import GridReferenceError, parse_gridref
from geodata.core.types import SRID
from geodata.files.columns import plain
from geodata.files.map_files import coordinate_system
from geodata.files.problems import FileRefusedError
from geodata.importers.where.number_texts import as_numbers, as_pair
from geodata.importers.where.onto_the_grid import settle
from geodata.importers.where.rounded_numbers import note_coarse, refuse_cut
from geodata.importers.where.several_positions import Positions, combined

BORDER_TOLERANCE_M = 1_000
WHOLE_FILE_ROWS = 20
"""So many rows that all lie elsewhere are not so many mistakes, but one."""
PILE_ROWS, PILE_SHARE = 20, 0.05
"""So many rows on one identical point, and such a share of the file, are named as a pile."""

PlaceFinder = Callable[[str, str], list[BaseGeometry]]
"""Shapes of a name of this kind: a place or a postcode."""


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
        Geometries of a known place's name, or of a postcode.

    Raises
    ------
    FileRefusedError
        The file says in no way where its rows lie, or all of them lie elsewhere.
    """
    around = GREAT_BRITAIN if area is None else _with_its_surroundings(area)
    ways = list(_told_ways(rows, columns, geometry, around, crs, find_place))
    if not ways:
        raise FileRefusedError(
            "no column says where: name one longitude and latitude, easting and northing, "
            "grid_ref, position, postcode or place; the file has "
            f"{', '.join(map(str, rows.columns))}{_hint(rows)}",
            in_shell="or leave the file as it is and give --map THEIRS=OURS",
        )
    located = combined(ways)
    _refuse_outside(located, around, is_borough=area is not None)
    return located


_NUMBERS_OF_PLACES = {
    "uprn": "UPRN names an address: add its easting and northing from OS Open UPRN, which is free",
    "usrn": "USRN names a whole street, which is no place of a dump: add a point",
    "what3words": "what3words is not read: add latitude and longitude from its page",
    "w3w": "what3words is not read: add latitude and longitude from its page",
    "street": "a street alone is no place of a dump: add a point or a postcode",
    "address": "an address alone is not looked up: add its postcode in a column of its own",
}


def _hint(rows: pd.DataFrame) -> str:
    """What to do about a column that tells where, in a way that is not read."""
    words = {word for name in rows for word in plain(str(name)).split()}
    return next((f". {hint}" for word, hint in _NUMBERS_OF_PLACES.items() if word in words), "")


def _told_ways(
    rows: pd.DataFrame,
    columns: Mapping[str, str],
    geometry: gpd.GeoSeries | None,
    around: BaseGeometry,
    crs: str | None,
    find_place: PlaceFinder,
) -> Iterator[Positions]:
    """Positions by each way in which the file says them, best first."""
    if geometry is not None:
        yield _from_geometry(rows, geometry, around)
        crs = None  # of the map, not of numbers beside it
    for names, usual in _PAIRS:
        if set(names) <= set(columns):
            yield _from_numbers(rows, columns, names, around, crs, usual)
    if "position" in columns:
        yield _from_pairs(rows, columns["position"], around, crs)
    if "grid_ref" in columns:
        yield _from_grid_references(rows, columns["grid_ref"])
    for name in ("place", "postcode"):
        if name in columns:
            yield _from_places(rows, columns[name], find_place, kind=name)


_PAIRS = (
    (("longitude", "latitude"), "EPSG:4326"),
    (("easting", "northing"), f"EPSG:{SRID}"),
)


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
    settle(located, given, pyproj.CRS(geometry.crs), around)
    return located


def _from_numbers(
    rows: pd.DataFrame,
    columns: Mapping[str, str],
    names: tuple[str, str],
    around: BaseGeometry,
    crs: str | None,
    usual: str,
) -> Positions:
    headers = [columns[name] for name in names]
    located = Positions(rows.index, ", ".join(headers))
    given = rows[headers].apply(as_numbers).to_numpy(dtype=float)
    missing = ~np.isfinite(given).all(axis=1)
    located.problem[missing] = f"{names[0]} and {names[1]} must both be numbers: fill them in"
    system = crs or (_of_nameless(headers, given) or usual)
    if crs is None and system != usual:
        located.notes.append(f"{located.column} are read as {_READ_AS[system]}, by their numbers")
    settle(located, given, coordinate_system(system), around)
    if system == "EPSG:4326":
        note_coarse(located, rows[headers])
    refuse_cut(located, rows[headers])
    return located


_READ_AS = {"EPSG:4326": "longitude and latitude", f"EPSG:{SRID}": "easting and northing"}


def _of_nameless(headers: Sequence[str], given: np.ndarray) -> str | None:
    """The system that numbers of columns x and y tell; None where their names tell it."""
    if not all({"x", "y"} & set(plain(header).split()) for header in headers):
        return None
    numbers = given[np.isfinite(given).all(axis=1) & (given != 0).any(axis=1)]
    if len(numbers) == 0:
        return None
    if (np.abs(numbers) <= (180, 90)).all():
        return "EPSG:4326"
    low_x, low_y, high_x, high_y = GREAT_BRITAIN.bounds
    is_grid = ((numbers >= (low_x, low_y)) & (numbers <= (high_x, high_y))).all()
    return f"EPSG:{SRID}" if is_grid else None


def _from_pairs(
    rows: pd.DataFrame, header: str, around: BaseGeometry, crs: str | None
) -> Positions:
    """Both coordinates in one cell: latitude first where they are degrees, unless it is WKT."""
    located = Positions(rows.index, header)
    given = read_pairs(rows[header])
    is_degrees = (np.abs(given) <= 180).all(axis=1)
    is_none = np.isnan(given).any(axis=1)
    located.problem[is_none] = "is no position: write 51.4456, 0.2137 or POINT (554000 174000)"
    mostly_degrees = is_degrees[~is_none].mean() > 0.5 if (~is_none).any() else True
    system = coordinate_system(crs or ("EPSG:4326" if mostly_degrees else f"EPSG:{SRID}"))
    settle(located, given, system, around)
    return located


def read_pairs(texts: pd.Series) -> np.ndarray:
    """x and y (n, 2) of cells that hold both; NaN where one does not."""
    pairs = [as_pair(text) for text in texts]
    given = np.array([(np.nan, np.nan) if p is None else p[:2] for p in pairs]).reshape(-1, 2)
    is_degrees = (np.abs(given) <= 180).all(axis=1)
    lat_first = is_degrees & np.array([p is not None and not p[2] for p in pairs], dtype=bool)
    given[lat_first] = given[lat_first, ::-1]
    return given


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


def _from_places(
    rows: pd.DataFrame, header: str, find_place: PlaceFinder, *, kind: str
) -> Positions:
    located = Positions(rows.index, header)
    for name, positions in rows.groupby(header).indices.items():
        shapes = find_place(str(name), kind)
        if len(shapes) == 1:
            centre = shapes[0].representative_point()
            located.xy[positions] = centre.x, centre.y
            located.accuracy_m[positions] = np.sqrt(shapes[0].area / np.pi)
        else:
            remedy = (
                _UNKNOWN[kind]
                if not shapes
                else (f"{len(shapes)} places have this name: give coordinates")
            )
            located.problem.iloc[positions] = remedy
    return located


_UNKNOWN = {
    "place": "is no known place: take it in as a place first",
    "postcode": "is no known postcode: take in Code-Point Open first",
}


def _refuse_outside(located: Positions, around: BaseGeometry, *, is_borough: bool) -> None:
    sound = (located.problem == "").to_numpy()
    where = "the borough" if is_borough else "Great Britain"
    nowhere = sound & ~np.isfinite(located.xy).all(axis=1)
    outside = sound & ~nowhere & ~shapely.contains_xy(around, located.xy)
    located.problem[nowhere] = "lies nowhere on the National Grid: check the numbers"
    if not outside.any():
        return
    away_m = shapely.distance(shapely.points(located.xy[outside]), around) + BORDER_TOLERANCE_M
    if outside.sum() == sound.sum() >= WHOLE_FILE_ROWS:
        raise FileRefusedError(
            f"all {sound.sum()} rows lie outside {where}, and the nearest "
            f"{outside_in_words(away_m.min(), where)}: "
            "is it a file of another place, or in another coordinate system?",
            in_shell="--crs names one",
        )
    located.problem[outside] = [
        f"{outside_in_words(m, where)}: check it, or leave the row out" for m in away_m
    ]
