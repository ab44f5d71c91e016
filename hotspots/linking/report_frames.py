"""Reports and clearances read from frames into the plain numbers that `linking` works on."""

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots.core.errors import CRSError, FrameError
from hotspots.core.frames import check_points, coordinates, numbers
from hotspots.linking.replay import Clearances, Sightings
from hotspots.linking.rule import NEVER

CLOSING_OUTCOMES = frozenset({"cleared", "not_found", "not_our_land", "duplicate"})


def report_ids(reports: gpd.GeoDataFrame) -> pd.Series:
    """Ids by position, from the column or else the index."""
    ids = pd.Series(column(reports, "report_id", None) if "report_id" in reports else reports.index)
    if ids.isna().any():
        raise FrameError(f"reports: report_id has {ids.isna().sum()} nulls: give every report one")
    twice = ids[ids.duplicated()]
    if len(twice):
        raise FrameError(f"reports: report_id {twice.iloc[0]!r} occurs twice: make them unique")
    return ids


def sightings(reports: gpd.GeoDataFrame, ids: pd.Series) -> Sightings:
    """Reports by position; ``rank`` is the place of the id among the sorted ids."""
    xy = coordinates(reports)
    accuracy_m = numbers(column(reports, "accuracy_m", 0.0), name="accuracy_m").fillna(0.0)
    if (accuracy_m < 0).any():
        raise FrameError(f"reports: accuracy_m is {accuracy_m.min()}: it must be 0 or more")
    reported = instants(reports, "reported_at")
    observed = instants(reports, "observed_at", missing=NEVER)
    # Nobody sees an incident after reporting it: a clock that says so is wrong.
    observed = np.minimum(observed, reported)
    rank, _ = pd.factorize(ids, sort=True)
    return Sightings(xy[:, 0], xy[:, 1], accuracy_m.to_numpy(), reported, observed, rank)


def read_clearances(
    clearances: pd.DataFrame | None, reports: gpd.GeoDataFrame, ids: pd.Series
) -> Clearances:
    """Those that close; each is known once it and the report it answers are."""
    if clearances is None or len(clearances) == 0:
        none, nowhere = np.empty(0, dtype=np.int64), np.empty(0)
        return Clearances(none, nowhere, nowhere, none, none, np.empty(0, dtype=object))
    missing = {"cleared_at", "outcome"} - set(clearances.columns)
    if missing:
        raise FrameError(f"clearances: columns {sorted(missing)} are missing")
    cleared = instants(clearances, "cleared_at")
    row = _answered_rows(clearances, ids)
    xy = _clearance_places(clearances, reports, row < 0)
    reported = instants(reports, "reported_at")
    known = np.where(row >= 0, np.maximum(cleared, reported[row] if len(ids) else 0), cleared)
    closes = clearances["outcome"].isin(CLOSING_OUTCOMES).to_numpy()
    outcome = clearances["outcome"].to_numpy(dtype=object)
    return Clearances(row, xy[:, 0], xy[:, 1], cleared, known, outcome).among(closes)


def _answered_rows(clearances: pd.DataFrame, ids: pd.Series) -> np.ndarray:
    """Position of the report that each clearance answers; -1 where it names none."""
    if "report_id" not in clearances:
        return np.full(len(clearances), -1)
    answered = clearances["report_id"]
    row = pd.Index(ids).get_indexer(answered)
    stray = (row < 0) & answered.notna().to_numpy()
    if stray.any():
        raise FrameError(
            f"clearances: {stray.sum()} answer a report that is not given, "
            f"first report_id {answered.iloc[int(stray.argmax())]!r}"
        )
    return np.asarray(row)


def _clearance_places(
    clearances: pd.DataFrame, reports: gpd.GeoDataFrame, needed: np.ndarray
) -> np.ndarray:
    """(n, 2) metres, NaN where the clearance answers a report."""
    xy = np.full((len(clearances), 2), np.nan)
    if not needed.any():
        return xy
    if "geometry" not in clearances:
        raise FrameError("clearances: give each a report_id or a geometry")
    places = gpd.GeoDataFrame(clearances[needed], geometry="geometry")
    check_points(places, name="clearances", times=("cleared_at",))
    if places.crs != reports.crs:
        raise CRSError(f"clearances are in {places.crs.name} and reports are not: use to_crs")
    xy[needed] = coordinates(places)
    return xy


def instants(frame: pd.DataFrame, column: str, missing: int | None = None) -> np.ndarray:
    """(n,) int64 microseconds; nulls and an absent column become ``missing``, else are refused."""
    if column not in frame or (len(frame) == 0 or frame[column].isna().all()):
        if missing is None and len(frame):
            raise FrameError(f"column {column!r} is missing or null")
        return np.full(len(frame), 0 if missing is None else missing, dtype=np.int64)
    times = frame[column]
    if not isinstance(times.dtype, pd.DatetimeTZDtype):
        raise FrameError(f"column {column!r} is {times.dtype}: give aware times")
    if missing is None and times.isna().any():
        raise FrameError(f"column {column!r} has {times.isna().sum()} nulls")
    instants = times.dt.tz_convert("UTC").dt.as_unit("us").astype("int64").to_numpy()
    return np.where(times.isna(), 0 if missing is None else missing, instants)


def column(frame: pd.DataFrame, column: str, default: object) -> pd.Series:
    if column in frame:
        return pd.Series(frame[column].to_numpy())
    return pd.Series([default] * len(frame), dtype=object if default is None else None)
