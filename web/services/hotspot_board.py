"""What an officer sees of the newest detection run."""

from dataclasses import dataclass
from datetime import datetime

import geopandas as gpd
import pandas as pd
from sqlalchemy.orm import Session

from geodata import detections, frames
from geodata.geography import to_lonlat
from geodata.types import SRID

WORDS = {"not_found": "not found", "not_our_land": "not our land"}


@dataclass(frozen=True)
class BoardRow:
    """One hotspot of the board."""

    identity_id: int
    code: str
    name: str
    lonlat: tuple[float, float]
    incidents: int
    nights: int
    expected: float
    q_value: float
    hotspot_class: str | None
    last_incident_at: datetime | None
    reason: str


@dataclass(frozen=True)
class Board:
    """The newest run and its hotspots, best first."""

    run_id: int
    as_of: datetime
    incidents: int
    months: int
    note: str
    """What the run could not do, such as test too few incidents; empty where all went well."""
    rows: list[BoardRow]


def newest_board(session: Session) -> Board | None:
    """The board of the newest run; None before the first run."""
    run = detections.latest_run(session)
    if run is None:
        return None
    rows = [
        BoardRow(
            identity.id,
            identity.code,
            identity.name,
            to_lonlat(hotspot.centre_x, hotspot.centre_y),
            hotspot.incidents,
            hotspot.nights,
            hotspot.expected,
            hotspot.q_value,
            hotspot.hotspot_class,
            hotspot.last_incident_at,
            hotspot.reason,
        )
        for hotspot, identity in detections.hotspots_of(session, run.id)
    ]
    return Board(
        run.id,
        run.as_of,
        run.incidents,
        int(run.params["months"]),
        run.summary.get("note", ""),
        rows,
    )


def hotspot_shapes(session: Session) -> gpd.GeoDataFrame:
    """Outlines of the newest run's hotspots: ``identity_id``, ``name``, ``reason``."""
    run = detections.latest_run(session)
    found = [] if run is None else detections.hotspots_of(session, run.id)
    return gpd.GeoDataFrame(
        {
            "identity_id": [identity.id for _, identity in found],
            "name": [identity.name for _, identity in found],
            "reason": [hotspot.reason for hotspot, _ in found],
        },
        geometry=[hotspot.geometry for hotspot, _ in found],
        crs=SRID,
    )


def run_incidents(session: Session) -> gpd.GeoDataFrame:
    """Incidents in the newest run's window: ``when``, ``state``, ``reports``, ``age_days``."""
    run = detections.latest_run(session)
    incidents = frames.incidents(session)
    if run is None:
        incidents = incidents.iloc[:0]
        as_of = pd.Timestamp(0, tz="UTC")
    else:
        as_of = pd.Timestamp(run.as_of)
        since = as_of - pd.DateOffset(months=int(run.params["months"]))
        reported = incidents["first_reported_at"]
        incidents = incidents[(reported > since) & (reported <= as_of)]
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
