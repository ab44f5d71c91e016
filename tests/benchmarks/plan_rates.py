"""How many dumps to expect at a hotspot in the next month: ways to say it, judged by what came.

    python tests/benchmarks/plan_rates.py [--data ../shared/data] [--months 12]

At the end of each month hotspots are detected and each way forecasts the dumps inside every outline
in the month after. Printed: the mean Poisson log-likelihood of what came, per hotspot and month,
and the ratio of what was forecast to what came.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.stats import poisson

from hotspots.detection import DetectionParams, detect_hotspots
from hotspots.forecast.incident_rates import incident_rates
from hotspots.forecast.intensity import SurfaceParams, risk_surface
from hotspots.forecast.outline_rates import outline_rates, over_outlines
from hotspots.synthetic import PRESETS, synthetic_borough

DAY = pd.Timedelta(days=1)
LEAST_PER_DAY = 1e-4
CELLS_M = (100.0, 50.0, 25.0)
QUICK = DetectionParams(n_simulations=99, simulate_up_to=2_000)


def inside(outlines: np.ndarray, events: gpd.GeoDataFrame) -> np.ndarray:
    """(n,) number of the outline that each event lies in, -1 for none."""
    tree = shapely.STRtree(outlines)
    event, outline = tree.query(events.geometry.to_numpy(), predicate="intersects")
    label = np.full(len(events), -1)
    label[event] = outline
    return label


def forecasts(
    events: gpd.GeoDataFrame, area: gpd.GeoSeries, outlines: np.ndarray, origin: pd.Timestamp
) -> dict[str, np.ndarray]:
    """(k,) dumps a day at each outline, by the name of the way."""
    past = events[events["first_reported_at"] <= origin]
    label, numbers = inside(outlines, past), np.arange(len(outlines))
    rates_by_way: dict[str, np.ndarray] = {}
    year = past["first_reported_at"] > origin - pd.DateOffset(years=1)
    rates_by_way["count of 12 months"] = (
        np.bincount(label[year & (label >= 0)], None, len(outlines)) / 365
    )
    for life in (90.0, 180.0):
        rates = incident_rates(past, label, as_of=origin, half_life_days=life)
        rates_by_way[f"count, half-life {life:.0f} d"] = rates.reindex(
            numbers, fill_value=0.0
        ).to_numpy()
    for cell_size_m in CELLS_M:
        params = SurfaceParams(cell_size_m=cell_size_m)
        surface = risk_surface(past, area, as_of=origin, params=params)
        shapes = gpd.GeoSeries(outlines, crs=events.crs)
        rates_by_way[f"surface, {cell_size_m:.0f} m cells"] = over_outlines(surface, shapes)
        rates = outline_rates(past, label, shapes, surface, as_of=origin)
        rates_by_way[f"count drawn to the surface, {cell_size_m:.0f} m cells"] = rates.to_numpy()
    return rates_by_way


def rows_of(
    name: str, events: gpd.GeoDataFrame, area: gpd.GeoSeries, months: int
) -> Iterator[dict[str, object]]:
    """One row a way, hotspot and month."""
    last = events["first_reported_at"].max().tz_convert(None).to_period("M").start_time
    for back in range(months, 0, -1):
        origin = (last - pd.DateOffset(months=back)).tz_localize("UTC")
        end = origin + pd.DateOffset(months=1)
        hotspots = detect_hotspots(events, area, QUICK, as_of=origin).hotspots
        if hotspots.empty:
            continue
        outlines = hotspots.geometry.to_numpy()
        reported_at = events["first_reported_at"]
        came = inside(outlines, events[(reported_at > origin) & (reported_at <= end)])
        counts = np.bincount(came[came >= 0], None, len(outlines))
        days = (end - origin) / DAY
        for way, rate in forecasts(events, area, outlines, origin).items():
            mean = np.maximum(rate, LEAST_PER_DAY) * days
            likelihood = poisson.logpmf(counts, mean)
            for n, mu, value in zip(counts, mean, likelihood, strict=True):
                yield {"data": name, "way": way, "came": n, "mean": mu, "log_likelihood": value}


def synthetic() -> Iterator[tuple[str, gpd.GeoDataFrame, gpd.GeoSeries]]:
    for preset in ("clustered", "seasonal", "near-repeat"):
        for seed in range(4):
            made = synthetic_borough(PRESETS[preset], seed=seed)
            yield f"planted: {preset}", made.incidents, made.study_area.geometry


def real(folder: Path) -> Iterator[tuple[str, gpd.GeoDataFrame, gpd.GeoSeries]]:
    import pyogrio

    events = pyogrio.read_dataframe(folder / "memphis_robberies.gpkg").to_crs(32615)
    column = next(c for c in events if pd.api.types.is_datetime64_any_dtype(events[c]))
    area = pyogrio.read_dataframe(folder / "memphis_precincts.gpkg").geometry.to_crs(32615)
    events["first_reported_at"] = pd.to_datetime(events[column], utc=True)
    yield "Memphis robberies", events[["first_reported_at", "geometry"]], area
    rows = pd.read_csv(folder / "chicago_sanitation.csv.gz", parse_dates=["Creation_Date"])
    rows = rows[(rows["Creation_Date"] >= "2011") & rows["Latitude"].notna()]
    rows = rows[~rows["Status"].str.endswith("Dup")]
    events = gpd.GeoDataFrame(
        {"first_reported_at": rows["Creation_Date"].dt.tz_localize("UTC")},
        geometry=gpd.points_from_xy(rows["Longitude"], rows["Latitude"], crs=4326).to_crs(26916),
    )
    yield "Chicago sanitation", events, gpd.GeoSeries([events.union_all().convex_hull], crs=26916)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of real data")
    parser.add_argument("--months", type=int, default=12, help="months forecast")
    options = parser.parse_args()
    sets = [*synthetic(), *(real(options.data) if options.data else ())]
    rows = [
        row for name, events, area in sets for row in rows_of(name, events, area, options.months)
    ]
    table = pd.DataFrame(rows).groupby(["data", "way"], sort=False)
    summary = table.agg(
        places=("came", "size"),
        came=("came", "sum"),
        forecast=("mean", "sum"),
        log_likelihood=("log_likelihood", "mean"),
    )
    summary["forecast / came"] = summary.pop("forecast") / summary["came"]
    print(summary.round(3).to_string())


if __name__ == "__main__":
    main()
