"""Places by street: what recurs within so many metres along the streets, beside the plane's."""

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely.geometry.base import BaseGeometry

from hotspots.core.errors import CRSError, FrameError
from hotspots.core.frames import check_metres
from hotspots.core.words import counted
from hotspots.detection.evidence import counts, days_ago, ground, statistics
from hotspots.routing.street_network import StreetNetwork, street_network
from hotspots.scan.street_ground import SNAP_LIMIT_M, StreetGround, street_ground
from hotspots.scan.street_scan import scan_streets
from hotspots.stats.false_discovery import q_values_of_maxima

COLUMNS = (
    "incidents",
    "reports",
    "nights",
    "weeks",
    "observed",
    "expected",
    "rate_ratio",
    "rate_ratio_low",
    "rate_ratio_high",
    "p_value",
    "q_value",
    "null",
    "radius_m",
    "street_m",
    "centre_x",
    "centre_y",
    "area_m2",
    "last_incident",
    "hotspot",
    "reason",
)
NULL = "its surroundings, by length of street"
MOST_INCIDENTS = 10_000
MOST_STREETS = 300_000
"""Lines in the study area: a county's. More is a country's file, or a drawing."""
MOST_IN_SHORT_BITS = 0.5
"""Share of the streets' length in bits too short to hold a place: lines that nobody joined."""


@dataclass(frozen=True)
class Flag:
    """What makes a place one: the fields of `DetectionParams` of the same names."""

    radii_m: tuple[float, ...]
    alpha: float
    min_rate_ratio: float
    min_nights: int
    min_weeks: int
    months: int


@dataclass(frozen=True, eq=False)
class StreetReading:
    """Places by street, best first (``COLUMNS`` and ``geometry``), and what was left out."""

    sites: gpd.GeoDataFrame
    note: str


def no_sites(crs: object) -> gpd.GeoDataFrame:
    """A frame of places by street without any."""
    return gpd.GeoDataFrame([], columns=["geometry", *COLUMNS], crs=crs)


def read_streets(
    window: gpd.GeoDataFrame,
    xy: np.ndarray,
    nights: pd.Series,
    is_case: np.ndarray,
    area: BaseGeometry,
    streets: gpd.GeoDataFrame,
    flag: Flag,
    *,
    now: pd.Timestamp,
    rng: np.random.Generator,
) -> StreetReading:
    """Which places stand out along the streets.

    Parameters
    ----------
    window
        (n,) incidents with ``first_reported_at`` and ``hotspot``, the row of the plane's hotspot
        or -1; ``xy`` (n, 2) metres; ``nights`` (n,) of each; ``is_case`` (n,) one a party.
    area
        The study area, in which all of them lie.
    streets
        Lines in the same CRS. What lies outside the area is cut off.

    Raises
    ------
    FrameError, CRSError
        They are no lines, lie elsewhere, are too many, or hardly any of them meet.
    """
    network, loose = _network(streets, area, window.crs, 2 * max(flag.radii_m))
    if len(window) > MOST_INCIDENTS:
        crowd = f"not read by street: {len(window)} incidents are more than {MOST_INCIDENTS}"
        return StreetReading(no_sites(window.crs), crowd)
    on_streets = street_ground(network, xy)
    note = "; ".join(part for part in (_far(len(xy), on_streets), loose) if part)
    if not is_case[on_streets.rows].any():
        return StreetReading(no_sites(window.crs), note)
    scan = scan_streets(
        on_streets,
        is_case[on_streets.rows],
        area,
        radii_m=np.sort(np.asarray(flag.radii_m, dtype=float)),
        min_rate_ratio=flag.min_rate_ratio,
        rng=rng,
    )
    q_value = q_values_of_maxima(scan.discs.p_value)
    chosen = np.flatnonzero(q_value <= flag.alpha)
    rows = []
    tallies = counts(window, nights, [scan.members[at] for at in chosen])
    for at, tally in zip(chosen.tolist(), tallies, strict=True):
        if tally["nights"] >= flag.min_nights and tally["weeks"] >= flag.min_weeks:
            row = tally | statistics(scan.discs, [at], q_value, int(is_case.sum()))
            row |= ground(xy[scan.members[at]], area) | {"street_m": float(scan.street_m[at])}
            row |= {"hotspot": _beside(window["hotspot"].to_numpy()[scan.members[at]])}
            rows.append(row | {"null": NULL, "reason": _reason(row, flag.months, now)})
    rows.sort(key=lambda row: (-row["llr"], row["centre_y"], row["centre_x"]))
    sites = gpd.GeoDataFrame(rows, columns=["geometry", *COLUMNS], crs=window.crs)
    return StreetReading(sites, note)


