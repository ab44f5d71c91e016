"""Effects against published figures, exact tests of scipy, and planted interventions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from hotspots.core.errors import ParameterError
from hotspots.effects import FEWER, MORE, NO_CLEAR_EFFECT, TOO_FEW, judge_effect
from hotspots.effects.displacement import BeforeAfter, displacement_quotient, weighted_displacement
from hotspots.effects.trial_power import dumps_needed, trial_power

COUNTS = st.builds(BeforeAfter, st.integers(0, 60), st.integers(0, 60))


def test_wheeler_and_ratcliffes_example() -> None:
    wdd = weighted_displacement(
        BeforeAfter(207, 110), BeforeAfter(308, 318), BeforeAfter(178, 157), BeforeAfter(150, 140)
    )
    # -97 - 10 - 21 + 10 = -118; 207 + 110 + 308 + 318 + 178 + 157 + 150 + 140 = 1568
    assert (wdd.difference, wdd.variance) == (-118, 1568)
    assert wdd.z == pytest.approx(-2.98, abs=5e-3)
    assert (round(wdd.low), round(wdd.high)) == (-196, -40)


def test_without_rings_four_counts_make_the_difference() -> None:
    wdd = weighted_displacement(BeforeAfter(20, 10), BeforeAfter(20, 20))
    assert wdd.difference == -10
    assert wdd.variance**0.5 == pytest.approx(8.3666, abs=5e-5)
    assert wdd.p_value == pytest.approx(2 * stats.norm.cdf(-10 / 70**0.5))


def test_bowers_and_johnsons_quotient() -> None:
    args = BeforeAfter(207, 110), BeforeAfter(308, 318)
    assert displacement_quotient(*args, BeforeAfter(178, 157)) == pytest.approx(0.258186, abs=1e-6)
    # The sites did not fall: no quotient. Nothing to compare with: none either.
    assert np.isnan(displacement_quotient(BeforeAfter(10, 20), args[1], BeforeAfter(9, 9)))
    assert np.isnan(displacement_quotient(args[0], BeforeAfter(5, 0), BeforeAfter(9, 9)))


def test_dumps_that_only_moved_are_no_gain() -> None:
    moved = weighted_displacement(
        BeforeAfter(40, 20), BeforeAfter(40, 40), BeforeAfter(10, 30), BeforeAfter(10, 10)
    )
    assert moved.difference == 0
    # All of it turned up in the ring: (30 - 10) / 40 over (20 - 40) / 40
    assert displacement_quotient(
        BeforeAfter(40, 20), BeforeAfter(40, 40), BeforeAfter(10, 30)
    ) == pytest.approx(-1)


def test_the_interval_of_a_difference_covers_the_planted_one() -> None:
    # 1,000 trials at 95 %: 50 misses expected; more than 78 has probability 0.01 %.
    rng = np.random.default_rng(1)
    counts = rng.poisson([60, 40, 55, 60, 30, 36, 30, 30], (1_000, 8))
    misses = 0
    for row in counts.tolist():
        pairs = [BeforeAfter(*row[i : i + 2]) for i in range(0, 8, 2)]
        wdd = weighted_displacement(*pairs)
        misses += not wdd.low <= (-20 - 5 + 6 - 0) <= wdd.high
    assert misses <= 78


@settings(max_examples=60, deadline=None)
@given(COUNTS, COUNTS)
def test_the_ratio_is_tested_as_fishers_exact_test_does(
    treated: BeforeAfter, comparison: BeforeAfter
) -> None:
    effect = judge_effect(treated, comparison)
    table = np.array([[treated.after, treated.before], [comparison.after, comparison.before]])
    if not (table.sum(axis=0).all() and table.sum(axis=1).all()):
        assert np.isnan(effect.ratio)
        assert effect.verdict in (TOO_FEW, NO_CLEAR_EFFECT)
        return
    assert effect.p_value == pytest.approx(stats.fisher_exact(table).pvalue)
    assert effect.low <= effect.ratio <= effect.high
    # At the upper end the observed count or fewer would have a chance of 2.5 %.
    if np.isfinite(effect.high) and effect.high > 0:
        total, after = int(table.sum()), treated.after
        law = stats.nchypergeom_fisher(total, table[0].sum(), table[:, 0].sum(), effect.high)
        assert law.cdf(after) == pytest.approx(0.025, abs=1e-6)


def test_where_nothing_works_one_trial_in_twenty_says_so_at_most() -> None:
    # 200 at 5 %: 10; more than 20 has probability 0.1 %. The exact interval is wider than needed.
    rng = np.random.default_rng(2)
    verdicts = [
        judge_effect(BeforeAfter(*row[:2]), BeforeAfter(*row[2:])).verdict
        for row in rng.poisson([30, 36, 50, 60], (200, 4)).tolist()
    ]
    assert sum(v in (FEWER, MORE) for v in verdicts) <= 20


def test_a_planted_effect_lies_in_its_interval() -> None:
    # Incidents rise by a fifth everywhere; the sites have 0.6 of that.
    rng = np.random.default_rng(3)
    inside = 0
    for row in rng.poisson([50, 50 * 1.2 * 0.6, 80, 96], (150, 4)).tolist():
        effect = judge_effect(BeforeAfter(*row[:2]), BeforeAfter(*row[2:]))
        inside += effect.low <= 0.6 <= effect.high
    assert inside >= 134  # at least 95 % of 150 is 142; fewer than 134 has 0.2 %


@pytest.mark.parametrize(
    ("treated", "comparison", "verdict"),
    [
        ((60, 24), (55, 58), FEWER),
        ((24, 60), (58, 55), MORE),
        ((200, 205), (210, 200), NO_CLEAR_EFFECT),
        ((6, 3), (7, 7), TOO_FEW),
        ((0, 0), (0, 0), TOO_FEW),
    ],
)
def test_each_verdict_says_what_it_is(treated, comparison, verdict: str) -> None:
    effect = judge_effect(BeforeAfter(*treated), BeforeAfter(*comparison))
    assert effect.verdict == verdict
    assert effect.sentence.startswith(verdict.capitalize())


def test_sentences_give_counts() -> None:
    effect = judge_effect(
        BeforeAfter(60, 24), BeforeAfter(50, 55), BeforeAfter(20, 25), BeforeAfter(18, 19)
    )
    # 60 × 55 / 50 = 66 expected
    assert effect.sentence.startswith(
        "Fewer: from 60 to 24 incidents where the comparison sites lead one to expect 66. That is "
        "more than chance explains: "
    )
    assert effect.sentence.endswith(
        " Around the sites incidents went from 20 to 25, around the comparison sites from 18 to 19."
    )
    alone = judge_effect(BeforeAfter(6, 1), BeforeAfter(0, 3))
    assert alone.sentence == (
        "Too few to say: from 6 to 1 incident; without incidents at the comparison sites before, "
        "nothing can be expected."
    )


def test_a_halving_takes_some_110_dumps_an_arm() -> None:
    # (1.95996 + 0.84162)² × 3.5 / 0.25 = 109.9
    assert dumps_needed(reduction=0.5) == 110
    assert dumps_needed(reduction=0.5, with_rings=True) == 236


@pytest.mark.parametrize(("treated", "reduction"), [(30, 0.5), (110, 0.5), (80, 0.8)])
def test_power_is_that_of_simulated_trials(treated: int, reduction: float) -> None:
    rng = np.random.default_rng(4)
    rates = [treated, treated * (1 - reduction), treated, treated]
    counts = rng.poisson(rates, (4_000, 4))
    t0, t1, c0, c1 = counts.T
    z = ((t1 - t0) - (c1 - c0)) / np.sqrt(counts.sum(axis=1))
    expected = trial_power(treated, treated, reduction=reduction)
    assert np.mean(np.abs(z) > 1.96) == pytest.approx(expected, abs=0.03)


def test_input_without_meaning_is_refused() -> None:
    with pytest.raises(ParameterError):
        BeforeAfter(-1, 2)
    with pytest.raises(ParameterError):
        BeforeAfter(1.5, 2)  # type: ignore[arg-type]
    some = BeforeAfter(3, 4)
    with pytest.raises(ParameterError, match="both rings"):
        weighted_displacement(some, some, some)
    with pytest.raises(ParameterError):
        judge_effect(some, some, confidence=95)
    with pytest.raises(ParameterError):
        trial_power(0, 5)
    with pytest.raises(ParameterError):
        dumps_needed(power=1)
    with pytest.raises(ParameterError):
        dumps_needed(reduction=0)
