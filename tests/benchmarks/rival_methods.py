"""What others would flag: the usual methods with their usual settings, as (k, 2) centres."""

import geopandas as gpd
import numpy as np
import shapely
from scipy.ndimage import gaussian_filter
from scipy.stats import false_discovery_control

from hotspots.geometry.clusters import NOISE, density_clusters
from hotspots.geometry.grid import square_grid
from hotspots.scan.getis_ord import local_getis_ord

ALPHA = 0.05
CELL_M = 100.0
KDE_M = 100.0
KDE_DEVIATIONS = 3.0
"""Above the mean of all cells: the rule of many crime maps."""
DBSCAN_M, DBSCAN_POINTS = 50.0, 5


def gi_star_flags(xy: np.ndarray, area: shapely.Geometry, cell_m: float = CELL_M) -> np.ndarray:
    """Cells that Gi* by queen neighbours flags, by normal p-values with Benjamini and Hochberg."""
    grid = square_grid(area, cell_m)
    cells = gpd.GeoDataFrame(
        {"count": grid.count(xy)[grid.inside]}, geometry=grid.polygons(27700), crs=27700
    )
    table = local_getis_ord(cells)
    known = table["p_value"].notna().to_numpy()
    q_value = np.ones(len(table))
    q_value[known] = false_discovery_control(table["p_value"][known])
    return grid.centres()[(q_value <= ALPHA) & (table["gi_star"].to_numpy() > 0)]


def kde_flags(xy: np.ndarray, area: shapely.Geometry) -> np.ndarray:
    """Cells whose kernel density lies three standard deviations above the mean."""
    grid = square_grid(area, CELL_M)
    density = gaussian_filter(grid.count(xy), KDE_M / CELL_M, mode="constant")[grid.inside]
    return grid.centres()[density > density.mean() + KDE_DEVIATIONS * density.std()]


def dbscan_flags(xy: np.ndarray, area: shapely.Geometry) -> np.ndarray:
    """Middles of the clusters of DBSCAN, 50 m and five points."""
    label = density_clusters(xy, eps_m=DBSCAN_M, min_points=DBSCAN_POINTS)
    middles = [xy[label == name].mean(axis=0) for name in range(label.max(initial=NOISE) + 1)]
    return np.array(middles).reshape(-1, 2)


RIVALS = {"Gi* + BH": gi_star_flags, "KDE": kde_flags, "DBSCAN": dbscan_flags}
