"""The rolling forecast against figures computed apart from it, and planted worlds."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from hotspots.core.errors import FrameError, ParameterError, TooFewError
from hotspots.forecast.baselines import BASELINES, Past
from hotspots.forecast.evaluation import METHODS, EvaluationParams, evaluate_forecasts
from hotspots.geometry.grid import SquareGrid, square_grid
from hotspots.synthetic import BoroughParams, synthetic_borough

AREA = gpd.GeoSeries([shapely.box(0, 0, 3000, 3000)], crs=27700)
FAST = {name: METHODS[name] for name in ("hotspots", "random", "grid count", "KDE 100 m")}
ORACLE_NAMES = {
    "grid count": "grid count",
    "grid count, half-life 90 d": "grid count, half-life 90 d",
    "KDE 50 m": "KDE gauss h=50 m",
    "KDE 100 m": "KDE gauss h=100 m",
    "KDE 150 m": "KDE gauss h=150 m",
    "KDE 250 m": "KDE gauss h=250 m",
    "grid count + 0.5 KDE 100 m": "grid count + 0.5 KDE h=100 (blend)",
    "Gi* 3x3": "Gi* 3x3",
    "DBSCAN 50 m/5": "DBSCAN 50 m/5 footprint by density",
    "HDBSCAN 10": "HDBSCAN mcs=10 footprint by density",
}


def monthly(n_months: int, per_month: int = 30, seed: int = 0) -> gpd.GeoDataFrame:
    """Half the events of each month at one place, the others anywhere."""
    rng = np.random.default_rng(seed)
    starts = pd.date_range("2025-01-01", periods=n_months, freq="MS", tz="Europe/London")
    times = starts.repeat(per_month) + pd.to_timedelta(
        rng.uniform(0, 27, n_months * per_month), "D"
    )
    xy = rng.uniform(0, 3000, (len(times), 2))
    xy[::2] = (1250, 1250)
    points = gpd.points_from_xy(*xy.T)
    return gpd.GeoDataFrame({"first_reported_at": times}, geometry=points, crs=27700)


def memphis(folder: Path) -> tuple[gpd.GeoDataFrame, gpd.GeoSeries]:
    events = pyogrio.read_dataframe(folder / "memphis_robberies.gpkg").to_crs(32615)
    return events, pyogrio.read_dataframe(folder / "memphis_precincts.gpkg").geometry.to_crs(32615)


def lancashire(folder: Path) -> tuple[gpd.GeoDataFrame, gpd.GeoSeries]:
    rows = pd.read_csv(folder / "lancashire_asb.tab.gz", sep="\t")
    points = gpd.points_from_xy(rows["longitude"], rows["latitude"], crs=4326).to_crs(27700)
    times = pd.to_datetime(rows["month"]).dt.tz_localize("UTC")
    events = gpd.GeoDataFrame({"date": times}, geometry=points)
    return events, pyogrio.read_dataframe(folder / "lancashire_wards.gpkg").geometry


def oracle(folder: Path, dataset: str) -> pd.DataFrame:
    table = pd.read_csv(folder / "eval_baselines.csv")
    chosen = table["dataset"].eq(dataset) & table["cell"].eq(100)
    return table[chosen].set_index("method")


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("read", "dataset", "names", "hit_rate_within"),
    [
        # Ties among cells of one robbery are broken by another random order there: ±5 of 1,161.
        (memphis, "memphis_robberies", list(ORACLE_NAMES), 0.005),
        (lancashire, "lancashire_asb", [*ORACLE_NAMES][:8], 0.002),
    ],
)
def test_baselines_do_as_well_as_they_did_elsewhere(
    shared_data: Path, read, dataset, names, hit_rate_within
) -> None:
    events, area = read(shared_data)
    expected = oracle(shared_data, dataset)
    result = evaluate_forecasts(
        events,
        area,
        EvaluationParams(6, zone="UTC"),
        time="date",
        methods={name: BASELINES[name] for name in names},
    )
    assert result.origins == expected["origins"].iloc[0]
    assert result.cells == pytest.approx(expected["cells"].iloc[0], abs=1)
    assert result.events == pytest.approx(expected["events_test"].iloc[0], abs=1)
    at_one = result.scores[result.scores["share"] == 0.01].set_index("method")
    for name in names:
        theirs = expected.loc[ORACLE_NAMES[name]]
        assert at_one.loc[name, "hit_rate"] == pytest.approx(theirs["HR@1%"], abs=hit_rate_within)
        assert at_one.loc[name, "pai"] == pytest.approx(theirs["PAI@1%"], abs=100 * hit_rate_within)
        assert at_one.loc[name, "pei"] == pytest.approx(theirs["PEI@1%"], abs=2 * hit_rate_within)


@pytest.mark.shared_data
def test_ours_is_near_the_best_fixed_method_in_hindsight(shared_data: Path) -> None:
    # The other sets: tests/benchmarks/forecast_bounds.py.
    events, area = memphis(shared_data)
    result = evaluate_forecasts(
        events,
        area,
        EvaluationParams(6, zone="UTC"),
        time="date",
        methods={"hotspots": METHODS["hotspots"]},
    )
    ours = result.scores.set_index("share").loc[0.01, "hit_rate"]
    assert ours >= 0.97 * oracle(shared_data, "memphis_robberies")["HR@1%"].max()


def test_ours_finds_the_place_that_comes_again() -> None:
    result = evaluate_forecasts(monthly(9), AREA, EvaluationParams(6), methods=FAST)
    rates = result.scores[result.scores["share"] == 0.01].set_index("method")["hit_rate"]
    assert rates["hotspots"] >= 0.5  # half of every month's events are in one of 900 cells
    assert rates["random"] < 0.2
    assert max(result.log_score, key=result.log_score.get) == "hotspots"


def test_ours_catches_nearly_what_who_knows_the_planted_sites_does() -> None:
    # Sites in the middle of cells of 100 m, and incidents 15 m about them: 99.8 % fall in that
    # cell, so that no order of the cells can be expected to catch more than the sites' own.
    places = np.random.default_rng(7).choice(3_600, 25, replace=False)
    sites = gpd.GeoSeries.from_xy(places % 60 * 100 + 50.0, places // 60 * 100 + 50.0)
    params = BoroughParams(incidents_per_day=2, sites=25, site_share=0.6, spread_m=15)
    borough = synthetic_borough(params, seed=3, sites=sites)
    known = np.column_stack([sites.x, sites.y])

    def planted(grid: SquareGrid, _: Past, __: np.random.Generator) -> np.ndarray:
        return grid.count(known, borough.sites["share"].to_numpy())

    result = evaluate_forecasts(
        borough.incidents,
        borough.study_area,
        methods={"hotspots": METHODS["hotspots"], "planted": planted},
    )
    hits = result.scores[result.scores["share"] == 0.01].set_index("method")["hits"]
    assert hits["hotspots"] >= 0.98 * hits["planted"]


def test_months_events_and_cells_are_counted() -> None:
    result = evaluate_forecasts(monthly(9), AREA, EvaluationParams(6), methods=FAST)
    assert (result.origins, result.events, result.cells) == (3, 90, 900)
    assert len(result.scores) == len(FAST) * 3


def test_a_method_sees_its_months_and_nothing_later() -> None:
    seen: list[Past] = []

    def watch(grid: SquareGrid, past: Past, _: np.random.Generator) -> np.ndarray:
        seen.append(past)
        return np.zeros(grid.shape)

    evaluate_forecasts(monthly(8), AREA, EvaluationParams(6), methods={"watch": watch})
    for past in seen:
        assert len(past.xy) == 6 * 30
        assert len(past.month_starts) == 6
        assert past.month_starts[0] <= past.days.min()
        assert past.days.max() < 0


def test_a_month_belongs_to_its_own_zone() -> None:
    # 23:30 UTC on 30 June is already July in London: the month forecast there has one more event.
    late = monthly(6).iloc[:1].assign(first_reported_at=pd.Timestamp("2025-06-30T23:30Z"))
    late["first_reported_at"] = late["first_reported_at"].dt.tz_convert("Europe/London")
    events = pd.concat([monthly(7), late], ignore_index=True)
    london, utc = (
        evaluate_forecasts(events, AREA, EvaluationParams(6, zone=zone), methods=FAST).events
        for zone in ("Europe/London", "UTC")
    )
    assert (london, utc) == (31, 30)


def test_months_without_events_are_not_forecast() -> None:
    events = monthly(9)
    is_august = events["first_reported_at"].dt.month == 8
    assert (
        evaluate_forecasts(events[~is_august], AREA, EvaluationParams(6), methods=FAST).origins == 2
    )


def test_the_same_seed_gives_the_same_table_whatever_the_order_of_rows() -> None:
    events = monthly(8)
    first = evaluate_forecasts(events, AREA, EvaluationParams(6), methods=FAST)
    again = evaluate_forecasts(
        events.sample(frac=1, random_state=3), AREA, EvaluationParams(6), methods=FAST
    )
    pd.testing.assert_frame_equal(first.scores, again.scores)


def test_without_an_area_the_hull_of_the_events_is_it() -> None:
    events = monthly(8)
    result = evaluate_forecasts(events, None, EvaluationParams(6), methods=FAST)
    hull = gpd.GeoSeries([events.union_all().convex_hull], crs=27700)
    assert result.cells == evaluate_forecasts(events, hull, EvaluationParams(6), methods=FAST).cells


def test_it_tells_how_far_it_is() -> None:
    progress: list[tuple[int, int]] = []
    evaluate_forecasts(
        monthly(9),
        AREA,
        EvaluationParams(6),
        methods={"random": METHODS["random"]},
        on_month=lambda done, of: progress.append((done, of)),
    )
    assert progress == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("name", METHODS)
def test_every_method_copes_with_a_past_of_one_event(name: str) -> None:
    grid = square_grid(AREA[0], 100.0)
    past = Past(np.array([[1250.0, 1250.0]]), np.array([-3.0]), (-61.0, -31.0))
    score = METHODS[name](grid, past, np.random.default_rng(0))
    assert score.shape == grid.shape
    assert np.isfinite(score).all()


def test_too_short_a_time_is_refused_with_what_it_takes() -> None:
    with pytest.raises(TooFewError, match="January 2025 to April 2025: it takes 6 months"):
        evaluate_forecasts(monthly(4), AREA, EvaluationParams(6))
    with pytest.raises(TooFewError, match="no events"):
        evaluate_forecasts(monthly(4).iloc[:0], AREA)


def test_a_missing_time_is_refused() -> None:
    with pytest.raises(FrameError, match="'when' is missing"):
        evaluate_forecasts(monthly(4), AREA, time="when")


@pytest.mark.parametrize(
    "setting", [{"train_months": 1}, {"cell_size_m": 0}, {"shares": (1.0,)}, {"n_bootstrap": 0}]
)
def test_settings_out_of_range_are_refused(setting: dict[str, object]) -> None:
    with pytest.raises(ParameterError, match=str(next(iter(setting)))):
        EvaluationParams(**setting)
