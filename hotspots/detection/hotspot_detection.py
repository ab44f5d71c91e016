"""From incidents to hotspots: places where separate incidents recur more than chance explains."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from hotspots.core.executors import IN_TURN, Executor
from hotspots.core.frames import area_geometry, aware_utc, check_points, numbers
from hotspots.core.row_order import row_order
from hotspots.core.study_areas import lies_in
from hotspots.detection import histories
from hotspots.detection.busy_places import busy_places
from hotspots.detection.chance import Chance, sites_inside
from hotspots.detection.detection_params import DetectionParams
from hotspots.detection.detection_result import DetectionResult, result_of
from hotspots.detection.evidence import counts, grounds, reason, statistics
from hotspots.detection.regions import join_discs
from hotspots.geometry.cell_index import CellIndex
from hotspots.scan import DiscScan
from hotspots.stats.false_discovery import q_values_of_maxima
from hotspots.timing.nights import dump_nights
from hotspots.timing.parties import one_a_party

MOST_WITHOUT_EXPOSURE = 0.05
"""Share of the incidents that may lie far from all exposure before a result says so."""


def detect_hotspots(
    incidents: gpd.GeoDataFrame,
    study_area: gpd.GeoDataFrame | gpd.GeoSeries,
    params: DetectionParams | None = None,
    *,
    as_of: datetime | pd.Timestamp | str,
    exposure: gpd.GeoDataFrame | None = None,
    exposure_name: str = "length of street",
    streets: gpd.GeoDataFrame | None = None,
    executor: Executor = IN_TURN,
) -> DetectionResult:
    """Flag the places where separate incidents recur more than chance explains.

    Incidents of one night within the largest radius count once (one party, five piles). The rest
    is scanned with discs, each against what its surroundings lead one to expect; a flag also needs
    an effect and repetition.

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
        length, area, number or column ``weight``; every square metre alike where None. What lies
        outside the study area counts for nothing.
    exposure_name
        What it measures, as results name it. Where many incidents lie far from all of it, the
        result's note says so: it covers a part, or is of another place.
    streets
        Lines in the same CRS: places are also read along them, beside those of the plane, so that
        none leaps a river or a railway (`DetectionResult.with_streets`).
    executor
        Does the parts: tiles, simulated maps, outlines (`hotspots.core.executors`). The result is
        the same to the last bit.

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
    for name in {"reports", "cylinders"} & set(incidents.columns):
        numbers(incidents[name], name=name)
    now = aware_utc(as_of)
    area = area_geometry(study_area, crs=incidents.crs)
    rows = _window(incidents, xy, area, now, params)
    window = incidents.iloc[rows]
    if len(window) < params.min_incidents:
        note = (
            f"{len(window)} incidents in {params.months} months are too few to test "
            f"(it takes {params.min_incidents})" + _left_out(incidents, window, params, now)
        )
        nothing = result_of([], window, params, now, study_area, note)
        return nothing if streets is None else nothing.with_streets(streets)
    sites = sites_inside(exposure, area, incidents.crs)
    chance = Chance(area, params, sites, exposure_name, executor)
    flagged = _hotspots(window, xy[rows], area, chance, params, now)
    note = "" if flagged else f"no place among {len(window)} incidents stands out from chance"
    note = "; ".join(part for part in (note, _far_from(chance, xy[rows])) if part)
    result = result_of(flagged, window, params, now, study_area, note)
    result = replace(result, busy=_busy(result, xy[rows], chance))
    histories_of_hotspots = histories.hotspot_histories(result.hotspots, incidents, as_of=now)
    result = replace(result, hotspots=result.hotspots.assign(**histories_of_hotspots))
    return result if streets is None else result.with_streets(streets)


def _window(
    incidents: gpd.GeoDataFrame,
    xy: np.ndarray,
    area: BaseGeometry,
    now: pd.Timestamp,
    params: DetectionParams,
) -> np.ndarray:
    """Rows of the window inside the area, in an order of their own: they may come in any."""
    rows = np.flatnonzero(_is_recent(incidents, params, now))
    rows = rows[lies_in(area, xy[rows])]
    time = incidents["first_reported_at"].astype("int64").to_numpy()[rows]
    return np.asarray(rows[row_order(time, *xy[rows].T)])


