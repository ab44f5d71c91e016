"""A record of incidents for the officers' desk, small enough to count by hand."""

from datetime import datetime, timedelta

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from geodata import incidents
from geodata.people.audit import Actor
from geodata.store.engine import Store
from web.services.detection import detecting, detection_settings
from web.services.detection.run_saving import RunSummary

Spot = tuple[float, float, list[datetime]]


def store_incidents(
    store: Store,
    spots: list[Spot],
    *,
    now: datetime,
    state: str = "open",
    clean_h: float | None = None,
) -> None:
    """One incident a moment at each spot; known clean so many hours before, where that is given."""
    rows = [(x, y, at) for x, y, times in spots for at in times]
    reported_at = pd.to_datetime([at for *_, at in rows], utc=True)
    frame = gpd.GeoDataFrame(
        {
            "key": [f"K{n:04}" for n in range(len(rows))],
            "first_reported_at": reported_at,
            "last_reported_at": reported_at,
            "public_at": reported_at,
            "reports": 1,
            "public_reports": 1,
            "state": state,
        },
        geometry=[shapely.Point(x, y) for x, y, _ in rows],
        crs=27700,
    )
    for column in ("chargers", "cylinders", "from_vehicle"):
        frame[column] = None
    for column in ("first_seen_at", "last_clean_at", "cleared_at"):
        frame[column] = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[us, UTC]")
    if clean_h is not None:
        frame["last_clean_at"] = reported_at - pd.Timedelta(hours=clean_h)
    if state == "cleared":
        frame["cleared_at"] = reported_at + pd.Timedelta(hours=20)
    with store.writing() as session:
        incidents.save_linked(session, frame, pd.Series(dtype=object), now=now)


def scattered(now: datetime, n: int = 30) -> list[Spot]:
    """Dumps all over the borough of ``council``, one every 12 days back from now."""
    return [
        (552_100 + 127 * k, 173_100 + (997 * k) % 1_800, [now - timedelta(days=12 * k, hours=5)])
        for k in range(n)
    ]


def weekly(n: int, last: datetime) -> list[datetime]:
    return [last - timedelta(days=7 * k) for k in range(n)]


def run_now(session: Session, actor: Actor, *, as_of: datetime | None = None) -> RunSummary:
    """A detection with the council's parameters, within a session that is open already."""
    params, moment = detection_settings.current(session), as_of or actor.now
    return detecting.run(session, params, as_of=moment, now=actor.now, user_id=actor.user_id)
