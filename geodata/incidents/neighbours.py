"""Reports near others in place and time, by the spatial index: what a change may concern."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from geodata.core.bulk import narrowed, plain
from geodata.core.hidden_rows import narrowed_to_visible
from geodata.core.spatial import Box, box_intersects, in_box
from geodata.core.types import UTCDateTime
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
    query = select(Report.id).where(box_intersects(Report.geometry, None))
    if within is not None:
        query = query.where(
            Report.reported_at >= bindparam("since", type_=UTCDateTime),
            Report.reported_at <= bindparam("until", type_=UTCDateTime),
        )
    session.flush()
    connection, keys = session.connection(), set[int]()
    query = narrowed_to_visible(session, query)
    for box, since, until in _boxes(around, reach_m):
        times = {} if within is None else {"since": since - within, "until": until + within}
        keys.update(connection.scalars(query, in_box(box) | times))
    return keys


def clearances_of(session: Session, reports: Collection[int]) -> set[int]:
    """Keys of the clearances that answer some reports."""
    return _keys(session, Clearance.id, Clearance.report_id, reports)


def cleared_nearby(session: Session, around: pd.DataFrame, *, reach_m: float) -> set[int]:
    """Keys of clearances of a place, of no report, near some places ``x`` and ``y``."""
    of_place = select(Clearance.id).where(Clearance.report_id.is_(None))
    if session.scalars(of_place.limit(1)).first() is None:
        return set()
    keys: set[int] = set()
    for box, *_ in _boxes(around, reach_m):
        keys |= set(session.scalars(of_place.where(box_intersects(Clearance.geometry, box))))
    return keys


def _keys(session: Session, wanted: Any, key: Any, keys: Collection[int]) -> set[Any]:
    queries = narrowed(select(wanted), key, keys)
    return {value for query in queries for value in session.scalars(query)}


def _boxes(around: pd.DataFrame, reach_m: float) -> Iterator[tuple[Box, datetime, datetime]]:
    """A box for each square with something in it, for a hundred reports of one pile need one; and
    the first and last moment of what is in it, if ``around`` has any."""
    square = np.floor(around[["x", "y"]].to_numpy(dtype=float) / reach_m)
    groups = around.groupby([square[:, 0], square[:, 1]])
    first, last = groups.min(), groups.max()
    since, until = (
        plain(each[name]) if name in around else [None] * len(each)
        for each, name in ((first, "since"), (last, "until"))
    )
    corners = (each[axis].tolist() for each in (first, last) for axis in ("x", "y"))
    for x0, y0, x1, y1, begun, ended in zip(*corners, since, until, strict=True):
        yield (x0 - reach_m, y0 - reach_m, x1 + reach_m, y1 + reach_m), begun, ended
