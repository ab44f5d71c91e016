"""Own hours against the borough's, out of sample: planted weeks, hand sums, and no look-ahead."""

import numpy as np
import pandas as pd
import pytest

from hotspots.timing.judged_hours import gains, hours_verdict, judge_hours

NOW = pd.Timestamp("2026-06-01T00:00Z")


def weekly(hour: int, n: int, seed: int) -> pd.DatetimeIndex:
    """At an hour of winter days, by UTC, for so many weeks back, a few minutes apart."""
    rng = np.random.default_rng(seed)
    days = NOW.normalize() - pd.to_timedelta(7 * np.arange(n), unit="D")
    return days + pd.to_timedelta(hour * 60 + rng.uniform(0, 50, n), unit="min")


def incidents(times: pd.DatetimeIndex) -> pd.DataFrame:
    clean = times - pd.Timedelta(minutes=1)
    return pd.DataFrame({"first_reported_at": times, "last_clean_at": clean})


@pytest.fixture
def two_places() -> tuple[pd.DataFrame, np.ndarray]:
    """Place 0 in its own small hours of one night, place 1 whenever the borough does."""
    own, anywhen = (
        weekly(3, 100, 1),
        NOW - pd.to_timedelta(np.random.default_rng(2).uniform(0, 700, 400), unit="D"),
    )
    labels = np.repeat([0, 1, -1], [100, 40, 360])
    return incidents(own.append(anywhen)), labels


def test_a_place_of_its_own_hours_gains_and_one_of_the_borough_does_not(
    two_places: tuple[pd.DataFrame, np.ndarray],
) -> None:
    judged = judge_hours(*two_places, as_of=NOW)
    table = gains(judged)
    assert table.loc[0, "low"] > 0.5
    assert table.loc[1, "low"] < 0.1
    own = judged[judged["place"] == 0]
    # By hand: four periods of 91 days hold 52 of the weeks; the first lies after now by an hour.
    assert len(own) == 4 * 91 // 7
    assert own["own_hit"].mean() > 0.95
    assert own["even"].astype(float).mean() == pytest.approx(np.log(1 / 60 / 168))  # one minute


def test_what_came_later_teaches_nothing(two_places: tuple[pd.DataFrame, np.ndarray]) -> None:
    frame, labels = two_places
    start = NOW - pd.Timedelta(days=91)
    before = judge_hours(frame, labels, as_of=start, periods=1)
    is_past = (frame["first_reported_at"] <= start).to_numpy()
    alone = judge_hours(frame[is_past], labels[is_past], as_of=start, periods=1)
    assert before["own"].tolist() == alone["own"].tolist()


def test_places_without_a_past_or_known_hours_are_not_judged() -> None:
    few = incidents(weekly(3, 15, 1))
    assert judge_hours(few, np.zeros(15), as_of=NOW).empty
    vague = few[["first_reported_at"]]
    assert judge_hours(vague, np.zeros(15), as_of=NOW).empty
    assert gains(judge_hours(few, np.zeros(15), as_of=NOW)).empty


def test_a_verdict_claims_no_more_than_its_interval() -> None:
    assert "better than the borough's" in hours_verdict(8, 0.01, 0.5)
    assert "cannot be said" in hours_verdict(8, -0.01, 0.5)
    assert "use them" in hours_verdict(8, -0.5, -0.01)
    assert hours_verdict(7, 0.01, 0.5).startswith("Too few")
