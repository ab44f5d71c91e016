"""Patrol plans as an officer asks for them: planted truth, the lot, and wishes refused."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Point

from hotspots.core.errors import CRSError, FrameError, InfeasibleError, ParameterError
from hotspots.patrol import PatrolPlan, plan_patrol
from hotspots.patrol.deterrence import Deterrence
from hotspots.patrol.predictability import is_same_night, unpredictability
from hotspots.patrol.wishes import PatrolParams

START = Point(554_000, 174_000)
FRIDAY_8PM = pd.Timestamp("2026-11-27T20:00Z")
QUICK = PatrolParams(restarts=2, iterations=50, speed_kmh=25)
NAMES = ["Westgate", "Park", "Station", "Heath", "Quay", "Mall"]


def town(rates: list[float]) -> gpd.GeoDataFrame:
    """Places 400 m apart along a street: at 25 km/h and a detour of 1.3 that is 2 minutes."""
    n = len(rates)
    return gpd.GeoDataFrame(
        {"rate_per_day": rates, "name": NAMES[:n]},
        geometry=gpd.points_from_xy(554_000 + 400 * np.arange(n), [174_000] * n),
        index=[100 + k for k in range(n)],
        crs=27700,
    )


def even(places: gpd.GeoDataFrame) -> pd.DataFrame:
    return pd.DataFrame(np.full((len(places), 168), 1 / 168), places.index)


def plan(places: gpd.GeoDataFrame, shares: pd.DataFrame | None = None, **wishes) -> PatrolPlan:
    wishes = {
        "starts_at": FRIDAY_8PM,
        "ends_at": FRIDAY_8PM + pd.Timedelta(hours=4),
        "params": QUICK,
    } | wishes
    return plan_patrol(places, even(places) if shares is None else shares, START, **wishes)


def test_teams_stand_at_the_hot_place_in_its_hot_hour() -> None:
    places = town([0.5, 0.5, 0.5, 0.5])
    shares = even(places) * 0.2
    shares.loc[102, 4 * 24 + 22] += 0.8  # one place is hot on Fridays from 22:00
    stops = plan(places, shares).stops
    at_hot = stops[stops["place"] == 102]
    hot = pd.Timestamp("2026-11-27T22:00Z")
    reach = (at_hot["arrives_at"] <= hot + pd.Timedelta(minutes=45)) & (
        at_hot["leaves_at"] >= hot - pd.Timedelta(minutes=5)
    )
    assert reach.any()


def test_the_places_with_most_dumps_are_chosen_when_stops_are_few() -> None:
    places = town([0.01, 0.9, 0.01, 0.8, 0.01, 0.7])
    shift_plan = plan(
        places, params=PatrolParams(max_stops=3, speed_kmh=25, restarts=3, iterations=60)
    )
    visits = shift_plan.stops["place"].value_counts()
    assert set(visits.index) <= {101, 103, 105}


def test_cover_adds_up_and_is_of_all_that_is_expected() -> None:
    places = town([0.7, 0.3])
    shift_plan = plan(places)
    # 4 h of shift, 15 min of dwell and 120 min of after-effect at 1 incident a day in all
    assert shift_plan.expected == pytest.approx((240 + 15 + 120) / 1_440)
    assert shift_plan.covered == pytest.approx(shift_plan.stops["covered"].sum())
    assert 0 < shift_plan.share < 1
    # each stop covers 15 minutes and 52.5 more of a place's incidents
    rate = places["rate_per_day"].loc[shift_plan.stops["place"]].to_numpy()
    np.testing.assert_allclose(shift_plan.stops["covered"], rate * (15 + 52.5) / 1_440)


def test_plans_are_drawn_within_three_percent_of_the_best_and_differ() -> None:
    places = town([0.5, 0.45, 0.4, 0.5, 0.45, 0.4])
    plans = [plan(places, seed=seed) for seed in range(6)]
    assert all(p.covered >= 0.97 * p.best - 1e-12 for p in plans)
    assert all(p.near_best > 5 for p in plans)
    nights = [p.stops for p in plans]
    assert unpredictability(nights) > 0.3
    assert len({tuple(stops["place"]) for stops in nights}) >= 4


def test_a_seed_gives_one_plan_and_the_order_of_rows_none_other() -> None:
    places = town([0.5, 0.4, 0.3, 0.2])
    turned = places.iloc[[2, 0, 3, 1]]
    shares = even(places)
    one, two = plan(places, shares, seed=4), plan(places, shares, seed=4)
    mixed = plan(turned, shares.iloc[[1, 3, 0, 2]], seed=4)
    pd.testing.assert_frame_equal(one.stops, two.stops)
    pd.testing.assert_frame_equal(one.stops, mixed.stops)
    assert not one.stops.equals(plan(places, shares, seed=5).stops)


def test_the_plan_of_the_night_before_is_never_repeated() -> None:
    places = town([0.5, 0.4, 0.3])
    before = plan(places, seed=4).stops
    for seed in (4, 4, 5):
        after = plan(
            places,
            seed=seed,
            previous=before,
            starts_at=FRIDAY_8PM + pd.Timedelta(days=1),
            ends_at=FRIDAY_8PM + pd.Timedelta(days=1, hours=4),
        ).stops
        assert not is_same_night(before, after)
        before = after


def test_one_place_and_no_choice_says_so_instead_of_repeating() -> None:
    places = town([0.5])
    short = {"ends_at": FRIDAY_8PM + pd.Timedelta(minutes=15)}
    before = plan(places, **short).stops
    with pytest.raises(InfeasibleError, match="repeat the last night's"):
        plan(places, previous=before, **short)


def test_what_must_be_included_is_and_what_is_to_be_avoided_is_not() -> None:
    places = town([0.9, 0.8, 0.7, 0.01])
    shift_plan = plan(places, include=[103], avoid=[100], teams=(2, 2))
    visited = set(shift_plan.stops["place"])
    assert 103 in visited
    assert 100 not in visited


def test_an_extra_hour_adds_what_its_stop_covers() -> None:
    # one place: a second visit needs 15 + 120 + 15 minutes, so 100 minutes hold one, 160 two
    shift_plan = plan(town([1.0]), ends_at=FRIDAY_8PM + pd.Timedelta(minutes=100))
    assert len(shift_plan.stops) == 1
    assert shift_plan.extra_per_officer_hour == pytest.approx(67.5 / 1_440 / 2)


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        ({"ends_at": FRIDAY_8PM + pd.Timedelta(minutes=14)}, "no stop fits.*Westgate.*15 minutes"),
        ({"teams": (2, 1), "dark_from": FRIDAY_8PM}, "from 20:00.*team 2 has one.*put two"),
        ({"include": [100], "avoid": [100]}, "both included and avoided"),
        (
            {"include": [100, 101, 102], "params": PatrolParams(max_stops=2)},
            "3 places must be included, but 1 team of at most 2 stops can make 2",
        ),
        (
            {"include": [103], "ends_at": FRIDAY_8PM + pd.Timedelta(minutes=20)},
            "Heath cannot be included.*23 minutes.*20",
        ),
        (
            {"include": [102, 103], "ends_at": FRIDAY_8PM + pd.Timedelta(minutes=30)},
            "Station and Heath could not be fitted",
        ),
        ({"avoid": [100, 101, 102, 103]}, "every place is to be avoided"),
    ],
)
def test_a_wish_that_cannot_be_granted_is_named(wishes: dict, words: str) -> None:
    with pytest.raises(InfeasibleError, match=words):
        plan(town([0.4, 0.3, 0.2, 0.1]), **wishes)


def test_one_officer_may_go_alone_by_daylight() -> None:
    assert len(plan(town([0.4]), teams=(1,), dark_from=None).stops)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (lambda p: p.set_crs(None, allow_override=True), CRSError, "places"),
        (lambda p: p.to_crs(4326), CRSError, "places"),
        (lambda p: p.drop(columns="rate_per_day"), FrameError, "rate_per_day"),
        (lambda p: p.assign(rate_per_day=-1.0), FrameError, "0 or more"),
        (lambda p: p.assign(rate_per_day=np.nan), FrameError, "0 or more"),
        (lambda p: p.iloc[:0], FrameError, "no rows"),
        (lambda p: p.iloc[[0, 0]], FrameError, "duplicates"),
        (lambda p: p.set_index([[1, 2]]), FrameError, "shares must have a row"),
    ],
)
def test_places_that_cannot_be_read_are_refused(change, error, words: str) -> None:
    places = town([0.5, 0.4])
    with pytest.raises(error, match=words):
        plan(change(places), even(places))


@pytest.mark.parametrize(
    "wrong", [{"dwell_min": 9}, {"dwell_min": 17}, {"revisit_min": 119}, {"max_stops": 0}]
)
def test_settings_outside_their_range_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ParameterError, match=next(iter(wrong))):
        PatrolParams(**wrong)


def test_an_effect_longer_than_the_wait_is_refused() -> None:
    with pytest.raises(ParameterError, match="residual_min is 180"):
        PatrolParams(deterrence=Deterrence(residual_min=180))


def test_a_shift_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ParameterError, match="end after it starts"):
        plan(town([0.5]), ends_at=FRIDAY_8PM)


def test_places_where_nothing_is_expected_get_no_stop() -> None:
    shift_plan = plan(town([0.0, 0.0]))
    assert shift_plan.stops.empty
    assert shift_plan.share == 0
