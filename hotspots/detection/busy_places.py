"""Places where dumping recurs, as it may by chance: busy like their surroundings, no hotspots."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots.detection.chance import Chance
from hotspots.detection.evidence import MONDAY, days_ago
from hotspots.geometry.cell_index import CellIndex
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
    members = _greedy(xy, night, ~is_flagged, radius_m, min_nights, min_weeks)
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
) -> list[np.ndarray]:
    """Rows of the incidents of each place."""
    free = np.flatnonzero(is_free)
    if len(free) < min_nights:
        return []
    # In an order of their own: where two places tie, the rows' order must not decide.
    free = free[np.lexsort((xy[free, 1], xy[free, 0]))]
    near = _neighbours(xy[free], radius_m)
    counts = np.array([len(np.unique(night[free[rows]])) for rows in near])
    is_open = np.ones(len(free), dtype=bool)
    places: list[np.ndarray] = []
    for centre in np.argsort(-counts, kind="stable").tolist():
        rows = near[centre][is_open[near[centre]]]
        nights_here = np.unique(night[free[rows]])
        if not is_open[centre] or len(nights_here) < min_nights:
            continue
        if len(_weeks(nights_here)) >= min_weeks:
            is_open[rows] = False
            places.append(free[rows])
    places.sort(key=lambda rows: -len(np.unique(night[rows])))
    return places[:MOST]


def _neighbours(xy: np.ndarray, radius_m: float) -> list[np.ndarray]:
    """Of each point the rows within a radius, its own among them."""
    pairs = [np.stack(pair[:2]) for pair in CellIndex(xy, radius_m).about(xy)]
    row, other = np.concatenate(pairs, axis=1)
    order = np.lexsort((other, row))
    return np.split(other[order], np.searchsorted(row[order], np.arange(1, len(xy))))


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
