"""Reports near others in place and time, by the spatial index: what a change may concern."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.core.bulk import narrowed, parts
from geodata.core.many_values import Stay, meets_any
from geodata.core.types import instant_text
from geodata.models import Clearance, Report


def members(session: Session, incidents: Collection[int]) -> set[int]:
    """Keys of the reports of some incidents."""
    return _keys(session, Report.id, Report.incident_id, incidents)


def incidents_of(session: Session, reports: Collection[int]) -> set[int]:
    """Keys of the incidents that some reports are in; a new report is in none."""
    incidents: set[int | None] = _keys(session, Report.incident_id, Report.id, reports)
    return {key for key in incidents if key is not None}


def near(
    session: Session, around: pd.DataFrame, *, reach_m: float, within: timedelta | None = None
) -> set[int]:
    """Keys of reports near some places; a few that are farther may be among them.

    Parameters
    ----------
    around
        One row a place: ``x``, ``y`` (metres, EPSG:27700); with ``within`` also ``since`` and
        ``until`` (UTC).
    reach_m
        How far a report may lie along either axis.
    within
        How long before ``since`` and after ``until`` it may have been made; None: at any time.
    """
    return {
        key
        for some in parts(_stays(around, reach_m, within))
        for key in session.scalars(
            select(Report.id).where(meets_any(Report.geometry, Report.reported_at, some))
        )
    }


def clearances_of(session: Session, reports: Collection[int]) -> set[int]:
    """Keys of the clearances that answer some reports."""
    return _keys(session, Clearance.id, Clearance.report_id, reports)


def cleared_nearby(session: Session, around: pd.DataFrame, *, reach_m: float) -> set[int]:
    """Keys of clearances of a place, of no report, near some places ``x`` and ``y``."""
    of_place = select(Clearance.id).where(Clearance.report_id.is_(None))
    if session.scalars(of_place.limit(1)).first() is None:
        return set()
    return {
        key
        for some in parts(_stays(around, reach_m, None))
        for key in session.scalars(
            of_place.where(meets_any(Clearance.geometry, Clearance.occurred_at, some))
        )
    }


def _keys(session: Session, wanted: Any, key: Any, keys: Collection[int]) -> set[Any]:
    queries = narrowed(select(wanted), key, keys)
    return {value for query in queries for value in session.scalars(query)}


def _stays(around: pd.DataFrame, reach_m: float, within: timedelta | None) -> list[Stay]:
    """A box for each square with something in it, for a hundred reports of one pile need one; and
    the first and last moment of what is in it, if ``within`` bounds the time."""
    xy = around[["x", "y"]].to_numpy(dtype=float)
    if len(xy) == 0:
        return []
    _, which = np.unique(np.floor(xy / reach_m), axis=0, return_inverse=True)
    order = np.argsort(which.ravel(), kind="stable")
    starts = np.flatnonzero(np.diff(which.ravel()[order], prepend=-1))
    low, high = (least.reduceat(xy[order], starts) for least in (np.minimum, np.maximum))
    boxes = [
        (x0, y0, x1, y1)
        for (x0, y0), (x1, y1) in zip(
            (low - reach_m).tolist(), (high + reach_m).tolist(), strict=True
        )
    ]
    if within is None:
        return [Stay(box) for box in boxes]
    since, until = (
        pd.to_datetime(least.reduceat(_instants(around[name])[order], starts), unit="us", utc=True)
        for name, least in (("since", np.minimum), ("until", np.maximum))
    )
    return [
        Stay(box, instant_text(begun), instant_text(ended))
        for box, begun, ended in zip(
            boxes, (since - within).to_pydatetime(), (until + within).to_pydatetime(), strict=True
        )
    ]


def _instants(times: pd.Series) -> np.ndarray:
    """Microseconds since 1970."""
    return np.asarray(times.dt.as_unit("us").astype("int64"))
