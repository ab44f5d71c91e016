"""The frames that go in: checked once, at the public edge, and trusted inside.

An **incidents** frame has one row per physical incident: Point geometry in a projected CRS (metres)
and ``first_reported_at`` (aware timestamps). Used where present: ``incident_id``,
``last_clean_at``, ``first_seen_at``, ``cleared_at``, ``reports``, ``chargers``, ``cylinders``,
``from_vehicle``. A **study area** is one or more polygons in the same CRS.
"""

from collections.abc import Sequence
from datetime import datetime
from numbers import Number

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS, Proj, Transformer
from shapely.geometry.base import BaseGeometry

from hotspots.core.crossings import MOST_CROSSINGS, about_crossings
from hotspots.core.errors import CRSError, FrameError

MOST_SCALE_ERROR = 0.01
"""Of lengths: national grids and UTM zones stay below a tenth of it."""
LONDON = "Europe/London"


def check_points(
    frame: gpd.GeoDataFrame,
    *,
    name: str = "incidents",
    times: Sequence[str] = ("first_reported_at",),
) -> np.ndarray:
    """Refuse a frame that is not points in metres with aware times, naming every fault at once.

    Returns
    -------
    (n, 2) float64 their eastings and northings, which had to be read for it.

    Raises
    ------
    CRSError
        The CRS is missing or geographic.
    FrameError
        Not a GeoDataFrame; a geometry is null, empty, not a Point or not finite; a column of
        ``times`` is missing, naive or null; the index has duplicates.
    """
    if not isinstance(frame, gpd.GeoDataFrame):
        raise FrameError(f"{name} must be a GeoDataFrame, not {type(frame).__name__}")
    check_metres(frame, name=name)
    geometry = np.asarray(frame.geometry)
    xy: np.ndarray = shapely.get_coordinates(geometry, include_z=False)
    faults = [
        *_geometry_faults(frame.index, geometry, xy),
        *(fault for t in times for fault in _time_faults(frame, t)),
    ]
    if not frame.index.is_unique:
        faults.append("the index has duplicates (use reset_index(drop=True))")
    if faults:
        raise FrameError(f"{name}: " + "; ".join(faults))
    return xy


def check_metres(frame: gpd.GeoDataFrame | gpd.GeoSeries, *, name: str) -> None:
    """Refuse a frame whose coordinates are not metres on a plane."""
    if frame.crs is None:
        raise CRSError(f"{name} has no CRS: set it, for example set_crs(27700)")
    if not frame.crs.is_projected:
        raise CRSError(f"{name} is in {frame.crs.name}, in degrees: use to_crs(27700) first")
    unit = frame.crs.axis_info[0].unit_conversion_factor
    if unit != 1:
        raise CRSError(f"{name} is in {frame.crs.name}, not in metres: use to_crs(27700) first")


def _geometry_faults(index: pd.Index, geometry: np.ndarray, xy: np.ndarray) -> list[str]:
    missing = shapely.is_missing(geometry)
    if missing.any():
        return [f"{missing.sum()} null geometries, first at index {index[missing.argmax()]!r}"]
    points = shapely.get_type_id(geometry) == 0
    if not points.all():
        return [
            (
                f"{(~points).sum()} geometries are not Points, first at index "
                f"{index[points.argmin()]!r}"
            )
        ]
    empty = shapely.is_empty(geometry)
    if empty.any():
        return [f"{empty.sum()} empty points, first at index {index[empty.argmax()]!r}"]
    finite = np.isfinite(xy).all(axis=1)
    return (
        [] if finite.all() else [f"{(~finite).sum()} points with coordinates that are not finite"]
    )


def _time_faults(frame: gpd.GeoDataFrame, column: str) -> list[str]:
    if column not in frame.columns:
        return [f"column {column!r} is missing"]
    if not isinstance(frame[column].dtype, pd.DatetimeTZDtype):
        return [
            (
                f"column {column!r} is {frame[column].dtype}: give aware times, "
                f"for example tz_localize({LONDON!r})"
            )
        ]
    nulls = int(frame[column].isna().sum())
    return [f"column {column!r} has {nulls} nulls"] if nulls else []


