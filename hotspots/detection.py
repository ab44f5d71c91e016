"""From incidents to hotspots: places where separate dumps recur more than chance explains."""

from dataclasses import dataclass
from datetime import datetime

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from hotspots.errors import ParameterError
from hotspots.false_discovery import q_values_of_maxima
from hotspots.frames import area_geometry, aware_utc, check_points, coordinates
from hotspots.nights import dump_nights
from hotspots.outlines import centre, outline
from hotspots.scan import DiscScan, scan_discs

NULL_UNIFORM = "uniform over the study area"
COLUMNS = [
    "incidents",
    "reports",
    "nights",
    "weeks",
    "expected",
    "rate_ratio",
    "llr",
    "p_value",
    "q_value",
    "null",
    "radius_m",
    "centre_x",
    "centre_y",
    "area_m2",
    "last_incident",
    "reason",
]


@dataclass(frozen=True)
class DetectionParams:
    """What counts as a hotspot.

    Attributes
    ----------
    months
        Length of the window that ends at ``as_of``, ≥ 1.
    radii_m
        Radii of the discs that are tried, up to 150 m: what a pair of officers can stand in.
    alpha
        Largest q-value (false-discovery rate) of a flag, in (0, 1).
    min_rate_ratio
        Least ratio of observed to expected, ≥ 1.
    min_nights, min_weeks
        Least number of different dump-nights, and of different weeks, that the incidents span.
    min_incidents
        Fewer than this in the window are too few to test, ≥ 5.
    n_simulations
        Simulated maps, ≥ 99.
    seed
        Of the simulations: the same seed gives the same result.
    """

    months: int = 12
    radii_m: tuple[float, ...] = (25.0, 50.0, 75.0, 100.0, 150.0)
    alpha: float = 0.05
    min_rate_ratio: float = 3.0
    min_nights: int = 3
    min_weeks: int = 3
    min_incidents: int = 20
    n_simulations: int = 999
    seed: int = 20190501

    def __post_init__(self) -> None:
        limits = {
            "months": (self.months, 1, 1200),
            "min_rate_ratio": (self.min_rate_ratio, 1, np.inf),
            "min_nights": (self.min_nights, 1, np.inf),
            "min_weeks": (self.min_weeks, 1, np.inf),
            "min_incidents": (self.min_incidents, 5, np.inf),
            "n_simulations": (self.n_simulations, 99, 99_999),
        }
        for name, (value, least, most) in limits.items():
            if not least <= value <= most:
                raise ParameterError(f"{name} is {value}: it must be from {least} to {most}")
        if not 0 < self.alpha < 1:
            raise ParameterError(f"alpha is {self.alpha}: it must be between 0 and 1")
        if not self.radii_m or min(self.radii_m) <= 0 or max(self.radii_m) > 150:
            raise ParameterError(f"radii_m is {self.radii_m}: give radii above 0 and up to 150")


@dataclass(frozen=True, eq=False)
class DetectionResult:
    """What a detection found.

    Attributes
    ----------
    hotspots
        One row a hotspot, best first, outlines in the incidents' CRS: ``incidents``, ``reports``,
        ``nights``, ``weeks``, ``expected`` (cases that chance would put into the disc),
        ``rate_ratio``, ``llr``, ``p_value``, ``q_value``, ``null``, ``radius_m``, ``centre_x``,
        ``centre_y``, ``area_m2``, ``last_incident`` and ``reason``.
    incidents
        The incidents of the window with ``hotspot``: the row of ``hotspots`` they belong to, or
        -1.
    params, as_of
        What was asked.
    note
        Why there is nothing, where there is nothing; else empty.
    """

    hotspots: gpd.GeoDataFrame
    incidents: gpd.GeoDataFrame
    params: DetectionParams
    as_of: pd.Timestamp
    note: str = ""

    def summary(self) -> str:
        """One sentence."""
        if self.note:
            return self.note
        return (
            f"{len(self.hotspots)} hotspots among {len(self.incidents)} incidents in the "
            f"{self.params.months} months to {self.as_of:%Y-%m-%d}"
        )


def detect_hotspots(
    incidents: gpd.GeoDataFrame,
    study_area: gpd.GeoDataFrame | gpd.GeoSeries,
    params: DetectionParams | None = None,
    *,
    as_of: datetime | pd.Timestamp | str,
) -> DetectionResult:
    """Flag the places where separate dumps recur more than chance explains.

    Incidents of one night within the largest radius count once (one party, five piles). The rest
    is scanned with discs against cases thrown uniformly over the study area; a flag also needs
    an effect and repetition, since to reject a uniform plane alone is easy: people dump on
    streets.

    Parameters
    ----------
    incidents
        Points in metres; ``first_reported_at`` (aware). Used where present: ``reports``,
        ``first_seen_at``, ``last_clean_at``. Incidents outside the study area are left out.
    study_area
        Polygons in the same CRS.
    as_of
        Nothing after this moment is seen.

    Raises
    ------
    FrameError, CRSError, ParameterError
        What was given cannot be read as the above. Too few incidents are no error: see ``note``.

    Examples
    --------
    >>> import geopandas as gpd, numpy as np, pandas as pd, shapely
    >>> rng = np.random.default_rng(1)
    >>> xy = np.vstack([rng.uniform(0, 5000, (60, 2)), rng.normal(1000, 3, (12, 2))])
    >>> days = pd.date_range("2026-01-01", periods=72, freq="3D", tz="UTC")
    >>> incidents = gpd.GeoDataFrame(
    ...     {"first_reported_at": days}, geometry=gpd.points_from_xy(*xy.T), crs=27700)
    >>> borough = gpd.GeoSeries([shapely.box(0, 0, 5000, 5000)], crs=27700)
    >>> result = detect_hotspots(incidents, borough, as_of="2026-08-10T00:00Z")
    >>> int(result.hotspots["incidents"].iloc[0])
    12
    """
    params = params or DetectionParams()
    check_points(incidents)
    now = aware_utc(as_of)
    area = area_geometry(study_area, crs=incidents.crs)
    window = _window(incidents, area, now, params)
    if len(window) < params.min_incidents:
        note = (
            f"{len(window)} incidents in the {params.months} months to {now:%Y-%m-%d}: too few to "
            f"test (it takes {params.min_incidents})"
        )
        return _result([], window, params, now, note)
    xy, nights = coordinates(window), dump_nights(window)
    cases = xy[_one_a_party(xy, nights, max(params.radii_m))]
    rng = np.random.default_rng(params.seed)
    scan = scan_discs(
        cases, area, radii_m=params.radii_m, n_simulations=params.n_simulations, rng=rng
    )
    rows = _flagged(scan, cases, window, nights, area, params, now)
    note = "" if rows else f"no place among {len(window)} incidents stands out from chance"
    return _result(rows, window, params, now, note)


