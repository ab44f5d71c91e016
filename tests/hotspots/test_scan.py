"""The scan against hand arithmetic, a brute-force twin and planted nulls."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.errors import ParameterError
from hotspots.scan import disc_counts, poisson_llr, scan_discs, uniform_points

SQUARE = shapely.box(0, 0, 5000, 5000)
RADII = (25.0, 50.0, 150.0)


def test_the_ratio_is_that_of_the_memphis_cluster_in_satscan() -> None:
    # SaTScan 10.3.2 on the Memphis robberies prints 42 observed, 1.61 expected of 2,245 cases and
    # 97.011797; the expected count is rounded there, so the ratio agrees to about 0.3 %.
    assert float(poisson_llr(np.array(42), np.array(1.61), 2245)) == pytest.approx(97.01, rel=3e-3)


def test_the_ratio_of_a_hand_worked_window() -> None:
    # 4 of 10 inside where 1 is expected: 4 ln 4 + 6 ln(6/9) = 5.545177 - 2.432791
    assert float(poisson_llr(np.array(4), np.array(1.0), 10)) == pytest.approx(3.112387, abs=1e-6)


def test_no_more_than_expected_is_no_evidence() -> None:
    assert poisson_llr(np.array([0, 1, 2]), np.array(2.0), 10).tolist() == [0, 0, 0]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), min_size=1, max_size=30))
def test_counts_are_those_of_measuring_every_pair(points: list[tuple[int, int]]) -> None:
    xy = np.array(points, dtype=float)
    every = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    expected = np.stack([(every <= radius).sum(axis=1) for radius in RADII], axis=1)
    assert disc_counts(xy, np.array(RADII)).tolist() == expected.tolist()


def test_a_planted_cluster_is_the_likeliest_disc() -> None:
    rng = np.random.default_rng(7)
    planted = rng.uniform((2985, 1985), (3015, 2015), (10, 2))
    cases = np.vstack([rng.uniform(0, 5000, (100, 2)), planted])
    scan = scan_discs(cases, SQUARE, radii_m=RADII, n_simulations=199, rng=rng)
    assert np.hypot(*(cases[scan.centre[0]] - (3000, 2000))) < 25
    assert scan.observed[0] == 10
    assert scan.p_value[0] == 1 / 200  # no simulated map comes near


def test_discs_do_not_overlap() -> None:
    rng = np.random.default_rng(3)
    cases = rng.uniform(0, 1000, (200, 2))
    scan = scan_discs(cases, SQUARE, radii_m=RADII, n_simulations=9, rng=rng)
    centres = cases[scan.centre]
    apart = np.hypot(*(centres[:, None] - centres[None]).transpose(2, 0, 1))
    touching = scan.radius_m[:, None] + scan.radius_m[None]
    assert (apart > touching)[~np.eye(len(centres), dtype=bool)].all()


def test_the_discs_are_those_of_trying_every_one_in_turn() -> None:
    rng = np.random.default_rng(5)
    cases = rng.uniform(0, 900, (150, 2))
    scan = scan_discs(cases, SQUARE, radii_m=RADII, n_simulations=9, rng=rng)
    every = np.hypot(*(cases[:, None] - cases[None]).transpose(2, 0, 1))
    ratio = {
        (i, r): float(
            poisson_llr(np.array((every[i] <= r).sum()), np.array(150 * np.pi * r**2 / 25e6), 150)
        )
        for i in range(150)
        for r in RADII
    }
    taken: list[tuple[int, float]] = []
    for i, r in sorted(ratio, key=lambda d: (-round(ratio[d], 9), d[1], *cases[d[0]][::-1])):
        if ratio[i, r] > 0 and all(every[i, j] > r + other for j, other in taken):
            taken.append((i, r))
    assert list(zip(scan.centre.tolist(), scan.radius_m.tolist(), strict=True)) == taken


def test_under_the_null_one_map_in_twenty_is_flagged_at_most() -> None:
    # 200 maps at 5 %: 10 expected; more than 19 has probability 0.3 % (binomial).
    rng = np.random.default_rng(11)
    alarms = 0
    for _ in range(200):
        cases = uniform_points(SQUARE, 60, rng)
        scan = scan_discs(cases, SQUARE, radii_m=(50.0, 150.0), n_simulations=39, rng=rng)
        alarms += bool(len(scan.p_value) and scan.p_value[0] <= 0.05)
    assert alarms <= 19


def test_uniform_points_lie_inside_and_spread_evenly() -> None:
    ell = shapely.union_all([shapely.box(0, 0, 100, 10), shapely.box(0, 0, 10, 100)])
    points = uniform_points(ell, 4000, np.random.default_rng(5))
    assert shapely.contains_xy(ell, points).all()
    # The corner square is 100 of 1,900 m²: 210.5 of 4,000, standard deviation 14.1
    corner = (points < 10).all(axis=1).sum()
    assert abs(corner - 210.5) < 4 * 14.1


@pytest.mark.parametrize(("radii", "runs"), [((), 9), ((0.0,), 9), ((25.0,), 0)])
def test_settings_without_meaning_are_refused(radii: tuple[float, ...], runs: int) -> None:
    rng = np.random.default_rng(1)
    with pytest.raises(ParameterError):
        scan_discs(np.zeros((3, 2)), SQUARE, radii_m=radii, n_simulations=runs, rng=rng)


def test_no_cases_give_no_discs() -> None:
    rng = np.random.default_rng(1)
    scan = scan_discs(np.empty((0, 2)), SQUARE, radii_m=RADII, n_simulations=9, rng=rng)
    assert len(scan.centre) == 0
