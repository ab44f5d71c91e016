"""Fixed methods and other knowledge beside the mixture, in worlds where one of them is right."""

from collections.abc import Sequence
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from hotspots.core.errors import CRSError, FrameError
from hotspots.forecast.baselines import BASELINES, Layer, Past
from hotspots.forecast.bench import FIXED
from hotspots.forecast.evaluation import METHODS, EvaluationParams, evaluate_forecasts
from hotspots.forecast.expert_kernels import fixed_kernels
from hotspots.forecast.experts import fit_forecast
from hotspots.forecast.intensity import SurfaceParams
from hotspots.forecast.kernel_maps import Kernels
from hotspots.geometry.grid import SquareGrid, square_grid
from tests.hotspots.forecast.mixture_alone import fit_mixture

MIXTURE = SurfaceParams().mixture
STARTS = tuple(np.arange(-360.0, 0, 30))
CORNER, SIDE_M = np.array([550_000.0, 170_000.0]), 8_000.0


@pytest.fixture
def grid() -> SquareGrid:
    return square_grid(shapely.box(0, 0, 4000, 4000), 100.0)


def scattered(n: int, seed: int) -> Past:
    rng = np.random.default_rng(seed)
    return Past(rng.uniform(0, 4000, (n, 2)), -rng.uniform(0.1, 360, n), STARTS)


def dated(xy: np.ndarray, seed: int) -> gpd.GeoDataFrame:
    """Points in any order of nine months."""
    days = np.random.default_rng(seed).uniform(0, 272, len(xy))
    times = pd.Timestamp("2025-01-01", tz="UTC") + pd.to_timedelta(days, "D")
    points = gpd.points_from_xy(*(xy + CORNER).T)
    return gpd.GeoDataFrame({"first_reported_at": times}, geometry=points, crs=27700)


def hits(events: gpd.GeoDataFrame, names: Sequence[str], **known: object) -> pd.Series:
    """By method, at 1 % of a square of 8 km."""
    area = gpd.GeoSeries([shapely.box(*CORNER, *(CORNER + SIDE_M))], crs=events.crs)
    params = EvaluationParams(6, shares=(0.01,), zone="UTC", n_bootstrap=1)
    methods = {name: {**METHODS, **BASELINES}[name] for name in names}
    evaluation = evaluate_forecasts(events, area, params, methods=methods, **known)
    return evaluation.scores.set_index("method")["hits"]


def test_thin_events_of_towns_are_foretold_as_well_as_by_the_best_width() -> None:
    # 300 events over 6,400 cells: none comes twice to a cell but by chance, and who trusts the
    # struck cells loses (the mixture alone catches 0.6 of what the best width does).
    rng = np.random.default_rng(3)
    hits_by_method = pd.Series(0, ["hotspots", *FIXED])
    for seed in (4, 5):
        towns = rng.uniform(1500, SIDE_M - 1500, (6, 2))
        xy = towns[rng.integers(0, 6, 300)] + rng.normal(0, 350, (300, 2))
        hits_by_method += hits(dated(np.clip(xy, 1, SIDE_M - 1), seed), list(hits_by_method.index))
    assert hits_by_method["hotspots"] >= 0.97 * hits_by_method[list(FIXED)].max()


def test_where_one_expert_leads_in_both_the_forecast_is_its_own(grid: SquareGrid) -> None:
    # Every month's incidents fall in the same few cells: the plain count is right, and kernels and
    # counts order the cells alike, so that nothing may leave the first places.
    sites = np.random.default_rng(1).integers(0, 40, (9, 2)) * 100 + 50.0
    xy = np.tile(sites, (120, 1))
    days = np.repeat(-np.arange(1.5, 361, 3), 9)
    forecast = fit_forecast(grid, Past(xy, days, STARTS), STARTS, MIXTURE)
    struck = grid.locate(sites)
    assert forecast.density.sum() == pytest.approx(1)
    assert set(np.argsort(-forecast.density.ravel())[:9]) == set(struck)
    assert sum(forecast.order.values()) == pytest.approx(1)


def test_the_spread_is_how_far_the_trusted_experts_lie_from_the_forecast(grid: SquareGrid) -> None:
    past = scattered(100, 1)
    past.xy[::2] = past.xy[::2] % 250 + 1500  # half of them in one place
    forecast = fit_forecast(grid, past, STARTS, MIXTURE)
    own = {name: method(grid, past, np.random.default_rng(0)) for name, method in BASELINES.items()}
    own["even ground"] = grid.inside.astype(float)
    little = replace(MIXTURE, prior_width=1.0, prior_near=2.0)
    for name, mixture in (("kernels", MIXTURE), ("kernels, little believed", little)):
        own[name] = fit_mixture(grid, past.xy, past.days, STARTS, mixture)[0]
    assert len(forecast.rates) > 1
    squares = 0
    for name, trust in forecast.rates.items():
        density = 0.99 * own[name] / own[name].sum() + 0.01 / grid.inside.sum()
        squares += trust * (density - forecast.density) ** 2
    here = grid.inside
    np.testing.assert_allclose(forecast.spread[here], np.sqrt(squares)[here], rtol=1e-6)


@pytest.mark.parametrize("name", FIXED)
def test_a_fixed_expert_is_the_kernels_that_it_is_said_to_be_made_of(name: str) -> None:
    # Three incidents 2.1 km from every edge: 4 standard deviations of the widest
    grid = square_grid(shapely.box(0, 0, 4300, 4300), 50.0)
    past = Past(np.array([[2125.0, 2125], [2125, 2175], [2175, 2125]]), -np.ones(3), STARTS)
    made_of = fixed_kernels(50.0)[name]
    kernels = Kernels(grid, past.xy, tuple(component.scale_m for component in made_of))
    mixed = kernels.mixed([-past.days], made_of)
    score = BASELINES[name](grid, past, np.random.default_rng(0))
    np.testing.assert_allclose(mixed, score / score.sum(), rtol=1e-3, atol=1e-9)


