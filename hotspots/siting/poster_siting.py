"""Where posters should hang: the sites from which most dumping is in view.

The maximal covering location problem (Church and ReVelle 1974, Papers of the Regional Science
Association 32, 101-118), solved to proven optimality by HiGHS, or to a stated bound where time runs
out.
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack, identity
from scipy.spatial import cKDTree

from hotspots.core.errors import FrameError, ParameterError
from hotspots.core.frames import check_points, coordinates

TIME_LIMIT_S = 30.0
_GAP = 1e-6


@dataclass(frozen=True, eq=False)
class PosterSiting:
    """Chosen sites.

    Attributes
    ----------
    sites
        On the candidates' index, in the order in which to put them up (each adds most to those
        before it): ``added``, weight of the incidents it adds; ``covered`` by all so far.
    covered, bound
        Weight in view of a chosen site, and more than which no choice covers; equal up to
        rounding where the choice is proven best.
    total
        Weight of all incidents.
    next_adds
        Weight that one poster more would add, sited best; 0 where no candidate adds any.
    is_covered
        Of each incident, on their index.
    """

    sites: pd.DataFrame
    covered: float
    bound: float
    total: float
    next_adds: float
    is_covered: pd.Series

    @property
    def share(self) -> float:
        """Share of the weight that is covered, 0 to 1."""
        return self.covered / self.total if self.total else 0.0


def site_posters(
    candidates: gpd.GeoDataFrame,
    incidents: gpd.GeoDataFrame,
    *,
    budget: int,
    view_m: float = 50.0,
    time_limit_s: float = TIME_LIMIT_S,
) -> PosterSiting:
    """Choose at most so many sites, that most of the incidents lie within view of one.

    Parameters
    ----------
    candidates
        n points in metres where a poster may hang.
    incidents
        m points in the same CRS; ``weight`` (≥ 0) where present, otherwise each weighs 1.
    budget
        Number of posters, ≥ 1.
    view_m
        Distance from which a poster is read, metres, > 0; the edge is included.
    time_limit_s
        Of each of the two searches. What is found then is returned, with its bound.

    Raises
    ------
    FrameError, ParameterError
        What is given cannot be read.

    Examples
    --------
    >>> columns = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0, 100, 200], [0, 0, 0]), crs=27700)
    >>> there = gpd.points_from_xy([5, 95, 105, 210], [0] * 4)
    >>> incidents = gpd.GeoDataFrame(geometry=there, crs=27700)
    >>> siting = site_posters(columns, incidents, budget=1, view_m=20)
    >>> siting.sites.index.tolist(), siting.covered, siting.next_adds
    ([1], 2.0, 1.0)
    """
    weight = _checked_weight(candidates, incidents, budget, view_m)
    sees = _in_view(candidates, incidents, view_m)
    chosen, bound = _solve(sees, weight, budget, time_limit_s)
    sites, is_covered = _in_order(sees, weight, chosen)
    covered = float(weight[is_covered].sum())
    next_adds = 0.0
    if budget < len(candidates) and covered < weight.sum():
        more, _ = _solve(sees, weight, budget + 1, time_limit_s)
        next_adds = max(_covered(sees, weight, more) - covered, 0.0)
    return PosterSiting(
        sites.set_index(candidates.index[sites.pop("site")]),
        covered,
        max(bound, covered),
        float(weight.sum()),
        next_adds,
        pd.Series(is_covered, incidents.index, name="is_covered"),
    )


def _checked_weight(
    candidates: gpd.GeoDataFrame, incidents: gpd.GeoDataFrame, budget: int, view_m: float
) -> np.ndarray:
    check_points(candidates, name="candidates", times=())
    check_points(incidents, name="incidents", times=())
    if candidates.crs != incidents.crs:
        raise FrameError("candidates and incidents have different CRSs: use to_crs on one")
    if budget < 1:
        raise ParameterError(f"budget is {budget}: it must be 1 poster or more")
    if not 0 < view_m < np.inf:
        raise ParameterError(f"view_m is {view_m}: it must be above 0")
    if "weight" not in incidents:
        return np.ones(len(incidents))
    weight: np.ndarray = incidents["weight"].to_numpy(dtype=float)
    if not (np.isfinite(weight) & (weight >= 0)).all():
        raise FrameError("incidents: 'weight' must be 0 or more everywhere")
    return weight


def _in_view(candidates: gpd.GeoDataFrame, incidents: gpd.GeoDataFrame, view_m: float) -> csr_array:
    """(m, n) 1 where an incident is in view of a candidate."""
    if candidates.empty or incidents.empty:
        return csr_array((len(incidents), len(candidates)))
    tree = cKDTree(coordinates(candidates))
    near = tree.query_ball_point(coordinates(incidents), view_m * (1 + 1e-12))
    row = np.repeat(np.arange(len(incidents)), [len(places) for places in near])
    column = np.concatenate([np.asarray(places, dtype=int) for places in near])
    shape = (len(incidents), len(candidates))
    return csr_array((np.ones(len(row)), (row, column)), shape=shape)


def _solve(
    sees: csr_array, weight: np.ndarray, budget: int, time_limit_s: float
) -> tuple[np.ndarray, float]:
    """Chosen candidates, and what no choice of so many can exceed."""
    greedy = _greedy(sees, weight, budget)
    seen, profile_weight = _merged(sees, weight)
    m, n = seen.shape
    if m == 0 or n <= budget:
        return greedy, _covered(sees, weight, greedy)
    # Maximise the weight of incidents y that some chosen site x sees: y ≤ Σ x in view, Σ x ≤ N.
    # Only x need be whole: each y is then at most 1 and as large as it may be.
    is_seen = LinearConstraint(hstack([seen, -identity(m)]).tocsr(), lb=0)
    within = LinearConstraint(np.r_[np.ones(n), np.zeros(m)][None], ub=budget)
    result = milp(
        np.r_[np.zeros(n), -profile_weight],
        constraints=[is_seen, within],
        integrality=np.r_[np.ones(n), np.zeros(m)],
        bounds=Bounds(0, 1),
        options={"time_limit": time_limit_s, "mip_rel_gap": _GAP},
    )
    bound = -result.mip_dual_bound if result.mip_dual_bound is not None else profile_weight.sum()
    if result.x is None:
        return greedy, float(bound)
    chosen_sites = np.flatnonzero(result.x[:n] > 0.5)
    is_better = _covered(sees, weight, chosen_sites) >= _covered(sees, weight, greedy)
    return chosen_sites if is_better else greedy, float(bound)


def _merged(sees: csr_array, weight: np.ndarray) -> tuple[csr_array, np.ndarray]:
    """Incidents in view of the same sites as one of their joint weight; those of none left out."""
    key = [sees.indices[a:b].tobytes() for a, b in zip(sees.indptr, sees.indptr[1:], strict=False)]
    code, names = pd.factorize(np.array(key, dtype=object))
    _, first = np.unique(code, return_index=True)
    total = np.bincount(code, weight, len(names))
    kept = (np.diff(sees.indptr)[first] > 0) & (total > 0)
    return sees[first[kept]], total[kept]


def _covered(sees: csr_array, weight: np.ndarray, chosen: np.ndarray) -> float:
    return float(weight[sees[:, chosen].sum(axis=1) > 0].sum())


def _greedy(sees: csr_array, weight: np.ndarray, budget: int) -> np.ndarray:
    """Sites one by one, each that which adds most; a start, and what is left at the time limit."""
    left, chosen = weight.copy(), []
    columns = sees.tocsc()
    for _ in range(min(budget, sees.shape[1])):
        adds = columns.T @ left
        best = int(adds.argmax())
        if adds[best] <= 0:
            break
        chosen.append(best)
        left[columns.indices[columns.indptr[best] : columns.indptr[best + 1]]] = 0
    return np.array(chosen, dtype=int)


def _in_order(
    sees: csr_array, weight: np.ndarray, chosen: np.ndarray
) -> tuple[pd.DataFrame, np.ndarray]:
    """Chosen sites with what each adds, and which incidents they cover."""
    among = sees[:, chosen]
    order = _greedy(among, weight, len(chosen))
    before, rows = np.zeros(len(weight), dtype=bool), []
    for site in order:
        now = before | (among[:, [site]].sum(axis=1) > 0)
        rows.append((int(chosen[site]), weight[now & ~before].sum(), weight[now].sum()))
        before = now
    return pd.DataFrame(rows, columns=["site", "added", "covered"]), before
