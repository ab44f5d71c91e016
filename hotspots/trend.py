"""Is it more than it was? A trend, a spike, or no clear change.

One year's rise is no trend, and one month's none either (DOMAIN.md section 6). What counts is a
hotspot's share of its borough: seasons and a growing habit of reporting change both alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from hotspots.errors import FrameError, ParameterError
from hotspots.mann_kendall import mann_kendall
from hotspots.periods import PERIODS_A_YEAR
from hotspots.words import counted, listed

UP, DOWN, SPIKE = "trend up", "trend down", "spike"
NO_CLEAR_CHANGE, INSUFFICIENT = "no clear change", "insufficient data"
CHANGE_DEFINITIONS = {
    UP: "A growing share of the borough's dumps: significantly over at least two years, or in "
    "three yearly comparisons running and in the last year clearly more than in the first. The "
    "last four weeks are left out.",
    DOWN: "A falling share of the borough's dumps, by the same rules.",
    SPIKE: "More dumps in the last four weeks than the 95 % prediction limit from the year before "
    "them. One period is no trend.",
    NO_CLEAR_CHANGE: "Neither a trend nor a spike can be told from chance.",
    INSUFFICIENT: "Fewer than 24 dumps, or less than two years: too little to see a trend.",
}
"""What each verdict means, for the people who read it."""


@dataclass(frozen=True)
class ChangeParams:
    """When a change is called one.

    Attributes
    ----------
    alpha
        Largest p-value of a trend or a spike, in (0, 1).
    min_dumps
        Least number of dumps for a trend.
    min_periods
        Least number of periods of four weeks for a trend, the last one not counted, ≥ 3.
    """

    alpha: float = 0.05
    min_dumps: int = 24
    min_periods: int = 2 * PERIODS_A_YEAR

    def __post_init__(self) -> None:
        if not 0 < self.alpha < 1:
            raise ParameterError(f"alpha is {self.alpha}: it must be between 0 and 1")
        if self.min_dumps < 1 or self.min_periods < 3:
            raise ParameterError(
                f"min_dumps is {self.min_dumps} (from 1), min_periods {self.min_periods} (from 3)"
            )


@dataclass(frozen=True)
class Change:
    """What can be said of one series.

    Attributes
    ----------
    verdict
        A key of ``CHANGE_DEFINITIONS``; a trend comes before a spike.
    is_spike
        Whether the latest period is above its limit, whatever the verdict.
    latest, expected, limit
        Dumps in the latest period; expected from the year before; the most that would be no spike
        (both null without a year before).
    p_value, slope_a_year
        Of Mann and Kendall's test on the share; Sen's slope: by how many dumps a year the yearly
        number changes beyond the borough's change. Null where there is too little.
    years, expected_years
        Dumps in each of the last years (13 periods, the latest period left out), oldest first, and
        how many the borough's totals of the same weeks would give.
    sentence
        All this for people.
    """

    verdict: str
    is_spike: bool
    latest: int
    expected: float
    limit: float
    p_value: float
    slope_a_year: float
    years: tuple[int, ...]
    expected_years: tuple[float, ...]
    sentence: str


def assess_changes(
    counts: pd.DataFrame, borough: np.ndarray, params: ChangeParams | None = None
) -> pd.DataFrame:
    """Judge each hotspot's series.

    Parameters
    ----------
    counts
        One row a hotspot, one column a period of four weeks, oldest first, as from
        `hotspots.periods.four_week_counts`.
    borough
        (periods,) the borough's totals, as from the same.
    params
        When a change is called one.

    Returns
    -------
    DataFrame
        On the index of ``counts``: the attributes of `Change`.

    Examples
    --------
    >>> counts = pd.DataFrame([[1] * 39 + [1], [1] * 39 + [8]], index=["station", "park"])
    >>> assess_changes(counts, np.full(40, 30))["verdict"].tolist()
    ['no clear change', 'spike']
    """
    rows = [assess_change(row, borough, params) for row in counts.to_numpy()]
    columns = list(Change.__dataclass_fields__)
    return pd.DataFrame([vars(row) for row in rows], counts.index, columns)


def assess_change(
    counts: np.ndarray, borough: np.ndarray, params: ChangeParams | None = None
) -> Change:
    """Judge one series of counts in periods of four weeks.

    Parameters
    ----------
    counts, borough
        (periods,) whole numbers of at least 0, oldest first; the last is the latest period.

    Examples
    --------
    >>> print(assess_change(np.array([1] * 39 + [8]), np.full(40, 30)).sentence)
    Spike: 8 dumps in the last four weeks, where 1.0 was expected and up to 3 would be no surprise.
    """
    params = params or ChangeParams()
    own, whole = _checked(counts, borough)
    latest = int(own[-1])
    past, past_whole = own[:-1], whole[:-1]
    expected, limit = _prediction(past, past_whole, float(whole[-1]), params.alpha)
    share = past.sum() / past_whole.sum() if past_whole.sum() else 0.0
    years = _years(past)
    expected_years = tuple(share * total for total in _years(past_whole))
    enough = past.sum() >= params.min_dumps and len(past) >= params.min_periods
    p_value, slope, direction = np.nan, np.nan, 0
    if enough:
        p_value, slope = _slope(past, past_whole * share)
        direction = int(np.sign(slope)) if p_value <= params.alpha else 0
        direction = direction or _annual_direction(years, expected_years, params.alpha)
    is_spike = bool(latest > limit)  # False against a null
    verdict = {1: UP, -1: DOWN}.get(direction, SPIKE if is_spike else NO_CLEAR_CHANGE)
    if not (enough or is_spike):
        verdict = INSUFFICIENT
    sentence = _sentence(verdict, latest, (expected, limit), years, expected_years, past)
    return Change(
        verdict, is_spike, latest, expected, limit, p_value, slope, years, expected_years, sentence
    )


def _checked(counts: np.ndarray, borough: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    own, whole = np.asarray(counts), np.asarray(borough)
    if own.shape != whole.shape or own.ndim != 1 or len(own) == 0:
        raise FrameError(f"counts {own.shape} and borough {whole.shape} must be equally long rows")
    if not ((own >= 0).all() and (own <= whole).all()):
        raise FrameError("counts must be at least 0 and no more than the borough's")
    return own, whole


def _prediction(
    past: np.ndarray, past_whole: np.ndarray, whole: float, alpha: float
) -> tuple[float, float]:
    """Expected in the latest period, and the most that is no spike.

    Given the sum of both, the latest count is binomial (Nelson 1982, Applied Life Data Analysis):
    exact however few they are.
    """
    year, year_whole = past[-PERIODS_A_YEAR:].sum(), past_whole[-PERIODS_A_YEAR:].sum()
    if len(past) < PERIODS_A_YEAR or year_whole == 0:
        return np.nan, np.nan
    chance = whole / (whole + year_whole)
    most = np.arange(int(whole) + 1)
    unlikely = stats.binom.sf(most - 1, most + year, chance) <= alpha
    limit = float(unlikely.argmax() - 1) if unlikely.any() else whole
    return float(year * whole / year_whole), limit


def _years(past: np.ndarray) -> tuple[int, ...]:
    """Sums of whole years back from the end, oldest first."""
    n = len(past) // PERIODS_A_YEAR
    blocks = past[len(past) - n * PERIODS_A_YEAR :].reshape(n, PERIODS_A_YEAR)
    return tuple(blocks.sum(axis=1).tolist())


def _slope(past: np.ndarray, expected: np.ndarray) -> tuple[float, float]:
    """p-value of a trend of the share, and dumps a year by which the yearly number changes."""
    known = expected > 0
    excess = past[known] - expected[known]
    test = mann_kendall(excess / np.sqrt(expected[known]))
    return test.p_value, mann_kendall(excess).slope * PERIODS_A_YEAR**2


def _annual_direction(years: Sequence[int], expected_years: Sequence[float], alpha: float) -> int:
    """1 or -1 where the last three comparisons of years agree and chance does not explain it.

    Four years that differ by chance alone agree in one of twelve cases, so the last year must
    differ from the first of them too.
    """
    if len(years) < 4 or min(expected_years[-4:]) <= 0:
        return 0
    ratios = np.divide(years[-4:], expected_years[-4:])
    steps = np.sign(np.diff(ratios))
    if abs(steps.sum()) < 3:
        return 0
    first, last = years[-4], years[-1]
    chance = expected_years[-1] / (expected_years[-4] + expected_years[-1])
    p_value = stats.binomtest(last, first + last, chance).pvalue if first + last else 1.0
    return int(steps[0]) if p_value <= alpha else 0


def _sentence(
    verdict: str,
    latest: int,
    prediction: tuple[float, float],
    years: Sequence[int],
    expected_years: Sequence[float],
    past: np.ndarray,
) -> str:
    expected, limit = prediction
    month = f"{counted(latest, 'dump')} in the last four weeks"
    if verdict in (UP, DOWN):
        shown = listed([f"{n}" for n in years[-4:]])
        pattern = listed([f"{n:.0f}" for n in expected_years[-4:]])
        return (
            f"{verdict.capitalize()}: {shown} dumps in the last {len(years[-4:])} years, where the "
            f"borough's pattern would give {pattern}."
        )
    if verdict == SPIKE:
        was = "was" if f"{expected:.1f}" == "1.0" else "were"
        return (
            f"Spike: {month}, where {expected:.1f} {was} expected and up to {limit:.0f} would be "
            f"no surprise."
        )
    if verdict == INSUFFICIENT:
        known = f"{counted(int(past.sum()), 'dump')} in {len(past)} periods of four weeks"
        return f"Insufficient data: {known} are too few to see a trend; {month}."
    told = "" if np.isnan(expected) else f", {expected:.1f} expected"
    return f"No clear change: {month}{told}."
