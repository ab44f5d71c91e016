"""Where a patrol may stand: the newest run's hotspots, with what to expect there and when."""

from dataclasses import dataclass
from datetime import datetime

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from geodata import detections, frames
from geodata.errors import RefusedError
from geodata.types import SRID
from hotspots.aoristic import HOURS_OF_WEEK
from hotspots.dump_rates import dump_rates
from hotspots.hot_hours import hot_hours

RECENT_DAYS, YEAR_DAYS = 28, 365


@dataclass(frozen=True, eq=False)
class PatrolPlaces:
    """Hotspots as the planner takes them, on the key of their identity.

    Attributes
    ----------
    places
        ``geometry`` (Point, EPSG:27700), ``rate_per_day``, ``code``, ``name``, ``in_28_days``,
        ``in_12_months``, ``hot_hours`` (words), ``cylinders`` (large ones found in the run's
        window, 0 where unknown).
    shares
        (k, 168) of each place's dumps in each hour of the London week.
    """

    places: gpd.GeoDataFrame
    shares: pd.DataFrame


def patrol_places(session: Session, *, as_of: datetime) -> PatrolPlaces:
    """The hotspots of the newest run up to a moment.

    Raises
    ------
    RefusedError
        No run has flagged any.
    """
    run = detections.latest_run(session, as_of=as_of)
    found = [] if run is None else detections.hotspots_of(session, run.id)
    if run is None or not found:
        raise RefusedError(
            "there is no hotspot to patrol: import reports and run  hotspots detect  first"
        )
    members = detections.last_incidents_by_identity(session, as_of=run.as_of)
    incidents = frames.incidents(session)
    keys = [identity.id for _, identity in found]
    owner = {incident: key for key in keys for incident in members.get(key, ())}
    label = incidents["incident_id"].map(owner).fillna(-1).astype(int).to_numpy()
    age = (pd.Timestamp(as_of) - incidents["first_reported_at"]).dt.days.to_numpy()
    evidence = [hotspot.evidence for hotspot, _ in found]
    shares = [_shares(told) for told in evidence]
    places = gpd.GeoDataFrame(
        {
            "code": [identity.code for _, identity in found],
            "name": [identity.name for _, identity in found],
            "rate_per_day": dump_rates(incidents, label, as_of=as_of).reindex(keys, fill_value=0.0),
            "in_28_days": _counts(label, age, RECENT_DAYS, keys),
            "in_12_months": _counts(label, age, YEAR_DAYS, keys),
            "hot_hours": [str(hot_hours(week)) for week in shares],
            "cylinders": [int(told.get("cylinders") or 0) for told in evidence],
        },
        geometry=gpd.points_from_xy([h.centre_x for h, _ in found], [h.centre_y for h, _ in found]),
        index=keys,
        crs=SRID,
    )
    return PatrolPlaces(places, pd.DataFrame(shares, keys))


def _counts(label: np.ndarray, age: np.ndarray, days: int, keys: list[int]) -> list[int]:
    recent = (age >= 0) & (age < days)
    return [int((recent & (label == key)).sum()) for key in keys]


def _shares(evidence: dict[str, object]) -> np.ndarray:
    """A hotspot's week; even where the run was made before weeks were kept."""
    shares = np.asarray(evidence.get("hour_shares") or [], dtype=float)
    if shares.shape != (HOURS_OF_WEEK,) or shares.sum() <= 0:
        return np.full(HOURS_OF_WEEK, 1 / HOURS_OF_WEEK)
    even: np.ndarray = shares / shares.sum()
    return even
