"""What speaks for a hotspot: its counts, its nights, what chance would have put there, in words."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from hotspots.likelihood_ratios import poisson_llr
from hotspots.outlines import centre, outline
from hotspots.scan import DiscScan

MONDAY = pd.Timestamp("2019-12-30")
"""Weeks are counted from some Monday."""


def statistics(
    scan: DiscScan, discs: list[int], q_value: np.ndarray, n_cases: int
) -> dict[str, Any]:
    """What the scan says of a hotspot made of one disc or of several that are joined.

    Discs do not overlap, so that cases add up; the p- and q-values are those of the best disc.
    """
    observed, expected = float(scan.observed[discs].sum()), float(scan.expected[discs].sum())
    return {
        "observed": int(observed),
        "expected": expected,
        "rate_ratio": observed / expected,
        "llr": float(poisson_llr(np.array(observed), np.array(expected), n_cases)),
        "p_value": float(scan.p_value[discs].min()),
        "gumbel_p": float(scan.gumbel_p[discs].min()),
        "q_value": float(q_value[discs].min()),
        "radius_m": float(scan.radius_m[discs].max()),
        "discs": len(discs),
    }


def counts(members: gpd.GeoDataFrame, nights: pd.Series) -> dict[str, Any]:
    """What lies there: incidents, reports, nights, weeks, canisters, and how many by car."""
    return {
        "incidents": len(members),
        "reports": int(members["reports"].sum()) if "reports" in members else len(members),
        "nights": nights.nunique(),
        "weeks": (nights - MONDAY).dt.days.floordiv(7).nunique(),
        "last_incident": members["first_reported_at"].max(),
        "cylinders": _total(members, "cylinders"),
        "vehicle_share": _share(members, "from_vehicle"),
    }


def _total(members: gpd.GeoDataFrame, name: str) -> int:
    return int(members[name].fillna(0).sum()) if name in members else 0


def _share(members: gpd.GeoDataFrame, name: str) -> float:
    """Of those of which it is known; NaN where it is known of none."""
    known = members[name].dropna() if name in members else pd.Series(dtype=object)
    return float(known.astype(bool).mean()) if len(known) else float("nan")


def ground(crowd: np.ndarray, area: BaseGeometry) -> dict[str, Any]:
    """The ground about a crowd (n, 2): ``geometry``, ``centre_x``, ``centre_y``, ``area_m2``."""
    shape = outline(crowd, area)
    x, y = centre(crowd, shape).tolist()
    return {"geometry": shape, "centre_x": x, "centre_y": y, "area_m2": shape.area}


def reason(row: dict[str, Any], *, months: int, now: pd.Timestamp) -> str:
    """The evidence in one sentence, such as an officer would say it."""
    expected = row["expected"]
    chance = f"{expected:.1f}" if expected >= 0.1 else "fewer than 0.1"
    days = (now - row["last_incident"]).days
    ago = "in the last day" if days < 1 else f"{days} day{'' if days == 1 else 's'} ago"
    return (
        f"{row['incidents']} separate dumps on {row['nights']} nights in {months} months "
        f"where {chance} would be expected; last {ago}"
    )
