"""What speaks for a hotspot: its counts, its nights, what chance would have put there, in words."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from hotspots.core.executors import IN_TURN, Executor, in_parts
from hotspots.core.frames import numbers, true_or_false
from hotspots.geometry.outlines import centre, outline
from hotspots.scan import DiscScan
from hotspots.stats.likelihood_ratios import poisson_llr
from hotspots.stats.rates import poisson_interval

MONDAY = np.datetime64("2019-12-30")
"""Weeks are counted from some Monday."""
CROWDS = 200
"""Whose ground is drawn together, as one part of the work."""


def statistics(
    scan: DiscScan, discs: list[int], q_value: np.ndarray, n_cases: int
) -> dict[str, Any]:
    """What the scan says of a hotspot made of one disc or of several that are joined.

    Discs do not overlap, so that cases add up; the p- and q-values are those of the best disc. The
    ratio's interval is Garwood's, 95 %, as if the place had not been chosen for its count.
    """
    observed, expected = float(scan.observed[discs].sum()), float(scan.expected[discs].sum())
    low, high = _interval(int(observed))
    return {
        "observed": int(observed),
        "expected": expected,
        "rate_ratio": observed / expected,
        "rate_ratio_low": low / expected,
        "rate_ratio_high": high / expected,
        "llr": float(poisson_llr(np.array(observed), np.array(expected), n_cases)),
        "p_value": float(scan.p_value[discs].min()),
        "gumbel_p": float(scan.gumbel_p[discs].min()),
        "q_value": float(q_value[discs].min()),
        "radius_m": float(scan.radius_m[discs].max()),
        "discs": len(discs),
    }


@lru_cache(maxsize=4096)
def _interval(observed: int) -> tuple[float, float]:
    """Hotspots have few different counts, and SciPy takes a millisecond for each."""
    low, high = poisson_interval(observed)
    return float(low), float(high)


def counts(
    window: gpd.GeoDataFrame, nights: pd.Series, groups: list[np.ndarray]
) -> list[dict[str, Any]]:
    """What lies in each hotspot: incidents, reports, nights, weeks, canisters, how many by car.

    ``groups`` are the positions of each one's incidents in the window, and of their nights.
    """
    rows = np.concatenate([np.empty(0, dtype=np.int64), *groups])
    members, night = window.iloc[rows], nights.iloc[rows].to_numpy()
    members_table = {
        "reports": _counted(members, "reports", 1),
        "night": night,
        "week": (night - MONDAY) // np.timedelta64(7, "D"),
        "told": members["first_reported_at"].array,
        "cylinders": _counted(members, "cylinders", 0),
        "from_vehicle": _known(members, "from_vehicle"),
    }
    of = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    table = (
        pd.DataFrame(members_table)
        .groupby(of)
        .agg(
            incidents=("night", "size"),
            reports=("reports", "sum"),
            nights=("night", "nunique"),
            weeks=("week", "nunique"),
            last_incident=("told", "max"),
            cylinders=("cylinders", "sum"),
            vehicle_share=("from_vehicle", "mean"),  # of those of which it is known
        )
    )
    counted_table = table.astype({"reports": int, "cylinders": int})
    records: list[dict[str, Any]] = counted_table.to_dict("records")
    return records


def _counted(members: gpd.GeoDataFrame, name: str, otherwise: int) -> np.ndarray | int:
    """A column of counts; ``otherwise`` where there is no such column, or a count is not known."""
    if name not in members:
        return otherwise
    return np.asarray(numbers(members[name], name=name).fillna(otherwise))


def _known(members: gpd.GeoDataFrame, name: str) -> np.ndarray | float:
    """1 where it is so, 0 where it is not, null where it is not known."""
    if name not in members:
        return np.nan
    known = true_or_false(members[name], name=name)
    return np.asarray(known.to_numpy(dtype=float, na_value=np.nan))


def ground(crowd: np.ndarray, area: BaseGeometry) -> dict[str, Any]:
    """The ground about a crowd (n, 2): ``geometry``, ``centre_x``, ``centre_y``, ``area_m2``."""
    shape = outline(crowd, area)
    x, y = centre(crowd, shape).tolist()
    return {"geometry": shape, "centre_x": x, "centre_y": y, "area_m2": shape.area}


def grounds(
    crowds: list[np.ndarray], area: BaseGeometry, executor: Executor = IN_TURN
) -> Iterator[dict[str, Any]]:
    """The ground about each crowd, some crowds as one part of the work."""
    some = (crowds[first : first + CROWDS] for first in range(0, len(crowds), CROWDS))
    for part in in_parts(executor, _grounds, ((crowd, area) for crowd in some)):
        yield from part


def _grounds(crowds: list[np.ndarray], area: BaseGeometry) -> list[dict[str, Any]]:
    return [ground(crowd, area) for crowd in crowds]


def reason(row: dict[str, Any], *, months: int, now: pd.Timestamp) -> str:
    """The evidence in one sentence, such as an officer would say it."""
    expected = row["expected"]
    chance = f"{expected:.1f}" if expected >= 0.1 else "fewer than 0.1"
    return (
        f"{row['incidents']} separate incidents on {row['nights']} nights in {months} months "
        f"where {chance} would be expected; last "
        f"{days_ago(row['last_incident'], now)}"
    )


def days_ago(then: pd.Timestamp, now: pd.Timestamp) -> str:
    """How long ago something was."""
    days = (now - then).days
    return "in the last day" if days < 1 else f"{days} day{'' if days == 1 else 's'} ago"
