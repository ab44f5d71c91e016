"""Boroughs that never were, with the truth beside them: for tests, the demo and benchmarks.

A planted hotspot that is not found, or one that is found where none was planted, can only be
counted where the truth is known.
"""

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots.core.errors import ParameterError
from hotspots.core.frames import area_geometry

LONDON = "Europe/London"
BNG = "EPSG:27700"
EVEN = (1.0,) * 12
SUMMER_PEAK = (0.5, 0.55, 0.7, 0.95, 1.15, 1.35, 1.5, 1.6, 1.2, 1.0, 0.8, 0.7)
"""Factor of each month, January first (DOMAIN.md section 8)."""
WEEKEND_PEAK = (0.095, 0.095, 0.095, 0.095, 0.22, 0.26, 0.14)
"""Share of each night, the night of Monday first (DOMAIN.md section 8)."""


@dataclass(frozen=True)
class BoroughParams:
    """How a borough's incidents come about.

    Attributes
    ----------
    days
        Length in days, from ``start`` on.
    incidents_per_day
        Mean number of incidents a day that are not follow-ups.
    sites
        Number of planted hotspots; their shares fall as 1 / rank ** ``zipf``.
    site_share
        Share of the incidents that fall at them, 0 to 1; the rest is uniform over the area.
    spread_m
        Standard deviation of an incident about its site, metres.
    near_repeat
        Mean number of follow-ups of each incident, below 1; they come ``near_repeat_days`` later
        (mean, exponential) and ``near_repeat_m`` off (standard deviation).
    months, nights
        Factor of each calendar month, January first; share of each night, Monday's first.
    reporting_bias
        Share of the incidents on the eastern edge that nobody reports, falling to none in the west.
    intervention_day
        Day on which something is done at the strongest site, which takes away ``effect`` of its
        incidents; ``displaced`` of those taken away turn up 150 to 400 m off. None: nothing is
        done.
    """

    days: int = 730
    incidents_per_day: float = 1.0
    sites: int = 0
    site_share: float = 0.0
    zipf: float = 1.0
    spread_m: float = 15.0
    near_repeat: float = 0.0
    near_repeat_m: float = 60.0
    near_repeat_days: float = 8.0
    months: tuple[float, ...] = EVEN
    nights: tuple[float, ...] = (1 / 7,) * 7
    reporting_bias: float = 0.0
    intervention_day: int | None = None
    effect: float = 0.5
    displaced: float = 0.0

    def __post_init__(self) -> None:
        for name in ("site_share", "near_repeat", "reporting_bias", "effect", "displaced"):
            if not 0 <= getattr(self, name) <= 1 - (name == "near_repeat") * 1e-9:
                raise ParameterError(f"{name} is {getattr(self, name)}: it must lie in 0 to 1")
        if self.site_share and not self.sites:
            raise ParameterError(f"site_share is {self.site_share} but there are no sites")
        if len(self.months) != 12 or len(self.nights) != 7:
            raise ParameterError("months needs 12 factors and nights 7")


_CLUSTERED = BoroughParams(sites=12, site_share=0.6)
PRESETS = {
    "homogeneous": BoroughParams(),
    "clustered": _CLUSTERED,
    "near-repeat": BoroughParams(near_repeat=0.5),
    "seasonal": replace(_CLUSTERED, months=SUMMER_PEAK, nights=WEEKEND_PEAK),
    "reporting-bias": replace(_CLUSTERED, reporting_bias=0.8),
    "intervention": replace(_CLUSTERED, intervention_day=365, effect=0.6, displaced=0.3),
}
"""Boroughs by what is peculiar to them."""


@dataclass(frozen=True, eq=False)
class SyntheticBorough:
    """A borough and its truth.

    Attributes
    ----------
    incidents
        One row an incident, oldest first: ``geometry`` (Point), ``first_reported_at`` (UTC, the
        next day), ``dumped_at`` (UTC, at night), ``site`` (int; -1: none, by chance).
    study_area
        One polygon.
    sites
        The planted hotspots, strongest first: ``geometry`` (Point), ``share`` of all incidents.
    """

    incidents: gpd.GeoDataFrame
    study_area: gpd.GeoDataFrame
    sites: gpd.GeoDataFrame


def synthetic_borough(
    params: BoroughParams = _CLUSTERED,
    *,
    seed: int,
    start: str | pd.Timestamp = "2024-01-01",
    study_area: gpd.GeoDataFrame | None = None,
    sites: gpd.GeoSeries | None = None,
) -> SyntheticBorough:
    """Make a borough. The same seed makes the same one.

    Parameters
    ----------
    params
        How incidents come about; ``PRESETS`` has some.
    seed
        Of NumPy's generator.
    start
        First local day.
    study_area
        Polygons in metres; a square of 6 km by 6 km in EPSG:27700 where None.
    sites
        Points of the planted hotspots, strongest first; drawn at random, 300 m or more apart
        where there is room, where None.

    Examples
    --------
    >>> borough = synthetic_borough(PRESETS["clustered"], seed=1)
    >>> len(borough.sites), bool(len(borough.incidents) > 600)
    (12, True)
    """
    rng = np.random.default_rng(seed)
    if study_area is None:
        study_area = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 6_000, 6_000)], crs=BNG)
    area = area_geometry(study_area, crs=study_area.crs)
    centres = (
        _apart(area, params.sites, rng)
        if sites is None
        else shapely.get_coordinates(sites.to_numpy())
    )
    shares = _zipf(len(centres), params.zipf) * params.site_share
    days = _days(params, pd.Timestamp(start), rng)
    site = rng.choice(np.arange(-1, len(centres)), len(days), p=[1 - shares.sum(), *shares])
    xy = _uniform(area, len(days), rng)
    at_site = site >= 0
    xy[at_site] = centres[site[at_site]] + rng.normal(0, params.spread_m, (at_site.sum(), 2))
    days, xy, site = _with_follow_ups(days, xy, site, params, rng)
    days, xy, site = _with_intervention(days, xy, site, params, rng)
    seen = _is_reported(xy, area, params, rng) & shapely.intersects_xy(area, xy)
    incidents = _incidents(days[seen], xy[seen], site[seen], pd.Timestamp(start), rng)
    return SyntheticBorough(
        incidents.set_crs(study_area.crs),
        study_area,
        gpd.GeoDataFrame({"share": shares}, geometry=shapely.points(centres), crs=study_area.crs),
    )


