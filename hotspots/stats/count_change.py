"""Has a count changed by more than chance, and is that for the better?"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from scipy import stats

from hotspots.core.errors import ParameterError
from hotspots.stats.rates import check_counts, check_exposures

Polarity = Literal["less", "more", "neutral"]
"""Which way is better."""
LEVEL = 0.05


class Verdict(StrEnum):
    """``HIGHER`` and ``LOWER`` are real changes of what is neither good nor bad."""

    IMPROVEMENT = "improvement"
    DETERIORATION = "deterioration"
    HIGHER = "higher"
    LOWER = "lower"
    NO_CHANGE = "no_change"


@dataclass(frozen=True)
class Change:
    """What became of a count.

    Attributes
    ----------
    p_value
        Of the exact test that both rates are the same, two-sided.
    verdict
        ``NO_CHANGE`` where the p-value is not below the level.
    """

    p_value: float
    verdict: Verdict


def conditional_test(
    first: int, second: int, *, first_exposure: float = 1.0, second_exposure: float = 1.0
) -> float:
    """p-value of the exact test that two Poisson counts have the same rate, two-sided.

    Given their sum, the first is binomial with the share of its exposure. All outcomes that are no
    more likely than the one seen count against the hypothesis. Two counts of 0 give 1.

    Parameters
    ----------
    first, second
        Whole numbers of at least 0.
    first_exposure, second_exposure
        What each was counted over (days, people), above 0.

    References
    ----------
    Przyborowski and Wilenski (1940), Biometrika 31(3/4), 313-323.

    Examples
    --------
    Cases of lung cancer in Fredericia and three other towns, as in R's manual of ``poisson.test``:

    >>> round(conditional_test(11, 21, first_exposure=800, second_exposure=3011), 5)
    0.07967
    """
    check_counts((first, second))
    check_exposures(first_exposure, second_exposure)
    if first + second == 0:
        return 1.0
    share = first_exposure / (first_exposure + second_exposure)
    return float(stats.binomtest(first, first + second, share).pvalue)


def judge_change(
    before: int,
    after: int,
    *,
    polarity: Polarity,
    level: float = LEVEL,
    before_exposure: float = 1.0,
    after_exposure: float = 1.0,
) -> Change:
    """Whether a rate got better, got worse, or stayed as far as chance lets one say.

    Parameters
    ----------
    before, after, before_exposure, after_exposure
        As for `conditional_test`.
    polarity
        Which way is better.
    level
        p-values below it are a change, in (0, 1).

    Examples
    --------
    >>> judge_change(94, 60, polarity="less").verdict
    <Verdict.IMPROVEMENT: 'improvement'>
    >>> judge_change(9, 6, polarity="less").verdict
    <Verdict.NO_CHANGE: 'no_change'>
    """
    if not 0 < level < 1:
        raise ParameterError(f"level is {level}: it must be between 0 and 1")
    p_value = conditional_test(
        before, after, first_exposure=before_exposure, second_exposure=after_exposure
    )
    if p_value >= level:
        return Change(p_value, Verdict.NO_CHANGE)
    is_higher = after / after_exposure > before / before_exposure
    return Change(p_value, _verdict(polarity, is_higher=is_higher))


def judge_share_change(
    before: tuple[int, int],
    after: tuple[int, int],
    *,
    polarity: Polarity,
    level: float = LEVEL,
) -> Change:
    """Whether a share (met, of) got better, got worse, or stayed, by Fisher's exact test.

    Parameters
    ----------
    before, after
        How many, of how many; the first no more than the second. A share of nothing is no change.
    polarity, level
        As for `judge_change`.

    References
    ----------
    Fisher (1935), Journal of the Royal Statistical Society 98(1), 39-82.

    Examples
    --------
    The lady tasting tea: 3 of 4 against 1 of 4.

    >>> round(judge_share_change((1, 4), (3, 4), polarity="more").p_value, 4)
    0.4857
    """
    for met, of in (before, after):
        check_counts((met, of))
        if met > of:
            raise ParameterError(f"{met} of {of}: the first must be no more than the second")
    if not 0 < level < 1:
        raise ParameterError(f"level is {level}: it must be between 0 and 1")
    table = [[met, of - met] for met, of in (before, after)]
    p_value = float(stats.fisher_exact(table).pvalue)
    if p_value >= level or not before[1] or not after[1]:
        return Change(p_value, Verdict.NO_CHANGE)
    is_higher = after[0] * before[1] > before[0] * after[1]
    return Change(p_value, _verdict(polarity, is_higher=is_higher))


def _verdict(polarity: Polarity, *, is_higher: bool) -> Verdict:
    if polarity == "neutral":
        return Verdict.HIGHER if is_higher else Verdict.LOWER
    is_better = is_higher == (polarity == "more")
    return Verdict.IMPROVEMENT if is_better else Verdict.DETERIORATION
