"""Ordinary towns, streets and homes are not flagged; places that stand out from them are."""

import numpy as np
import pytest
import shapely
from scipy import stats

from hotspots.scan import surroundings
from hotspots.scan.disc_scan import DiscScan
from hotspots.scan.dispersion import dispersion
from hotspots.scan.ground import Exposure, Ground
from hotspots.scan.surroundings import scan_surroundings

SIDE = 8_000.0
AREA = shapely.box(0, 0, SIDE, SIDE)
RADII = np.array([25.0, 50.0, 75.0, 100.0, 150.0])
ALPHA = 0.05


def scan(cases: np.ndarray, seed: int = 1, **kwargs: object) -> DiscScan:
    rng = np.random.default_rng(seed)
    return scan_surroundings(cases, AREA, radii_m=RADII, min_rate_ratio=3.0, rng=rng, **kwargs)


def flags(cases: np.ndarray, **kwargs: object) -> np.ndarray:
    result = scan(cases, **kwargs)
    return result.centre[result.p_value <= ALPHA]


def inside(xy: np.ndarray) -> np.ndarray:
    return xy[((xy > 0) & (xy < SIDE)).all(axis=1)]


def even(n: int, rng: np.random.Generator) -> np.ndarray:
    return rng.uniform(0, SIDE, (n, 2))


def towns(n: int, rng: np.random.Generator) -> np.ndarray:
    """Five towns of 600 m, and one case in seven anywhere."""
    middle = np.random.default_rng(5).uniform(1_500, SIDE - 1_500, (5, 2))
    in_town = middle[rng.integers(0, 5, n)] + rng.normal(0, 600, (n, 2))
    return inside(np.where(rng.random(n)[:, None] < 6 / 7, in_town, even(n, rng)))


def streets(n: int, rng: np.random.Generator) -> np.ndarray:
    """Streets 120 m apart in three quarters, and nothing but fields between these."""
    quarter = np.array([[1_000, 1_000], [4_500, 2_000], [2_500, 5_500]])[rng.integers(0, 3, n)]
    along, across = rng.uniform(0, 1_500, n), 120.0 * rng.integers(0, 13, n)
    is_up = rng.random(n) < 0.5
    place = np.where(is_up[:, None], np.c_[across, along], np.c_[along, across])
    return quarter + place + rng.normal(0, 4, (n, 2))


def gradient(n: int, rng: np.random.Generator) -> np.ndarray:
    """Thickest in the middle of the borough, thinner all the way to its edge."""
    return inside(SIDE / 2 + rng.normal(0, 1_500, (n, 2)))


def snapped(n: int, rng: np.random.Generator) -> np.ndarray:
    return np.round(towns(n, rng) / 50) * 50 + 1.0


# All of them at 400 and 2,000: tests/benchmarks/false_alarms.py.
MAPS = [(even, 100), (towns, 100), (streets, 100), (gradient, 100), (snapped, 100)]
MAPS += [(towns, 400), (streets, 400)]


@pytest.mark.parametrize(("background", "n"), MAPS)
def test_a_map_without_any_special_place_is_flagged_in_at_most_one_of_twenty(
    background: object, n: int
) -> None:
    alarms = sum(len(flags(background(n, np.random.default_rng(seed)))) > 0 for seed in range(20))
    # At 5 % each, 4 or more of 20 come by chance with probability 0.016.
    assert alarms <= 3


@pytest.mark.parametrize("background", [even, towns])
def test_places_of_eight_a_year_are_found_inside_towns(background: object) -> None:
    is_flagged = []
    for seed in range(3):
        rng = np.random.default_rng(seed)
        cases = background(400, rng)
        sites = _apart(background(400, rng), 6)
        planted = np.concatenate([site + rng.normal(0, 15, (8, 2)) for site in sites])
        flagged = flags(inside(np.concatenate([cases, planted])))
        apart = np.hypot(*(flagged[:, None] - sites[None]).transpose(2, 0, 1))
        is_flagged += (apart.min(axis=0, initial=np.inf) <= 150).tolist()
        assert (apart.min(axis=1) <= 300).mean() > 0.9 if len(flagged) else True
    assert np.mean(is_flagged) >= 0.8


def _apart(xy: np.ndarray, k: int) -> np.ndarray:
    chosen = [xy[0]]
    for place in xy[1:]:
        is_inner = (place > 300).all() and (place < SIDE - 300).all()
        if is_inner and min(np.hypot(*(place - other)) for other in chosen) > 500:
            chosen.append(place)
        if len(chosen) == k + 1:
            break
    return np.array(chosen[1:])