def _beside(hotspot: np.ndarray) -> int:
    """Row of the plane's hotspot that shares the most incidents, the better one of two; or -1."""
    flagged = hotspot[hotspot >= 0]
    return int(np.bincount(flagged).argmax()) if len(flagged) else -1


def _reason(row: dict[str, Any], months: int, now: pd.Timestamp) -> str:
    expected = row["expected"]
    chance = f"{expected:.1f}" if expected >= 0.1 else "fewer than 0.1"
    return (
        f"{row['incidents']} separate incidents on {row['nights']} nights in {months} months along "
        f"{row['street_m']:.0f} m of street where {chance} would be expected; last "
        f"{days_ago(row['last_incident'], now)}"
    )


def _far(n: int, on_streets: StreetGround) -> str:
    far = n - len(on_streets.rows)
    if not far:
        return ""
    lie = "lies" if far == 1 else "lie"
    return f"{far} of {counted(n, 'incident')} {lie} more than {SNAP_LIMIT_M:.0f} m from a street"


def _network(
    streets: gpd.GeoDataFrame, area: BaseGeometry, crs: object, shortest_m: float
) -> tuple[StreetNetwork, str]:
    """The streets of the area, and what of them leads nowhere, in words."""
    if not isinstance(streets, gpd.GeoDataFrame):
        raise FrameError(f"streets must be a GeoDataFrame, not {type(streets).__name__}")
    check_metres(streets, name="streets")
    if streets.crs != crs:
        raise CRSError("streets are not in the incidents' CRS: use to_crs on one")
    network = street_network(_clipped(streets, area))
    share, bits = _short_bits(network, shortest_m)
    if share > MOST_IN_SHORT_BITS:
        raise FrameError(
            f"streets: {share:.0%} of their length lies in {bits} bits of under {shortest_m:.0f} m "
            "that touch nothing else: lines must share their end points, to within a metre"
        )
    loose = (
        f"{share:.0%} of the length of street lies in {counted(bits, 'bit')} that no other meets"
    )
    return network, loose if share >= 0.005 else ""


def _clipped(streets: gpd.GeoDataFrame, area: BaseGeometry) -> gpd.GeoDataFrame:
    """The LineStrings that lie in the area, and the parts in it of those that leave it."""
    lines = streets.geometry[~(streets.geometry.isna() | streets.geometry.is_empty)].explode()
    odd = set(lines.geom_type) - {"LineString", "LinearRing"}
    if odd:
        raise FrameError(f"streets hold a {min(odd)}: give lines, one or more a street")
    shapes = np.asarray(lines)
    shapely.prepare(area)
    touching = shapes[shapely.intersects(area, shapes)]
    if len(touching) == 0:
        raise FrameError(
            f"streets: none of the {counted(len(streets), 'line')} lies in the study area: check "
            "that both are one place"
        )
    if len(touching) > MOST_STREETS:
        raise FrameError(
            f"streets: {len(touching):,} lines in the study area: give {MOST_STREETS:,} or fewer"
        )
    inside = shapely.contains(area, touching)
    parts = shapely.get_parts(shapely.intersection(touching[~inside], area))
    parts = parts[(shapely.get_type_id(parts) == 1) & (shapely.length(parts) > 0)]
    return gpd.GeoDataFrame(geometry=[*touching[inside], *parts], crs=streets.crs)


def _short_bits(network: StreetNetwork, shortest_m: float) -> tuple[float, int]:
    """Share of the length in connected parts that are shorter than so many metres; how many."""
    links = coo_array(
        (np.ones(len(network.ends)), tuple(network.ends.T)), shape=(network.n_nodes,) * 2
    )
    _, bit = connected_components(links, directed=False)
    length = np.bincount(bit[network.ends[:, 0]], network.length_m)
    is_short = (length > 0) & (length < shortest_m)
    return float(length[is_short].sum() / length.sum()), int(is_short.sum())
