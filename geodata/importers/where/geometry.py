"""Where a file's rows lie: its points by any of their names, or its shapes."""

from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geodata import places
from geodata.core.geography import GREAT_BRITAIN
from geodata.core.mending import is_tangled
from geodata.core.types import SRID
from geodata.files.map_files import coordinate_system, on_the_grid
from geodata.files.problems import FileRefusedError, Problem
from geodata.files.tables import Table
from geodata.importers.kinds.kind import Kind
from geodata.importers.parsed import Parsed
from geodata.importers.where import position_columns, positions
from geodata.importers.where.several_positions import Positions
from geodata.places import gazetteer

MOST_COLLECTIONS = 8
"""Within each other: GEOS calls itself for each, and ends the process when its stack does."""


def take_geometry(parsed: Parsed, kind: Kind, table: Table, *, crs: str | None) -> None:
    """Add ``geometry`` (EPSG:27700) to what was parsed; rows that lie nowhere become problems.

    Parameters
    ----------
    parsed, kind, table
        The file on its way in.
    crs
        Coordinate system of numbers or of ``wkt``, where it is not the National Grid.

    Raises
    ------
    FileRefusedError
        The file says in no way where its rows lie.
    """
    if kind.takes_shapes and (table.geometry is not None or "wkt" in parsed.headers):
        _take_shapes(parsed, kind, table.geometry, crs)
    else:
        _take_points(parsed, kind, table, crs)


def as_columns(geometry: gpd.GeoSeries, *, takes_shapes: bool) -> pd.DataFrame:
    """What a CSV file says of where a map file's rows lie, so that they can be read again.

    Columns: ``wkt`` in EPSG:27700 where shapes are taken, else ``longitude`` and ``latitude`` of
    points, empty where there is none.
    """
    if takes_shapes:
        shapes = on_the_grid(geometry, SRID)
        return pd.DataFrame({"wkt": shapes.map(lambda s: "" if s is None else s.wkt)})
    points = positions.single_parts(geometry.to_crs(4326))
    return pd.DataFrame(
        {"longitude": shapely.get_x(points), "latitude": shapely.get_y(points)},
        index=geometry.index,
    )


def read_wkt(texts: Iterable[str]) -> np.ndarray:
    """The shapes that texts draw, None where one draws none or nests too deep."""
    drawn = [
        text if text and text.upper().count("COLLECTION") <= MOST_COLLECTIONS else None
        for text in texts
    ]
    with np.errstate(all="ignore"):  # 1e999 is infinity, which lies nowhere on the grid
        shapes: np.ndarray = shapely.from_wkt(drawn, on_invalid="ignore")
    return shapes


def _take_shapes(parsed: Parsed, kind: Kind, given: gpd.GeoSeries | None, crs: str | None) -> None:
    """Shapes of a map file or of a column ``wkt``, mended where their rings cross."""
    where = "geometry" if given is not None else "wkt"
    if given is None:
        given = gpd.GeoSeries(
            read_wkt(parsed.texts("wkt")),
            index=parsed.rows.index,
            crs=coordinate_system(crs) if crs else SRID,
        )
    shapes = on_the_grid(given, SRID).to_numpy()
    tangled = np.array([shape is not None and is_tangled(shape) for shape in shapes], dtype=bool)
    parsed.refuse(tangled, where, "crosses itself too often to be mended: draw it again")
    shapes[tangled] = None
    crossed = ~shapely.is_missing(shapes) & ~shapely.is_valid(shapes)
    mended = np.where(
        crossed, shapely.make_valid(shapes, method="structure", keep_collapsed=False), shapes
    )
    nothing = (shapely.is_missing(mended) & ~tangled) | shapely.is_empty(mended)
    is_text = (parsed.texts("wkt") != "") & (where == "wkt") & shapely.is_missing(shapes)
    no_shape = "is no shape in WKT: write one such as POLYGON ((553000 174000, 553100 174000, ...))"
    parsed.refuse(nothing & is_text, where, no_shape)
    parsed.refuse(nothing & ~is_text, where, "has no shape, or one without any area: draw it again")
    for row, before, after in zip(
        given.index[crossed], shapes[crossed], mended[crossed], strict=True
    ):
        change = after.area - before.area
        parsed.warnings.append(
            f"row {row}: the shape crossed itself and was mended ({change:+.0f} m²)"
        )
    borough = places.borough(parsed.session)
    inside = GREAT_BRITAIN if borough is None else borough
    far = shapely.distance(mended, inside) > kind.reach_m
    name = "Great Britain" if borough is None else "the borough"
    parsed.refuse(far, where, f"lies outside {name}: is the coordinate system right?")
    parsed.columns["geometry"] = mended


def _take_points(parsed: Parsed, kind: Kind, table: Table, crs: str | None) -> None:
    wanted = {f.name for f in position_columns.FIELDS}
    if not kind.needs_position and not (wanted & set(parsed.headers)) and table.geometry is None:
        parsed.columns["geometry"] = None
        return
    if not wanted & {f.name for f in kind.fields} and table.geometry is None:
        raise FileRefusedError(
            f"{kind.name} need their shapes: give a map file (GeoJSON, GeoPackage, zipped "
            "Shapefile) or a column wkt"
        )

    def find_place(name: str, kind: str) -> list[BaseGeometry]:
        if kind == "postcode":
            return gazetteer.postcode_area(parsed.session, name)
        return [place.geometry for place in places.by_name(parsed.session, name)]

    located = positions.locate(
        parsed.rows,
        parsed.headers,
        table.geometry,
        area=places.borough(parsed.session),
        crs=crs,
        find_place=find_place,
    )
    stands = (located.problem == "").to_numpy()
    points = np.full(len(located.xy), None, dtype=object)
    points[stands] = shapely.points(located.xy[stands])
    parsed.columns["geometry"] = points
    if "accuracy_m" in kind.model.__table__.columns:
        parsed.columns["accuracy_m"] = located.accuracy_m
    parsed.position_column = located.column
    parsed.warnings += located.notes
    if kind.needs_position:
        _note_positions(parsed, located)
    else:
        _say_left_empty(parsed, located)
    for x, y, n in positions.piles(located.xy[stands]):
        parsed.warnings.append(
            f"{n} rows lie on the one point {x:.0f}, {y:.0f}: a depot or a postcode's centre? "
            "They would make a hotspot that is none"
        )


def _note_positions(parsed: Parsed, located: Positions) -> None:
    names = [name for name in located.column.split(", ") if name in parsed.rows.columns]
    bad = located.problem[located.problem != ""]
    cells = parsed.rows.loc[bad.index, names].to_numpy()
    for (row, message), values in zip(bad.items(), cells, strict=True):
        parsed.problems.append(Problem(int(row), located.column, ", ".join(values), str(message)))


def _say_left_empty(parsed: Parsed, located: Positions) -> None:
    """Where a position is not needed, a bad one is left out and told, and blocks no row."""
    names = [name for name in located.column.split(", ") if name in parsed.rows.columns]
    has_text = (parsed.rows[names] != "").any(axis=1) if names else located.problem != ""
    bad = located.problem[(located.problem != "") & has_text]
    if len(bad):
        parsed.warnings.append(
            f"{len(bad)} rows go in without a position: {located.column} of row {bad.index[0]} "
            f"{bad.iloc[0]}"
        )
