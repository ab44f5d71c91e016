"""Kernels against every pair of cells, weights against another optimiser and planted truth."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from hotspots.forecast.kernel_maps import NEVER, Kernels, faded
from hotspots.forecast.kernels import FLAT, Component, Mixture
from hotspots.forecast.mixture import learn_weights
from hotspots.geometry.grid import SquareGrid, square_grid
from tests.hotspots.forecast.mixture_alone import fit_mixture

CELL_M = 50.0
L_SHAPE = shapely.Polygon(
    [(0, 0), (1000, 0), (1000, 400), (400, 400), (400, 1000), (0, 1000), (0, 0)]
)
MIXTURE = Mixture((0.0, 100.0, 300.0), (30.0, np.inf), 1.0, 1.0, 1.0, 1.0)
TREE = Mixture((0.0, 100.0), (30.0, np.inf), 0.7, 1.4, prior_lasting=2.0, prior_fading=0.4)


@pytest.fixture
def grid() -> SquareGrid:
    return square_grid(L_SHAPE, CELL_M)


def scattered(grid: SquareGrid, n: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    centres = grid.centres()
    return centres[rng.integers(0, len(centres), n)] + rng.uniform(-20, 20, (n, 2))


def test_a_kernel_is_the_gaussian_between_every_pair_of_cells(grid: SquareGrid) -> None:
    xy, weight = scattered(grid, 25), np.random.default_rng(1).uniform(0.1, 2, 25)
    centres = grid.centres()
    at = np.floor(xy / CELL_M) * CELL_M + CELL_M / 2
    expected = np.zeros(len(centres))
    for place, w in zip(at, weight, strict=True):
        d = np.abs(centres - place)  # the kernel ends at 4 standard deviations each way
        pair = np.exp(-(d**2).sum(axis=1) / (2 * 100.0**2)) * (d <= 400).all(axis=1)
        expected += w * pair / pair.sum()  # what would fall outside comes back: edge correction
    # The correction belongs to an incident's own cell, so that the twin's share is the same.
    kernels = Kernels(grid, xy, (100.0,))
    ours = kernels.spread(100.0, kernels.held(weight))[grid.inside]
    np.testing.assert_allclose(ours, expected, rtol=1e-9)


@pytest.mark.parametrize("scale_m", [0.0, 50.0, 100.0, 1000.0])
def test_no_dump_is_lost_over_the_edge(grid: SquareGrid, scale_m: float) -> None:
    corner = np.array([[10.0, 10.0], [990.0, 390.0], [390.0, 990.0]])
    kernels = Kernels(grid, corner, (scale_m,))
    spread = kernels.spread(scale_m, kernels.held(np.array([1.0, 2.0, 4.0])))
    assert spread.sum() == pytest.approx(7)
    assert (spread[~grid.inside] == 0).all()


def test_the_cell_itself_is_a_kernel_of_no_width(grid: SquareGrid) -> None:
    kernels = Kernels(grid, np.array([[75.0, 25.0]]), (0.0,))
    assert kernels.spread(0.0, kernels.held(np.ones(1)))[0, 1] == 1


def test_a_dump_halves_with_its_half_life_and_its_own_month_is_not_told_by_it() -> None:
    apart = np.array([60.0, 30.0, 0.0, NEVER])
    assert faded(apart, 30.0).tolist() == [0.25, 0.5, 1, 0]
    assert faded(apart, np.inf).tolist() == [1, 1, 1, 0]


def test_dumps_of_long_ago_still_add_up() -> None:
    assert faded(np.array([1e6, 1e6, NEVER]), 1.0).tolist() == [1, 1, 0]


def test_no_month_tells_of_itself(grid: SquareGrid) -> None:
    # Each month strikes one cell, its own: the others' cells say nothing of it, so that the cell
    # kernel is given nothing beyond its prior, and flat ground and the wide kernels share the rest.
    xy = np.repeat([[75.0, 75.0], [775.0, 275.0], [275.0, 775.0]], 200, axis=0)
    days = np.repeat([-75.0, -45.0, -15.0], 200)
    mixture = Mixture((0.0,), (np.inf,), 1.0, 1.0, 1.0, 1.0)
    _, weights = fit_mixture(grid, xy, days, [-90.0, -60.0, -30.0], mixture)
    # 600 incidents and a prior of 1 + 1: all but one of 602 are flat ground's.
    assert weights[FLAT] == pytest.approx(601 / 602)


def test_a_month_is_told_of_by_those_before_and_after_it(grid: SquareGrid) -> None:
    # One cell in the first and the last month, another between: forward alone, only the last
    # month finds its cell told of (one month of three); with those after it, the first one too.
    xy = np.repeat([[75.0, 75.0], [775.0, 275.0], [75.0, 75.0]], 200, axis=0)
    days = np.repeat([-75.0, -45.0, -15.0], 200)
    mixture = Mixture((0.0,), (np.inf,), 1e-9, 1.0, 1.0, 1.0)
    _, weights = fit_mixture(grid, xy, days, [-90.0, -60.0, -30.0], mixture)
    # The kernel says 1/2 of the cell that the first and the last month strike (a half of the
    # others' incidents lie there) and nothing of the middle month's; flat ground says 1/n of each.
    n = grid.inside.sum()
    w = np.linspace(0, 0.999, 100_000)
    best = w[np.argmax(2 * np.log(w / 2 + (1 - w) / n) + np.log((1 - w) / n))]
    assert weights[Component(0.0, np.inf)] == pytest.approx(best, abs=1e-3)


def log_posterior(w: np.ndarray, likelihood: np.ndarray, counts: np.ndarray) -> float:
    """Of TREE, component by component: widths are w0 + w1, w2 + w3 and flat w4."""
    near, far = w[0] + w[1], w[2] + w[3]
    prior = 0.7 * np.log(near) + 1.4 * np.log(far) + 0.7 * np.log(w[4])  # 100 m is near
    prior += 0.4 * np.log(w[0] / near) + 2 * np.log(w[1] / near)
    prior += 0.4 * np.log(w[2] / far) + 2 * np.log(w[3] / far)
    return float(counts @ np.log(likelihood @ w) + prior)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_no_other_optimiser_finds_better_weights_nearby(seed: int) -> None:
    rng = np.random.default_rng(seed)
    likelihood, counts = rng.uniform(0.05, 3, (30, 5)), rng.integers(1, 6, 30).astype(float)
    ours = learn_weights(likelihood, counts, TREE, rounds=20_000, settled=1e-9)

    def loss(free: np.ndarray) -> float:
        shares = np.exp(free - free.max())
        return -log_posterior(shares / shares.sum(), likelihood, counts)

    best = minimize(loss, np.log(ours), method="Nelder-Mead", options={"fatol": 1e-9})
    assert log_posterior(ours, likelihood, counts) >= -best.fun - 1e-3


def test_without_data_the_prior_is_the_answer() -> None:
    # The cell, the neighbourhood of 100 m and flat ground share 0.7 : 1.4 : 0.7, so 1/4, 1/2 and
    # 1/4; in a width the memories share 0.4 : 2, so 1/6 and 5/6.
    weights = learn_weights(np.empty((0, 5)), np.empty(0), TREE)
    np.testing.assert_allclose(weights, [1 / 24, 5 / 24, 1 / 12, 5 / 12, 1 / 4])


def test_few_dumps_do_not_make_memories_short() -> None:
    likelihood = np.array([[1.2, 1.0, 0.5, 0.5, 0.5]])  # the fading cell says a little more
    few, many = (learn_weights(likelihood, np.array([n]), TREE)[:2] for n in (3.0, 3000.0))
    assert few[0] < few[1]
    assert many[0] > many[1]


def test_planted_weights_are_found_again() -> None:
    area = square_grid(shapely.box(0, 0, 4000, 4000), 100.0)
    rng = np.random.default_rng(5)
    sites = rng.uniform(0, 4000, (15, 2))
    mixture = Mixture((0.0,), (np.inf,), 0.1, 0.1, 0.1, 0.1)
    # 70 % of every month's incidents fall at the sites, the rest anywhere.
    xy = np.where(
        rng.random(6000)[:, None] < 0.7,
        sites[rng.integers(0, 15, 6000)],
        rng.uniform(0, 4000, (6000, 2)),
    )
    days = -rng.uniform(0, 180, 6000)
    _, weights = fit_mixture(area, xy, days, [-60.0, -30.0], mixture)
    # A cell's past says site with 70 % and anywhere, by its own noise, with the other 30 %: what
    # the counts hold of flat ground is flat too, so that the cell kernel explains more than 0.7.
    assert weights[Component(0.0, np.inf)] > 0.7
    assert weights[Component(0.0, np.inf)] + weights[FLAT] == pytest.approx(1)


def test_a_density_sums_to_one_and_fresh_places_lead(grid: SquareGrid) -> None:
    xy = np.array([[75.0, 75.0]] * 20 + [[775.0, 275.0]] * 20)
    days = np.concatenate([np.linspace(-300, -200, 20), np.linspace(-58, -1, 20)])
    density, weights = fit_mixture(grid, xy, days, [-60.0, -30.0], MIXTURE)
    assert density.sum() == pytest.approx(1)
    assert sum(weights.values()) == pytest.approx(1)
    assert density[5, 15] == density.max()
    assert density[5, 15] > 1.5 * density[1, 1]


def test_no_dumps_leave_flat_ground(grid: SquareGrid) -> None:
    density, _ = fit_mixture(grid, np.empty((0, 2)), np.empty(0), [-30.0], MIXTURE)
    np.testing.assert_allclose(density[grid.inside], 1 / grid.inside.sum())
