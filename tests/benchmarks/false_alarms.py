"""How often chance alone is flagged, and how much of the truth is found.

``python -m tests.benchmarks.false_alarms --background [--repeats 300]`` prints how often a map with
nothing but a town, its streets or its homes is flagged by the null of its surroundings, and how
many sites are found in it.

``python -m tests.benchmarks.false_alarms [--repeats 300]`` prints two tables in Markdown: false
alarms under planted nulls of METHOD.md section 3's means (100 × 100 cells of 50 m, nothing but
chance), and, with hotspots planted in a borough's year, the share of flags that are false and the
share of planted hotspots that are found. Beside ours: Gi* by queen neighbours, its normal p-value
and Benjamini and Hochberg's step-up, as the usual chain has it.

``python -m tests.benchmarks.false_alarms --targets [--repeats 100]`` prints what the detection
flags where no place is special, with its 95 % upper limit, and what Gi*, a kernel density at a
threshold and DBSCAN flag there; and of all of them how many planted sites they find.
"""

import argparse
import itertools

import geopandas as gpd
import numpy as np
import shapely
from scipy.stats import binomtest

from hotspots.detection import DetectionParams, detect_hotspots
from hotspots.scan import scan_discs
from hotspots.scan.nulls import UniformNull
from hotspots.scan.surroundings import scan_surroundings
from hotspots.stats.false_discovery import q_values_of_maxima
from hotspots.synthetic import BoroughParams, synthetic_borough
from tests.benchmarks.backgrounds import backgrounds, borough, with_sites
from tests.benchmarks.dated_backgrounds import AS_OF, Chance, chances, dated
from tests.benchmarks.rival_methods import RIVALS, gi_star_flags

MEANS = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
CELLS, CELL_M = 100, 50.0
RADII_M = np.array([25.0, 50.0, 75.0, 100.0, 150.0])
SQUARE = shapely.box(0, 0, CELLS * CELL_M, CELLS * CELL_M)
ALPHA = 0.05
NEAR_M = 150.0
SIMULATE_UP_TO = 1_000
"""Cases; the bound above, so that 300 repeats take minutes. Ours simulates up to 5,000."""


def is_alarm(cases: np.ndarray, rng: np.random.Generator) -> bool:
    """Whether our scan flags anything, before effect and repetition are asked for."""
    maps = 199 if len(cases) <= SIMULATE_UP_TO else 0
    null = UniformNull(SQUARE, RADII_M)
    scan = scan_discs(cases, null, radii_m=RADII_M, n_simulations=maps, rng=rng)
    return bool((q_values_of_maxima(scan.p_value) <= ALPHA).any())


def false_alarm_table(repeats: int) -> None:
    print(f"| mean per cell | cases | ours | Gi* + BH |  ({repeats} repeats)\n|---|---|---|---|")
    for mean in MEANS:
        rng = np.random.default_rng(1)
        ours, theirs = 0, 0
        for _ in range(repeats):
            n = rng.poisson(mean * CELLS**2)
            xy = rng.uniform(0, CELLS * CELL_M, (n, 2))
            ours += is_alarm(xy, rng)
            theirs += bool(len(gi_star_flags(xy, SQUARE, CELL_M)))
        print(f"| {mean} | {mean * CELLS**2:.0f} | {ours / repeats:.3f} | {theirs / repeats:.2f} |")


def background_table(repeats: int) -> None:
    """How many maps with no special place are flagged."""
    print("| background | incidents a year | maps flagged | flags a map |\n|---|---|---|---|")
    for name, (draw, area) in backgrounds().items():
        for n in (100, 400, 2_000):
            maps = [draw(n, np.random.default_rng(100 + seed)) for seed in range(repeats)]
            flags = [len(_flagged(cases, area)) for cases in maps]
            n_flagged = np.count_nonzero(flags)
            print(f"| {name} | {n} | {n_flagged} of {repeats} | {np.mean(flags):.2f} |", flush=True)


def targets_table(repeats: int, named: str = "", seed: int = 7_000) -> None:
    """How many maps without a special place the whole detection flags, and what others do.

    Of the chances whose name holds a text, by seeds from ``seed`` on.
    """
    heads = " | ".join(RIVALS)
    print(f"| chance | incidents a year | ours | at most | {heads} |")
    print("|" + "---|" * (4 + len(RIVALS)))
    for name, chance in chances().items():
        for n in (100, 400, 2_000) if named in name else ():
            flagged = np.zeros(1 + len(RIVALS), dtype=int)
            for each in range(seed, seed + repeats):
                flagged += _is_flagged(chance, n, np.random.default_rng(each))
            ours, *others = (f"{k} of {repeats}" for k in flagged)
            most = binomtest(int(flagged[0]), repeats).proportion_ci(0.9).high
            print(f"| {name} | {n} | {ours} | {most:.3f} | {' | '.join(others)} |", flush=True)


def _is_flagged(chance: Chance, n: int, rng: np.random.Generator) -> np.ndarray:
    incidents = chance.draw(n, rng)
    xy = shapely.get_coordinates(incidents.geometry.to_numpy())
    result = detect_hotspots(
        incidents,
        chance.study_area,
        as_of=AS_OF,
        exposure=chance.exposure,
        streets=chance.streets,
    )
    ours = len(result.hotspots if chance.streets is None else result.street_sites)
    others = [len(flags(xy, chance.study_area.iloc[0])) for flags in RIVALS.values()]
    return np.array([ours, *others]) > 0


