"""The risk surface, kernel densities and Gi* against KDEpy and esda, in one run.

    python tests/benchmarks/surface.py [--most 1000000]

Each job has a process of its own, so that its peak memory is its own; imports are in neither
figure. KDEpy is measured where it is installed (pip install KDEpy).
"""

import argparse
import importlib.util
import multiprocessing
import platform
import resource
import time
from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

SIDE_M = 20_000.0
NOW = pd.Timestamp("2026-06-01T00:00Z")


def scattered(n: int) -> np.ndarray:
    """A city: nine tenths about 300 places of unequal weight, the rest anywhere."""
    rng = np.random.default_rng(1)
    places = rng.uniform(0, SIDE_M, (300, 2))
    share = 1 / np.arange(1, 301)
    xy = places[rng.choice(300, n, p=share / share.sum())] + rng.normal(0, 250, (n, 2))
    xy[::10] = rng.uniform(0, SIDE_M, xy[::10].shape)
    return np.clip(xy, 1, SIDE_M - 1)


def surface(n: int) -> Callable[[], object]:
    from hotspots.forecast.intensity import risk_surface

    days = np.random.default_rng(2).uniform(0, 365, n)
    incidents = gpd.GeoDataFrame(
        {"first_reported_at": NOW - pd.to_timedelta(days, unit="D")},
        geometry=gpd.points_from_xy(*scattered(n).T),
        crs=27700,
    )
    area = gpd.GeoSeries([shapely.box(0, 0, SIDE_M, SIDE_M)], crs=27700)
    return lambda: risk_surface(incidents, area, as_of=NOW)


def filter_density(n: int) -> Callable[[], object]:
    from hotspots.forecast.baselines import Past, kernel_density
    from hotspots.geometry.grid import square_grid

    past = Past(scattered(n), np.zeros(n), ())
    grid = square_grid(shapely.box(0, 0, SIDE_M, SIDE_M), SIDE_M / 1000)
    return lambda: kernel_density(grid, past, np.random.default_rng(0), scale_m=100.0)


def kdepy_density(n: int) -> Callable[[], object]:
    from KDEpy import FFTKDE

    xy = scattered(n)
    ticks = np.linspace(-1000, SIDE_M + 1000, 1050)
    places = np.column_stack([axis.ravel() for axis in np.meshgrid(ticks, ticks, indexing="ij")])
    return lambda: FFTKDE(kernel="gaussian", bw=100.0).fit(xy).evaluate(places)


def our_gi_star(cells: int) -> Callable[[], object]:
    from hotspots.scan.getis_ord import QUEEN, getis_ord_deviates

    counts = np.random.default_rng(3).poisson(0.1, (round(cells**0.5),) * 2).astype(float)
    return lambda: getis_ord_deviates(counts, np.ones(counts.shape, dtype=bool), QUEEN)


def esda_gi_star(cells: int) -> Callable[[], object]:
    from esda.getisord import G_Local
    from libpysal.weights import lat2W

    counts = np.random.default_rng(3).poisson(0.1, (round(cells**0.5),) * 2)

    def job() -> object:
        weights = lat2W(*counts.shape, rook=False)
        return G_Local(counts.ravel(), weights, transform="B", permutations=0, star=True)

    return job


def _measure(make: Callable[[int], Callable[[], object]], n: int, pipe: object) -> None:
    job = make(n)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    job()
    taken = time.perf_counter() - began
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    pipe.send((taken, grown / 1024))


def measured(make: Callable[[int], Callable[[], object]], n: int) -> tuple[float, float]:
    """Seconds, and megabytes above those of the data and the imports."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_measure, args=(make, n, there))
    process.start()
    result = here.recv()
    process.join()
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=1_000_000, help="largest number of events")
    most = parser.parse_args().most
    print(
        f"{platform.machine()}, {multiprocessing.cpu_count()} cores, "
        f"Python {platform.python_version()}"
    )
    for n in [n for n in (10_000, 100_000, 1_000_000) if n <= most]:
        print(
            f"risk surface, 40,000 cells, {n:>9,} events: %6.2f s %6.0f MB" % measured(surface, n)
        )
    pairs = [("kernel density, 1000 x 1000 cells", filter_density, kdepy_density, "KDEpy")]
    pairs += [("Gi*, 1000 x 1000 cells", our_gi_star, esda_gi_star, "esda")]
    for words, ours, theirs, module in pairs:
        if importlib.util.find_spec(module) is None:
            print(f"{words}: {module} is not installed")
            continue
        (mine, mb), (other, other_mb) = measured(ours, most), measured(theirs, most)
        print(
            f"{words}: {mine:.2f} s {mb:.0f} MB; {module} {other:.2f} s {other_mb:.0f} MB: "
            f"{other / mine:.1f} times as fast"
        )


if __name__ == "__main__":
    main()
