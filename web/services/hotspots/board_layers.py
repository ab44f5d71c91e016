"""What the board's map shows, as frames in metres."""

from collections.abc import Sequence
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geodata import detections, frames
from geodata.core.types import SRID
from geodata.posters import interventions
from geodata.posters.interventions import InterventionRecord
from hotspots.forecast.intensity import SurfaceParams
from web.services.detection import map_grids
from web.services.hotspots.hotspot_board import BoardRow

WORDS = {"not_found": "not found", "not_our_land": "not our land"}


def hotspot_shapes(rows: Sequence[BoardRow]) -> gpd.GeoDataFrame:
    """Outlines of a board's rows: ``code``, ``name``, ``reason``."""
    return gpd.GeoDataFrame(
        {
            "code": [row.code for row in rows],
            "name": [row.name for row in rows],
            "reason": [row.reason for row in rows],
        },
        geometry=[row.geometry for row in rows],
        crs=SRID,
    )


MOST_DRAWN = 2_000
"""Beyond so many incidents in view a map shows how many each square has: a telephone draws no more,
and nobody tells them apart."""


def run_incidents(
    session: Session, run_id: int | None = None, view: BaseGeometry | None = None
) -> gpd.GeoDataFrame:
    """Incidents in a run's window: ``when``, ``state``, ``reports``, ``age_days``; or squares.

    Parameters
    ----------
    run_id
        The newest run's where None; none before the first run.
    view
        Only those in this area (EPSG:27700). Of more than ``MOST_DRAWN`` it is squares with
        ``incidents``, where the run kept how many there are.
    """
    run = detections.find_run(session, run_id) if run_id else detections.latest_run(session)
    if run is None:
        return incident_rows(frames.incidents(session, within=Point()), pd.Timestamp(0, tz="UTC"))
    if (density := detections.grid_of(session, run.id, map_grids.DENSITY)) is not None:
        shown = density if view is None else map_grids.within(density, view)
        if sum(shown.figures) > MOST_DRAWN:
            return map_grids.cells(map_grids.coarser(shown, MOST_DRAWN), "incidents")
    as_of = pd.Timestamp(run.as_of)
    since = as_of - pd.DateOffset(months=int(run.params["months"]))
    rows = frames.incidents(session, within=view, after=since, until=as_of)
    return incident_rows(rows, as_of)


def incident_rows(incidents: gpd.GeoDataFrame, as_of: pd.Timestamp) -> gpd.GeoDataFrame:
    """Incidents as a map shows them: ``when``, ``state``, ``reports``, ``age_days``."""
    reported = incidents["first_reported_at"]
    return gpd.GeoDataFrame(
        {
            "when": reported.dt.tz_convert("Europe/London").dt.strftime("%-d %b %Y"),
            "state": incidents["state"].replace(WORDS),
            "reports": incidents["reports"],
            "age_days": (as_of - reported).dt.days,
        },
        geometry=incidents.geometry,
        crs=SRID,
    )


def intervention_shapes(session: Session, kinds: Sequence[str], day: date) -> gpd.GeoDataFrame:
    """What is in force on a day, of some kinds: ``name``, ``kind``, ``since``, ``until``."""
    current = [m for m in interventions.records(session) if m.kind in kinds and m.holds_on(day)]
    return intervention_rows(current)


def intervention_rows(records: Sequence[InterventionRecord]) -> gpd.GeoDataFrame:
    """Measures as a map shows them: ``name``, ``kind``, ``since``, ``until``."""
    return gpd.GeoDataFrame(
        {
            "name": [m.name for m in records],
            "kind": [m.kind for m in records],
            "since": [f"{m.valid_from:%-d %b %Y}" for m in records],
            "until": [f"{m.valid_to:%-d %b %Y}" if m.valid_to else None for m in records],
        },
        geometry=[m.geometry for m in records],
        crs=SRID,
    )


def expected_incidents(session: Session, run_id: int | None = None) -> gpd.GeoDataFrame:
    """The risk surface as of a run, the newest where None; no cells before the first run.

    ``expected_per_day`` and ``standard_error`` of each cell; the latter is null where the run kept
    none, as older ones did.
    """
    run = detections.find_run(session, run_id) if run_id else detections.latest_run(session)
    if run is None:
        columns: dict[str, list[float]] = {"expected_per_day": [], "standard_error": []}
        return gpd.GeoDataFrame(columns, geometry=[], crs=SRID)
    if (kept := detections.grid_of(session, run.id, map_grids.SURFACE)) is not None:
        cells = map_grids.cells(kept, "expected_per_day")
        error = detections.grid_of(session, run.id, map_grids.SURFACE_ERROR)
        return cells.assign(standard_error=np.nan if error is None else error.figures)
    as_of = pd.Timestamp(run.as_of)
    seen = as_of - pd.DateOffset(months=SurfaceParams().months)
    incidents = frames.incidents(session, as_of=as_of, after=seen, until=as_of)
    return map_grids.surface_cells(incidents, frames.study_area(session), as_of)
