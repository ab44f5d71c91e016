"""The space-time scan against SaTScan 10.3.2 and a brute-force twin."""

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.scan.space_time import periods_up_to, permutation_scan, poisson_space_time_scan
from hotspots.scan.windows import Windows, circular_windows
from hotspots.stats.likelihood_ratios import poisson_llr
from hotspots.stats.monte_carlo import recurrence_interval_days

SATSCAN_EARTH_KM = 6367


def chord_km(lat: pd.Series, lon: pd.Series) -> np.ndarray:
    """Points of a sphere in space, whose straight distances SaTScan measures."""
    north, east = np.radians(lat), np.radians(lon)
    xyz = [np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)]
    return SATSCAN_EARTH_KM * np.column_stack(xyz)


def read(path: Path, names: list[str]) -> pd.DataFrame:
    return pd.read_csv(path, sep=r"\s+", names=names)


@pytest.fixture(scope="module")
def oracle(shared_data: Path) -> dict:
    return json.loads((shared_data / "satscan_oracle/expected.json").read_text())["runs"]


@pytest.fixture(scope="module")
def fever(shared_data: Path) -> tuple[Windows, np.ndarray, np.ndarray, pd.Series]:
    folder = shared_data / "satscan_oracle/nyc"
    places = read(folder / "NYCfever.geo", ["id", "lat", "lon"])
    cases = read(folder / "NYCfever.cas", ["id", "n", "day"])
    place = cases["id"].map(dict(zip(places["id"], places.index, strict=True))).to_numpy()
    day = (pd.to_datetime(cases["day"]) - pd.Timestamp("2001-11-01")).dt.days.to_numpy()
    xyz = chord_km(places["lat"], places["lon"])
    weights = np.bincount(place, minlength=len(places)).astype(float)
    return circular_windows(xyz, xyz, max_radius=3, weights=weights), place, day, places["id"]


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("run", "is_prospective", "clusters", "maps"),
    [("nyc_stp_prospective", True, 3, 999), ("nyc_stp_retrospective", False, 1, 99)],
)
def test_new_york_fever_is_satscans(
    fever: tuple, oracle: dict, run: str, is_prospective: bool, clusters: int, maps: int
) -> None:
    windows, place, day, names = fever
    scan = permutation_scan(
        windows,
        place,
        day,
        (len(names), 24),
        periods_up_to(24, 7, is_prospective=is_prospective),
        n_simulations=maps,
        rng=np.random.default_rng(1),
    )
    theirs = oracle[run]
    for k in range(clusters):
        ours, expected = scan.clusters.iloc[k], theirs["clusters"][k]
        assert ours["llr"] == pytest.approx(expected["test_stat"], abs=5e-7)
        assert [str(name) for name in names[scan.members[k]]] == expected["location_ids"]
        first = dt.date(2001, 11, 1) + dt.timedelta(days=int(ours["first_day"]))
        assert f"{first:%Y/%-m/%-d}" == expected["start_date"]
        assert ours["observed"] == expected["observed"]
    p = theirs["p_values_99999_reps"][0]
    assert scan.clusters["p_value"].iloc[0] == pytest.approx(
        (1 + p * maps) / (maps + 1), abs=4 * np.sqrt(p * (1 - p) / maps)
    )
    spread = scan.maxima.std() / np.sqrt(maps)
    assert scan.maxima.mean() == pytest.approx(theirs["simulated_maxima"]["mean"], abs=5 * spread)


@pytest.mark.shared_data
def test_new_mexico_is_satscans(shared_data: Path, oracle: dict) -> None:
    folder = shared_data / "satscan_oracle/newmexico"
    places = read(folder / "nm.geo", ["id", "lat", "lon"])
    row = dict(zip(places["id"], places.index, strict=True))
    cases, expected = _standardised(folder, row)
    xyz = chord_km(places["lat"], places["lon"])
    scan = poisson_space_time_scan(
        circular_windows(xyz, xyz, max_radius=np.inf, weights=expected.sum(axis=1)),
        cases,
        expected,
        periods_up_to(19, 9, is_prospective=False),  # half of 19 years
        n_simulations=199,
        rng=np.random.default_rng(1),
    )
    for ours, theirs in zip(
        scan.clusters.to_dict("records"),
        oracle["newmexico_poisson_spacetime"]["clusters"],
        strict=False,
    ):
        assert ours["llr"] == pytest.approx(theirs["llr"], abs=5e-7)
        assert ours["observed"] == theirs["observed"]
        assert ours["expected"] == pytest.approx(theirs["expected"], abs=0.005)
        assert 1973 + ours["first_day"] == int(theirs["start_date"][:4])
        assert 1973 + ours["last_day"] == int(theirs["end_date"][:4])
    # p with 99,999 maps is 0.01106; the chance of 8 or more of 199 is 0.3 %
    assert scan.clusters["p_value"].iloc[0] <= 9 / 200


