"""Close pairs against PySAL's example, brute force and planted repeats."""

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from libpysal import examples

from hotspots.core.errors import ParameterError
from hotspots.scan.near_repeat import knox_test, near_repeat_ratios
from hotspots.synthetic import PRESETS, synthetic_borough

POINTS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(0, 30)), min_size=2, max_size=25
)


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def columns(points: list[tuple[int, int, int]]) -> tuple[np.ndarray, np.ndarray]:
    table = np.array(points, dtype=float)
    return table[:, :2], table[:, 2]


def test_burkitts_lymphoma_is_as_in_pysal() -> None:
    # 13 pairs within 20 and 5 days, 10.1438 expected; P(more than 13) = 0.14624558
    cases = gpd.read_file(examples.get_path("burkitt.shp"))
    xy = cases[["X", "Y"]].to_numpy()
    knox = knox_test(xy, cases["T"].to_numpy(), distance_m=20, within_days=5, rng=rng())
    assert knox.observed == 13
    assert knox.expected == pytest.approx(10.1438, abs=5e-5)
    assert knox.p_poisson == pytest.approx(0.14624558, abs=1e-8)
    # P(13 or more) = 0.2223 were it Poisson; the shuffles come near.
    assert knox.p_value == pytest.approx(0.22, abs=0.06)


@settings(max_examples=60, deadline=None)
@given(POINTS)
def test_pairs_are_those_of_comparing_every_two(points: list[tuple[int, int, int]]) -> None:
    xy, days = columns(points)
    every = [(a, b) for a in range(len(days)) for b in range(a)]
    near = [np.hypot(*(xy[a] - xy[b])) <= 20 for a, b in every]
    soon = [abs(days[a] - days[b]) <= 5 for a, b in every]
    knox = knox_test(xy, days, distance_m=20, within_days=5, n_simulations=1, rng=rng())
    assert knox.observed == sum(n and s for n, s in zip(near, soon, strict=True))
    assert knox.expected == pytest.approx(sum(near) * sum(soon) / len(every))


@settings(max_examples=40, deadline=None)
@given(POINTS)
def test_bands_hold_the_pairs_between_their_edges(points: list[tuple[int, int, int]]) -> None:
    xy, days = columns(points)
    table = near_repeat_ratios(
        xy, days, distance_bands_m=(0, 1, 30), day_bands=(0, 7, 14), n_simulations=1, rng=rng()
    )
    for row in table.itertuples():
        pairs = 0
        for a in range(len(days)):
            for b in range(a):
                apart, gap = np.hypot(*(xy[a] - xy[b])), abs(days[a] - days[b])
                pairs += row.from_m <= apart < row.to_m and row.from_days <= gap < row.to_days
        assert row.observed == pairs


def test_shuffling_gives_what_chance_expects() -> None:
    # Mean over shuffles is near pairs × share of pairs soon: the same product as Knox's.
    generator = np.random.default_rng(5)
    xy, days = generator.uniform(0, 1_000, (150, 2)), generator.integers(0, 100, 150)
    table = near_repeat_ratios(
        xy, days, distance_bands_m=(0, 100), day_bands=(0, 8), n_simulations=400, rng=rng()
    )
    knox = knox_test(xy, days, distance_m=100, within_days=7, n_simulations=1, rng=rng())
    assert table["expected"].iloc[0] == pytest.approx(knox.expected, rel=0.05)


def test_planted_follow_ups_are_found_where_they_were_planted() -> None:
    incidents = synthetic_borough(PRESETS["near-repeat"], seed=3).incidents
    days = incidents["dumped_at"].dt.floor("D").astype("int64") / 86_400e6
    xy = incidents.get_coordinates().to_numpy()
    table = near_repeat_ratios(
        xy, days.to_numpy(), distance_bands_m=(0, 150, 1_000), day_bands=(0, 15, 60, 300), rng=rng()
    )
    # Follow-ups come 9 days later and 60 m off on average: in the first band, and not beyond 150 m.
    assert table["ratio"].iloc[0] > 2
    assert table["p_value"].iloc[0] == 1 / 200
    assert table.loc[table["from_m"] == 150, "ratio"].between(0.9, 1.1).all()


def test_without_follow_ups_one_test_in_twenty_is_positive_at_most() -> None:
    # 200 tests at 5 %: 10 expected; more than 19 has probability 0.3 %.
    generator = np.random.default_rng(8)
    positive = 0
    for _ in range(200):
        xy, days = generator.uniform(0, 500, (60, 2)), generator.uniform(0, 200, 60)
        knox = knox_test(xy, days, distance_m=60, within_days=10, n_simulations=39, rng=generator)
        positive += knox.p_value <= 0.05
    assert positive <= 19


@pytest.mark.parametrize("n", [0, 1])
def test_no_pairs_are_no_evidence(n: int) -> None:
    knox = knox_test(np.zeros((n, 2)), np.zeros(n), distance_m=1, within_days=1, rng=rng())
    assert (knox.observed, knox.expected, knox.p_value) == (0, 0.0, 1.0)
    assert near_repeat_ratios(np.zeros((n, 2)), np.zeros(n), rng=rng())["ratio"].isna().all()


def test_points_that_are_all_the_same_are_pairs_at_the_same_address() -> None:
    table = near_repeat_ratios(np.zeros((4, 2)), np.zeros(4), n_simulations=1, rng=rng())
    assert table["observed"].tolist()[0] == 6
    assert table["ratio"].iloc[0] == 1


def test_input_without_meaning_is_refused() -> None:
    two = np.zeros((2, 2))
    with pytest.raises(ParameterError):
        knox_test(two, np.zeros(3), distance_m=1, within_days=1, rng=rng())
    with pytest.raises(ParameterError):
        knox_test(two, np.array([0, np.nan]), distance_m=1, within_days=1, rng=rng())
    with pytest.raises(ParameterError):
        knox_test(two, np.zeros(2), distance_m=-1, within_days=1, rng=rng())
    with pytest.raises(ParameterError):
        near_repeat_ratios(two, np.zeros(2), day_bands=(0, 7, 7), rng=rng())
    with pytest.raises(ParameterError):
        near_repeat_ratios(two, np.zeros(2), n_simulations=0, rng=rng())