def _window(
    incidents: gpd.GeoDataFrame, area: BaseGeometry, now: pd.Timestamp, params: DetectionParams
) -> gpd.GeoDataFrame:
    """Incidents of the window inside the area, in an order of their own: rows may come in any."""
    first = incidents["first_reported_at"]
    recent = incidents[(first > now - pd.DateOffset(months=params.months)) & (first <= now)]
    inside = recent[recent.geometry.intersects(area)]
    x, y = coordinates(inside).T if len(inside) else (np.array([]), np.array([]))
    when = inside["first_reported_at"].to_numpy()
    return inside.iloc[np.lexsort((y, x, when))]


def _one_a_party(xy: np.ndarray, nights: pd.Series, radius_m: float) -> np.ndarray:
    """Row of the first incident of each night's groups; a group reaches from pile to pile."""
    night = nights.to_numpy().astype("datetime64[D]").astype(np.int64)
    # A night apart is further than any radius, so that one tree answers for every night.
    raised = np.column_stack([xy - xy.min(axis=0), (night - night.min()) * radius_m * 2])
    pairs = cKDTree(raised).query_pairs(radius_m, output_type="ndarray")
    links = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(xy),) * 2)
    _, group = connected_components(links, directed=False)
    first: np.ndarray = np.unique(group, return_index=True)[1]
    return first


def _flagged(
    scan: DiscScan,
    cases: np.ndarray,
    window: gpd.GeoDataFrame,
    nights: pd.Series,
    area: BaseGeometry,
    params: DetectionParams,
    now: pd.Timestamp,
) -> list[dict[str, object]]:
    q_value = q_values_of_maxima(scan.p_value)
    xy = coordinates(window)
    tree = cKDTree(xy)
    rows: list[dict[str, object]] = []
    for i in np.flatnonzero(q_value <= params.alpha):
        reach = scan.radius_m[i] + 1e-6
        members = np.sort(tree.query_ball_point(cases[scan.centre[i]], reach))
        row = _evidence(window.iloc[members], nights.iloc[members])
        row |= {
            "expected": float(scan.expected[i]),
            "rate_ratio": float(scan.observed[i] / scan.expected[i]),
            "llr": float(scan.llr[i]),
            "p_value": float(scan.p_value[i]),
            "q_value": float(q_value[i]),
            "null": NULL_UNIFORM,
            "radius_m": float(scan.radius_m[i]),
        }
        if not _recurs(row, params):
            continue
        shape = outline(xy[members], area)
        row["centre_x"], row["centre_y"] = centre(xy[members], shape).tolist()
        row |= {"geometry": shape, "area_m2": shape.area, "members": members}
        row["reason"] = _reason(row, params, now)
        rows.append(row)
    return rows


def _recurs(row: dict[str, object], params: DetectionParams) -> bool:
    return bool(
        row["rate_ratio"] >= params.min_rate_ratio  # type: ignore[operator]
        and row["nights"] >= params.min_nights  # type: ignore[operator]
        and row["weeks"] >= params.min_weeks  # type: ignore[operator]
    )


def _evidence(members: gpd.GeoDataFrame, nights: pd.Series) -> dict[str, object]:
    return {
        "incidents": len(members),
        "reports": int(members["reports"].sum()) if "reports" in members else len(members),
        "nights": nights.nunique(),
        "weeks": nights.dt.to_period("W").nunique(),
        "last_incident": members["first_reported_at"].max(),
    }


def _reason(row: dict[str, object], params: DetectionParams, now: pd.Timestamp) -> str:
    """The evidence in one sentence, such as an officer would say it."""
    expected = float(row["expected"])  # type: ignore[arg-type]
    chance = f"{expected:.1f}" if expected >= 0.1 else "fewer than 0.1"
    days = (now - row["last_incident"]).days
    ago = "in the last day" if days < 1 else f"{days} day{'' if days == 1 else 's'} ago"
    return (
        f"{row['incidents']} separate dumps on {row['nights']} nights in {params.months} months "
        f"where {chance} would be expected; last {ago}"
    )


def _result(
    rows: list[dict[str, object]],
    window: gpd.GeoDataFrame,
    params: DetectionParams,
    now: pd.Timestamp,
    note: str,
) -> DetectionResult:
    membership = np.full(len(window), -1)
    for rank, row in enumerate(rows):
        membership[np.asarray(row.pop("members"))] = rank
    hotspots = gpd.GeoDataFrame(rows, columns=["geometry", *COLUMNS], crs=window.crs)
    return DetectionResult(hotspots, window.assign(hotspot=membership), params, now, note)
