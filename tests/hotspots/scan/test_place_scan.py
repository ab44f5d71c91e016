"""The scan over places against SaTScan 10.3.2, a brute-force twin and planted nulls."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.core.errors import CRSError, FrameError, ParameterError
from hotspots.scan.place_scan import scan_places
from hotspots.scan.windows import circular_windows
from hotspots.stats.likelihood_ratios import poisson_llr
from hotspots.stats.monte_carlo import gumbel_p_values


def places(cases: list[int], population: list[float], xy: np.ndarray) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"cases": cases, "population": population},
        geometry=gpd.points_from_xy(*np.asarray(xy).T),
        crs=27700,
    )


@pytest.fixture(scope="module")
def satscan(shared_data: Path) -> Path:
    return shared_data / "satscan_oracle"


@pytest.fixture(scope="module")
def oracle(satscan: Path) -> dict[str, dict[str, object]]:
    runs: dict[str, dict[str, object]] = json.loads((satscan / "expected.json").read_text())["runs"]
    return runs


@pytest.mark.shared_data
def test_north_humberside_is_satscans(satscan: Path, oracle: dict) -> None:
    folder = satscan / "nhumberside"
    cases, controls, at = (
        np.loadtxt(folder / f"NHumberside.{end}") for end in ("cas", "ctl", "geo")
    )
    frame = places(cases[:, 1].astype(int), cases[:, 1] + controls[:, 1], at[:, 1:])
    scan = scan_places(frame, model="bernoulli", max_radius_m=np.inf)
    run = oracle["nhumberside_bernoulli_spatial"]
    best = scan.clusters.iloc[0]
    assert best["llr"] == pytest.approx(run["clusters"][0]["llr"], abs=5e-7)
    # SaTScan prints two clusters of equal ratio in the order of its own rounding.
    ours = {frozenset(str(int(at[row, 0])) for row in rows) for rows in scan.members[:2]}
    assert ours == {frozenset(cluster["location_ids"]) for cluster in run["clusters"][:2]}
    # p with 99,999 maps is 0.66986: the standard error of 999 maps is 0.015.
    assert best["p_value"] == pytest.approx(run["p_values_99999_reps"][0], abs=4 * 0.015)
    assert scan.maxima.mean() == pytest.approx(run["simulated_maxima"]["mean"], abs=0.3)


@pytest.mark.shared_data
@pytest.mark.parametrize("grid", ["grid", "jittered_grid"])
def test_memphis_is_satscans(satscan: Path, oracle: dict, grid: str) -> None:
    cases = dict(
        line.split() for line in (satscan / "memphis_poisson/memphis.cas").read_text().splitlines()
    )
    file = {
        "grid": "memphis_poisson/memphis.geo",
        "jittered_grid": "memphis_jitter/memphis_jitter.geo",
    }
    geo = pd.read_csv(satscan / file[grid], sep=" ", names=["id", "x", "y"])
    frame = places([int(cases.get(i, 0)) for i in geo["id"]], 1.0, geo[["x", "y"]].to_numpy())
    scan = scan_places(frame, model="poisson", max_radius_m=500, n_simulations=19)
    clusters = oracle[f"memphis_poisson_{grid}"]["clusters"]
    n = 1 if grid == "grid" else 4  # on a bare grid the members of a ring enter in another order
    for ours, theirs in zip(scan.clusters.to_dict("records")[:n], clusters, strict=False):
        assert ours["llr"] == pytest.approx(theirs["llr"], abs=5e-7)
        assert (ours["observed"], ours["places"]) == (theirs["observed"], theirs["number_loc"])
        assert ours["radius"] == pytest.approx(theirs["radius"], abs=0.005)
        assert ours["expected"] == pytest.approx(theirs["expected"], abs=0.005)


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("folder", "run", "column"),
    [
        ("nhumberside/mc", "nhumberside_bernoulli_spatial", "llr"),
        ("nyc/prosp", "nyc_stp_prospective", "test_stat"),
        ("nyc/retro", "nyc_stp_retrospective", "test_stat"),
        ("newmexico/mc", "newmexico_poisson_spacetime", "llr"),
    ],
)
def test_gumbel_p_values_are_satscans(
    satscan: Path, oracle: dict, folder: str, run: str, column: str
) -> None:
    maxima = pd.read_csv(satscan / f"{folder}.llr.txt").iloc[:, 0].to_numpy()
    clusters = oracle[run]["clusters"]
    ours = gumbel_p_values(np.array([cluster[column] for cluster in clusters]), maxima)
    np.testing.assert_allclose(ours, [c["gbl_pvalue"] for c in clusters], rtol=0.035)  # two digits


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_best_window_is_that_of_trying_every_one(data: st.DataObject) -> None:
    n = data.draw(st.integers(2, 12))
    spot = st.tuples(st.integers(0, 9), st.integers(0, 9))
    xy = np.array(data.draw(st.lists(spot, min_size=n, max_size=n, unique=True)), dtype=float)
    cases = data.draw(st.lists(st.integers(0, 4), min_size=n, max_size=n))
    population = data.draw(st.lists(st.integers(1, 9), min_size=n, max_size=n))
    if sum(cases) == 0:
        return
    best = 0.0
    for centre in xy:
        order = sorted(range(n), key=lambda i: (((xy[i] - centre) ** 2).sum(), *xy[i]))
        for size in range(1, n + 1):
            rows = order[:size]
            near = max(((xy[i] - centre) ** 2).sum() for i in rows) <= 25
            people = sum(population[i] for i in rows)
            if near and people <= sum(population) / 2:
                inside = sum(cases[i] for i in rows)
                expected = sum(cases) * people / sum(population)
                ratio = float(poisson_llr(np.array(inside), np.array(expected), sum(cases)))
                best = max(best, ratio)
    scan = scan_places(
        places(cases, population, xy), model="poisson", max_radius_m=5, n_simulations=1
    )
    assert max(scan.clusters["llr"], default=0.0) == pytest.approx(best)


def test_clusters_share_no_place() -> None:
    rng = np.random.default_rng(3)
    frame = places(rng.poisson(1, 200).tolist(), 1.0, rng.uniform(0, 1000, (200, 2)))
    scan = scan_places(frame, model="poisson", max_radius_m=200, n_simulations=9)
    rows = np.concatenate(scan.members)
    assert len(rows) == len(set(rows.tolist()))


def test_canisters_where_people_report_everything_are_no_cluster() -> None:
    # The keen street has ten times the reports, a third of them canisters like everywhere.
    rng = np.random.default_rng(8)
    xy = np.vstack([rng.uniform(0, 5000, (100, 2)), rng.normal(2500, 20, (30, 2))])
    reports = np.r_[np.full(100, 3), np.full(30, 30)]
    frame = places(rng.binomial(reports, 1 / 3), reports, xy)
    scan = scan_places(frame, model="bernoulli", max_radius_m=150, n_simulations=199)
    assert scan.clusters["p_value"].min() > 0.05
    # Against metres of street, that every place has as many of, the same street stands out.
    scan = scan_places(
        frame.assign(population=1.0), model="poisson", max_radius_m=150, n_simulations=199
    )
    assert scan.clusters["p_value"].iloc[0] == 1 / 200


def test_under_the_null_one_scan_in_twenty_is_significant_at_most() -> None:
    # 200 scans at 5 %: 10 expected; more than 19 has probability 0.3 % (binomial).
    rng = np.random.default_rng(11)
    xy = rng.uniform(0, 2000, (60, 2))
    alarms = 0
    for seed in range(200):
        frame = places(rng.multinomial(80, np.full(60, 1 / 60)), 1.0, xy)
        scan = scan_places(frame, model="poisson", max_radius_m=400, n_simulations=39, seed=seed)
        alarms += bool(len(scan.clusters) and scan.clusters["p_value"].iloc[0] <= 0.05)
    assert alarms <= 19


def test_windows_stop_before_more_than_a_share() -> None:
    line = np.column_stack([np.arange(4.0), np.zeros(4)])
    windows = circular_windows(line[:1], line, max_radius=9, weights=np.array([1.0, 1, 1, 1]))
    assert windows.member.tolist() == [0, 1]
    assert windows.sums(np.array([5, 7, 1, 1])).tolist() == [5, 12]


@pytest.mark.parametrize("model", ["poisson", "bernoulli"])
def test_one_place_alone_is_no_cluster(model: str) -> None:
    # No circle holds at most half of the population where one place holds it all.
    lonely = places([3], [10.0], np.zeros((1, 2)))
    scan = scan_places(lonely, model=model, max_radius_m=100, n_simulations=99)
    assert scan.clusters.empty
    assert scan.members == []


def test_what_cannot_be_scanned_is_refused() -> None:
    frame = places([1, 2], [1.0, 1.0], np.array([[0, 0], [9, 9]]))
    with pytest.raises(CRSError, match="degrees"):
        scan_places(frame.set_crs(4326, allow_override=True), model="poisson", max_radius_m=9)
    with pytest.raises(FrameError, match="'population' is missing"):
        scan_places(frame.drop(columns="population"), model="poisson", max_radius_m=9)
    with pytest.raises(FrameError, match="negative or null"):
        scan_places(frame.assign(population=[1.0, np.nan]), model="poisson", max_radius_m=9)
    with pytest.raises(FrameError, match="sums to 0"):
        scan_places(frame.assign(cases=0), model="poisson", max_radius_m=9)
    with pytest.raises(ParameterError, match="'normal'"):
        scan_places(frame, model="normal", max_radius_m=9)
    with pytest.raises(ParameterError, match="max_radius_m is 0"):
        scan_places(frame, model="poisson", max_radius_m=0)
