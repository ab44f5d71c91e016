"""How well patrols could be foretold, against cases whose answer is plain."""

import numpy as np
import pandas as pd
import pytest

from hotspots.patrol.predictability import is_same_night, unpredictability


def night(places: list[str], times: list[str], team: int = 1) -> pd.DataFrame:
    arrives = pd.to_datetime(times, utc=True)
    return pd.DataFrame({"team": team, "place": places, "arrives_at": arrives})


MONDAY = night(["a", "b"], ["2026-11-23T20:00Z", "2026-11-23T21:00Z"])


def test_the_same_plan_for_a_fortnight_is_wholly_predictable() -> None:
    assert unpredictability([MONDAY] * 14) == pytest.approx(0)


def test_stops_that_never_recur_are_not_predictable() -> None:
    nights = [night([f"p{n}", f"q{n}"], ["2026-11-23T20:00Z"] * 2) for n in range(14)]
    assert unpredictability(nights) == pytest.approx(1)


def test_two_plans_in_turn_lie_between() -> None:
    other = night(["c", "d"], ["2026-11-24T20:00Z", "2026-11-24T21:00Z"])
    # 28 stops in 4 cells of 7: entropy ln 4; least ln 2, most ln 28
    expected = (np.log(4) - np.log(2)) / (np.log(28) - np.log(2))
    assert unpredictability([MONDAY, other] * 7) == pytest.approx(expected)


def test_one_plan_or_empty_ones_tell_nothing() -> None:
    assert unpredictability([MONDAY]) is None
    assert unpredictability([MONDAY, MONDAY.iloc[:0]]) is None


def test_the_clock_of_london_counts_not_utc() -> None:
    summer = night(["a"], ["2026-10-24T19:00Z"])  # both are 20:00
    winter = night(["a"], ["2026-10-25T20:00Z"])
    assert is_same_night(summer, winter)
    assert unpredictability([summer, winter]) == pytest.approx(0)


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        (night(["a", "b"], ["2026-11-24T20:10Z", "2026-11-24T21:00Z"]), True),
        (night(["a", "b"], ["2026-11-24T20:20Z", "2026-11-24T21:00Z"]), False),
        (night(["b", "a"], ["2026-11-24T20:00Z", "2026-11-24T21:00Z"]), False),
        (night(["a"], ["2026-11-24T20:00Z"]), False),
        (night(["a", "b"], ["2026-11-24T20:00Z", "2026-11-24T21:00Z"], team=2), False),
    ],
)
def test_a_plan_repeats_another_by_team_place_order_and_time(
    other: pd.DataFrame, *, is_same: bool
) -> None:
    assert is_same_night(MONDAY, other) is is_same


def test_midnight_parts_no_two_times() -> None:
    before = night(["a"], ["2026-11-23T23:55Z"])
    after = night(["a"], ["2026-11-25T00:05Z"])
    assert is_same_night(before, after)
