"""One borough's six years, 999 simulated maps included: how long "run now" takes.

``python -m tests.benchmarks.six_years`` prints wall and processor seconds. The borough has
Dartford's 72.7 km² and 3,000 dumps, half of them anywhere and half at forty sites of 15 m spread.
"""

import time

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots import DetectionParams, detect_hotspots

AREA_M2, DUMPS, SITES, SPREAD_M = 72.7e6, 3_000, 40, 15.0
END = pd.Timestamp("2026-11-01", tz="UTC")


def borough() -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Incidents and the study area."""
    rng = np.random.default_rng(3)
    side = AREA_M2**0.5
    sites = rng.uniform(0, side, (SITES, 2))
    chosen = rng.choice(SITES, DUMPS // 2, p=rng.dirichlet(np.full(SITES, 0.6)))
    at_sites = sites[chosen] + rng.normal(0, SPREAD_M, (DUMPS // 2, 2))
    xy = np.vstack([at_sites, rng.uniform(0, side, (DUMPS - DUMPS // 2, 2))]).clip(1, side - 1)
    days = pd.to_timedelta(rng.uniform(0, 6 * 365.25, DUMPS), unit="D")
    points = gpd.points_from_xy(*xy.T)
    incidents = gpd.GeoDataFrame({"first_reported_at": END - days}, geometry=points, crs=27700)
    return incidents, gpd.GeoDataFrame(geometry=[shapely.box(0, 0, side, side)], crs=27700)


def main() -> None:
    incidents, area = borough()
    for months in (72, 12):
        wall, processor = time.perf_counter(), time.process_time()
        result = detect_hotspots(incidents, area, DetectionParams(months=months), as_of=END)
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
        print(
            f"{months} months: {len(result.incidents)} incidents, {len(result.hotspots)} hotspots, "
            f"{wall:.2f} s, {processor:.2f} s of processor"
        )


if __name__ == "__main__":
    main()
