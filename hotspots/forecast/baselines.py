"""Ways to say where the next incidents will be, that ours is measured against.

Each takes the cells, the past incidents and their age in days, and scores every cell: a higher
score is searched earlier. None is tuned to the data that it is judged on.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from scipy.ndimage import gaussian_filter

from hotspots.forecast.covariates import Covariates
from hotspots.geometry.clusters import density_clusters
from hotspots.geometry.grid import SquareGrid
from hotspots.scan.getis_ord import QUEEN, getis_ord_deviates


@dataclass(frozen=True, eq=False)
class Layer:
    """Events of another kind: (n, 2) metres, in inside cells of the grid, and (n,) days from the
    moment of the forecast, < 0."""

    xy: np.ndarray
    days: np.ndarray


@dataclass(frozen=True, eq=False)
class Past:
    """What a method may look at.

    Attributes
    ----------
    xy
        (n, 2) incidents, metres, in inside cells of the grid.
    days
        (n,) days from the moment of the forecast, < 0.
    month_starts
        Calendar months' beginnings in the same days, ascending.
    layers
        Other events of the same time.
    grounds
        Name → what else says where incidents may come, (rows, columns), each summing to 1.
    covariates
        How far each cell is from kinds of features.
    """

    xy: np.ndarray
    days: np.ndarray
    month_starts: tuple[float, ...]
    layers: tuple[Layer, ...] = ()
    grounds: Mapping[str, np.ndarray] = field(default_factory=dict)
    covariates: Covariates | None = None


Method = Callable[[SquareGrid, Past, np.random.Generator], np.ndarray]
"""(rows, columns) scores of a grid's cells."""


def at_random(grid: SquareGrid, _: Past, rng: np.random.Generator) -> np.ndarray:
    """Any cell as well as any other."""
    return rng.random(grid.shape)


def grid_count(
    grid: SquareGrid, past: Past, _: np.random.Generator, *, half_life_days: float = np.inf
) -> np.ndarray:
    """Incidents in the cell, faded by a half-life."""
    return grid.count(past.xy, np.exp2(past.days / half_life_days))


def kernel_density(
    grid: SquareGrid, past: Past, _: np.random.Generator, *, scale_m: float
) -> np.ndarray:
    """Gaussian kernel density of the cells' counts."""
    sigma = scale_m / grid.cell_size_m
    return np.asarray(gaussian_filter(grid.count(past.xy), sigma, mode="constant"))


def count_and_density(grid: SquareGrid, past: Past, rng: np.random.Generator) -> np.ndarray:
    """The count, and half a Gaussian kernel of 100 m whose middle is 1."""
    scale_m = 100.0
    peak = 1 / (2 * np.pi * (scale_m / grid.cell_size_m) ** 2)
    density = kernel_density(grid, past, rng, scale_m=scale_m)
    return np.asarray(grid_count(grid, past, rng) + 0.5 * density / peak)


def getis_ord(grid: SquareGrid, past: Past, _: np.random.Generator) -> np.ndarray:
    """Gi* of the counts over each cell and the eight about it."""
    return np.asarray(np.nan_to_num(getis_ord_deviates(grid.count(past.xy), grid.inside, QUEEN)))


def dbscan_footprint(
    grid: SquareGrid, past: Past, _: np.random.Generator, *, eps_m: float, min_points: int
) -> np.ndarray:
    """Cells that hold a DBSCAN cluster, the densest cluster first."""
    return _footprint(grid, past.xy, density_clusters(past.xy, eps_m=eps_m, min_points=min_points))


def hdbscan_footprint(
    grid: SquareGrid, past: Past, _: np.random.Generator, *, min_points: int
) -> np.ndarray:
    """Cells that hold an HDBSCAN cluster, the densest cluster first."""
    from sklearn.cluster import HDBSCAN  # a second of importing that few need

    if len(past.xy) < min_points:
        return np.zeros(grid.shape)
    labels = HDBSCAN(min_cluster_size=min_points, copy=True).fit(past.xy).labels_
    return _footprint(grid, past.xy, labels)


def _footprint(grid: SquareGrid, xy: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Each cell's score is the incidents per cell of its densest cluster."""
    score = np.zeros(grid.inside.size)
    kept = labels >= 0
    label, cell = labels[kept], grid.locate(xy)[kept]
    pairs = np.unique(np.column_stack([label, cell]), axis=0)
    n = int(label.max(initial=-1)) + 1
    covered = np.bincount(pairs[:, 0], minlength=n)
    density = np.bincount(label, minlength=n) / np.maximum(covered, 1)
    np.maximum.at(score, pairs[:, 1], density[pairs[:, 0]])
    return score.reshape(grid.shape)


WIDTHS_M = (50, 100, 150, 250, 500)
BASELINES: dict[str, Method] = {
    "random": at_random,
    "grid count": grid_count,
    "grid count, half-life 90 d": partial(grid_count, half_life_days=90),
    **{f"KDE {scale} m": partial(kernel_density, scale_m=scale) for scale in WIDTHS_M},
    "grid count + 0.5 KDE 100 m": count_and_density,
    "Gi* 3x3": getis_ord,
    "DBSCAN 50 m/5": partial(dbscan_footprint, eps_m=50, min_points=5),
    "HDBSCAN 10": partial(hdbscan_footprint, min_points=10),
}
"""Every baseline, by the name that tables print."""