def aware_utc(moment: datetime | pd.Timestamp | str, *, name: str = "as_of") -> pd.Timestamp:
    """A moment as an aware UTC timestamp; a naive one is refused: it may mean two instants."""
    stamp = pd.Timestamp(moment)
    if stamp is pd.NaT or stamp.tzinfo is None:
        raise FrameError(
            f"{name} is {moment!r}: give a time with its zone, such as 2026-11-23T18:00+00:00"
        )
    return stamp.tz_convert("UTC")


def coordinates(frame: gpd.GeoDataFrame) -> np.ndarray:
    """(n, 2) float64 eastings and northings in metres."""
    xy: np.ndarray = shapely.get_coordinates(np.asarray(frame.geometry), include_z=False)
    return xy


def true_or_false(values: pd.Series, *, name: str) -> pd.Series:
    """What is so, is not so, or is not known, as pandas' nullable booleans.

    Raises
    ------
    FrameError
        A value is something else, such as the word "no".
    """
    try:
        return values.astype("boolean")
    except (TypeError, ValueError):
        odd = [value for value in values.dropna() if value not in (True, False)]
        if odd:
            raise FrameError(
                f"column {name!r} holds {odd[0]!r}: give True, False, or null where it is not known"
            ) from None
        return values.map(bool, na_action="ignore").astype("boolean")  # 1 and 0 among objects


def numbers(values: pd.Series, *, name: str) -> pd.Series:
    """Counts as floats, NaN where a count is not known.

    Raises
    ------
    FrameError
        A value is no number, such as the word "five" or the text "5".
    """
    is_numeric = pd.api.types.is_numeric_dtype(values)
    odd = [] if is_numeric else [each for each in values.dropna() if not isinstance(each, Number)]
    if odd:
        raise FrameError(
            f"column {name!r} holds {odd[0]!r}: give numbers, or null where it is not known"
        )
    return pd.Series(values.to_numpy(dtype=float, na_value=np.nan), values.index)


def area_geometry(study_area: gpd.GeoDataFrame | gpd.GeoSeries, *, crs: object) -> BaseGeometry:
    """The study area as one valid polygon or multipolygon in m².

    Parameters
    ----------
    study_area
        One or more polygons, projected CRS; overlaps are merged, invalid rings are mended.
    crs
        The CRS of the points that it must match.

    Raises
    ------
    CRSError
        The CRS is missing, geographic, or not that of the points.
    FrameError
        No polygon, or no area; a bare shape, which says not where it lies; one whose sides cross
        too often to be mended.
    """
    if isinstance(study_area, BaseGeometry):
        raise FrameError(
            f"study_area is a bare {study_area.geom_type}: give it with its CRS, such as "
            "gpd.GeoSeries([shape], crs=incidents.crs)"
        )
    check_metres(study_area, name="study_area")
    if crs is not None and study_area.crs != crs:
        raise CRSError(
            f"study_area is in {study_area.crs.name} and the points are not: use to_crs on one"
        )
    geometry = np.asarray(study_area.geometry)
    geometry = geometry[~shapely.is_missing(geometry)]
    _refuse_tangled(geometry)
    merged = shapely.union_all(shapely.make_valid(geometry))
    polygons = [part for part in shapely.get_parts(merged, return_index=False) if part.area > 0]
    if not polygons:
        raise FrameError("study_area has no polygon with an area")
    area = shapely.union_all(polygons)
    _check_scale(study_area.crs, area)
    return area


def _refuse_tangled(geometry: np.ndarray) -> None:
    """Before it is mended and merged, each of which would take minutes and gigabytes."""
    if len(geometry) == 1 and geometry[0].is_valid:
        return
    if (crossings := about_crossings(geometry)) > MOST_CROSSINGS:
        raise FrameError(
            f"study_area crosses itself about {crossings:,} times: draw it again, or simplify it"
        )


def _check_scale(crs: CRS, area: BaseGeometry) -> None:
    """Refuse a CRS whose metres are none there, such as Web Mercator's: 1.6 m each in England."""
    middle = shapely.get_coordinates(area.centroid)[0]
    to_degrees = Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)
    longitude, latitude = to_degrees.transform(*middle)
    factors = Proj(crs).get_factors(longitude, latitude, errcheck=False)
    scale = factors.areal_scale**0.5
    if np.isfinite(scale) and abs(scale - 1) > MOST_SCALE_ERROR:
        raise CRSError(
            f"study_area is in {crs.name}, whose metre is {1 / scale:.2f} m there: use to_crs on a "
            "CRS made for the place, such as 27700 in Great Britain or a UTM zone"
        )
