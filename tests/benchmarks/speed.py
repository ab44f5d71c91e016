"""Time and peak memory of ours and its peers on the same points, in one run.

``python -m tests.benchmarks.speed [--sizes 1e4 1e5 1e6]`` prints a table in Markdown. Each task
runs in a process of its own, so that its peak of memory is its own; what it needs beforehand
(points, imports) is not counted. KDEpy is compared where it is installed.

The points: a square of 2,500 m² a point, seven in ten of them anywhere and three in ten at
planted sites of 15 m spread, 3,000 at each; six years of times. ``HOTSPOTS_BENCHMARK_SITE=300``
plants 300 at each, fifty dumps a year: ten times as many hotspots. With tens of thousands at a site
scikit-learn's DBSCAN needs more than 24 GB.
"""

import argparse
import importlib.util
import multiprocessing
import os
import platform
import resource
import time
from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

CELL_M = 50.0
EPS_M, MIN_POINTS = 25.0, 5
HDBSCAN_UP_TO, SLOWEST_S = 100_000, 900
AT_A_SITE = int(os.environ.get("HOTSPOTS_BENCHMARK_SITE", "3000"))
CHAIN = ("scikit-learn DBSCAN", "esda Gi*")


def points(n: int) -> tuple[np.ndarray, float]:
    """(n, 2) metres, and the side of their square."""
    rng = np.random.default_rng(0)
    side = CELL_M * np.sqrt(n)
    at_sites = int(0.3 * n)
    n_sites = max(at_sites // AT_A_SITE, 5)
    sites = rng.uniform(0, side, (n_sites, 2))
    which = rng.integers(n_sites, size=at_sites)
    anywhere = rng.uniform(0, side, (n - at_sites, 2))
    near = sites[which] + rng.normal(0, 15, (at_sites, 2))
    return np.clip(np.vstack([anywhere, near]), 0, side * (1 - 1e-9)), float(side)


def frames(n: int) -> tuple[gpd.GeoDataFrame, gpd.GeoSeries]:
    xy, side = points(n)
    seconds = np.random.default_rng(1).integers(0, 6 * 365 * 86_400, n)
    reported_at = pd.Timestamp("2020-01-01T00:00Z") + pd.to_timedelta(seconds, unit="s")
    incidents = gpd.GeoDataFrame(
        {"first_reported_at": reported_at}, geometry=gpd.points_from_xy(*xy.T), crs=27700
    )
    return incidents, gpd.GeoSeries([shapely.box(0, 0, side, side)], crs=27700)


def counts(n: int) -> np.ndarray:
    """(rows, columns) points in each cell of 50 m."""
    xy, side = points(n)
    k = int(np.ceil(side / CELL_M))
    column, row = (xy // CELL_M).astype(int).T
    return np.bincount(row * k + column, minlength=k * k).reshape(k, k).astype(float)


def whole_chain(n: int) -> Callable[[], Any]:
    from hotspots import DetectionParams, detect_hotspots

    incidents, area = frames(n)
    params = DetectionParams(months=73)
    return lambda: detect_hotspots(incidents, area, params, as_of="2026-01-01T00:00Z")


def our_linking(n: int) -> Callable[[], Any]:
    """Every point a report; seven in ten are cleared two days later."""
    from hotspots import link_reports

    incidents, _ = frames(n)
    reports = incidents.rename(columns={"first_reported_at": "reported_at"})
    cleared = reports.index[np.random.default_rng(2).random(n) < 0.7]
    clearances = pd.DataFrame({"report_id": cleared, "outcome": "cleared"})
    clearances["cleared_at"] = reports["reported_at"].loc[cleared].array + pd.Timedelta(days=2)
    return lambda: link_reports(reports, clearances)


def our_clusters(n: int) -> Callable[[], Any]:
    from hotspots.geometry.clusters import density_clusters

    xy, _ = points(n)
    return lambda: density_clusters(xy, eps_m=EPS_M, min_points=MIN_POINTS)


def our_gi_star(n: int) -> Callable[[], Any]:
    from hotspots.scan.getis_ord import QUEEN, getis_ord_deviates

    grid = counts(n)
    inside = np.ones(grid.shape, dtype=bool)
    return lambda: getis_ord_deviates(grid, inside, QUEEN)


def our_surface(n: int) -> Callable[[], Any]:
    from hotspots.forecast.intensity import risk_surface

    incidents, area = frames(n)
    return lambda: risk_surface(incidents, area, as_of="2026-01-01T00:00Z")


def sklearn_dbscan(n: int) -> Callable[[], Any]:
    from sklearn.cluster import DBSCAN

    xy, _ = points(n)
    return lambda: DBSCAN(eps=EPS_M, min_samples=MIN_POINTS).fit(xy)


def pypi_dbscan(n: int) -> Callable[[], Any]:
    from dbscan import DBSCAN

    xy, _ = points(n)
    return lambda: DBSCAN(xy, eps=EPS_M, min_samples=MIN_POINTS)


def sklearn_hdbscan(n: int) -> Callable[[], Any]:
    from sklearn.cluster import HDBSCAN

    xy, _ = points(n)
    return lambda: HDBSCAN(min_cluster_size=10, copy=True).fit(xy)


def esda_gi_star(n: int) -> Callable[[], Any]:
    import warnings

    from esda import G_Local
    from libpysal.weights import lat2W

    grid = counts(n)

    def run() -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            weights = lat2W(*grid.shape, rook=False)
            return G_Local(grid.ravel(), weights, star=True, transform="B", permutations=0)

    return run


def kdepy_fft(n: int) -> Callable[[], Any]:
    from KDEpy import FFTKDE

    xy, side = points(n)
    ticks = np.linspace(-500, side + 500, 1_000)
    places = np.stack(np.meshgrid(ticks, ticks, indexing="ij"), axis=-1).reshape(-1, 2)
    return lambda: FFTKDE(kernel="gaussian", bw=100).fit(xy).evaluate(places)


TASKS: dict[str, Callable[[int], Callable[[], Any]]] = {
    "hotspots: detect_hotspots, end to end": whole_chain,
    "hotspots: link_reports": our_linking,
    "hotspots: density_clusters": our_clusters,
    "scikit-learn DBSCAN": sklearn_dbscan,
    "PyPI dbscan": pypi_dbscan,
    "scikit-learn HDBSCAN": sklearn_hdbscan,
    "hotspots: Gi*": our_gi_star,
    "esda Gi*": esda_gi_star,
    "hotspots: risk_surface, 18 kernels": our_surface,
    "KDEpy FFT, 1 kernel": kdepy_fft,
}


def measure(name: str, n: int) -> tuple[float, float] | None:
    """Seconds and MB above what was there before; None where it died or took too long."""
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=_run, args=(name, n, queue))
    process.start()
    process.join(SLOWEST_S)
    if process.is_alive():
        process.kill()
        process.join()
    return queue.get() if process.exitcode == 0 else None


def _run(name: str, n: int, queue: Any) -> None:
    task = TASKS[name](n)
    before = _peak_mb()
    start = time.perf_counter()
    task()
    queue.put((time.perf_counter() - start, max(_peak_mb() - before, 0.0)))


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(sizes: list[int]) -> None:
    print(f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}\n")
    print("| points | task | seconds | MB more | of our chain's time |\n|---|---|---|---|---|")
    for n in sizes:
        seconds: dict[str, float] = {}
        for name in TASKS:
            if name.startswith("KDEpy") and importlib.util.find_spec("KDEpy") is None:
                continue
            if "HDBSCAN" in name and n > HDBSCAN_UP_TO:
                continue
            measured = measure(name, n)
            if measured is None:
                print(f"| {n:,} | {name} | died | | |", flush=True)
                continue
            seconds[name], memory_mb = measured
            ratio = seconds[name] / seconds["hotspots: detect_hotspots, end to end"]
            print(
                f"| {n:,} | {name} | {seconds[name]:.2f} | {memory_mb:.0f} | × {ratio:.2f} |",
                flush=True,
            )
        if all(name in seconds for name in CHAIN):
            chain = sum(seconds[name] for name in CHAIN)
            ratio = chain / seconds["hotspots: detect_hotspots, end to end"]
            print(f"| {n:,} | {' + '.join(CHAIN)} | {chain:.2f} | | × {ratio:.1f} |", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", nargs="+", type=float, default=[1e4, 1e5, 1e6])
    main([int(size) for size in parser.parse_args().sizes])
