"""Today's round of a crew: the worklist in a good driving order, and as GPX."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import Point
from sqlalchemy.orm import Session

from geodata import places
from geodata.core.geography import from_lonlat
from geodata.core.types import SRID
from geodata.core.vocabulary import IncidentState
from geodata.places.streets import streets_within
from hotspots.routing import RoundParams, order_round
from hotspots.routing.street_network import road_distances, street_network
from web.services.clearing.depots import set_depot
from web.services.clearing.worklist import Filter, Job, worklist
from web.services.paper import gpx, kml

MOST_JOBS = 60
SEED = 4
PARAMS = RoundParams()
AROUND_M = 2_000
"""Roads that go around lie outside the stops' own box."""
DEPOT_WORD = "depot"


@dataclass(frozen=True)
class Stop:
    """A job of the round: when the crew is there (UTC), metres of road from the stop before."""

    job: Job
    arrive_at: datetime
    leave_at: datetime
    leg_m: float
    is_late: bool


@dataclass(frozen=True)
class PlannedRound:
    """Stops in order, the jobs that do not fit into the shift, the road, and the way home.

    ``is_by_street`` where the store knows streets around; else straight lines times a factor.
    """

    stops: list[Stop]
    left_out: list[Job]
    length_m: float
    back_at: datetime
    start: Point
    starts_from: str
    is_by_street: bool


def plan(session: Session, wanted: Filter, *, start_at: datetime, shift_h: float) -> PlannedRound:
    """Order the most urgent jobs of a filter; those whose clock stands are left for later.

    The crew starts and ends where its telephone is (``wanted.near``), else at the depot that the
    council has set, else at a named place with "depot" in its name, else in the middle of the
    borough.
    """
    open_jobs = worklist(session, replace(wanted, reference="", near=None), now=start_at)
    jobs = [job for job in open_jobs if job.urgency != "paused"][:MOST_JOBS]
    depot, words = _depot(session, wanted)
    frame = gpd.GeoDataFrame(
        {"due_at": pd.to_datetime([job.due_at for job in jobs], utc=True)},
        geometry=[Point(job.easting, job.northing) for job in jobs],
        crs=SRID,
    )
    road_m = _road_m(session, [depot, *frame.geometry])
    ordered = order_round(
        frame,
        depot,
        start_at=pd.Timestamp(start_at),
        shift_h=shift_h,
        params=PARAMS,
        road_m=road_m,
        seed=SEED,
    )
    left_out = [jobs[n] for n in ordered.left_out]
    back_at = ordered.back_at.to_pydatetime()
    is_by_street = road_m is not None
    stops = _as_stops(ordered.stops, jobs)
    return PlannedRound(stops, left_out, ordered.length_m, back_at, depot, words, is_by_street)


def still_to_do(references: Iterable[str], open_jobs: Iterable[Job]) -> list[str]:
    """Of the references of a round's stops, in its order, those whose jobs are open to be done."""
    to_do = {job.key for job in open_jobs if job.state == IncidentState.OPEN}
    return [reference for reference in references if reference in to_do]


def _as_stops(ordered: pd.DataFrame, jobs: Sequence[Job]) -> list[Stop]:
    return [
        Stop(
            jobs[row.Index],
            row.arrive_at.to_pydatetime(),
            row.leave_at.to_pydatetime(),
            row.leg_m,
            bool(row.is_late),
        )
        for row in ordered.itertuples()
    ]


def _road_m(session: Session, points: Sequence[Point]) -> np.ndarray | None:
    """Metres by street between points; None where the store knows no street around them."""
    series = gpd.GeoSeries(points, crs=SRID)
    x0, y0, x1, y1 = series.total_bounds
    box = (x0 - AROUND_M, y0 - AROUND_M, x1 + AROUND_M, y1 + AROUND_M)
    streets = streets_within(session, box)
    if streets.empty:
        return None
    xy = series.get_coordinates().to_numpy()
    return road_distances(street_network(streets), xy, detour_factor=PARAMS.detour_factor)


def _depot(session: Session, wanted: Filter) -> tuple[Point, str]:
    if wanted.near is not None:
        return Point(*from_lonlat(*wanted.near)), "where you are"
    if (depot := set_depot(session)) is not None:
        return depot.point, f"the depot, {depot.grid_ref}"
    named = places.named_with(session, DEPOT_WORD)
    if named is not None:
        return named.geometry.representative_point(), named.name
    area = places.borough(session)
    point = Point(0, 0) if area is None else area.representative_point()
    return point, "the middle of the borough"


def as_gpx(stops: Sequence[Stop]) -> bytes:
    """The round as a GPX 1.1 route, for a navigation app."""
    return gpx.as_gpx([("Canister round", map(_halt, range(1, len(stops) + 1), stops))])


def as_kml(stops: Sequence[Stop]) -> bytes:
    """The same places as KML, in the order of the round."""
    halts = map(_halt, range(1, len(stops) + 1), stops)
    return kml.as_kml(
        "Canister round", [kml.Placemark(Point(at.lon, at.lat), at.name, at.about) for at in halts]
    )


def _halt(number: int, stop: Stop) -> gpx.RoutePoint:
    job = stop.job
    about = "; ".join(filter(None, (job.place, job.landmark, *job.care)))
    return gpx.RoutePoint(job.lon, job.lat, f"{number} {job.key}", about)
