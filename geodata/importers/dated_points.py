"""Any file of dated points, of any country, as a frame that can be analysed: nothing is stored."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
from pyproj.exceptions import CRSError

from geodata.core.geography import GREAT_BRITAIN
from geodata.core.grid_references import GridReferenceError, parse_gridref
from geodata.core.types import SRID
from geodata.files.columns import Field, known_headings, match_columns
from geodata.files.problems import FileRefusedError
from geodata.files.tables import Table, read_table
from geodata.importers.profiles import Profile, shipped
from geodata.importers.when.time_numbers import number_form
from geodata.importers.when.times import LONDON, Order, read_times
from geodata.importers.when.when_names import EVENT
from geodata.importers.where.number_texts import as_numbers
from geodata.importers.where.position_columns import FIELDS, pair_column
from geodata.importers.where.positions import read_pairs
from geodata.importers.where.rounded_numbers import CUT_WORDS, is_cut

TIME = Field("first reported at", EVENT)
_SAMPLE, _MOSTLY = 200, 0.9
_BRITAIN_LONLAT = (-8.7, 49.8, 1.8, 60.9)


@dataclass(frozen=True)
class PointOptions:
    """What the user says of a file; None: found by the usual names.

    Attributes
    ----------
    time, x, y
        Names of columns.
    crs
        Coordinate system of x and y, or of a map file that names none.
    order
        Of day and month in dates such as 03/04/2026.
    profile
        Name of a shipped profile, which knows the columns of one system.
    """

    time: str | None = None
    x: str | None = None
    y: str | None = None
    crs: str | None = None
    layer: str | None = None
    order: Order | None = None
    profile: str | None = None


@dataclass(frozen=True)
class DatedPoints:
    """A file's points.

    Attributes
    ----------
    events
        ``first_reported_at`` (aware UTC) and Point geometry in a projected CRS in metres.
    zone
        Whose calendar the file keeps: its own clock's.
    notes
        What was taken for what, and which rows were left out, in sentences.
    """

    events: gpd.GeoDataFrame
    zone: str
    notes: list[str] = field(default_factory=list)


def read_dated_points(path: Path, options: PointOptions | None = None) -> DatedPoints:
    """Read a CSV (also tab-separated, also gzipped), GeoPackage, GeoJSON or workbook.

    Raises
    ------
    FileRefusedError
        The file cannot be read; no column, or more than one, may be the time; it does not say
        where its points lie; or no row has both.
    """
    options = options or PointOptions()
    headings = known_headings((TIME, *FIELDS), {})
    profile = None if options.profile is None else _profile(options.profile)
    if profile is not None:
        headings |= profile.headings()
    table = read_table(path, layer=options.layer, crs=options.crs, headings=headings)
    if profile is not None:
        options = _with_profile(options, profile, table)
    header = _time_column(table.rows, options.time)
    is_utc = profile is not None and header in profile.utc
    times, is_zoned = _times(table.rows[header], header, options.order, is_utc=is_utc)
    points, place_note = table_points(table, options)
    is_good = (times.notna() & points.notna() & ~points.is_empty).to_numpy()
    if not is_good.any():
        raise FileRefusedError(f"{path.name}: no row has both a date in {header!r} and a position")
    events = gpd.GeoDataFrame({"first_reported_at": times[is_good]}, geometry=points[is_good])
    events, projection_note, is_british = _on_a_plane(events)
    zone = "UTC" if is_zoned and not is_british else LONDON
    zone_words = f"instants, by the calendar of {zone}" if is_zoned else f"local time, as {LONDON}"
    form = number_form(table.rows[header])
    counted = "" if form is None else f"{form.words}, "
    notes = [f"Times: column {header!r}, {counted}{zone_words}.", place_note, projection_note]
    if not is_good.all():
        notes.append(
            f"{(~is_good).sum()} of {len(is_good)} rows have no date or no position and are left "
            f"out, first row {table.rows.index[is_good.argmin()]}."
        )
    return DatedPoints(events.reset_index(drop=True), zone, notes)


def _profile(name: str) -> Profile:
    profile = shipped().get(name)
    if profile is None:
        raise FileRefusedError(f"--profile {name}: choose from {', '.join(shipped())}")
    return profile


def _with_profile(options: PointOptions, profile: Profile, table: Table) -> PointOptions:
    """Columns that a profile knows, where the user names none and the file has no shapes."""
    mapping = profile.mapping([str(name) for name in table.rows.columns], {})
    headers = {ours: theirs for theirs, ours in mapping.items()}
    options = replace(
        options,
        time=options.time or headers.get("reported_at"),
        crs=options.crs or profile.crs,
        order=options.order or profile.dates,
    )
    for x, y in (("longitude", "latitude"), ("easting", "northing")):
        if {x, y} <= set(headers) and options.x is None and table.geometry is None:
            return replace(options, x=headers[x], y=headers[y])
    return options


def _time_column(rows: pd.DataFrame, given: str | None) -> str:
    headers = [str(name) for name in rows.columns]
    if given is not None:
        if given in headers:
            return given
        raise FileRefusedError(f"--time {given}: the file has {', '.join(headers)}")
    matches = match_columns(headers, [TIME], {})
    if matches:
        return matches[TIME.name]
    candidates = [name for name in headers if _looks_like_times(rows[name])]
    # A number may be a reference; a column of dates beside it is none.
    candidates = [n for n in candidates if number_form(rows[n]) is None] or candidates
    if len(candidates) == 1:
        return candidates[0]
    if candidates:
        raise FileRefusedError(
            f"which column says when? Give --time, one of {', '.join(candidates)}"
        )
    raise FileRefusedError(f"no column holds dates: the file has {', '.join(headers)}")


def _looks_like_times(texts: pd.Series) -> bool:
    sample = texts[texts != ""].head(_SAMPLE)
    try:
        parsed = _times(sample, str(texts.name), "dmy")[0]
    except FileRefusedError:
        return False
    return len(sample) > 0 and parsed.notna().mean() >= _MOSTLY


def _times(
    texts: pd.Series, header: str, order: Order | None, *, is_utc: bool = False
) -> tuple[pd.Series, bool]:
    """Instants in UTC, and whether the file says its zone; a bare month is its first day."""
    texts = texts.str.replace(r"^(\d{4}[-/]\d{1,2})$", r"\1-01", regex=True)
    times = read_times(texts, column=header, order=order, is_utc=is_utc)
    return times.instants, bool(times.is_zoned.any())


def table_points(table: Table, options: PointOptions) -> tuple[gpd.GeoSeries, str]:
    """Points in the file's own coordinate system; null where a row has none."""
    if table.geometry is not None and not (options.x and options.y):
        points = table.geometry.force_2d()
        is_point = (points.geom_type == "Point").to_numpy()
        return points.where(is_point, None), f"Positions: the file's points, in {points.crs.name}."
    given, where = _given(table.rows, options)
    is_nowhere = ~np.isfinite(given).all(axis=1) | (given == 0).all(axis=1)
    crs = _system(given[~is_nowhere], options.crs)
    shapes = gpd.points_from_xy(*given.T)
    points = gpd.GeoSeries(shapes, index=table.rows.index, crs=crs)
    return points.where(~is_nowhere, None), f"Positions: {where}, in {crs.name}."


