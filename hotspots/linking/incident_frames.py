"""Linked reports put together into one row an incident."""

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots.core.frames import numbers, true_or_false
from hotspots.core.row_order import row_order
from hotspots.linking.replay import Closings
from hotspots.linking.report_frames import column

PUBLIC_SOURCES = frozenset({"public", "partner"})


def incidents_frame(
    reports: gpd.GeoDataFrame, ids: pd.Series, first: np.ndarray, closings: Closings
) -> gpd.GeoDataFrame:
    """The frame of `hotspots.linking.incidents.LinkedReports`.

    Parameters
    ----------
    reports, ids
        n reports and their ids, by position.
    first
        (n,) position of the first report of each report's incident.
    closings
        Of those incidents that something closed.
    """
    frame = _combined(_members(reports), first)
    row = frame.index.to_numpy()
    frame.insert(0, "incident_id", ids.to_numpy()[row])
    accuracy_m = numbers(column(reports, "accuracy_m", np.nan), name="accuracy_m")
    frame["accuracy_m"] = accuracy_m.to_numpy()[row]
    frame = frame.join(_closed(closings, row))
    linked = gpd.GeoDataFrame(frame, geometry=np.asarray(reports.geometry)[row], crs=reports.crs)
    rank = pd.factorize(linked["incident_id"], sort=True)[0]
    reported = linked["first_reported_at"].astype("int64").to_numpy()
    return linked.iloc[row_order(reported, rank)].reset_index(drop=True)


def _members(reports: gpd.GeoDataFrame) -> pd.DataFrame:
    """What each report adds, by position, with the absent columns as nulls."""
    reported = _times(reports, "reported_at")
    observed = _times(reports, "observed_at").fillna(reported)
    source = column(reports, "source", "public")
    by_car = true_or_false(column(reports, "from_vehicle", None), name="from_vehicle")
    return pd.DataFrame(
        {
            "reported_at": reported,
            "first_seen_at": _times(reports, "first_seen_at").fillna(observed),
            "last_clean_at": _times(reports, "last_clean_at"),
            "is_public": source.isin(PUBLIC_SOURCES).astype(np.int64),
            "chargers": numbers(column(reports, "chargers", np.nan), name="chargers"),
            "cylinders": numbers(column(reports, "cylinders", np.nan), name="cylinders"),
            "from_vehicle": by_car,
        }
    )


def _combined(members: pd.DataFrame, first: np.ndarray) -> pd.DataFrame:
    """One row an incident, by the position of its first report."""
    grouped = members.groupby(first, sort=True)
    # Two people who count the same pile do not make two piles: the largest estimate, not the sum.
    combined = grouped.agg(
        first_reported_at=("reported_at", "min"),
        last_reported_at=("reported_at", "max"),
        reports=("reported_at", "size"),
        public_reports=("is_public", "sum"),
        chargers=("chargers", "max"),
        cylinders=("cylinders", "max"),
        first_seen_at=("first_seen_at", "min"),
        from_vehicle=("from_vehicle", "max"),
    )
    seen = combined["first_seen_at"].reindex(first).set_axis(members.index)
    clean = members["last_clean_at"].where(members["last_clean_at"] <= seen)
    combined["last_clean_at"] = clean.groupby(first, sort=True).max()
    return combined


def _closed(closings: Closings, row: np.ndarray) -> pd.DataFrame:
    """``cleared_at`` and ``outcome``, null while nothing has closed the incident."""
    cleared_at = pd.to_datetime(closings.cleared_at, unit="us", utc=True).as_unit("us")
    outcome = pd.array(closings.outcome, dtype="str")
    frame = pd.DataFrame({"cleared_at": cleared_at, "outcome": outcome}, index=closings.row)
    return frame.reindex(row)


def _times(frame: pd.DataFrame, name: str) -> pd.Series:
    if name not in frame or frame[name].isna().all():
        return pd.Series(pd.NaT, index=range(len(frame)), dtype="datetime64[us, UTC]")
    return pd.Series(frame[name].array).dt.tz_convert("UTC").dt.as_unit("us")
