"""Areas that an intervention can be compared with: as bad, as big, and out of its reach."""

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import KDTree
from shapely.geometry.base import BaseGeometry

from hotspots.core.errors import ParameterError
from hotspots.effects.comparison_sites import comparison_sites


def candidate_areas(
    xy: np.ndarray,
    *,
    radius_m: float,
    apart_m: float,
    keep_out: BaseGeometry,
    at_most: int = 60,
) -> pd.DataFrame:
    """The discs with the most incidents that do not overlap: places that might have been chosen.

    Parameters
    ----------
    xy
        (n, 2) incidents of the period of the choice, metres.
    radius_m
        Of a disc, > 0.
    apart_m
        Least distance of two centres, ≥ 2 ``radius_m``.
    keep_out
        No disc meets it: the treated area and its ring, same CRS.
    at_most
        Number of discs, ≥ 1.

    Returns
    -------
    DataFrame
        One row a disc, most incidents first (ties: south, then west): ``x``, ``y`` (its centre, at
        an incident), ``incidents``.

    Examples
    --------
    >>> xy = np.array([[0, 0], [10, 0], [500, 0], [505, 0], [510, 0], [900, 0]], dtype=float)
    >>> candidate_areas(xy, radius_m=50, apart_m=100, keep_out=shapely.Point(900, 0).buffer(60))
           x    y  incidents
    0  500.0  0.0          3
    1    0.0  0.0          2
    """
    if not 0 < radius_m <= apart_m / 2 or at_most < 1:
        raise ParameterError(
            f"radius_m is {radius_m} and apart_m {apart_m}: discs must not overlap; at_most is "
            f"{at_most}: from 1"
        )
    points = np.unique(np.asarray(xy, dtype=float).reshape(-1, 2), axis=0)
    columns = ["x", "y", "incidents"]
    if len(points) == 0:
        return pd.DataFrame(columns=columns)
    reach = KDTree(np.asarray(xy, dtype=float)).query_ball_point(
        points, radius_m, return_length=True
    )
    shapely.prepare(keep_out)
    # An empty shape is at no distance from anything: NaN, and free.
    is_free = ~(shapely.distance(shapely.points(points), keep_out) <= radius_m)
    order = np.lexsort((points[:, 0], points[:, 1], -reach))
    taken: list[int] = []
    for i in order[is_free[order]].tolist():
        if len(taken) == at_most:
            break
        if not taken or np.hypot(*(points[taken] - points[i]).T).min() >= apart_m:
            taken.append(i)
    return pd.DataFrame({"x": points[taken, 0], "y": points[taken, 1], "incidents": reach[taken]})


def propose_areas(
    candidates: pd.DataFrame, treated_incidents: np.ndarray, *, n_each: int = 3
) -> np.ndarray:
    """Which candidates are most like the treated sites in the period of the choice.

    Parameters
    ----------
    candidates
        From `candidate_areas`.
    treated_incidents
        (k,) incidents of each treated site in the same period.
    n_each
        Comparison areas for each treated site, ≥ 1.

    Returns
    -------
    ndarray
        (candidates,) bool.

    Examples
    --------
    >>> table = pd.DataFrame({"incidents": [9, 7, 4, 1]})
    >>> propose_areas(table, np.array([7]), n_each=2).tolist()
    [True, True, False, False]
    """
    k = len(treated_incidents)
    selection = np.concatenate(
        [np.asarray(treated_incidents), candidates["incidents"].to_numpy(dtype=int)]
    )
    chosen = comparison_sites(selection, np.arange(len(selection)) < k, n=n_each) - k
    proposed = np.zeros(len(candidates), dtype=bool)
    proposed[chosen] = True
    return proposed