def test_homes_as_exposure_clear_blocks_of_flats() -> None:
    rng = np.random.default_rng(3)
    homes = np.concatenate(
        [even(4_000, rng)]
        + [rng.uniform(500, 7_500, 2) + rng.normal(0, 8, (80, 2)) for _ in range(20)]
    )
    exposure = Exposure(homes, np.ones(len(homes)))
    by_homes = by_land = 0
    for seed in range(6):
        chooses = np.random.default_rng(seed)
        cases = inside(homes[chooses.integers(0, len(homes), 500)] + chooses.normal(0, 5, (500, 2)))
        by_homes += len(flags(cases, exposure=exposure))
        by_land += len(flags(cases))
    assert by_homes == 0
    assert by_land > 0  # land alone cannot know of them


def test_expected_cases_are_those_of_the_surroundings_without_the_disc_itself() -> None:
    """By brute force: Gaussian sums over the others, and over the area point by point."""
    cases = towns(400, np.random.default_rng(8))
    ground = Ground(AREA, cases, None, 150.0)
    around = ground.surroundings(cases)
    grid = np.stack(np.meshgrid(np.arange(20, SIDE, 40), np.arange(20, SIDE, 40)), -1).reshape(
        -1, 2
    )
    for row in range(0, len(cases), 40):
        width = around.width_m[row]

        def total(points: np.ndarray, row: int = row, width: float = width) -> float:
            apart = np.hypot(*(points - cases[row]).T)
            is_near = (apart > 150) & (apart <= 3 * width)
            return float(np.exp(-(apart[is_near] ** 2) / (2 * width**2)).sum())

        rate = (total(cases) + 0.5) / (total(grid) * 40.0**2)
        assert around.rate[row] == pytest.approx(rate, rel=0.25)  # cells of 50 m round the hole off


def test_p_values_are_the_negative_binomial_of_a_place_chosen_by_a_case() -> None:
    """Against drawn places: rates from a gamma, chosen in proportion to what they hold."""
    rng = np.random.default_rng(4)
    expected, near, phi = 0.8, 12.0, 0.6
    shape = 1 / (phi + 1 / (near + 0.5))
    counts = rng.poisson(rng.gamma(shape, expected / shape, 400_000))
    chosen = rng.choice(counts, 200_000, p=counts / counts.sum())
    for held in (4, 6):
        p = surroundings.p_values_of_others(
            np.array([[held]]),
            np.array([[expected]]),
            np.array([near]),
            np.array([phi]),
            1.0,
        )[0, 0]
        assert p == pytest.approx((chosen >= held).mean(), rel=0.06)


def test_the_dispersion_is_found_again_though_some_places_are_hotspots() -> None:
    rng = np.random.default_rng(6)
    n, phi = 3_000, 1.0
    expected = np.full(n, 1.2)
    near = np.full(n, 1e6)
    shape = 1 / phi
    others = rng.poisson(rng.gamma(shape + 1, expected / shape))
    without = dispersion(others, expected, near)
    others[:100] += 15
    with_hotspots = dispersion(others, expected, near)
    assert 0.7 < without < 2.0
    assert with_hotspots == pytest.approx(without, rel=0.5)
    even_places = dispersion(stats.poisson(1.2).rvs(n, random_state=rng), expected, near)
    assert even_places < 0.3


def test_order_of_rows_and_a_move_of_everything_change_nothing() -> None:
    cases = towns(300, np.random.default_rng(9))
    as_it_is = scan(cases)
    shuffled = scan(np.random.default_rng(1).permutation(cases))
    np.testing.assert_allclose(shuffled.p_value, as_it_is.p_value)
    offset = np.array([123_456.0, -7_890.0])
    moved = scan_surroundings(
        cases + offset,
        shapely.transform(AREA, lambda xy: xy + offset),
        radii_m=RADII,
        min_rate_ratio=3.0,
        rng=np.random.default_rng(1),
    )
    np.testing.assert_allclose(moved.centre - offset, as_it_is.centre, atol=1e-6)
    np.testing.assert_allclose(moved.p_value, as_it_is.p_value, rtol=1e-6)


def test_fields_around_the_town_change_no_answer() -> None:
    """The study area used to decide: with more empty ground every street stood out."""
    rng = np.random.default_rng(12)
    town = rng.uniform(3_000, 5_000, (400, 2))
    site = np.array([4_000.0, 4_000.0]) + rng.normal(0, 15, (15, 2))
    cases = np.concatenate([town, site])
    for margin in (0, 5_000, 50_000):
        area = shapely.box(3_000 - margin, 3_000 - margin, 5_000 + margin, 5_000 + margin)
        result = scan_surroundings(
            cases, area, radii_m=RADII, min_rate_ratio=3.0, rng=np.random.default_rng(1)
        )
        flagged = result.centre[result.p_value <= ALPHA]
        assert len(flagged) == 1
        assert np.hypot(*(flagged[0] - (4_000, 4_000))) < 60


def test_nothing_at_all_is_no_error() -> None:
    assert len(scan(np.empty((0, 2))).p_value) == 0
    assert len(flags(np.array([[4_000.0, 4_000.0]]))) == 0
    assert len(flags(np.tile([[4_000.0, 4_000.0]], (30, 1)))) == 1
