"""The exact test against published values and a sum by hand; the rule of the partnership."""

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hotspots.core.errors import ParameterError
from hotspots.stats.count_change import (
    Polarity,
    Verdict,
    conditional_test,
    judge_change,
    judge_share_change,
)

SMALL = st.integers(0, 40)


def by_hand(first: int, second: int) -> float:
    """The sum of all outcomes that are no likelier than the one seen, of a fair coin."""
    n = first + second
    ways = [comb(n, k) for k in range(n + 1)]
    return sum(w for w in ways if w <= ways[first]) / 2**n


def test_the_test_gives_the_value_in_the_manual_of_r() -> None:
    # poisson.test(c(11, 6+8+7), c(800, 1083+1050+878)): p-value = 0.07967
    p_value = conditional_test(11, 21, first_exposure=800, second_exposure=3011)
    assert p_value == pytest.approx(0.07967, abs=5e-6)


@given(SMALL, SMALL)
def test_equal_exposures_toss_a_fair_coin(first: int, second: int) -> None:
    assert conditional_test(first, second) == pytest.approx(by_hand(first, second))


@given(SMALL, SMALL, st.floats(0.1, 10))
def test_the_share_of_exposure_is_the_coins(first: int, second: int, exposure: float) -> None:
    p_value = conditional_test(first, second, second_exposure=exposure)
    if first + second:
        coin = stats.binomtest(second, first + second, exposure / (1 + exposure)).pvalue
        assert p_value == pytest.approx(coin)
    else:
        assert p_value == 1


def test_nothing_twice_is_no_change() -> None:
    assert judge_change(0, 0, polarity="less").verdict == Verdict.NO_CHANGE


@pytest.mark.parametrize(
    ("before", "after", "polarity", "verdict"),
    [
        (0, 6, "less", Verdict.DETERIORATION),  # 2 / 64 = 0.031
        (0, 5, "less", Verdict.NO_CHANGE),  # 2 / 32 = 0.0625
        (6, 0, "less", Verdict.IMPROVEMENT),
        (0, 6, "more", Verdict.IMPROVEMENT),
        (6, 0, "more", Verdict.DETERIORATION),
        (0, 6, "neutral", Verdict.HIGHER),
        (6, 0, "neutral", Verdict.LOWER),
    ],
)
def test_what_is_better_depends_on_the_indicator(
    before: int, after: int, polarity: str, verdict: Verdict
) -> None:
    assert judge_change(before, after, polarity=polarity).verdict == verdict


def test_the_level_is_the_callers() -> None:
    assert judge_change(0, 6, polarity="less", level=0.01).verdict == Verdict.NO_CHANGE
    with pytest.raises(ParameterError, match="level is 5"):
        judge_change(0, 6, polarity="less", level=5)


def test_more_people_are_no_deterioration() -> None:
    # 200 among twice the people is the same rate as 100.
    same = judge_change(100, 200, polarity="less", before_exposure=1, after_exposure=2)
    assert same.verdict == Verdict.NO_CHANGE
    # 120 after 100 among twice the people is a fall of the rate.
    fell = judge_change(100, 120, polarity="less", before_exposure=1, after_exposure=2)
    assert fell.verdict == Verdict.IMPROVEMENT


@pytest.mark.parametrize("counts", [(-1, 2), (1.5, 2)])
def test_what_is_no_count_is_refused(counts: tuple[float, float]) -> None:
    with pytest.raises(ParameterError, match="whole numbers"):
        conditional_test(*counts)


def test_a_share_is_judged_by_fishers_test() -> None:
    change = judge_share_change((70, 100), (90, 100), polarity="more")
    assert change.verdict is Verdict.IMPROVEMENT
    # Of 160 met in 200, 90 or more in one half; with equal halves both tails are alike.
    tail = sum(comb(160, k) * comb(40, 100 - k) for k in range(90, 101)) / comb(200, 100)
    assert change.p_value == pytest.approx(2 * tail)


@pytest.mark.parametrize("polarity", ["less", "more", "neutral"])
def test_a_share_of_nothing_is_no_change(polarity: Polarity) -> None:
    assert judge_share_change((0, 0), (9, 10), polarity=polarity).verdict is Verdict.NO_CHANGE


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_shares_the_other_way_round_give_the_other_verdict(a: int, b: int, c: int, d: int) -> None:
    first, second = (min(a, b), max(a, b)), (min(c, d), max(c, d))
    there = judge_share_change(first, second, polarity="neutral")
    back = judge_share_change(second, first, polarity="neutral")
    assert there.p_value == pytest.approx(back.p_value)
    opposite = {Verdict.HIGHER: Verdict.LOWER, Verdict.LOWER: Verdict.HIGHER}
    assert back.verdict is opposite.get(there.verdict, there.verdict)


def test_more_of_a_share_than_there_is_is_refused() -> None:
    with pytest.raises(ParameterError, match="5 of 4"):
        judge_share_change((5, 4), (1, 2), polarity="less")
