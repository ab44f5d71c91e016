"""What who knew the planted rates would catch: the most that any forecast can be expected to.

``python -m tests.benchmarks.forecast_bounds`` prints docs/forecast.md's table of planted boroughs
in Markdown: two years each, four runs a kind, twelve or thirteen months forecast in cells of 100 m,
1 % of them searched.
"""

from collections.abc import Mapping

import numpy as np
from scipy.special import ndtr

from hotspots.forecast.baselines import BASELINES, Method, Past
from hotspots.forecast.evaluation import METHODS, EvaluationParams, evaluate_forecasts
from hotspots.geometry.grid import SquareGrid
from hotspots.synthetic import BoroughParams, SyntheticBorough, synthetic_borough

YEAR = 365.0
KINDS = {
    "tight sites": BoroughParams(
        incidents_per_day=400 / YEAR, sites=25, site_share=0.6, spread_m=15
    ),
    "sites of 60 m spread": BoroughParams(
        incidents_per_day=400 / YEAR, sites=25, site_share=0.6, spread_m=60
    ),
    "rich": BoroughParams(incidents_per_day=1_500 / YEAR, sites=40, site_share=0.6, spread_m=30),
}
SEEDS = (11, 12, 13, 14)
SEARCHED = 0.01
FIXED = [name for name in BASELINES if name not in ("random", "HDBSCAN 10")]
"""HDBSCAN is slow, and best nowhere."""


def planted_rates(borough: SyntheticBorough, spread_m: float) -> Method:
    """Scores each cell by its true share of the dumps: its part of every site's bell, and flat
    ground for what falls at none."""
    centres = np.column_stack([borough.sites.geometry.x, borough.sites.geometry.y])
    shares = borough.sites["share"].to_numpy()

    def score(grid: SquareGrid, _: Past, __: np.random.Generator) -> np.ndarray:
        rows, columns = grid.shape
        x = (np.arange(columns + 1) + grid.column0) * grid.cell_size_m
        y = (np.arange(rows + 1) + grid.row0) * grid.cell_size_m
        across = np.diff(ndtr((x - centres[:, :1]) / spread_m))
        along = np.diff(ndtr((y - centres[:, 1:]) / spread_m))
        bells = np.einsum("s,sr,sc->rc", shares, along, across)
        return np.asarray(bells + grid.inside * (1 - shares.sum()) / grid.inside.sum())

    return score


def hits_of(params: BoroughParams, seed: int) -> Mapping[str, float]:
    """Method → dumps caught in a borough's second year."""
    borough = synthetic_borough(params, seed=seed)
    methods = {"hotspots": METHODS["hotspots"], **{name: BASELINES[name] for name in FIXED}}
    methods["planted rates"] = planted_rates(borough, params.spread_m)
    result = evaluate_forecasts(
        borough.incidents,
        borough.study_area,
        EvaluationParams(12, shares=(SEARCHED,), zone="UTC"),
        methods=methods,
    )
    return dict(result.scores.set_index("method")["hits"])


def main() -> None:
    print("| synthetic | best fixed method | hotspots | who knows the planted rates |")
    print("|---|---|---|---|")
    for kind, params in KINDS.items():
        runs = [hits_of(params, seed) for seed in SEEDS]
        hits = {name: sum(run[name] for run in runs) for name in runs[0]}
        best = max(FIXED, key=lambda name: hits[name])
        ours, most = hits["hotspots"] / hits[best], hits["planted rates"] / hits[best]
        print(f"| {kind} | {best}, {hits[best]:.0f} dumps | {ours:.3f} | {most:.3f} |")


if __name__ == "__main__":
    main()
