"""Classes against hand arithmetic, scipy's test, and hotspots whose fate was planted."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from hotspots.core.errors import FrameError, ParameterError
from hotspots.detection.classes import (
    CLASS_DEFINITIONS,
    DIMINISHING,
    FORMER,
    INSUFFICIENT,
    INTENSIFYING,
    NEW,
    PERSISTENT,
    SPORADIC,
    ClassParams,
    classify,
)

EVEN = np.ones(15)


def one(months: list[int], weights: np.ndarray = EVEN) -> pd.Series:
    return classify(pd.DataFrame([months]), weights).iloc[0]


@pytest.mark.parametrize(
    ("months", "name"),
    [
        # 12 of 12 nights in a fifth of the time: 2 × 0.2^12
        ([0] * 12 + [3, 4, 5], NEW),
        ([1] + [0] * 11 + [3, 4, 5], NEW),
        # 24 before lead one to expect 6; 20 is 2 × P(20 or more of 44 at 0.2) = 0.0002
        ([2] * 12 + [6, 7, 7], INTENSIFYING),
        # 36 lead one to expect 9; 1 is 2 × P(1 or fewer of 37 at 0.2) = 0.005
        ([3] * 12 + [0, 1, 0], DIMINISHING),
        ([3] * 12 + [0, 0, 0], FORMER),
        ([4, 4, 4] + [0] * 12, FORMER),
        ([2] * 15, PERSISTENT),
        ([4, 0, 0, 4, 0, 0, 4, 0, 0, 4, 0, 0, 4, 0, 0], SPORADIC),
        ([1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0], INSUFFICIENT),
    ],
)
def test_each_class_is_what_its_definition_says(months: list[int], name: str) -> None:
    assert one(months)["class"] == name
    assert name in CLASS_DEFINITIONS


def test_the_expected_nights_follow_the_season() -> None:
    # A winter half as busy: 12 nights in weight 12 lead to 1.5 in weight 1.5.
    winter = np.array([1.0] * 12 + [0.5] * 3)
    row = one([1] * 12 + [0, 1, 0], winter)
    assert row["expected"] == pytest.approx(1.5)
    # A summer's rise in summer is no change; the same in an even year is.
    summer = np.array([1.0] * 12 + [3.0] * 3)
    months = [2] * 12 + [6, 7, 7]
    assert one(months, summer)["class"] == PERSISTENT
    assert one(months)["class"] == INTENSIFYING


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 8), min_size=15, max_size=15), st.floats(0.2, 5))
def test_one_hotspot_is_tested_as_the_binomial_test_does(months: list[int], factor: float) -> None:
    weights = np.array([1.0] * 12 + [factor] * 3)
    row = one(months, weights)
    share = 3 * factor / (12 + 3 * factor)
    recent, total = sum(months[12:]), sum(months)
    if total == 0:
        assert row["p_value"] == 1
        return
    tails = [
        stats.binomtest(recent, total, share, alternative=side).pvalue
        for side in ("less", "greater")
    ]
    assert row["p_value"] == pytest.approx(min(1, 2 * min(tails)))
    assert row["q_value"] == pytest.approx(row["p_value"])
    changed = row["class"] in (NEW, INTENSIFYING, DIMINISHING)
    assert not changed or row["q_value"] <= 0.05


def test_q_values_are_those_of_benjamini_and_hochberg() -> None:
    rng = np.random.default_rng(1)
    table = classify(pd.DataFrame(rng.poisson(2, (12, 15))), EVEN)
    p = np.sort(table["p_value"].to_numpy())
    by_hand = [min(p[j] * 12 / (j + 1) for j in range(i, 12)) for i in range(12)]
    assert np.sort(table["q_value"].to_numpy()) == pytest.approx(np.minimum(by_hand, 1))


def test_of_hotspots_that_do_not_change_hardly_any_are_said_to() -> None:
    # 200 boroughs of 30 unchanging hotspots: at 5 % up to 10 have a false one; over 19 has 0.3 %.
    rng = np.random.default_rng(2)
    weights = rng.uniform(0.5, 1.5, 15)
    false = 0
    for _ in range(200):
        rate = rng.uniform(0.2, 5, (30, 1)) * weights
        table = classify(pd.DataFrame(rng.poisson(rate)), weights)
        false += bool((table["q_value"] <= 0.05).any())
    assert false <= 19


def test_planted_changes_are_found_and_few_others_with_them() -> None:
    rng = np.random.default_rng(3)
    rate = np.full((400, 15), 3.0)
    rate[:40, 12:] = 9.0
    rate[40:80, 12:] = 0.0
    rate[80:120, :12], rate[80:120, 12:] = 0.02, 3.0
    table = classify(pd.DataFrame(rng.poisson(rate)), EVEN)
    classes = table["class"]
    assert (classes[:40] == INTENSIFYING).sum() > 35
    assert (classes[40:80] == FORMER).all()
    assert (classes[80:120].isin([NEW, INTENSIFYING])).sum() > 35
    changed = table["q_value"] <= 0.05
    # False share of all said to have changed: at most 5 % on average.
    assert changed[120:].sum() <= 0.1 * changed.sum()


def test_a_doubling_is_seen_at_ten_a_month_and_seldom_at_one() -> None:
    rng = np.random.default_rng(4)

    def power(rate: float) -> float:
        months = rng.poisson([rate] * 12 + [2 * rate] * 3, (300, 15))
        return float(np.mean([one(row.tolist())["class"] == INTENSIFYING for row in months]))

    # Normal approximation of the share 1/3 against 1/5: n = 180 z = 4.5; n = 18 z = 1.4
    assert power(10) > 0.95
    assert power(1) < 0.4


def test_a_record_too_short_is_said_to_be() -> None:
    short = EVEN.copy()
    short[:2] = np.nan
    row = one([0] * 12 + [3, 4, 5], short)
    assert row["class"] == INSUFFICIENT
    assert (row["p_value"], row["q_value"]) == (1, 1)
    assert np.isnan(row["expected"])


def test_sentences_are_such_as_an_officer_would_say() -> None:
    assert one([2] * 12 + [6, 7, 7])["sentence"] == (
        "Intensifying: 20 nights with an incident in the last 3 months, 24 in the 12 months "
        "before, which with the season would give 6.0."
    )
    assert one([0] * 12 + [1, 0, 0])["sentence"] == (
        "Insufficient data: 1 night with an incident in the last 3 months, none in the 12 months "
        "before."
    )


def test_no_hotspots_have_no_classes() -> None:
    table = classify(pd.DataFrame(np.empty((0, 15), int)), EVEN)
    assert len(table) == 0
    assert "sentence" in table


def test_input_without_meaning_is_refused() -> None:
    with pytest.raises(FrameError, match="one a month"):
        classify(pd.DataFrame([[1] * 14]), EVEN)
    with pytest.raises(FrameError, match="more than"):
        classify(pd.DataFrame([[1, 1, 1]]), np.ones(3))
    with pytest.raises(FrameError, match="at least 0"):
        classify(pd.DataFrame([[-1] * 15]), EVEN)
    with pytest.raises(ParameterError):
        ClassParams(alpha=1)
    with pytest.raises(ParameterError):
        ClassParams(recent_months=0)
