"""What people say about synthetic incidents, and what a crew does about them (DOMAIN.md, 8)."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

REPORTS_EACH = 1.3
SIZES = ("up_to_10", "11_to_50", "51_to_100", "over_100")
SIZE_SHARES = (0.40, 0.35, 0.20, 0.05)
SIZE_BOUNDS = ((1, 11), (11, 51), (51, 101), (101, 400))
LARGE_CYLINDER_SHARE = {2019: 0.01, 2020: 0.05, 2021: 0.12, 2022: 0.25, 2023: 0.40, 2024: 0.55}
LATER_LARGE_CYLINDER_SHARE = 0.65
CLEARANCE_MEDIAN_H, CLEARANCE_P90_H = 22.0, 46.0
OUTCOMES = ("cleared", "not_found", "not_our_land")
OUTCOME_SHARES = (0.86, 0.06, 0.08)
STANDARD_NORMAL_P90 = 1.2815515655446004


def synthetic_reports(
    incidents: gpd.GeoDataFrame, *, seed: int
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Reports of synthetic incidents, and the clearances that answer them.

    Parameters
    ----------
    incidents
        Of a ``SyntheticBorough``.
    seed
        Of NumPy's generator.

    Returns
    -------
    reports : GeoDataFrame
        Oldest first: ``geometry`` (within some 6 m of the incident), ``reported_at`` (UTC),
        ``incident`` (row of ``incidents``), ``chargers``, ``cylinders``, ``size`` (a band),
        ``from_vehicle``, ``first_seen_at``, ``last_clean_at`` (UTC).
    clearances : DataFrame
        One row an incident: ``incident``, ``cleared_at`` (UTC), ``outcome``. Those that lie in
        the future of a caller's "now" are for the caller to leave out.

    Examples
    --------
    >>> from hotspots.synthetic import synthetic_borough
    >>> incidents = synthetic_borough(seed=1).incidents
    >>> reports, clearances = synthetic_reports(incidents, seed=1)
    >>> len(clearances) == len(incidents) <= len(reports)
    True
    """
    rng = np.random.default_rng(seed)
    wait = pd.to_timedelta(_clearance_hours(len(incidents), rng) * 3600, unit="s").floor("s")
    cleared_at = pd.DatetimeIndex(incidents["first_reported_at"]) + wait
    clearances = pd.DataFrame(
        {
            "incident": np.arange(len(incidents)),
            "cleared_at": cleared_at,
            "outcome": rng.choice(OUTCOMES, len(incidents), p=OUTCOME_SHARES),
        }
    )
    return _reports(incidents, wait, rng), clearances


def _clearance_hours(n: int, rng: np.random.Generator) -> np.ndarray:
    sigma = np.log(CLEARANCE_P90_H / CLEARANCE_MEDIAN_H) / STANDARD_NORMAL_P90
    hours: np.ndarray = rng.lognormal(np.log(CLEARANCE_MEDIAN_H), sigma, n)
    return hours


def _reports(
    incidents: gpd.GeoDataFrame, wait: pd.TimedeltaIndex, rng: np.random.Generator
) -> gpd.GeoDataFrame:
    chargers, cylinders, size = _sizes(pd.DatetimeIndex(incidents["dumped_at"]), rng)
    from_vehicle = rng.random(len(incidents)) < 0.55
    more = rng.poisson(REPORTS_EACH - 1, len(incidents))
    incident = np.repeat(np.arange(len(incidents)), 1 + more)
    is_first = np.r_[True, np.diff(incident) > 0] if len(incident) else np.empty(0, dtype=bool)
    # Further reports come while the pile still lies there.
    share = np.where(is_first, 0.0, rng.uniform(0.05, 0.9, len(incident)))
    reported = pd.DatetimeIndex(incidents["first_reported_at"])[incident]
    reported += pd.to_timedelta(wait[incident].total_seconds() * share, unit="s").floor("s")
    dumped = pd.DatetimeIndex(incidents["dumped_at"])[incident]
    xy = shapely.get_coordinates(incidents.geometry.to_numpy())[incident]
    reports = gpd.GeoDataFrame(
        {
            "reported_at": reported,
            "incident": incident,
            "chargers": chargers[incident],
            "cylinders": cylinders[incident],
            "size": size[incident],
            "from_vehicle": from_vehicle[incident],
            "first_seen_at": reported
            - pd.to_timedelta(rng.integers(0, 90, len(incident)), unit="min"),
            "last_clean_at": dumped - pd.to_timedelta(rng.integers(1, 10, len(incident)), unit="h"),
        },
        geometry=shapely.points(xy + rng.normal(0, 3, xy.shape)),
        crs=incidents.crs,
    )
    return reports.sort_values(["reported_at", "incident"], ignore_index=True)


def _sizes(
    dumped: pd.DatetimeIndex, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    band = rng.choice(len(SIZES), len(dumped), p=SIZE_SHARES)
    bounds = np.array(SIZE_BOUNDS)[band]
    chargers = rng.integers(bounds[:, 0], bounds[:, 1])
    share = [LARGE_CYLINDER_SHARE.get(year, LATER_LARGE_CYLINDER_SHARE) for year in dumped.year]
    has_large = rng.random(len(dumped)) < np.array(share)
    cylinders = np.where(has_large, rng.integers(1, 7, len(dumped)), 0)
    return chargers, cylinders, np.array(SIZES, dtype=object)[band]
