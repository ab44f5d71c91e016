"""The scan against SaTScan's continuous run, a brute-force twin and planted nulls."""

from pathlib import Path

import numpy as np
import pytest
import shapely
from scipy.stats import binom

from hotspots.core.errors import ParameterError
from hotspots.scan import bound_p_values, scan_discs, simulated_maxima
from hotspots.scan.nulls import ExposureNull, UniformNull
from hotspots.stats.likelihood_ratios import poisson_llr

SQUARE = shapely.box(0, 0, 5000, 5000)
RADII = np.array([25.0, 50.0, 150.0])
UNIFORM = UniformNull(SQUARE, RADII)


@pytest.mark.shared_data
def test_the_best_disc_about_a_robbery_in_memphis_is_satscans(shared_data: Path) -> None:
    # Its continuous run lets radii vary: 46 cases within 498.69 m of point 986, ratio 108.509361.
    xy = np.loadtxt(shared_data / "satscan_oracle/memphis_continuous/memphis_points.geo")
    radius = np.sort(np.hypot(*(xy - xy[985]).T))[45:46]
    assert radius[0] == pytest.approx(498.69, abs=0.005)
    null = UniformNull(shapely.box(0, 0, 35_500, 29_500), radius)
    scan = scan_discs(xy, null, radii_m=radius, n_simulations=9, rng=np.random.default_rng(1))
    assert scan.llr[0] == pytest.approx(108.509361, abs=5e-7)
    assert (scan.centre[0] == xy[985]).all()
    assert scan.observed[0] == 46


def test_a_planted_cluster_is_the_likeliest_disc() -> None:
    rng = np.random.default_rng(7)
    planted = rng.uniform((2985, 1985), (3015, 2015), (10, 2))
    cases = np.vstack([rng.uniform(0, 5000, (100, 2)), planted])
    scan = scan_discs(cases, UNIFORM, radii_m=RADII, n_simulations=199, rng=rng)
    assert np.hypot(*(scan.centre[0] - (3000, 2000))) < 25
    assert scan.observed[0] == 10
    assert scan.p_value[0] == 1 / 200  # no simulated map comes near


def test_discs_do_not_overlap() -> None:
    rng = np.random.default_rng(3)
    cases = rng.uniform(0, 1000, (200, 2))
    scan = scan_discs(cases, UNIFORM, radii_m=RADII, n_simulations=0, rng=rng)
    apart = np.hypot(*(scan.centre[:, None] - scan.centre[None]).transpose(2, 0, 1))
    touching = scan.radius_m[:, None] + scan.radius_m[None]
    assert (apart > touching)[~np.eye(len(apart), dtype=bool)].all()


def test_the_discs_are_those_of_trying_every_one_in_turn() -> None:
    rng = np.random.default_rng(5)
    cases = rng.uniform(0, 900, (150, 2))
    scan = scan_discs(cases, UNIFORM, radii_m=RADII, n_simulations=9, rng=rng)
    every = np.hypot(*(cases[:, None] - cases[None]).transpose(2, 0, 1))
    ratio = {
        (i, r): float(
            poisson_llr(np.array((every[i] <= r).sum()), np.array(150 * np.pi * r**2 / 25e6), 150)
        )
        for i in range(150)
        for r in RADII.tolist()
    }
    taken: list[tuple[int, float]] = []
    for i, r in sorted(ratio, key=lambda d: (-round(ratio[d], 9), d[1], *cases[d[0]][::-1])):
        if ratio[i, r] > 0 and all(every[i, j] > r + other for j, other in taken):
            taken.append((i, r))
    assert len(scan.llr) >= 5  # those with p = 1 are left out
    assert scan.centre.tolist() == [cases[i].tolist() for i, _ in taken[: len(scan.llr)]]
    assert scan.radius_m.tolist() == [r for _, r in taken[: len(scan.llr)]]


def test_under_the_null_one_map_in_twenty_is_flagged_at_most() -> None:
    # 200 maps at 5 %: 10 expected; more than 19 has probability 0.3 % (binomial).
    rng = np.random.default_rng(11)
    radii = np.array([50.0, 150.0])
    null = UniformNull(SQUARE, radii)
    alarms = 0
    for _ in range(200):
        cases, _ = null.draw(60, rng)
        scan = scan_discs(cases, null, radii_m=radii, n_simulations=39, rng=rng)
        alarms += bool(len(scan.p_value) and scan.p_value[0] <= 0.05)
    assert alarms <= 19


def test_a_busy_street_is_no_cluster_where_streets_are_the_exposure() -> None:
    rng = np.random.default_rng(2)
    street = np.column_stack([np.arange(0, 5000, 10.0), np.full(500, 2500.0)])
    street = np.vstack([street] + [street[:40]] * 9)  # ten lanes at the western end
    exposed = ExposureNull(street, np.ones(len(street)), SQUARE, RADII, name="street")
    cases, _ = exposed.draw(150, rng)
    by_street = scan_discs(cases, exposed, radii_m=RADII, n_simulations=199, rng=rng)
    by_land = scan_discs(cases, UNIFORM, radii_m=RADII, n_simulations=199, rng=rng)
    assert by_street.p_value.min() > 0.05
    assert by_land.p_value[0] == 1 / 200


def test_the_bound_is_the_expected_number_of_such_discs() -> None:
    # One radius, 50 cases, share 0.001: 5 cases make ln-ratio 23.1; the expected number of discs
    # about a case that hold 4 of the other 49 or more is 50 P(Binomial(49, 0.001) >= 4).
    llr = poisson_llr(np.array([5]), np.array([0.05]), 50)
    bound = bound_p_values(llr, 50, np.array([0.001]))
    assert bound[0] == pytest.approx(50 * binom.sf(3, 49, 0.001))


def test_the_bound_never_falls_short_of_the_simulated_p_value() -> None:
    maxima = simulated_maxima(300, UNIFORM, RADII, 2000, np.random.default_rng(6))
    levels = np.quantile(maxima, [0.5, 0.9, 0.95, 0.99])
    bound = bound_p_values(levels, 300, UNIFORM.shares(np.empty((0, 2)))[0])
    simulated = np.array([(maxima >= level - 1e-9).mean() for level in levels])
    error = 4 * np.sqrt(simulated * (1 - simulated) / 2000)
    assert (bound >= simulated - error).all()
    assert bound[2] < 4 * simulated[2]  # and stays of use


@pytest.mark.parametrize(("radii", "maps"), [([], 9), ([0.0], 9), ([50.0, 25.0], 9), ([25.0], -1)])
def test_settings_without_meaning_are_refused(radii: list[float], maps: int) -> None:
    rng = np.random.default_rng(1)
    with pytest.raises(ParameterError):
        scan_discs(np.zeros((3, 2)), UNIFORM, radii_m=np.array(radii), n_simulations=maps, rng=rng)


@pytest.mark.parametrize("maps", [0, 9])
def test_no_cases_give_no_discs(maps: int) -> None:
    rng = np.random.default_rng(1)
    scan = scan_discs(np.empty((0, 2)), UNIFORM, radii_m=RADII, n_simulations=maps, rng=rng)
    assert len(scan.centre) == 0
