"""What workers save of a detection, in seconds of processor: one huge area, tile by tile.

``python -m tests.benchmarks.scale [--incidents 1e6] [--workers 2] [--dask]`` prints a table in
Markdown: what the calling process and each worker spent, what that makes a million incidents, and
how many times less lies on the longest path (the caller, then the busiest worker) than where one
process does it all. On a machine that does other things too, seconds on the wall say little. Every
result is compared with that of one process, to the last bit.

The points: a hundred a square kilometre, three in ten anywhere, six in ten about towns of 700 m
spread, one in ten at sites of 15 m spread; times within a year.
"""

import argparse
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots import detect_hotspots
from hotspots.core.executors import IN_TURN, Executor
from hotspots.detection import DetectionResult

AS_OF = pd.Timestamp("2026-10-31", tz="UTC")
Spent = Callable[[], dict[int, float]]


def frames(n: int, seed: int = 1) -> tuple[gpd.GeoDataFrame, gpd.GeoSeries]:
    rng = np.random.default_rng(seed)
    side = 100 * np.sqrt(n)
    towns = rng.uniform(0.05 * side, 0.95 * side, (max(n // 2000, 1), 2))
    n_even, n_town = int(n * 0.3), int(n * 0.6)
    n_site = n - n_even - n_town
    sites = rng.uniform(0, side, (max(n_site // 20, 1), 2))
    xy = np.vstack(
        [
            rng.uniform(0, side, (n_even, 2)),
            towns[rng.integers(len(towns), size=n_town)] + rng.normal(0, 700, (n_town, 2)),
            sites[rng.integers(len(sites), size=n_site)] + rng.normal(0, 15, (n_site, 2)),
        ]
    ).clip(0, side)
    reported_at = AS_OF - pd.to_timedelta(rng.uniform(0, 364, n), unit="D")
    incidents = gpd.GeoDataFrame(
        {"first_reported_at": reported_at}, geometry=gpd.points_from_xy(*xy.T), crs=27700
    )
    return incidents, gpd.GeoSeries([shapely.box(0, 0, side, side)], crs=27700)


def process_and_seconds(_: int = 0) -> tuple[int, float]:
    time.sleep(0.2)  # so that one worker does not answer for all
    return os.getpid(), time.process_time()


@contextmanager
def processes(workers: int) -> Iterator[tuple[Executor, Spent]]:
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        list(pool.map(_warm, *frames_of_warmth(4 * workers)))
        yield pool, lambda: dict(pool.map(process_and_seconds, range(8 * workers)))


@contextmanager
def dask_workers(workers: int) -> Iterator[tuple[Executor, Spent]]:
    from distributed import Client, LocalCluster

    from web.commands.analysis import workers as work

    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
        work.executor(None, cluster.scheduler_address) as far,
    ):
        list(far.map(_warm, *frames_of_warmth(4 * workers)))
        yield far, lambda: dict(client.run(process_and_seconds).values())


def frames_of_warmth(parts: int) -> tuple[list[gpd.GeoDataFrame], list[gpd.GeoSeries]]:
    """Small detections, so that what a worker loads and compiles once is not counted."""
    incidents, area = frames(500)
    return [incidents] * parts, [area] * parts


def _warm(incidents: gpd.GeoDataFrame, area: gpd.GeoSeries) -> int:
    return len(detect_hotspots(incidents, area, as_of=AS_OF).hotspots)


def same(one: DetectionResult, other: DetectionResult) -> bool:
    def exact(a: Any, b: Any) -> bool:
        pd.testing.assert_frame_equal(
            pd.DataFrame(a.drop(columns="geometry")),
            pd.DataFrame(b.drop(columns="geometry")),
            check_exact=True,
        )
        return bool((a.geometry.to_wkb() == b.geometry.to_wkb()).all())

    return exact(one.hotspots, other.hotspots) and exact(one.busy, other.busy)


def measured(
    n: int, executor: Executor, spent: Spent
) -> tuple[DetectionResult, float, list[float], float]:
    incidents, area = frames(n)
    before = spent()
    own, wall = time.process_time(), time.perf_counter()
    result = detect_hotspots(incidents, area, as_of=AS_OF, executor=executor)
    own, wall = time.process_time() - own, time.perf_counter() - wall
    theirs = [seconds - before.get(worker, 0.0) for worker, seconds in spent().items()]
    return result, own, theirs, wall


def main(n: int, workers: int, *, dask: bool) -> None:
    print(f"{n:,} incidents\n")
    print("| who | caller s | workers s | s a million | longest path s | × | wall s | same |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    detect_hotspots(*frames(500), as_of=AS_OF)
    alone, own, _, wall = measured(n, IN_TURN, dict)
    print(
        f"| one process | {own:.1f} | | {own / n * 1e6:.1f} | {own:.1f} | 1 | {wall:.0f} | |",
        flush=True,
    )
    for name, opened in (("processes", processes), ("Dask", dask_workers))[: 2 if dask else 1]:
        with opened(workers) as (executor, spent):
            result, caller, theirs, wall = measured(n, executor, spent)
        path = caller + max(theirs)
        each = " + ".join(f"{seconds:.1f}" for seconds in theirs)
        print(
            f"| {workers} {name} | {caller:.1f} | {each} | {(caller + sum(theirs)) / n * 1e6:.1f} "
            f"| {path:.1f} | {own / path:.2f} | {wall:.0f} | {same(alone, result)} |",
            flush=True,
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--incidents", type=float, default=1e6)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--dask", action="store_true", help="Dask's workers too.")
    given = parser.parse_args()
    main(int(given.incidents), given.workers, dask=given.dask)