def _given(rows: pd.DataFrame, options: PointOptions) -> tuple[np.ndarray, str]:
    """x and y of each row, NaN where it has none, and the columns that they stand in."""
    headers = [str(name) for name in rows.columns]
    if options.x is not None and options.y is not None:
        missing = [name for name in (options.x, options.y) if name not in headers]
        if missing:
            raise FileRefusedError(
                f"there is no column {missing[0]!r}; the file has {', '.join(headers)}"
            )
        return _two_columns(rows, options.x, options.y)
    matches = match_columns(headers, FIELDS, {})
    for x, y in (("longitude", "latitude"), ("easting", "northing")):
        if {x, y} <= set(matches):
            return _two_columns(rows, matches[x], matches[y])
    pairs = matches.get("position") or pair_column(rows, headers)
    if pairs is not None:
        return read_pairs(rows[pairs]), f"column {pairs!r}"
    if "grid_ref" in matches:
        return _squares(rows[matches["grid_ref"]]), f"grid references {matches['grid_ref']!r}"
    raise FileRefusedError(
        f"no columns say where: give --x and --y; the file has {', '.join(headers)}"
    )


def _two_columns(rows: pd.DataFrame, x: str, y: str) -> tuple[np.ndarray, str]:
    for name in (x, y):
        cut = is_cut(rows[name])
        if cut.any():
            row = cut.idxmax()
            raise FileRefusedError(f"row {row}: {name} {rows[name][row]!r} {CUT_WORDS}")
    given = rows[[x, y]].apply(as_numbers).to_numpy(dtype=float)
    return given, f"columns {x!r} and {y!r}"


def _squares(texts: pd.Series) -> np.ndarray:
    return np.array([_middle(text) for text in texts], dtype=float).reshape(-1, 2)


def _middle(text: str) -> tuple[float, float]:
    """Of the square that a grid reference names; NaN where it names none."""
    try:
        easting, northing, _ = parse_gridref(text)
    except GridReferenceError:
        return np.nan, np.nan
    return easting, northing


def _system(given: np.ndarray, crs: str | None) -> pyproj.CRS:
    """What was said; else degrees where they can be, else the National Grid where they can be."""
    if crs is not None:
        try:
            return pyproj.CRS(crs)
        except CRSError:
            raise FileRefusedError(
                f"--crs {crs}: there is no such coordinate system; write one as EPSG:27700"
            ) from None
    if len(given) == 0 or (np.abs(given) <= (180, 90)).all():
        return pyproj.CRS(4326)
    low_x, low_y, high_x, high_y = GREAT_BRITAIN.bounds
    if ((given >= (low_x, low_y)) & (given <= (high_x, high_y))).mean() >= _MOSTLY:
        return pyproj.CRS(SRID)
    raise FileRefusedError(
        f"x from {given[:, 0].min():.10g} to {given[:, 0].max():.10g} are neither degrees nor "
        "National Grid metres: save them as one of these",
        in_shell="or give --crs, for example EPSG:32615",
    )


def _on_a_plane(events: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, str, bool]:
    """In metres, how that was done, and whether the middle of the events lies in Britain."""
    middle = events.to_crs(4326).geometry
    lon, lat = middle.x.median(), middle.y.median()
    west, south, east, north = _BRITAIN_LONLAT
    is_british = west <= lon <= east and south <= lat <= north
    system = events.crs
    if system.is_projected and system.axis_info[0].unit_conversion_factor == 1:
        return events, f"Distances: metres of {system.name}, the file's own.", is_british
    plane = pyproj.CRS(SRID) if is_british else events.estimate_utm_crs()
    return events.to_crs(plane), f"Distances: metres of {plane.name}.", is_british
