"""What a run says of places that recur as chance may have it; pages read it in its summary."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import geopandas as gpd
from shapely.geometry import Point
from sqlalchemy.orm import Session

from geodata.core.grid_references import GridReferenceError, format_gridref
from web.services.detection.hotspot_names import place_in_words

KEPT_AS = "busy"
MOST_KEPT = 30


@dataclass(frozen=True)
class BusyPlace:
    """One place, in words and with its grid reference; times in UTC."""

    where: str
    x: float
    y: float
    incidents: int
    nights: int
    observed: int
    expected: float
    last_incident: datetime


def kept(session: Session, busy: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """The places with the most nights, as a run's summary holds them."""
    return [_document(session, row) for row in busy.head(MOST_KEPT).to_dict("records")]


def _document(session: Session, row: dict[str, Any]) -> dict[str, Any]:
    x, y = row["centre_x"], row["centre_y"]
    place = BusyPlace(
        where=_where(session, x, y),
        x=round(x, 1),
        y=round(y, 1),
        incidents=int(row["incidents"]),
        nights=int(row["nights"]),
        observed=int(row["observed"]),
        expected=round(float(row["expected"]), 2),
        last_incident=row["last_incident"].to_pydatetime(warn=False),
    )
    return asdict(place) | {"last_incident": place.last_incident.isoformat()}


def _where(session: Session, x: float, y: float) -> str:
    words = place_in_words(session, Point(x, y))
    try:
        return f"{words} ({format_gridref(x, y)})"
    except GridReferenceError:
        return words


def read(summary: Mapping[str, Any]) -> list[BusyPlace] | None:
    """What a run's summary holds; None where an older run did not look for them."""
    if KEPT_AS not in summary:
        return None
    return [
        BusyPlace(**{**row, "last_incident": datetime.fromisoformat(row["last_incident"])})
        for row in summary[KEPT_AS]
    ]
