"""Whole plans with a place asked for where nothing is expected, against every plan there is."""

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Point

from hotspots.patrol import PatrolPlan, plan_patrol
from hotspots.patrol.deterrence import Deterrence, arrival_values, minute_risk, stop_weights
from hotspots.patrol.predictability import is_same_night, unpredictability
from hotspots.patrol.rounds import Shift
from hotspots.patrol.wishes import PatrolParams
from tests.hotspots.patrol.test_patrol_search import most_by_trying_all

DWELL, REVISIT = 15, 120
START = Point(554_000, 174_000)
EVENING = pd.Timestamp("2026-11-27T20:00Z")
ASKED_FOR = "Central Park"
APART_MIN = 2  # 400 m x 1.3 at 25 km/h, rounded up


def town() -> gpd.GeoDataFrame:
    """Two hotspots, and a place that is none, 400 m apart along a street."""
    return gpd.GeoDataFrame(
        {"rate_per_day": [0.5, 0.3, 0.0]},
        index=pd.Index([7, 8, ASKED_FOR], dtype=object),
        geometry=gpd.points_from_xy(554_000 + 400 * np.arange(3), [174_000] * 3),
        crs=27700,
    )


def evening_shares() -> pd.DataFrame:
    """The first is hot from 21:00 on, the second up to then, London time."""
    week = np.full((3, 168), 0.2 / 168)
    hours = np.arange(168) % 24
    week[0, hours == 21] += 0.8 / 7
    week[1, hours == 20] += 0.8 / 7
    week[2] = 1 / 168
    return pd.DataFrame(week, town().index)


def plan(minutes: int, max_stops: int, **wishes) -> PatrolPlan:
    wishes = {"starts_at": EVENING, "seed": 2} | wishes
    return plan_patrol(
        town(),
        evening_shares(),
        START,
        ends_at=wishes["starts_at"] + pd.Timedelta(minutes=minutes),
        include=[ASKED_FOR],
        params=PatrolParams(max_stops=max_stops, speed_kmh=25),
        **wishes,
    )


def every_plan(minutes: int, max_stops: int, step: int) -> float:
    """What the best of all plans covers that stop at the place asked for."""
    reach = minutes + DWELL + Deterrence().residual_min
    risk = minute_risk(
        town()["rate_per_day"].to_numpy(),
        evening_shares().to_numpy(),
        starts_at=EVENING,
        minutes=reach,
    )
    spot = np.array([0, 1, 2, 0])  # teams start and end at the first
    travel = APART_MIN * np.abs(spot[:, None] - spot[None])
    required = np.array([False, False, True])
    value = arrival_values(risk, stop_weights(DWELL, Deterrence()))
    shift = Shift(value, travel, DWELL, REVISIT, 1, max_stops, required)
    return most_by_trying_all(shift, step)


def test_it_covers_as_much_as_the_best_plan_that_stops_there() -> None:
    shift_plan, most = plan(80, 2), every_plan(80, 2, step=1)
    assert 0.97 * most <= shift_plan.best <= most + 1e-12
    assert shift_plan.covered >= 0.97 * shift_plan.best
    assert ASKED_FOR in set(shift_plan.stops["place"])


def test_an_officer_hour_more_adds_what_the_best_longer_plan_covers_more() -> None:
    shift_plan = plan(80, 2)
    more = every_plan(140, 3, step=5) - every_plan(80, 2, step=5)
    assert shift_plan.extra_per_officer_hour == pytest.approx(more / 2, rel=0.05)


def test_four_nights_with_the_same_wish_never_repeats_a_night() -> None:
    nights: list[pd.DataFrame] = []
    for day in range(4):
        shift_plan = plan(
            240,
            4,
            starts_at=EVENING + pd.Timedelta(days=day),
            seed=1,
            previous=nights[-1] if nights else None,
        )
        assert ASKED_FOR in set(shift_plan.stops["place"])
        nights.append(shift_plan.stops)
    assert not any(is_same_night(one, two) for one, two in pairwise(nights))
    assert unpredictability(nights) > 0
