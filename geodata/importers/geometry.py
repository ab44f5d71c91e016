"""Where a file's rows lie: its points by any of their names, or its shapes."""

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata import places
from geodata.importers import positions
from geodata.importers.kinds.kind import Kind
from geodata.importers.parsed import Parsed
from geodata.importers.problems import FileRefusedError, Problem
from geodata.importers.tables import Table
from geodata.types import SRID


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
        _take_shapes(parsed, table.geometry, crs)
    else:
        _take_points(parsed, kind, table, crs)


def _take_shapes(parsed: Parsed, given: gpd.GeoSeries | None, crs: str | None) -> None:
    """Shapes of a map file or of a column ``wkt``, mended where their rings cross."""
    if given is None:
        texts = [text or None for text in parsed.texts("wkt")]
        given = gpd.GeoSeries(
            shapely.from_wkt(texts, on_invalid="ignore"),
            index=parsed.rows.index,
            crs=crs or SRID,
        )
    shapes = np.asarray(given.to_crs(SRID))
    crossed = ~shapely.is_missing(shapes) & ~shapely.is_valid(shapes)
    mended = np.where(
        crossed, shapely.make_valid(shapes, method="structure", keep_collapsed=False), shapes
    )
    nothing = shapely.is_missing(mended) | shapely.is_empty(mended)
    parsed.refuse(nothing, "geometry", "has no shape, or one without any area: draw it again")
    for row, before, after in zip(
        given.index[crossed], shapes[crossed], mended[crossed], strict=True
    ):
        change = after.area - before.area
        parsed.warnings.append(
            f"row {row}: the shape crossed itself and was mended ({change:+.0f} m²)"
        )
    area = places.borough(parsed.session)
    if area is not None:
        away = shapely.distance(mended, area)
        far = away > positions.BORDER_TOLERANCE_M
        parsed.refuse(far, "geometry", "lies outside the borough")
    parsed.columns["geometry"] = mended


def _take_points(parsed: Parsed, kind: Kind, table: Table, crs: str | None) -> None:
    wanted = {f.name for f in positions.FIELDS}
    if not kind.needs_position and not (wanted & set(parsed.headers)) and table.geometry is None:
        parsed.columns["geometry"] = None
        return
    if not wanted & {f.name for f in kind.fields} and table.geometry is None:
        raise FileRefusedError(
            f"{kind.name} need their shapes: give a map file (GeoJSON, GeoPackage, zipped "
            "Shapefile) or a column wkt"
        )

    def find_place(name: str) -> list[BaseGeometry]:
        return [place.geometry for place in places.by_name(parsed.session, name)]

    found = positions.locate(
        parsed.rows,
        parsed.headers,
        table.geometry,
        area=places.borough(parsed.session),
        crs=crs,
        find_place=find_place,
    )
    stands = (found.problem == "").to_numpy()
    points = np.full(len(found.xy), None, dtype=object)
    points[stands] = shapely.points(found.xy[stands])
    parsed.columns["geometry"] = points
    if "accuracy_m" in kind.model.__table__.columns:
        parsed.columns["accuracy_m"] = found.accuracy_m
    _note_positions(parsed, found)
    for x, y, n in positions.piles(found.xy[stands]):
        parsed.warnings.append(
            f"{n} rows lie on the one point {x:.0f}, {y:.0f}: a depot or a postcode's centre? "
            "They would make a hotspot that is none"
        )


def _note_positions(parsed: Parsed, found: positions.Positions) -> None:
    names = [name for name in found.column.split(", ") if name in parsed.rows.columns]
    for row, message in found.problem[found.problem != ""].items():
        value = ", ".join(parsed.rows.loc[row, names]) if names else ""
        parsed.problems.append(Problem(int(row), found.column, value, str(message)))
