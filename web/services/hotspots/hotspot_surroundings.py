"""What lies in and around a hotspot, as frames in EPSG:27700 for its map and its tables."""

from dataclasses import dataclass
from datetime import datetime

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geodata import detections, frames, places
from geodata.core.errors import NotFoundError
from geodata.core.types import SRID
from geodata.core.vocabulary import PlaceKind
from geodata.incidents import open_incidents
from geodata.posters import interventions, poster_sites
from geodata.rules.days import LONDON, day_starts, local_day
from web.services.hotspots.board_layers import incident_rows, intervention_rows
from web.services.hotspots.hotspot_dossier import timeline_begins

AROUND_M = 250.0
"""How far round the outline the map shows what there is."""
POSTER_WORDS = {
    "installed": "Put up",
    "seen": "Seen hanging",
    "damaged": "Damaged",
    "removed": "Taken down",
}


@dataclass(frozen=True, eq=False)
class Surroundings:
    """Frames, each with its points or outlines.

    Attributes
    ----------
    area
        The newest outline and ``AROUND_M`` about it.
    outlines
        One row a run, the newest first: ``as_of`` (words), ``dumps``, ``rank``.
    incidents
        Of the months that the page shows, the newest first: ``key``, ``when``, ``state``,
        ``reports``, ``age_days``.
    intervention_records
        Interventions and orders, whenever: ``name``, ``kind``, ``since``, ``until``, ``holds``
        (whether they do today).
    fixtures
        Where posters hang or could: ``name``, ``what`` (a poster's last event, or that it is a
        lamp column), ``is_poster``.
    """

    area: BaseGeometry
    outlines: gpd.GeoDataFrame
    incidents: gpd.GeoDataFrame
    intervention_records: gpd.GeoDataFrame
    fixtures: gpd.GeoDataFrame


def surroundings(session: Session, code: str, *, now: datetime) -> Surroundings:
    """What there is about the hotspot of a code.

    Raises
    ------
    NotFoundError
        There is none, or no run holds it.
    """
    history = detections.history_of(session, detections.find_by_code(session, code).id)
    if not history:
        raise NotFoundError(f"no detection run holds {code}")
    area = history[0][1].geometry.buffer(AROUND_M)
    since = day_starts(timeline_begins(local_day(now)))
    near = frames.incidents(session, within=area, after=since)
    near = near.sort_values(["first_reported_at", "incident_id"], ascending=False)
    records = interventions.records(session, area)
    return Surroundings(
        area,
        gpd.GeoDataFrame(
            {
                "as_of": [f"{run.as_of.astimezone(LONDON):%-d %b %Y}" for run, _ in history],
                "dumps": [hotspot.incidents for _, hotspot in history],
                "rank": [hotspot.rank for _, hotspot in history],
            },
            geometry=[hotspot.geometry for _, hotspot in history],
            crs=SRID,
        ),
        incident_rows(near, pd.Timestamp(now)).assign(
            key=near["incident_id"].map(open_incidents.keys_within(session, area))
        ),
        intervention_rows(records).assign(holds=[m.holds_on(local_day(now)) for m in records]),
        _fixtures(session, area, now),
    )


def _fixtures(session: Session, area: BaseGeometry, now: datetime) -> gpd.GeoDataFrame:
    sites = poster_sites.hanging_within(session, area)
    columns = places.within(session, area, PlaceKind.LAMP_COLUMN, day=local_day(now))
    return gpd.GeoDataFrame(
        {
            "name": [
                *(f"{site.code}, {site.name}" for site, _ in sites),
                *(c.name for c in columns),
            ],
            "what": [
                *(POSTER_WORDS.get(kind, kind) for _, kind in sites),
                *["Lamp column"] * len(columns),
            ],
            "is_poster": [True] * len(sites) + [False] * len(columns),
        },
        geometry=[*(site.geometry for site, _ in sites), *(c.geometry for c in columns)],
        crs=SRID,
    )