def _zipf(n: int, exponent: float) -> np.ndarray:
    weights = 1.0 / np.arange(1, n + 1) ** exponent
    return weights / weights.sum() if n else weights


def _uniform(area: shapely.Geometry, n: int, rng: np.random.Generator) -> np.ndarray:
    """Points spread evenly over an area, by throwing away those that miss it."""
    low, high = np.reshape(area.bounds, (2, 2))
    share = area.area / np.prod(high - low)
    points = np.empty((0, 2))
    while len(points) < n:
        candidates = rng.uniform(low, high, (int((n - len(points)) / share * 1.1) + 16, 2))
        points = np.concatenate([points, candidates[shapely.contains_xy(area, candidates)]])
    return points[:n]


def _apart(area: shapely.Geometry, n: int, rng: np.random.Generator) -> np.ndarray:
    room = area.buffer(-100)
    points = _uniform(room if not room.is_empty else area, n, rng)
    for _ in range(200):
        distance = np.linalg.norm(points[:, None] - points[None], axis=2)
        close = (np.triu(distance < 300, 1)).any(axis=0)
        if not close.any():
            break
        points[close] = _uniform(room if not room.is_empty else area, int(close.sum()), rng)
    return points


def _days(params: BoroughParams, start: pd.Timestamp, rng: np.random.Generator) -> np.ndarray:
    """The day of each incident that is no follow-up, in days since the start."""
    calendar = start + pd.to_timedelta(np.arange(params.days), unit="D")
    months = np.array(params.months) / np.mean(params.months)
    nights = np.array(params.nights) / np.mean(params.nights)
    rate = months[calendar.month - 1] * nights[calendar.day_of_week]
    return np.repeat(np.arange(params.days), rng.poisson(rate * params.incidents_per_day))


def _with_follow_ups(
    days: np.ndarray,
    xy: np.ndarray,
    site: np.ndarray,
    params: BoroughParams,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    all_days, all_xy, all_site = [days], [xy], [site]
    while params.near_repeat and len(days):
        parent = np.repeat(np.arange(len(days)), rng.poisson(params.near_repeat, len(days)))
        wait = 1 + np.floor(rng.exponential(params.near_repeat_days, len(parent))).astype(int)
        in_time = days[parent] + wait < params.days
        parent, wait = parent[in_time], wait[in_time]
        days, site = days[parent] + wait, site[parent]
        xy = xy[parent] + rng.normal(0, params.near_repeat_m, (len(parent), 2))
        for gathered, part in ((all_days, days), (all_xy, xy), (all_site, site)):
            gathered.append(part)
    return np.concatenate(all_days), np.concatenate(all_xy), np.concatenate(all_site)


def _with_intervention(
    days: np.ndarray,
    xy: np.ndarray,
    site: np.ndarray,
    params: BoroughParams,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if params.intervention_day is None:
        return days, xy, site
    taken = (site == 0) & (days >= params.intervention_day)
    taken &= rng.random(len(days)) < params.effect
    moved = taken & (rng.random(len(days)) < params.displaced)
    angle = rng.uniform(0, 2 * np.pi, moved.sum())
    distance = rng.uniform(150, 400, moved.sum())
    xy, site = xy.copy(), site.copy()
    xy[moved] += distance[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    site[moved] = -1
    stays = ~taken | moved
    return days[stays], xy[stays], site[stays]


def _is_reported(
    xy: np.ndarray, area: shapely.Geometry, params: BoroughParams, rng: np.random.Generator
) -> np.ndarray:
    west, _, east, _ = area.bounds
    silence = params.reporting_bias * (xy[:, 0] - west) / (east - west)
    kept: np.ndarray = rng.random(len(xy)) >= silence
    return kept


def _incidents(
    days: np.ndarray,
    xy: np.ndarray,
    site: np.ndarray,
    start: pd.Timestamp,
    rng: np.random.Generator,
) -> gpd.GeoDataFrame:
    """Dumped from 20:00 to 03:00, reported by day: 07-10 mostly, else 17-19."""
    n = len(days)
    midnight = start + pd.to_timedelta(days, unit="D")
    dumped = midnight + pd.to_timedelta(rng.triangular(20, 23.5, 27, n) * 3_600, unit="s")
    is_morning = rng.random(n) < 0.7
    hour = np.where(is_morning, rng.uniform(7, 10, n), rng.uniform(17, 19, n))
    late = 24 * rng.geometric(0.85, n)
    reported = midnight + pd.to_timedelta((hour + late) * 3_600, unit="s")
    frame = gpd.GeoDataFrame(
        {"first_reported_at": _utc(reported), "dumped_at": _utc(dumped), "site": site},
        geometry=shapely.points(xy),
    )
    return frame.sort_values(["first_reported_at", "dumped_at"], ignore_index=True)


def _utc(local: pd.DatetimeIndex) -> pd.DatetimeIndex:
    """To UTC by London's clock; the hour that a clock change skips or repeats is settled."""
    zoned = local.floor("s").tz_localize(LONDON, ambiguous=True, nonexistent="shift_forward")
    return zoned.tz_convert("UTC").as_unit("us")
