"""Where no class can be given, a rate with its interval can."""

import numpy as np
import pandas as pd
import pytest

from hotspots.detection.classes import classify
from hotspots.detection.night_rates import night_rates
from hotspots.stats import rate_ratio

MONTHS = pd.DataFrame(
    [[0] * 12 + [1, 2, 0], [1, 0, 0] * 4 + [0, 1, 0], [1, 0] * 6 + [0, 0, 0], [0] * 15],
    index=["car park", "lane", "verge", "field"],
)


def test_a_place_without_a_class_has_a_rate_and_what_change_it_allows() -> None:
    weights = np.ones(15)
    assert (
        classify(MONTHS, weights)["class"].loc[["car park", "lane"]] == "insufficient data"
    ).all()
    rates = night_rates(MONTHS, weights)
    for place, recent, before in [("lane", 1, 4), ("verge", 0, 6), ("car park", 3, 0)]:
        exact = rate_ratio(recent, before, first_exposure=3, second_exposure=12, confidence=0.9)
        row = rates.loc[place]
        assert (row["change_low"], row["change_high"]) == pytest.approx((exact.low, exact.high))
        assert row["low"] < max(recent / 3, 0.1) < row["high"]
        assert f"(likely {row['low']:.1f} to {row['high']:.1f})" in row["sentence"]
    assert "at least" in rates.loc["car park", "sentence"]
    assert "at most" in rates.loc["verge", "sentence"]
    assert "between" in rates.loc["lane", "sentence"]
    assert rates.loc["field", "sentence"].endswith(").")  # 0 against 0 says nothing of change


def test_a_season_is_no_change() -> None:
    weights = np.r_[np.ones(12), 3, 3, 3]  # the last months have three times as much every year
    row = night_rates(pd.DataFrame([[1] * 12 + [3, 3, 3]]), weights).iloc[0]
    # 9 against 12 with exposures 9 and 12: as many
    assert row["change_low"] < 1 < row["change_high"]
    assert row["change_low"] * row["change_high"] == pytest.approx(1, rel=0.15)


def test_a_short_record_gives_the_rate_of_the_months_it_has_and_no_change() -> None:
    weights = np.r_[np.full(13, np.nan), 1, 1]
    rates = night_rates(pd.DataFrame([[0] * 13 + [2, 2]]), weights)
    assert rates["rate"].iloc[0] == pytest.approx(4.5 / 2)  # Jeffreys' mean over two months
    assert np.isnan(rates["change_low"].iloc[0])
    none = night_rates(pd.DataFrame([[0] * 15]), np.full(15, np.nan))
    assert none["sentence"].tolist() == [""]
