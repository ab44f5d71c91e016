"""What a stop covers, against sums by hand and minute by minute."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspots.core.errors import ParameterError
from hotspots.patrol.deterrence import Deterrence, arrival_values, minute_risk, stop_weights


def test_a_stop_covers_its_dwell_and_half_of_its_fading_effect() -> None:
    # 15 minutes are three half-dwells: 7/8 of the effect, which fades over 120 minutes: half of it
    weights = stop_weights(15, Deterrence())
    assert weights.sum() == pytest.approx(15 + 7 / 8 * 120 / 2)


@given(st.integers(1, 60))
def test_longer_stops_add_less_and_less_after_effect(dwell: int) -> None:
    after = [stop_weights(d, Deterrence())[d:].sum() for d in (dwell, dwell + 1, dwell + 2)]
    assert after[0] < after[1] < after[2] <= 60
    assert after[2] - after[1] < after[1] - after[0]


def test_a_week_holds_seven_days_of_dumps_at_the_hours_of_london() -> None:
    shares = np.zeros((1, 168))
    shares[0, 4 * 24 + 23] = 1.0  # Friday 23:00 to 24:00
    start = pd.Timestamp("2026-06-01T00:00", tz="Europe/London")  # a Monday, in summer time
    risk = minute_risk(np.array([2.0]), shares, starts_at=start, minutes=7 * 1_440)
    assert risk.sum() == pytest.approx(14)
    friday_23 = slice((4 * 24 + 23) * 60, (4 * 24 + 24) * 60)
    assert risk[0, friday_23].sum() == pytest.approx(14)


@given(st.integers(0, 2**32 - 1))
def test_values_are_sums_over_minutes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    risk, weights = rng.random((3, 40)), rng.random(10)
    values = arrival_values(risk, weights)
    minute = int(rng.integers(0, 31))
    by_hand = [sum(risk[p, minute + n] * weights[n] for n in range(10)) for p in range(3)]
    assert values.shape == (3, 31)
    np.testing.assert_allclose(values[:, minute], by_hand)


def test_no_effect_at_all_leaves_the_dwell() -> None:
    assert stop_weights(12, Deterrence(residual_min=0)).tolist() == [1.0] * 12


@pytest.mark.parametrize("wrong", [{"residual_min": -1}, {"half_dwell_min": 0}])
def test_impossible_effects_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ParameterError, match=next(iter(wrong))):
        Deterrence(**wrong)
