"""Do the 90 % intervals of "expected next month" hold nine months of ten? On months held out.

``python -m tests.benchmarks.interval_coverage [--months 9]`` prints docs/forecast.md's table in
Markdown: at the end of each month hotspots are detected, each is told what to expect in the 30 days
after, and what came is counted.
"""

import argparse
from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots.detection import DetectionParams, detect_hotspots
from hotspots.forecast.intensity import risk_surface
from hotspots.forecast.next_counts import MONTH_DAYS, next_counts
from hotspots.synthetic import PRESETS, BoroughParams, synthetic_borough
from tests.benchmarks.plan_rates import inside

QUICK = DetectionParams(n_simulations=99, simulate_up_to=2_000)
SEEDS = (31, 32, 33)
TIGHT = BoroughParams(incidents_per_day=400 / 365, sites=25, site_share=0.6, spread_m=15)
RICH = BoroughParams(incidents_per_day=1_500 / 365, sites=40, site_share=0.6, spread_m=30)
KINDS = {**PRESETS, "tight sites": TIGHT, "rich": RICH}


def judged(events: gpd.GeoDataFrame, area: gpd.GeoDataFrame, months: int) -> Iterator[pd.DataFrame]:
    """One row a hotspot and month: ``expected``, ``low``, ``high``, ``came``."""
    times = events["first_reported_at"]
    for back in range(months, 0, -1):
        origin = times.max() - pd.Timedelta(days=MONTH_DAYS * back)
        hotspots = detect_hotspots(events, area, QUICK, as_of=origin).hotspots
        if hotspots.empty:
            continue
        shapes = gpd.GeoSeries(hotspots.geometry.to_numpy(), crs=events.crs)
        past = events[times <= origin]
        counts = next_counts(
            past,
            inside(shapes.to_numpy(), past),
            shapes,
            risk_surface(past, area, as_of=origin),
            as_of=origin,
        )
        is_next = (times > origin) & (times <= origin + pd.Timedelta(days=MONTH_DAYS))
        came = inside(shapes.to_numpy(), events[is_next])
        yield counts.assign(came=np.bincount(came[came >= 0], minlength=len(shapes)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--months", type=int, default=9)
    months = parser.parse_args().months
    print("| planted borough | hotspot months | held | below | above | expected / came |")
    print("|---|---|---|---|---|---|")
    for kind, params in KINDS.items():
        rows = []
        for seed in SEEDS:
            borough = synthetic_borough(params, seed=seed)
            rows += judged(borough.incidents, borough.study_area, months)
        if not rows:
            continue
        table = pd.concat(rows)
        below, above = (table["came"] < table["low"]).mean(), (table["came"] > table["high"]).mean()
        ratio = table["expected"].sum() / max(table["came"].sum(), 1)
        print(
            f"| {kind} | {len(table)} | {1 - below - above:.3f} | {below:.3f} | {above:.3f} "
            f"| {ratio:.2f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
