"""How often an alert is false, and how many dumps a new place takes until it is flagged.

``python -m tests.benchmarks.alerts [--years 10]`` prints in Markdown

- false alerts: boroughs in which nothing begins and nothing ends are looked at every night of so
  many years, as the nightly run does. An alert is new where no spike was on its ground in the four
  weeks before. By p-value up to which a spike is told of: new alerts in a borough and year.
- delay: a place where nothing was begins to be dumped at. After how many dumps the spike, and the
  hotspot, first stand there; the morning after each dump is looked at.
"""

import argparse
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots import DetectionParams, SpikeParams, detect_hotspots, scan_spikes
from hotspots.scan.spikes import P_VALUES_A_YEAR

BEGINS = pd.Timestamp("2025-01-01T12:00Z")
DAY = pd.Timedelta(days=1)
SIDE_M = 8_000
SITES = 20
AT_ONCE = SpikeParams().longest_weeks * 7
LIMITS = (0.05, 0.02, 0.01, 0.005)
EVERYTHING = SpikeParams(n_simulations=199, false_alerts_a_year=18)
AREA = gpd.GeoSeries([shapely.box(0, 0, SIDE_M, SIDE_M)], crs=27700)


def borough(rng: np.random.Generator, per_year: int, years: float) -> gpd.GeoDataFrame:
    """Half at twenty sites that are always busy, half anywhere; no day unlike another."""
    n = rng.poisson(per_year * years)
    sites = rng.uniform(0, SIDE_M, (SITES, 2))
    at_site = sites[rng.integers(0, SITES, n)] + rng.normal(0, 10, (n, 2))
    xy = np.where(rng.random((n, 1)) < 0.5, at_site, rng.uniform(0, SIDE_M, (n, 2)))
    return frame(np.clip(xy, 0, SIDE_M), rng.uniform(0, 365 * years, n))


def frame(xy: np.ndarray, days: np.ndarray) -> gpd.GeoDataFrame:
    reported_at = BEGINS + pd.to_timedelta(np.sort(days), unit="D").floor("s")
    return gpd.GeoDataFrame(
        {"first_reported_at": reported_at}, geometry=gpd.points_from_xy(*xy.T), crs=27700
    )


Spike = tuple[float, float, float, float]
"""x, y, radius and p-value."""


def spikes_at(rows: gpd.GeoDataFrame, day: float) -> list[Spike]:
    spikes = scan_spikes(rows, EVERYTHING, as_of=BEGINS + day * DAY)
    at = shapely.get_coordinates(spikes.geometry.to_numpy())
    return list(zip(*at.T.tolist(), spikes["radius_m"], spikes["p_value"], strict=True))


def new_alerts(nights: Sequence[list[Spike]], limit: float) -> int:
    """Spikes on ground where none was in the four weeks before, as mails are sent."""
    last_seen: list[tuple[int, Spike]] = []
    new = 0
    for night, spikes in enumerate(nights):
        last_seen = [one for one in last_seen if night - one[0] <= AT_ONCE]
        now = [spike for spike in spikes if spike[3] <= limit]
        new += sum(not any(_touch(spike, other) for _, other in last_seen) for spike in now)
        last_seen += [(night, spike) for spike in now]
    return new


def _touch(one: Spike, other: Spike) -> bool:
    reach = sum(max(spike[2], EVERYTHING.party_radius_m) for spike in (one, other))
    return bool(np.hypot(one[0] - other[0], one[1] - other[1]) <= reach)


def false_alert_table(years: int) -> None:
    print("| incidents a year | p up to | nights told | new alerts a borough-year | stated |")
    print("|---|---|---|---|---|")
    for per_year in (100, 400):
        looked = []
        for seed in range(years):
            rows = borough(np.random.default_rng(seed), per_year, 2)
            looked.append([spikes_at(rows, 366 + night) for night in range(365)])
        for limit in LIMITS:
            new = [new_alerts(nights, limit) for nights in looked]
            nightly = np.mean(
                [[any(s[3] <= limit for s in n) for n in nights] for nights in looked]
            )
            print(
                f"| {per_year} | {limit} | {nightly:.4f} | {np.mean(new):.2f} ± "
                f"{np.sqrt(max(np.sum(new), 1)) / years:.2f} | {limit * P_VALUES_A_YEAR:.2f} |",
                flush=True,
            )


def delay_table(repeats: int) -> None:
    print("\n| a new place is dumped at | spike: dumps until told | hotspot: dumps until flagged |")
    print("|---|---|---|")
    for words, gap in (("twice a week", 3.5), ("once a week", 7), ("once in two weeks", 14)):
        spike, hotspot = zip(*(_delays(seed, gap) for seed in range(repeats)), strict=True)
        print(f"| {words} | {_middle(spike)} | {_middle(hotspot)} |", flush=True)


def _delays(seed: int, gap_days: float, most: int = 15) -> tuple[float, float]:
    """Dumps until each stands there; infinite where 15 were not enough."""
    rng = np.random.default_rng(1000 + seed)
    rows, place = borough(rng, 400, 2), rng.uniform(1000, SIDE_M - 1000, 2)
    days = 400 + np.cumsum(rng.gamma(4, gap_days / 4, most))
    rows = pd.concat([rows, frame(place + rng.normal(0, 8, (most, 2)), days)], ignore_index=True)
    spike = hotspot = np.inf
    for dumps, day in enumerate(days, start=1):
        as_of = BEGINS + (day + 0.5) * DAY
        if spike > most and dumps > 2:
            spikes = scan_spikes(rows, SpikeParams(n_simulations=399), as_of=as_of)
            spike = dumps if (spikes.distance(shapely.Point(place)) < 200).any() else spike
        if hotspot > most and dumps > 2:
            flagged = detect_hotspots(rows, AREA, DetectionParams(), as_of=as_of).hotspots
            is_there = (flagged.distance(shapely.Point(place)) < 200).any()
            hotspot = dumps if is_there else hotspot
    return spike, hotspot


def _middle(dumps: Sequence[float]) -> str:
    low, middle, high = np.sort(dumps)[[len(dumps) // 10, len(dumps) // 2, -1 - len(dumps) // 10]]
    words = ["more than 15" if np.isinf(n) else f"{n:.0f}" for n in (low, middle, high)]
    return f"{words[1]} ({words[0]} to {words[2]})"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--repeats", type=int, default=20)
    arguments = parser.parse_args()
    false_alert_table(arguments.years)
    delay_table(arguments.repeats)