def _standardised(folder: Path, row: dict[str, int]) -> tuple[np.ndarray, np.ndarray]:
    """Cases by place and year, and those expected by age and sex (indirect standardisation).

    SaTScan dates a census year to 1 July and interpolates straight between.
    """
    cases = read(folder / "nm.cas", ["id", "n", "year", "age", "sex"])
    people = read(folder / "nm.pop", ["id", "year", "n", "age", "sex"])
    by_census = people.groupby(["id", "age", "sex", "year"])["n"].sum().unstack()
    census = [dt.date(1900 + year, 7, 1).toordinal() for year in by_census.columns]
    years = []
    for year in range(1973, 1992):
        days = np.arange(dt.date(year, 1, 1).toordinal(), dt.date(year + 1, 1, 1).toordinal()) + 0.5
        years.append([np.interp(days, census, unit).sum() for unit in np.eye(3)])
    person_days = by_census.to_numpy() @ np.array(years).T
    group = pd.MultiIndex.from_arrays([by_census.index.get_level_values(k) for k in (1, 2)])
    group_days = pd.Series(person_days.sum(axis=1), index=group).groupby(level=[0, 1]).sum()
    rate = (
        (cases.groupby(["age", "sex"])["n"].sum() / group_days).reindex(group).fillna(0).to_numpy()
    )
    expected, observed = np.zeros((len(row), 19)), np.zeros((len(row), 19), dtype=np.int64)
    rows = [row[name] for name in by_census.index.get_level_values(0)]
    np.add.at(expected, rows, person_days * rate[:, None])
    np.add.at(observed, (cases["id"].map(row), cases["year"] - 1973), cases["n"])
    return observed, expected


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5)), min_size=2, max_size=25))
def test_the_best_cylinder_is_that_of_trying_every_one(cases: list[tuple[int, int]]) -> None:
    place, day = np.array(cases).T
    line = np.column_stack([[0.0, 1.0, 2.5, 4.5, 9.0], np.zeros(5)])
    weights = np.bincount(place, minlength=5).astype(float)
    windows = circular_windows(line, line, max_radius=3, weights=weights)
    best = 0.0
    for position in range(len(windows.member)):
        rows = set(windows.members_of(position).tolist())
        for first in range(6):
            for last in range(first, min(first + 3, 6)):
                here = np.array([p in rows for p in place])
                now = (day >= first) & (day <= last)
                expected = here.sum() * now.sum() / len(cases)
                inside = np.array((here & now).sum())
                best = max(best, float(poisson_llr(inside, np.array(expected), len(cases))))
    scan = permutation_scan(
        windows,
        place,
        day,
        (5, 6),
        periods_up_to(6, 3, is_prospective=False),
        n_simulations=1,
        rng=np.random.default_rng(1),
    )
    assert max(scan.clusters["llr"], default=0.0) == pytest.approx(best)


def test_prospective_periods_end_today() -> None:
    periods = periods_up_to(10, 3, is_prospective=True)
    assert sorted(zip(periods.first, periods.last, strict=True)) == [(7, 9), (8, 9), (9, 9)]
    # 3 days long or less of 10: 10 + 9 + 8
    assert len(periods_up_to(10, 3, is_prospective=False).first) == 27


def test_recurrence_intervals_are_satscans() -> None:
    # SaTScan's New York run: p 0.216, 0.506 and 0.948 at one look a day are 5, 2 and 1 days.
    assert recurrence_interval_days(np.array([0.216, 0.506, 0.948])).round().tolist() == [5, 2, 1]
