"""Is it more than it was? A trend, a spike, or no clear change.

One year's rise is no trend, and one month's none either (DOMAIN.md section 6). What counts is a
hotspot's share of its borough: seasons and a growing habit of reporting change both alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from hotspots.core.errors import FrameError, ParameterError
from hotspots.core.words import counted, listed
from hotspots.detection.share_changes import annual_directions, predictions, share_slopes, yearly
from hotspots.timing.periods import PERIODS_A_YEAR

UP, DOWN, SPIKE = "trend up", "trend down", "spike"
NO_CLEAR_CHANGE, INSUFFICIENT = "no clear change", "insufficient data"
CHANGE_DEFINITIONS = {
    UP: "A growing share of the borough's incidents: significantly over at least two years, or in "
    "three yearly comparisons running and in the last year clearly more than in the first. The "
    "last four weeks are left out.",
    DOWN: "A falling share of the borough's incidents, by the same rules.",
    SPIKE: "More incidents in the last four weeks than the 95 % prediction limit from the year "
    "before them. One period is no trend.",
    NO_CLEAR_CHANGE: "Neither a trend nor a spike can be told from chance.",
    INSUFFICIENT: "Fewer than 24 incidents, or less than two years: too little to see a trend.",
}
"""What each verdict means, for the people who read it."""


@dataclass(frozen=True)
class ChangeParams:
    """When a change is called one.

    Attributes
    ----------
    alpha
        Largest p-value of a trend or a spike, in (0, 1).
    min_incidents
        Least number of incidents for a trend.
    min_periods
        Least number of periods of four weeks for a trend, the last one not counted, ≥ 3.
    """

    alpha: float = 0.05
    min_incidents: int = 24
    min_periods: int = 2 * PERIODS_A_YEAR

    def __post_init__(self) -> None:
        if not 0 < self.alpha < 1:
            raise ParameterError(f"alpha is {self.alpha}: it must be between 0 and 1")
        if self.min_incidents < 1 or self.min_periods < 3:
            raise ParameterError(
                f"min_incidents is {self.min_incidents} (from 1), "
                f"min_periods {self.min_periods} (from 3)"
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
        Incidents in the latest period; expected from the year before; the most that would be no
        spike (both null without a year before).
    p_value, slope_a_year
        Of Mann and Kendall's test on the share; Sen's slope: by how many incidents a year the
        yearly number changes beyond the borough's change. Null where there is too little.
    years, expected_years
        Incidents in each of the last years (13 periods, the latest period left out), oldest first,
        and how many the borough's totals of the same weeks would give.
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
        `hotspots.timing.periods.four_week_counts`.
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
    params = params or ChangeParams()
    own, borough_totals = _checked(counts.to_numpy(), np.asarray(borough))
    past, past_totals, latest = own[:, :-1], borough_totals[:-1], own[:, -1]
    expected, limit = predictions(past, past_totals, float(borough_totals[-1]), params.alpha)
    known = past.sum(axis=1)
    share = known / max(past_totals.sum(), 1)
    years, expected_years = yearly(past), np.outer(share, yearly(past_totals))
    enough = (known >= params.min_incidents) & (past.shape[1] >= params.min_periods)
    p_value, slope, direction = np.full((3, len(own)), np.nan)
    if enough.any():
        p_value[enough], slope[enough] = share_slopes(past[enough], past_totals, share[enough])
        by_slope = np.where(p_value[enough] <= params.alpha, np.sign(slope[enough]), 0)
        by_year = annual_directions(years[enough], expected_years[enough], params.alpha)
        direction[enough] = np.where(by_slope == 0, by_year, by_slope)
    columns = {
        "verdict": _verdicts(direction, latest > limit, enough),
        "is_spike": latest > limit,  # False against a null
        "latest": latest,
        "expected": expected,
        "limit": limit,
        "p_value": p_value,
        "slope_a_year": slope,
        "years": list(map(tuple, years.tolist())),
        "expected_years": list(map(tuple, expected_years.tolist())),
    }
    frame = pd.DataFrame(columns, counts.index)
    return frame.assign(sentence=_sentences(frame, known, past.shape[1]))


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
    Spike: 8 incidents in the last four weeks, where 1.0 was expected and up to 3 would be no \
surprise.
    """
    one = pd.DataFrame(np.asarray(counts)[None])
    return Change(**assess_changes(one, borough, params).iloc[0].to_dict())


def _checked(own: np.ndarray, borough_totals: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    if own.shape[1:] != borough_totals.shape or len(borough_totals) == 0:
        raise FrameError(
            f"counts {own.shape} and borough {borough_totals.shape} must be equally long rows"
        )
    if not ((own >= 0).all() and (own <= borough_totals).all()):
        raise FrameError("counts must be at least 0 and no more than the borough's")
    return own, borough_totals


def _verdicts(direction: np.ndarray, is_spike: np.ndarray, enough: np.ndarray) -> np.ndarray:
    unclear = np.where(is_spike, SPIKE, np.where(enough, NO_CLEAR_CHANGE, INSUFFICIENT))
    return np.select([direction == 1, direction == -1], [UP, DOWN], unclear)


def _sentences(frame: pd.DataFrame, known: np.ndarray, periods: int) -> list[str]:
    names = ["verdict", "latest", "expected", "limit", "years", "expected_years"]
    rows = frame[names].itertuples(index=False, name=None)
    return [
        _sentence(*row, known=incidents, periods=periods)
        for row, incidents in zip(rows, known.tolist(), strict=True)
    ]


def _sentence(
    verdict: str,
    latest: int,
    expected: float,
    limit: float,
    years: Sequence[int],
    expected_years: Sequence[float],
    *,
    known: int,
    periods: int,
) -> str:
    month = f"{counted(latest, 'incident')} in the last four weeks"
    if verdict in (UP, DOWN):
        shown = listed([f"{n}" for n in years[-4:]])
        pattern = listed([f"{n:.0f}" for n in expected_years[-4:]])
        return (
            f"{verdict.capitalize()}: {shown} incidents in the last {len(years[-4:])} years, where "
            f"the borough's pattern would give {pattern}."
        )
    if verdict == SPIKE:
        was = "was" if f"{expected:.1f}" == "1.0" else "were"
        return (
            f"Spike: {month}, where {expected:.1f} {was} expected and up to {limit:.0f} would be "
            f"no surprise."
        )
    if verdict == INSUFFICIENT:
        record = f"{counted(known, 'incident')} in {periods} periods of four weeks"
        return f"Insufficient data: {record} are too few to see a trend; {month}."
    expectation = "" if np.isnan(expected) else f", {expected:.1f} expected"
    return f"No clear change: {month}{expectation}."