def test_the_kernels_of_all_experts_are_all_of_the_forecast(grid: SquareGrid) -> None:
    past = scattered(150, 1)
    past.xy[:, 1] = 50  # all in the southernmost row of cells
    ground = np.zeros(grid.shape)
    ground[0, :40] = 1 / 40
    past = replace(past, grounds={"exposure": ground})
    forecast = fit_forecast(grid, past, STARTS, MIXTURE)
    assert sum(forecast.weights.values()) == pytest.approx(1)
    assert {component.layer for component in forecast.weights} == {0, 1}


def test_a_past_of_one_month_leaves_the_mixture(grid: SquareGrid) -> None:
    past = Past(np.array([[150.0, 150.0]]), np.array([-3.0]), (-31.0,))
    forecast = fit_forecast(grid, past, past.month_starts, MIXTURE)
    assert forecast.order == {"kernels": 1.0}
    assert np.unravel_index(forecast.density.argmax(), grid.shape) == (1, 1)


def test_the_order_of_a_layers_events_changes_nothing(grid: SquareGrid) -> None:
    past = scattered(150, 1)
    other = scattered(80, 2)
    mixed = np.random.default_rng(0).permutation(80)
    one, two = (
        fit_forecast(
            grid,
            Past(past.xy, past.days, STARTS, layers=(Layer(other.xy[rows], other.days[rows]),)),
            STARTS,
            MIXTURE,
        )
        for rows in (np.arange(80), mixed)
    )
    np.testing.assert_allclose(one.density, two.density, rtol=1e-7)


def test_a_layer_that_has_not_begun_leaves_the_forecast_as_it_was(grid: SquareGrid) -> None:
    past = scattered(150, 1)
    nothing = Layer(np.empty((0, 2)), np.empty(0))
    alone = fit_forecast(grid, past, STARTS, MIXTURE)
    informed = fit_forecast(
        grid, Past(past.xy, past.days, STARTS, layers=(nothing,)), STARTS, MIXTURE
    )
    assert np.isfinite(informed.density).all()
    assert np.corrcoef(informed.density.ravel(), alone.density.ravel())[0, 1] > 0.99


@pytest.fixture
def towns() -> tuple[np.ndarray, np.ndarray]:
    """300 events and 3,000 others that come to the same 60 streets, alike in no other way."""
    rng = np.random.default_rng(9)
    streets = rng.uniform(200, SIDE_M - 200, (60, 2))
    return tuple(
        np.clip(streets[rng.integers(0, 60, n)] + rng.normal(0, 60, (n, 2)), 1, SIDE_M - 1)
        for n in (300, 3_000)
    )


def test_other_events_of_the_same_streets_lift_the_forecast(towns) -> None:
    own, other = towns
    plain = hits(dated(own, 1), ["hotspots"])["hotspots"]
    informed = hits(dated(own, 1), ["hotspots"], layers=[dated(other, 2)])["hotspots"]
    assert informed >= 1.1 * plain


def test_a_layer_that_says_nothing_costs_less_than_a_hundredth(towns) -> None:
    own, _ = towns
    elsewhere = np.random.default_rng(5).uniform(1, SIDE_M - 1, (2_000, 2))
    plain = hits(dated(own, 1), ["hotspots"])["hotspots"]
    informed = hits(dated(own, 1), ["hotspots"], layers=[dated(elsewhere, 2)])["hotspots"]
    assert informed >= 0.99 * plain


def test_the_future_of_a_layer_is_not_seen(towns) -> None:
    own, other = towns
    layer, events = dated(other, 2), dated(own, 1)
    # The last month is forecast from a layer that ends before it, and from one that goes on.
    start = pd.Timestamp("2025-09-01", tz="UTC")
    events = events[events["first_reported_at"] >= start - pd.DateOffset(months=6)]
    past = layer[layer["first_reported_at"] < start]
    names = ["hotspots"]
    pd.testing.assert_series_equal(
        hits(events, names, layers=[layer]), hits(events, names, layers=[past])
    )


def test_homes_at_risk_tell_of_events_that_follow_them() -> None:
    rng = np.random.default_rng(6)
    homes = rng.uniform(1, SIDE_M - 1, (100, 2)) // 100 * 100 + 50
    own = homes[rng.integers(0, 100, 90)]  # most homes had none yet
    exposure = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*(homes + CORNER).T), crs=27700)
    plain = hits(dated(own, 1), ["hotspots"])["hotspots"]
    informed = hits(dated(own, 1), ["hotspots"], exposure=exposure)["hotspots"]
    assert informed >= 1.1 * plain


def test_layers_that_are_none_are_refused_by_number(towns) -> None:
    own, other = towns
    layer = dated(other, 2)
    far = layer.set_geometry(layer.translate(5e4))
    for bad, error, words in [
        (far, FrameError, "layer 2: none of its 3000 events lies in the study area"),
        (layer.to_crs(32631), CRSError, "layer 2 is not in the events' CRS"),
        (
            layer.drop(columns="first_reported_at"),
            FrameError,
            "layer 2: column 'first_reported_at'",
        ),
    ]:
        with pytest.raises(error, match=words):
            hits(dated(own, 1), ["hotspots"], layers=[layer, bad])
