"""Places where dumping recurs, as it may by chance: busy like their surroundings, no hotspots."""

from bisect import insort
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots.core.executors import Executor, in_parts
from hotspots.detection.chance import Chance
from hotspots.detection.evidence import MONDAY, days_ago
from hotspots.geometry.cell_index import CellIndex
from hotspots.geometry.tiles import ROUNDING, tiles
from hotspots.timing.parties import one_a_party

MOST = 100
"""A list that is read; the places with the most nights come first."""
COLUMNS = (
    "incidents",
    "nights",
    "weeks",
    "observed",
    "expected",
    "radius_m",
    "centre_x",
    "centre_y",
    "last_incident",
    "null",
    "reason",
)


def busy_places(
    window: gpd.GeoDataFrame,
    xy: np.ndarray,
    nights: pd.Series,
    is_flagged: np.ndarray,
    chance: Chance,
    *,
    radius_m: float,
    party_m: float,
    min_nights: int,
    min_weeks: int,
    months: int,
    now: pd.Timestamp,
) -> gpd.GeoDataFrame:
    """Discs about incidents of no hotspot that recurrence alone would flag, most nights first.

    Each incident is counted at one place: the one with the most nights takes its own first.

    Parameters
    ----------
    window
        (n,) incidents with ``first_reported_at``; ``xy`` (n, 2) metres; ``nights`` (n,) of each.
    is_flagged
        (n,) whether an incident lies in a hotspot.
    party_m
        Incidents of one night that lie so near each other are one party's.
    min_nights, min_weeks
        What counts as recurring.

    Returns
    -------
    At most ``MOST`` rows, ``COLUMNS`` and ``geometry``, the middle of its incidents, in their CRS.
    ``observed`` counts its incidents, one a party, as ``expected`` does within ``radius_m``.
    """
    night = nights.to_numpy()
    members = _greedy(xy, night, ~is_flagged, radius_m, min_nights, min_weeks, chance.executor)
    centres = np.array([xy[rows].mean(axis=0) for rows in members]).reshape(-1, 2)
    reported = window["first_reported_at"]
    records = [_record(xy[rows], night[rows], reported.iloc[rows]) for rows in members]
    if records:
        expected = chance.expected(xy[one_a_party(xy, nights, party_m)], centres, radius_m)
        for record, rows, by_chance in zip(records, members, expected, strict=True):
            parties = one_a_party(xy[rows], nights.iloc[rows], party_m)
            record |= {"observed": len(parties), "expected": float(by_chance)}
            record |= {"radius_m": radius_m, "null": chance.name}
            record["reason"] = _reason(record, months=months, now=now)
    return gpd.GeoDataFrame(records, columns=["geometry", *COLUMNS], crs=window.crs)


def _greedy(
    xy: np.ndarray,
    night: np.ndarray,
    is_free: np.ndarray,
    radius_m: float,
    min_nights: int,
    min_weeks: int,
    executor: Executor,
) -> list[np.ndarray]:
    """Rows of the incidents of each place."""
    free = np.flatnonzero(is_free)
    if len(free) < min_nights:
        return []
    # In an order of their own: where two places tie, the rows' order must not decide.
    free = free[np.lexsort((xy[free, 1], xy[free, 0]))]
    at, when = xy[free], night[free]
    counts = _nights_about(at, when, radius_m, executor)
    index = CellIndex(at, radius_m * ROUNDING)
    is_open = np.ones(len(free), dtype=bool)
    places: list[np.ndarray] = []
    held: list[int] = []  # nights of each place, fewest first
    for centre in np.argsort(-counts, kind="stable").tolist():
        # No place that is still to come has more nights than its own disc.
        is_full = len(held) >= MOST and held[-MOST] >= counts[centre]
        if is_full or counts[centre] < min_nights:
            break
        rows = _open_about(index, at[centre], is_open, radius_m) if is_open[centre] else free[:0]
        nights_here = np.unique(when[rows])
        if len(nights_here) >= min_nights and len(_weeks(nights_here)) >= min_weeks:
            is_open[rows] = False
            places.append(free[rows])
            insort(held, len(nights_here))
    places.sort(key=lambda rows: -len(np.unique(night[rows])))
    return places[:MOST]


def _open_about(
    index: CellIndex, centre: np.ndarray, is_open: np.ndarray, radius_m: float
) -> np.ndarray:
    """Rows within a radius that are in no place yet, ascending."""
    near = np.concatenate([row[apart <= radius_m] for _, row, apart in index.about(centre[None])])
    return np.sort(near[is_open[near]])


def _nights_about(
    xy: np.ndarray, night: np.ndarray, radius_m: float, executor: Executor
) -> np.ndarray:
    """(n,) different nights within a radius of points that are sorted by x, then y."""
    # However many lie on one spot, it is looked at once, and so is each of its nights.
    spot = np.cumsum(np.any(np.diff(xy, axis=0, prepend=np.nan) != 0, axis=1)) - 1
    spots = xy[np.flatnonzero(np.diff(spot, prepend=-1))]
    names, day = np.unique(night, return_inverse=True)
    spot_of, day_of = np.divmod(np.unique(spot * len(names) + day), len(names))
    points = spots[spot_of]
    counts = np.empty(len(spots), dtype=np.int64)
    parts = list(tiles(spots, points, radius_m))
    sent = ((spots[t.centres], points[t.points], day_of[t.points], radius_m) for t in parts)
    for tile, tally in zip(parts, in_parts(executor, _days_about, sent), strict=True):
        counts[tile.centres] = tally
    return np.asarray(counts[spot])


def _days_about(
    spots: np.ndarray, points: np.ndarray, day: np.ndarray, radius_m: float
) -> np.ndarray:
    """(s,) different days, which are numbered from 0, within a radius of each spot."""
    days = int(day.max()) + 1
    pairs = CellIndex(points, radius_m * ROUNDING).about(spots)
    seen = [np.unique((row * days + day[at])[apart <= radius_m]) for row, at, apart in pairs]
    return np.bincount(np.unique(np.concatenate(seen)) // days, minlength=len(spots))


def _weeks(night: np.ndarray) -> np.ndarray:
    return np.unique((night - MONDAY) // np.timedelta64(7, "D"))


def _record(xy: np.ndarray, night: np.ndarray, reported: pd.Series) -> dict[str, Any]:
    x, y = xy.mean(axis=0).tolist()
    return {
        "geometry": shapely.Point(x, y),
        "incidents": len(xy),
        "nights": len(np.unique(night)),
        "weeks": len(_weeks(night)),
        "centre_x": x,
        "centre_y": y,
        "last_incident": reported.max(),
    }


def _reason(record: dict[str, Any], *, months: int, now: pd.Timestamp) -> str:
    """Both questions answered: it recurs, and chance may explain it."""
    expected = record["expected"]
    chance = f"{expected:.1f}" if expected >= 0.1 else "fewer than 0.1"
    return (
        f"{record['incidents']} separate incidents on {record['nights']} nights in {months} "
        f"months; of one a party, {record['observed']} where {chance} would be expected, which "
        f"chance may explain; last "
        f"{days_ago(record['last_incident'], now)}"
    )