def _is_recent(
    incidents: gpd.GeoDataFrame, params: DetectionParams, now: pd.Timestamp
) -> np.ndarray:
    first = incidents["first_reported_at"]
    is_recent = (first > now - pd.DateOffset(months=params.months)) & (first <= now)
    return np.asarray(is_recent, dtype=bool)


def _left_out(
    incidents: gpd.GeoDataFrame,
    window: gpd.GeoDataFrame,
    params: DetectionParams,
    now: pd.Timestamp,
) -> str:
    """How many lie outside the study area, where that is why there are too few."""
    outside = int(_is_recent(incidents, params, now).sum()) - len(window)
    if not outside:
        return ""
    return f"; {outside} more of them lie outside the study area, and are not counted"


def _far_from(chance: Chance, xy: np.ndarray) -> str:
    """How many incidents lie where there is no exposure, where that is more than a few."""
    far = int(_is_far(chance, xy).sum())
    if far <= MOST_WITHOUT_EXPOSURE * len(xy):
        return ""
    return (
        f"{far} of {len(xy)} incidents have no {chance.exposure_name} within "
        f"{max(chance.params.radii_m):.0f} m: no place there was tested, so give all that dumping "
        "may follow, or none"
    )


def _is_far(chance: Chance, xy: np.ndarray) -> np.ndarray:
    """(n,) whether no exposure lies in reach of a point: nothing is known to hold it against."""
    if chance.exposure is None or len(xy) == 0:
        return np.zeros(len(xy), dtype=bool)
    is_held = chance.exposure.weights > 0
    distance, _ = cKDTree(chance.exposure.sites[is_held]).query(xy)
    return np.asarray(distance > max(chance.params.radii_m))


def _hotspots(
    window: gpd.GeoDataFrame,
    xy: np.ndarray,
    area: BaseGeometry,
    chance: Chance,
    params: DetectionParams,
    now: pd.Timestamp,
) -> list[dict[str, Any]]:
    """Evidence of each hotspot, best first, with its ``members`` (rows of the window)."""
    nights = dump_nights(window)
    cases = xy[one_a_party(xy, nights, max(params.radii_m), chance.executor)]
    scan = chance.scan(cases)
    q_value = q_values_of_maxima(scan.p_value)
    discs = np.flatnonzero((q_value <= params.alpha) & ~_is_far(chance, scan.centre))
    members = _members(xy, scan, discs)
    regions = join_discs(xy, members, max_width_m=params.max_width_m)
    member_counts = counts(window, nights, [region.rows for region in regions])
    recurring = [
        (region, tally)
        for region, tally in zip(regions, member_counts, strict=True)
        if tally["nights"] >= params.min_nights and tally["weeks"] >= params.min_weeks
    ]
    crowds = [xy[region.crowd] for region, _ in recurring]
    rows = []
    for (region, tally), own in zip(recurring, grounds(crowds, area, chance.executor), strict=True):
        row = tally | statistics(scan, discs[region.discs].tolist(), q_value, len(cases))
        row |= own | {"members": region.rows, "null": chance.name}
        rows.append(row | {"reason": reason(row, months=params.months, now=now)})
    return sorted(rows, key=lambda row: (-row["llr"], row["centre_y"], row["centre_x"]))


def _busy(result: DetectionResult, xy: np.ndarray, chance: Chance) -> gpd.GeoDataFrame:
    params, window = result.params, result.incidents
    nights, radii = dump_nights(window), np.sort(params.radii_m)
    return busy_places(
        window,
        xy,
        nights,
        (window["hotspot"] >= 0).to_numpy(),
        chance,
        radius_m=float(radii[len(radii) // 2]),
        party_m=float(radii[-1]),
        min_nights=params.min_nights,
        min_weeks=params.min_weeks,
        months=params.months,
        now=result.as_of,
    )


def _members(xy: np.ndarray, scan: DiscScan, discs: np.ndarray) -> list[np.ndarray]:
    """Rows of the incidents in each disc, its edge included."""
    if len(discs) == 0:
        return []
    radius = scan.radius_m[discs] + 1e-6
    pairs = [np.empty((2, 0), dtype=np.int64)]
    for disc, row, apart in CellIndex(xy, float(radius.max())).about(scan.centre[discs]):
        inside = apart <= radius[disc]
        pairs.append(np.stack([disc[inside], row[inside]]))
    disc, row = np.concatenate(pairs, axis=1)
    order = np.lexsort((row, disc))
    return np.split(row[order], np.searchsorted(disc[order], np.arange(1, len(discs))))
