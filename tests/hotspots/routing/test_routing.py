"""Rounds against every order there is."""

from itertools import permutations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.core.errors import CRSError, FrameError, ParameterError
from hotspots.routing import Round, RoundParams, order_round

START = pd.Timestamp("2026-11-23T07:00Z")
DEPOT = shapely.Point(0, 0)


def jobs(points: list[tuple[float, float]], due_h: list[float | None] | None = None):
    frame = gpd.GeoDataFrame(geometry=[shapely.Point(p) for p in points], crs=27700)
    if due_h is not None:
        due = [pd.NaT if h is None else START + pd.Timedelta(hours=h) for h in due_h]
        frame["due_at"] = pd.to_datetime(pd.Series(due), utc=True)
    return frame


def plan(frame: gpd.GeoDataFrame, hours: float = 8, **rest: object) -> Round:
    return order_round(frame, DEPOT, start_at=START, shift_h=hours, **rest)  # type: ignore[arg-type]


def shortest(points: np.ndarray, limits_s: list[float], params: RoundParams) -> float:
    """The shortest tour that keeps every limit, by trying all orders; straight metres × factor."""
    best = np.inf
    for order in permutations(range(len(points))):
        at, now_s, length = np.zeros(2), 0.0, 0.0
        for stop in order:
            leg = np.hypot(*(points[stop] - at)) * params.detour_factor
            now_s += np.ceil(leg / (params.speed_kmh / 3.6))
            if now_s > limits_s[stop]:
                break
            length, at = length + leg, points[stop]
            now_s += params.stop_min * 60
        else:
            best = min(best, length + np.hypot(*at) * params.detour_factor)
    return best


@pytest.mark.parametrize("seed", range(12))
def test_a_small_round_is_the_shortest_of_all_orders(seed: int) -> None:
    rng = np.random.default_rng(seed)
    points = rng.uniform(-3_000, 3_000, (6, 2))
    crew_round = plan(jobs([tuple(p) for p in points]), seed=seed)
    assert crew_round.length_m == pytest.approx(
        shortest(points, [8 * 3600] * 6, RoundParams()), abs=6
    )
    assert len(crew_round.stops) == 6


@pytest.mark.parametrize("seed", range(12))
def test_due_times_are_kept_where_any_order_keeps_them(seed: int) -> None:
    rng = np.random.default_rng(seed)
    points = rng.uniform(-2_000, 2_000, (5, 2))
    due_h = list(rng.uniform(0.6, 3, 5))
    best = shortest(points, [h * 3600 for h in due_h], RoundParams())
    crew_round = plan(jobs([tuple(p) for p in points], due_h), seed=seed)
    if np.isfinite(best):
        assert not crew_round.stops["is_late"].any()
        assert crew_round.length_m == pytest.approx(best, abs=6)
    else:
        assert crew_round.stops["is_late"].any()
    assert len(crew_round.stops) == 5  # late is better than never


def test_what_does_not_fit_the_shift_is_left_out_and_the_urgent_goes_first() -> None:
    # One kilometre of line is 1,400 m of road, 202 s; with 10 minutes of work and the way back
    # each of these takes 1,004 s: two fit into half an hour and a bit, three do not.
    frame = jobs([(1_000, 0), (-1_000, 0), (0, 1_000)], [30, 30, -5])
    crew_round = plan(frame, hours=0.6)
    assert 2 in crew_round.stops.index
    assert len(crew_round.left_out) == 1
    assert crew_round.back_at <= START + pd.Timedelta(hours=0.6)


def test_times_add_up_by_hand() -> None:
    crew_round = plan(jobs([(1_000, 0)]))
    # 1,400 m at 25 km/h are 201.6 s, rounded up; ten minutes of work; the same way back.
    assert crew_round.stops["arrive_at"].iloc[0] == START + pd.Timedelta(seconds=202)
    assert crew_round.stops["leave_at"].iloc[0] == START + pd.Timedelta(seconds=802)
    assert crew_round.back_at == START + pd.Timedelta(seconds=1_004)
    assert (crew_round.length_m, crew_round.stops["leg_m"].iloc[0]) == (2_800, 1_400)


def test_a_street_matrix_overrides_straight_lines() -> None:
    frame = jobs([(100, 0), (200, 0), (300, 0)])
    road = np.full((4, 4), 5_000.0)  # a river: only 0-2-1-3-0 has bridges
    for a, b in ((0, 2), (2, 1), (1, 3), (3, 0)):
        road[a, b] = 100
    assert list(plan(frame, road_m=road).stops.index) == [1, 0, 2]
    with pytest.raises(FrameError, match="need"):
        plan(frame, road_m=road[:3, :3])


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-3_000, 3_000), st.integers(-3_000, 3_000)), max_size=12),
    st.floats(0.3, 4),
    st.integers(0, 3),
)
def test_every_job_is_a_stop_or_left_out_and_the_shift_is_kept(
    points: list[tuple[int, int]], hours: float, seed: int
) -> None:
    frame = jobs([(float(x), float(y)) for x, y in points])
    params = RoundParams(iterations=50)
    crew_round = plan(frame, hours=hours, seed=seed, params=params)
    assert sorted([*crew_round.stops.index, *crew_round.left_out]) == list(frame.index)
    assert crew_round.back_at <= START + pd.Timedelta(hours=hours)
    assert crew_round.stops["arrive_at"].is_monotonic_increasing
    again = plan(frame, hours=hours, seed=seed, params=params)
    pd.testing.assert_frame_equal(crew_round.stops, again.stops)


def test_what_cannot_be_driven_is_refused() -> None:
    with pytest.raises(CRSError):
        plan(jobs([(0, 0)]).set_crs(4326, allow_override=True))
    with pytest.raises(ParameterError, match="shift_h"):
        plan(jobs([(0, 0)]), hours=0)
    for wrong in ({"speed_kmh": 0}, {"detour_factor": 0.5}, {"stop_min": -1}, {"iterations": 0}):
        with pytest.raises(ParameterError):
            RoundParams(**wrong)  # type: ignore[arg-type]
