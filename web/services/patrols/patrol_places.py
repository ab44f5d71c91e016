"""Where a patrol may stand, with what to expect there and when: hotspots, and places asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geodata import detections, frames
from geodata.core.types import SRID
from geodata.rules.days import local_day
from hotspots.forecast.intensity import SurfaceParams, risk_surface
from hotspots.forecast.outline_rates import outline_rates
from hotspots.timing import hour_profiles
from hotspots.timing.aoristic import HOURS_OF_WEEK
from hotspots.timing.hot_hours import hot_hours

RECENT_DAYS, YEAR_DAYS = 28, 365
AROUND_M = 75.0
"""How far round a point incidents count as its own: the middle of the radii that are searched."""
CELL_M = 50.0
"""Of the risk surface: finer than the board's, since an outline may be 50 m across."""
FEW = 5
"""Fewer incidents tell no hours of their own."""


@dataclass(frozen=True, eq=False)
class PatrolPlaces:
    """Places as the planner takes them: hotspots on their identity's key, others on their name.

    Attributes
    ----------
    places
        ``geometry`` (Point, EPSG:27700), ``outline`` (the ground whose incidents are counted),
        ``rate_per_day``, ``code`` (empty: no hotspot), ``name``, ``in_28_days``,
        ``in_12_months``, ``hot_hours`` (words, empty where incidents are too few), ``cylinders``
        (large ones found in the run's window, 0 where unknown), ``asked`` (that and why an
        officer wants it, empty where nobody asked).
    shares
        (k, 168) of each place's incidents in each hour of the London week.
    surface
        The risk surface that every rate is drawn to.
    incidents
        The record that all of it was reckoned from, so that a place added is not read anew.
    """

    places: gpd.GeoDataFrame
    shares: pd.DataFrame
    surface: gpd.GeoDataFrame
    incidents: gpd.GeoDataFrame


def patrol_places(session: Session, *, as_of: datetime) -> PatrolPlaces:
    """The hotspots of the newest run up to a moment that no officer has dismissed."""
    run = detections.latest_run(session, as_of=as_of)
    flagged = [] if run is None else detections.hotspots_of(session, run.id)
    day = local_day(as_of)
    kept = [(h, i) for h, i in flagged if not (i.dismissed_until and day <= i.dismissed_until)]
    members = detections.last_incidents_by_identity(session, as_of=run.as_of) if run else {}
    incidents = frames.incidents(session, as_of=as_of)
    keys = [identity.id for _, identity in kept]
    owner = {incident: key for key in keys for incident in members.get(key, ())}
    label = incidents["incident_id"].map(owner).fillna(-1).astype(int).to_numpy()
    age = (pd.Timestamp(as_of) - incidents["first_reported_at"]).dt.days.to_numpy()
    evidence = [hotspot.evidence for hotspot, _ in kept]
    shares = [_shares(facts) for facts in evidence]
    surface = _surface(session, incidents, as_of)
    outlines = gpd.GeoSeries([h.geometry for h, _ in kept], keys, crs=SRID)
    places = gpd.GeoDataFrame(
        {
            "code": [identity.code for _, identity in kept],
            "name": [identity.name for _, identity in kept],
            "rate_per_day": outline_rates(incidents, label, outlines, surface, as_of=as_of),
            "in_28_days": _counts(label, age, RECENT_DAYS, keys),
            "in_12_months": _counts(label, age, YEAR_DAYS, keys),
            "hot_hours": [str(hot_hours(week)) for week in shares],
            "cylinders": [int(facts.get("cylinders") or 0) for facts in evidence],
            "asked": "",
            "outline": outlines.tolist(),
        },
        geometry=gpd.points_from_xy([h.centre_x for h, _ in kept], [h.centre_y for h, _ in kept]),
        index=pd.Index(keys, dtype=object),
        crs=SRID,
    )
    weeks = np.reshape(shares, (len(keys), HOURS_OF_WEEK))
    return PatrolPlaces(places, pd.DataFrame(weeks, places.index), surface, incidents)


def with_place(
    ground: PatrolPlaces, name: str, shape: BaseGeometry, *, as_of: datetime
) -> PatrolPlaces:
    """The same and one place that is no hotspot; its figures are those of the incidents around it.

    Incidents inside a hotspot's outline are the hotspot's, so that none is counted twice.

    Parameters
    ----------
    shape
        A point, or an outline, EPSG:27700.
    """
    incidents = ground.incidents
    around = shape if shape.area else shape.buffer(AROUND_M)
    is_own = _inside(incidents, [around]) & ~_inside(incidents, ground.places["outline"].tolist())
    code = np.where(is_own, 0, -1)
    age = (pd.Timestamp(as_of) - incidents["first_reported_at"]).dt.days.to_numpy()
    in_28_days, in_12_months = (_counts(code, age, n, [0])[0] for n in (RECENT_DAYS, YEAR_DAYS))
    outline = gpd.GeoSeries([around], [0], crs=SRID)
    rate = outline_rates(incidents, code, outline, ground.surface, as_of=as_of)
    profiles = hour_profiles(incidents, code, as_of=as_of)
    week = profiles.shares.loc[0].to_numpy() if 0 in profiles.shares.index else profiles.borough
    row = {
        "code": "",
        "name": name,
        "asked": "",
        "outline": around,
        "rate_per_day": float(rate[0]),
        "in_28_days": in_28_days,
        "in_12_months": in_12_months,
        "hot_hours": str(hot_hours(week)) if in_12_months >= FEW else "",
        "cylinders": int(incidents["cylinders"].fillna(0)[is_own].sum()),
        "geometry": shape.representative_point(),
    }
    label = pd.Index([name], dtype=object)
    places = gpd.GeoDataFrame([row], index=label, crs=SRID)
    weeks = pd.DataFrame([week], label)
    if not ground.places.empty:
        places = pd.concat([ground.places, places])
        weeks = pd.concat([ground.shares, weeks])
    return replace(ground, places=places, shares=weeks)


def _surface(session: Session, incidents: gpd.GeoDataFrame, as_of: datetime) -> gpd.GeoDataFrame:
    """The risk surface of now; no cells in a store that knows no borough."""
    area = frames.study_area(session)
    if area.empty:
        return gpd.GeoDataFrame({"expected_per_day": []}, geometry=[], crs=SRID)
    return risk_surface(incidents, area, as_of=as_of, params=SurfaceParams(cell_size_m=CELL_M))


def _inside(incidents: gpd.GeoDataFrame, shapes: Sequence[BaseGeometry]) -> np.ndarray:
    within: np.ndarray = incidents.intersects(shapely.union_all(shapes)).to_numpy()
    return within


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
