"""The forecast on real data that nothing of it was chosen by, against the best fixed method.

``python -m tests.benchmarks.unseen_cities [--data ../shared/data] [--only vancouver]`` prints
docs/forecast.md's table in Markdown: hits at 1 % of the area in shares of what the baseline that
was best in hindsight caught, on whole sets and on a small part of their rows, which is where data
are thin. The last columns leave cities out: of our ways of ordering the cells, that which was best
on average over the other cities.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio

from hotspots.forecast.baselines import BASELINES, Method, Past
from hotspots.forecast.evaluation import METHODS, EvaluationParams, evaluate_forecasts
from hotspots.forecast.intensity import LEARNING_MONTHS, SurfaceParams
from hotspots.geometry.grid import SquareGrid
from tests.hotspots.forecast.mixture_alone import fit_mixture

SEARCHED = 0.01
FIXED = [name for name in BASELINES if name not in ("random", "HDBSCAN 10")]
"""HDBSCAN is slow, and best nowhere."""


class City(NamedTuple):
    """A set of events: one row of the table."""

    city: str
    name: str
    events: gpd.GeoDataFrame
    area: gpd.GeoSeries | None
    train_months: int
    layers: list[gpd.GeoDataFrame]


def kernels_alone(grid: SquareGrid, past: Past, _: np.random.Generator) -> np.ndarray:
    """The learnt mixture without experts: what this project had until then."""
    starts = past.month_starts[-LEARNING_MONTHS:]
    return fit_mixture(grid, past.xy, past.days, starts, SurfaceParams().mixture)[0]


OURS: dict[str, Method] = {"experts": METHODS["hotspots"], "kernels": kernels_alone}


def chicago(folder: Path) -> Iterator[City]:
    rows = pd.read_csv(folder / "chicago_sanitation.csv.gz", parse_dates=["Creation_Date"])
    is_kept = rows["Creation_Date"].between("2012-12-01", "2014-11-30") & rows["Latitude"].notna()
    rows = rows[is_kept & ~rows["Status"].str.endswith("Dup")]
    points = gpd.points_from_xy(rows["Longitude"], rows["Latitude"], crs=4326).to_crs(26916)
    events = _dated(rows["Creation_Date"], points)
    for share in (1.0, 0.1, 0.03, 0.01):
        yield City("Chicago", f"sanitation{_part(share)}", _some(events, share), None, 12, [])


def lancashire(folder: Path) -> Iterator[City]:
    rows = pd.read_csv(folder / "lancashire_asb.tab.gz", sep="\t")
    points = gpd.points_from_xy(rows["longitude"], rows["latitude"], crs=4326).to_crs(27700)
    events = _dated(pd.to_datetime(rows["month"]), points)
    area = pyogrio.read_dataframe(folder / "lancashire_wards.gpkg").geometry
    for share in (1.0, 0.05, 0.02):
        yield City("Lancashire", f"ASB{_part(share)}", _some(events, share), area, 6, [])


def memphis(folder: Path) -> Iterator[City]:
    rows = pyogrio.read_dataframe(folder / "memphis_robberies.gpkg").to_crs(32615)
    events = _dated(rows["date"].dt.tz_convert(None), rows.geometry)
    area = pyogrio.read_dataframe(folder / "memphis_precincts.gpkg").geometry.to_crs(32615)
    for share in (1.0, 0.5):
        yield City("Memphis", f"robberies{_part(share)}", _some(events, share), area, 6, [])


def vancouver(folder: Path) -> Iterator[City]:
    rows = pd.read_csv(folder / "vancouver_thefts.csv.gz")
    rows = rows[(rows["X"] > 0) & (rows["Y"] > 0)]
    times = pd.to_datetime(rows[["YEAR", "MONTH", "DAY"]])
    events = _dated(times, gpd.points_from_xy(rows["X"], rows["Y"], crs=26910))
    kinds = rows["TYPE"].to_numpy()
    hull = gpd.GeoSeries([events.union_all().convex_hull], crs=26910)
    for kind in sorted(set(kinds)):
        own = events[kinds == kind].reset_index(drop=True)
        others = [events[kinds == k].reset_index(drop=True) for k in sorted(set(kinds) - {kind})]
        months = events["first_reported_at"].dt.tz_convert(None).dt.to_period("M").nunique() // 2
        yield City("Vancouver", kind, own, hull, min(12, months), others)


READERS = {each.__name__: each for each in (memphis, vancouver, lancashire, chicago)}


def _dated(times: pd.Series, points: object) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame(geometry=gpd.GeoSeries(points).reset_index(drop=True))
    return frame.assign(first_reported_at=pd.DatetimeIndex(times.to_numpy()).tz_localize("UTC"))


def _part(share: float) -> str:
    return "" if share == 1 else f", {share:.0%} of the rows"


def _some(events: gpd.GeoDataFrame, share: float) -> gpd.GeoDataFrame:
    return events.sample(frac=share, random_state=1).reset_index(drop=True)


def judged(city: City) -> tuple[dict[str, float], pd.Series]:
    """Each of ours in shares of the best fixed method's hits, and by method the hits."""
    params = EvaluationParams(city.train_months, shares=(SEARCHED,), zone="UTC", n_bootstrap=1)
    methods = {**OURS, **{name: BASELINES[name] for name in FIXED}}
    evaluation = evaluate_forecasts(city.events, city.area, params, methods=methods)
    hits = evaluation.scores.set_index("method")["hits"]
    log_score = dict(evaluation.log_score)
    if city.layers:
        with_layers = evaluate_forecasts(
            city.events,
            city.area,
            params,
            layers=city.layers,
            methods={"experts": METHODS["hotspots"]},
        )
        hits["with layers"] = with_layers.scores["hits"].iloc[0]
    best = hits[FIXED].idxmax()
    ours = {name: float(hits[name] / hits[best]) for name in (*OURS, "with layers") if name in hits}
    row = [f"{city.city}, {city.name}", f"{evaluation.events:,} / {evaluation.cells:,}"]
    row += [f"{best}, {hits[best]:.0f}", f"{ours['kernels']:.3f}", f"**{ours['experts']:.3f}**"]
    row += [f"{ours['with layers']:.3f}" if city.layers else ""]
    best_log = max(log_score[name] for name in FIXED)
    row += [f"{log_score['kernels']:.2f}, {log_score['experts']:.2f}, {best_log:.2f}"]
    print(f"| {' | '.join(row)} |", flush=True)
    return ours, hits


def left_out(shares: dict[str, list[dict[str, float]]]) -> Iterator[str]:
    """For each city: which of ours was best on the others, and its least share there."""
    for city, own in shares.items():
        others = [each for name, rows in shares.items() if name != city for each in rows]
        if not others:
            continue
        chosen = max(OURS, key=lambda way: np.mean([each[way] for each in others]))
        values = [each[chosen] for each in own]
        yield f"| {city} | {chosen} | {np.mean(values):.3f} | {min(values):.3f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--only", nargs="*", choices=READERS, default=list(READERS))
    options = parser.parse_args()
    print(
        "| data | events / cells | best fixed method, hits | kernels | experts | with layers |",
        end="",
    )
    print(" log-score: kernels, experts, best fixed |\n|---|---|---|---|---|---|---|")
    shares = defaultdict(list)
    for name in options.only:
        for city in READERS[name](options.data):
            shares[city.city].append(judged(city)[0])
    print("\n| city left out | best on the others | its mean there | its least there |")
    print("|---|---|---|---|")
    print("\n".join(left_out(shares)))


if __name__ == "__main__":
    main()