def rivals_table(repeats: int) -> None:
    """Twelve sites inside five towns: what is found, and what share of the flags is false."""
    print("\n| a site has | method | found | false share |\n|---|---|---|---|")
    for per_site in (5, 8, 12, 20):
        scores: dict[str, list[tuple[float, float]]] = {"ours": [], **{r: [] for r in RIVALS}}
        for seed in range(repeats):
            rng = np.random.default_rng(9_000 + seed)
            cases, sites = with_sites(backgrounds()["five towns"].draw, 400, per_site, rng)
            scores["ours"].append(_scored(_detected(dated(cases, rng)), sites))
            for name, flags in RIVALS.items():
                scores[name].append(_scored(flags(cases, borough()), sites))
        for name, pairs in scores.items():
            false, recall = np.mean(pairs, axis=0)
            print(f"| {per_site} | {name} | {recall:.2f} | {false:.3f} |", flush=True)


def _detected(incidents: gpd.GeoDataFrame) -> np.ndarray:
    area = gpd.GeoSeries([borough()], crs=27700)
    hotspots = detect_hotspots(incidents, area, as_of=AS_OF).hotspots
    return hotspots[["centre_x", "centre_y"]].to_numpy(dtype=float)


def power_table(repeats: int) -> None:
    """How many of twelve sites are found that stand out from their town."""
    print("\n| background | incidents a year | a site has | found | false share |")
    print("|---|---|---|---|---|")
    choices = itertools.product(("even", "five towns", "homes"), (400, 2_000), (5, 8, 12, 20))
    for name, n, per_site in choices:
        scores = []
        for seed in range(repeats):
            rng = np.random.default_rng(500 + seed)
            cases, sites = with_sites(backgrounds()[name].draw, n, per_site, rng)
            scores.append(_scored(_flagged(cases, borough()), sites))
        false, recall = np.mean(scores, axis=0)
        print(f"| {name} | {n} | {per_site} | {recall:.2f} | {false:.3f} |", flush=True)


def _flagged(cases: np.ndarray, area: shapely.Geometry) -> np.ndarray:
    """(k, 2) centres that the surroundings do not explain."""
    inside = cases[shapely.contains_xy(area, cases)]
    rng = np.random.default_rng(1)
    scan = scan_surroundings(inside, area, radii_m=RADII_M, min_rate_ratio=3.0, rng=rng)
    return scan.centre[q_values_of_maxima(scan.p_value) <= ALPHA]


def discovery_table(repeats: int) -> None:
    """Flags near no planted site are false; a planted site near no flag is missed."""
    print(
        "\n| incidents | method | false share of flags | planted sites found |\n|---|---|---|---|"
    )
    for per_day in (0.5, 1.0, 2.0, 4.0):
        scored: dict[str, list[tuple[float, float]]] = {"ours": [], "Gi* + BH": []}
        for seed in range(repeats):
            params = BoroughParams(
                days=365, incidents_per_day=per_day, sites=12, site_share=0.4, spread_m=15
            )
            borough = synthetic_borough(params, seed=seed)
            result = detect_hotspots(
                borough.incidents,
                borough.study_area,
                DetectionParams(n_simulations=199, months=13, null="even"),
                as_of="2025-01-05T00:00Z",
            )
            sites = shapely.get_coordinates(borough.sites.geometry.to_numpy())
            centres = result.hotspots[["centre_x", "centre_y"]].to_numpy(dtype=float)
            xy = shapely.get_coordinates(borough.incidents.geometry.to_numpy())
            flags = gi_star_flags(xy, borough.study_area.geometry.iloc[0], CELL_M)
            scored["ours"].append(_scored(centres, sites))
            scored["Gi* + BH"].append(_scored(flags, sites))
        for method, scores in scored.items():
            false, recall = np.mean(scores, axis=0)
            print(f"| {per_day * 365:.0f} a year | {method} | {false:.3f} | {recall:.2f} |")


def _scored(flags: np.ndarray, sites: np.ndarray) -> tuple[float, float]:
    if len(flags) == 0:
        return 0.0, 0.0
    apart = np.hypot(*(flags[:, None] - sites[None]).transpose(2, 0, 1))
    return float((apart.min(axis=1) > NEAR_M).mean()), float((apart.min(axis=0) <= NEAR_M).mean())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=300)
    parser.add_argument("--background", action="store_true")
    parser.add_argument("--targets", action="store_true")
    parser.add_argument("--chance", default="", help="part of its name: only these, of --targets")
    parser.add_argument("--seed", type=int, default=7_000)
    arguments = parser.parse_args()
    if arguments.targets:
        targets_table(arguments.repeats, arguments.chance, arguments.seed)
        if not arguments.chance:
            rivals_table(max(arguments.repeats // 5, 2))
    elif arguments.background:
        background_table(arguments.repeats)
        power_table(max(arguments.repeats // 6, 2))
    else:
        false_alarm_table(arguments.repeats)
        discovery_table(max(arguments.repeats // 5, 5))
