"""Did it work? One intervention, judged against comparison sites, in a sentence for a councillor.

The ratio is exact however few the incidents; the weighted displacement difference stands beside it.
Sites that were chosen because they were bad fall by themselves: see
`hotspots.effects.regression_to_mean`, choose comparison sites by the same rule at the same date
(`hotspots.effects.comparison_sites`), and keep the period that they were chosen by out of "before".
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import contingency, fisher_exact

from hotspots.core.words import counted
from hotspots.effects.displacement import (
    BeforeAfter,
    WeightedDisplacement,
    displacement_quotient,
    weighted_displacement,
)
from hotspots.effects.trial_power import trial_power

FEWER, MORE = "fewer", "more"
NO_CLEAR_EFFECT, TOO_FEW = "no clear effect", "too few to say"
AROUND = " Around the sites"
"""Begins what an effect's sentence says of the ring."""
HALVING = 0.5
ENOUGH_POWER = 0.8


@dataclass(frozen=True)
class Effect:
    """What can be said of an intervention.

    Attributes
    ----------
    verdict
        "fewer", "more", "no clear effect", or "too few to say": neither shows, and with so few
        incidents a halving would be missed more often than one time in five.
    ratio, low, high, p_value
        How many times as many incidents as the comparison sites lead one to expect; exact interval
        and test given the totals. Null where one of the totals is 0.
    expected
        Incidents at the sites after, as the comparison sites lead one to expect; null likewise.
    power
        Chance that a halving would have shown, with as many incidents as before.
    displacement, quotient
        WDD with rings where they are given; WDQ, null where it has no meaning.
    sentence
        All this for people, in counts.
    """

    verdict: str
    ratio: float
    low: float
    high: float
    p_value: float
    expected: float
    power: float
    displacement: WeightedDisplacement
    quotient: float
    sentence: str


def judge_effect(
    treated: BeforeAfter,
    comparison: BeforeAfter,
    ring: BeforeAfter | None = None,
    comparison_ring: BeforeAfter | None = None,
    *,
    confidence: float = 0.95,
) -> Effect:
    """Judge an intervention by incidents before and after.

    Given the totals, the number after at the sites is hypergeometric where the intervention does
    nothing, and non-central hypergeometric with the ratio where it does something.

    Parameters
    ----------
    treated, comparison, ring, comparison_ring, confidence
        As for `effects.displacement.weighted_displacement`. Count incidents that the contractor
        cleared where possible: posters and patrols change how many people report.

    References
    ----------
    Fisher (1935), Journal of the Royal Statistical Society 98(1), 39-82.

    Examples
    --------
    >>> effect = judge_effect(BeforeAfter(60, 24), BeforeAfter(55, 58))
    >>> effect.verdict, round(effect.ratio, 2)
    ('fewer', 0.38)
    >>> print(judge_effect(BeforeAfter(6, 3), BeforeAfter(7, 7)).sentence)
    Too few to say: from 6 to 3 incidents where the comparison sites lead one to expect 6. \
With so few, a halving would be noticed in 1 of 10 such trials.
    """
    wdd = weighted_displacement(treated, comparison, ring, comparison_ring, confidence=confidence)
    quotient = displacement_quotient(treated, comparison, ring) if ring else np.nan
    table = np.array([[treated.after, treated.before], [comparison.after, comparison.before]])
    before = treated.before, comparison.before
    power = trial_power(*before, reduction=HALVING, alpha=1 - confidence) if all(before) else 0.0
    if not (table.sum(axis=0).all() and table.sum(axis=1).all()):
        ratio, low, high, p_value = np.nan, np.nan, np.nan, 1.0
    else:
        odds = contingency.odds_ratio(table, kind="conditional")
        ratio, p_value = float(odds.statistic), float(fisher_exact(table).pvalue)
        low, high = map(float, odds.confidence_interval(confidence))
    expected = (
        treated.before * comparison.after / comparison.before if comparison.before else np.nan
    )
    verdict = _verdict(low, high, power)
    sentence = _sentence(verdict, treated, (expected, low, high), power) + _of_ring(
        ring, comparison_ring
    )
    return Effect(verdict, ratio, low, high, p_value, expected, power, wdd, quotient, sentence)


def held_to_steady(effect: Effect, by_steady: Effect, change: str) -> Effect:
    """An effect that the channels in use all along show too; what they show in its place.

    Parameters
    ----------
    by_steady
        The same question, of incidents that such a channel told of.
    change
        What of the reporting began or ended, as a sentence's beginning in lower case.

    Examples
    --------
    >>> told = judge_effect(BeforeAfter(20, 60), BeforeAfter(40, 40))
    >>> by_phone = judge_effect(BeforeAfter(20, 18), BeforeAfter(40, 40))
    >>> held = held_to_steady(told, by_phone, "reports by a poster began")
    >>> told.verdict, held.verdict
    ('more', 'too few to say')
    >>> held.sentence.split(": from")[0]
    'Reports by a poster began; without them: too few to say'
    """
    if effect.verdict not in (FEWER, MORE) or effect.verdict == by_steady.verdict:
        return effect
    steady = by_steady.sentence
    sentence = f"{change[0].upper()}{change[1:]}; without them: {steady[0].lower()}{steady[1:]}"
    return replace(by_steady, sentence=sentence)


def _verdict(low: float, high: float, power: float) -> str:
    if high < 1:
        return FEWER
    if low > 1:
        return MORE
    return NO_CLEAR_EFFECT if power >= ENOUGH_POWER else TOO_FEW


def _sentence(
    verdict: str, treated: BeforeAfter, prediction: tuple[float, float, float], power: float
) -> str:
    expected, low, high = prediction
    went = f"{verdict.capitalize()}: from {treated.before} to {counted(treated.after, 'incident')}"
    if np.isnan(expected):
        return f"{went}; without incidents at the comparison sites before, nothing can be expected."
    went += f" where the comparison sites lead one to expect {expected:.0f}."
    if verdict == TOO_FEW:
        times = round(10 * power)
        seen = f"in {times} of 10" if times else "in hardly any"
        return f"{went} With so few, a halving would be noticed {seen} such trials."
    if verdict == NO_CLEAR_EFFECT:
        return f"{went} Chance explains the difference; a halving would have been noticed."
    least, most = sorted((abs(1 - low) * expected, abs(high - 1) * expected))
    upper = f"{most:.0f}" if np.isfinite(most) else "any number"
    return f"{went} That is more than chance explains: {least:.0f} to {upper} {verdict}."


def _of_ring(ring: BeforeAfter | None, comparison_ring: BeforeAfter | None) -> str:
    if ring is None or comparison_ring is None:
        return ""
    return (
        f"{AROUND} incidents went from {ring.before} to {ring.after}, around the "
        f"comparison sites from {comparison_ring.before} to {comparison_ring.after}."
    )
