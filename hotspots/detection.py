"""From incidents to hotspots: places where separate dumps recur more than chance explains."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from hotspots import histories
from hotspots.cell_index import CellIndex
from hotspots.detection_params import DetectionParams
from hotspots.detection_result import DetectionResult
from hotspots.errors import CRSError
from hotspots.evidence import counts, ground, reason, statistics
from hotspots.false_discovery import q_values_of_maxima
from hotspots.frames import area_geometry, aware_utc, check_points
from hotspots.nights import dump_nights
from hotspots.nulls import ExposureNull, Null, UniformNull, exposure_sites
from hotspots.parties import one_a_party
from hotspots.regions import join_discs
from hotspots.row_order import row_order
from hotspots.scan import DiscScan, scan_discs
from hotspots.study_areas import lies_in

__all__ = ["DetectionParams", "DetectionResult", "detect_hotspots"]

COLUMNS = (
    *("incidents", "reports", "nights", "weeks", "observed", "expected", "rate_ratio", "llr"),
    *("p_value", "gumbel_p", "q_value", "null", "radius_m", "discs", "centre_x", "centre_y"),
    *("area_m2", "cylinders", "vehicle_share", "last_incident", "reason"),
    *histories.COLUMNS,
)


def detect_hotspots(
    incidents: gpd.GeoDataFrame,
    study_area: gpd.GeoDataFrame | gpd.GeoSeries,
    params: DetectionParams | None = None,
    *,
    as_of: datetime | pd.Timestamp | str,
    exposure: gpd.GeoDataFrame | None = None,
    exposure_name: str = "length of street",
) -> DetectionResult:
    """Flag the places where separate dumps recur more than chance explains.

    Incidents of one night within the largest radius count once (one party, five piles). The rest
    is scanned with discs against cases that fall by chance; a flag also needs an effect and
    repetition, since to reject a uniform plane alone is easy: people dump on streets.

    Parameters
    ----------
    incidents
        Points in metres; ``first_reported_at`` (aware). Used where present: ``reports``,
        ``first_seen_at``, ``last_clean_at``, ``cylinders``, ``from_vehicle``. Incidents outside
        the study area are left out.
    study_area
        Polygons in the same CRS.
    as_of
        Nothing after this moment is seen.
    exposure
        Lines, polygons or points in the same CRS that cases fall on in proportion to their
        length, area, number or column ``weight``; uniform over the study area where None.
    exposure_name
        What it measures, as results name it.

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
    xy = check_points(incidents)
    now = aware_utc(as_of)
    area = area_geometry(study_area, crs=incidents.crs)
    rows = _window(incidents, xy, area, now, params)
    window = incidents.iloc[rows]
    if len(window) < params.min_incidents:
        note = (
            f"{len(window)} incidents in the {params.months} months to {now:%Y-%m-%d}: too few to "
            f"test (it takes {params.min_incidents})"
        )
        return _result([], window, params, now, study_area, note)
    null = _null(area, params, exposure, exposure_name, incidents.crs)
    found = _hotspots(window, xy[rows], area, null, params, now)
    note = "" if found else f"no place among {len(window)} incidents stands out from chance"
    result = _result(found, window, params, now, study_area, note)
    told = histories.hotspot_histories(result.hotspots, incidents, as_of=now)
    return replace(result, hotspots=result.hotspots.assign(**told))


def _window(
    incidents: gpd.GeoDataFrame,
    xy: np.ndarray,
    area: BaseGeometry,
    now: pd.Timestamp,
    params: DetectionParams,
) -> np.ndarray:
    """Rows of the window inside the area, in an order of their own: they may come in any."""
    first = incidents["first_reported_at"]
    is_recent = (first > now - pd.DateOffset(months=params.months)) & (first <= now)
    rows = np.flatnonzero(is_recent.to_numpy())
    rows = rows[lies_in(area, xy[rows])]
    time = first.astype("int64").to_numpy()[rows]
    return np.asarray(rows[row_order(time, *xy[rows].T)])


def _null(
    area: BaseGeometry,
    params: DetectionParams,
    exposure: gpd.GeoDataFrame | None,
    name: str,
    crs: object,
) -> Null:
    radii = np.sort(np.asarray(params.radii_m, dtype=float))
    if exposure is None:
        return UniformNull(area, radii)
    if exposure.crs != crs:
        raise CRSError("exposure is not in the incidents' CRS: use to_crs on one")
    sites, weights = exposure_sites(exposure)
    return ExposureNull(sites, weights, area, radii, name=f"in proportion to {name}")


def _hotspots(
    window: gpd.GeoDataFrame,
    xy: np.ndarray,
    area: BaseGeometry,
    null: Null,
    params: DetectionParams,
    now: pd.Timestamp,
) -> list[dict[str, Any]]:
    """Evidence of each hotspot, best first, with its ``members`` (rows of the window)."""
    nights = dump_nights(window)
    cases = xy[one_a_party(xy, nights, max(params.radii_m))]
    is_simulated = len(cases) <= params.simulate_up_to or not isinstance(null, UniformNull)
    scan = scan_discs(
        cases,
        null,
        radii_m=np.sort(params.radii_m),
        n_simulations=params.n_simulations if is_simulated else 0,
        min_rate_ratio=params.min_rate_ratio,
        rng=np.random.default_rng(params.seed),
    )
    q_value = q_values_of_maxima(scan.p_value)
    discs = np.flatnonzero(q_value <= params.alpha)
    members = _members(xy, scan, discs)
    rows = []
    regions = join_discs(xy, members, max_width_m=params.max_width_m)
    told = counts(window, nights, [region.rows for region in regions])
    for region, tally in zip(regions, told, strict=True):
        if tally["nights"] < params.min_nights or tally["weeks"] < params.min_weeks:
            continue
        row = tally | statistics(scan, discs[region.discs].tolist(), q_value, len(cases))
        row |= ground(xy[region.crowd], area) | {"members": region.rows, "null": null.name}
        rows.append(row | {"reason": reason(row, months=params.months, now=now)})
    return sorted(rows, key=lambda row: (-row["llr"], row["centre_y"], row["centre_x"]))


def _members(xy: np.ndarray, scan: DiscScan, discs: np.ndarray) -> list[np.ndarray]:
    """Rows of the incidents in each disc, its edge included."""
    if len(discs) == 0:
        return []
    radius = scan.radius_m[discs] + 1e-6
    found = [np.empty((2, 0), dtype=np.int64)]
    for disc, row, apart in CellIndex(xy, float(radius.max())).about(scan.centre[discs]):
        inside = apart <= radius[disc]
        found.append(np.stack([disc[inside], row[inside]]))
    disc, row = np.concatenate(found, axis=1)
    order = np.lexsort((row, disc))
    return np.split(row[order], np.searchsorted(disc[order], np.arange(1, len(discs))))


def _result(
    rows: list[dict[str, Any]],
    window: gpd.GeoDataFrame,
    params: DetectionParams,
    now: pd.Timestamp,
    study_area: gpd.GeoDataFrame | gpd.GeoSeries,
    note: str,
) -> DetectionResult:
    membership = np.full(len(window), -1)
    for rank, row in enumerate(rows):
        membership[row.pop("members")] = rank
    hotspots = gpd.GeoDataFrame(rows, columns=["geometry", *COLUMNS], crs=window.crs)
    counted = window.assign(hotspot=membership)
    return DetectionResult(hotspots, counted, params, now, study_area, note)
