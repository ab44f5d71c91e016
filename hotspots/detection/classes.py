"""What becomes of a hotspot: new, intensifying, persistent, diminishing, sporadic or former."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from hotspots.core.errors import FrameError, ParameterError
from hotspots.core.words import counted

NEW, INTENSIFYING, PERSISTENT = "new", "intensifying", "persistent"
DIMINISHING, SPORADIC, FORMER = "diminishing", "sporadic", "former"
INSUFFICIENT = "insufficient data"
CLASS_DEFINITIONS = {
    NEW: "More nights with an incident in the last three months than the twelve before and the "
    "season lead one to expect, and at most one night in those twelve.",
    INTENSIFYING: "More nights with an incident in the last three months than the twelve before "
    "and the season lead one to expect.",
    PERSISTENT: "No change that chance does not explain, and an incident in at least ten of the "
    "last fifteen months.",
    DIMINISHING: "Fewer nights with an incident in the last three months than the twelve before "
    "and the season lead one to expect, but some.",
    SPORADIC: "No change that chance does not explain, and an incident in fewer than ten of the "
    "last fifteen months.",
    FORMER: "No incident in the last three months, where the twelve before and the season lead one "
    "to expect some; or none in the last twelve months.",
    INSUFFICIENT: "Fewer than eight nights with an incident in fifteen months and no clear change, "
    "or a record of the borough that is not yet fifteen months long.",
}
"""What each class means, for the people who read it."""


@dataclass(frozen=True)
class ClassParams:
    """When a hotspot has changed.

    Attributes
    ----------
    recent_months
        The last months, which are compared with those before them, ≥ 1.
    alpha
        Largest q-value (false-discovery rate over the hotspots) of a change, in (0, 1).
    most_before_new
        A new hotspot had at most so many nights before, ≥ 0.
    min_nights
        Fewer nights than this, and no change, are too little to say more, ≥ 0.
    persistent_share
        Share of months with an incident from which a hotspot is persistent, in (0, 1].
    """

    recent_months: int = 3
    alpha: float = 0.05
    most_before_new: int = 1
    min_nights: int = 8
    persistent_share: float = 2 / 3

    def __post_init__(self) -> None:
        if not 0 < self.alpha < 1 or not 0 < self.persistent_share <= 1:
            raise ParameterError(
                f"alpha is {self.alpha} and persistent_share {self.persistent_share}: they must "
                f"lie between 0 and 1"
            )
        if self.recent_months < 1 or self.most_before_new < 0 or self.min_nights < 0:
            raise ParameterError(
                f"recent_months is {self.recent_months} (from 1), most_before_new "
                f"{self.most_before_new} and min_nights {self.min_nights} (from 0)"
            )


def classify(
    nights: pd.DataFrame, weights: np.ndarray, params: ClassParams | None = None
) -> pd.DataFrame:
    """Compare each hotspot's last months with those before, exactly and for all of them at once.

    Given their sum, the nights of the last months are binomial with the season's share: the test
    holds however few they are. The false-discovery rate over the hotspots is controlled, so that
    of those said to have changed only a few have not.

    Parameters
    ----------
    nights
        One row a hotspot, one column a month, oldest first: nights with an incident, as from
        `hotspots.timing.periods.nights_by_month` (fifteen months).
    weights
        (months,) what each month would have with no change, in any unit: `hotspots.timing.seasons.
        month_weights`, or the borough's own totals to take its growth out as well. A null or an
        all-empty part makes every hotspot "insufficient data".
    params
        When a hotspot has changed.

    Returns
    -------
    DataFrame
        On the index of ``nights``: ``class`` (a key of ``CLASS_DEFINITIONS``), ``recent`` and
        ``before`` (nights), ``expected`` (recent nights given those before; null where not known),
        ``p_value``, ``q_value`` (two-sided; 1 where there is nothing to compare), ``sentence``.

    References
    ----------
    Przyborowski and Wilenski (1940), Biometrika 31(3/4), 313-323; Benjamini and Hochberg (1995),
    Journal of the Royal Statistical Society B 57(1), 289-300.

    Examples
    --------
    >>> months = [[2, 1, 2, 2, 1, 2, 2, 2, 1, 2, 2, 2, 2, 1, 2], [0] * 12 + [3, 4, 5]]
    >>> table = classify(pd.DataFrame(months, ["station", "park"]), np.ones(15))
    >>> table["class"].tolist()
    ['persistent', 'new']
    >>> print(table.loc["park", "sentence"])
    New: 12 nights with an incident in the last 3 months, none in the 12 months before.
    """
    params = params or ClassParams()
    counts, weight = _checked(nights, weights, params)
    split = counts.shape[1] - params.recent_months
    recent, before = counts[:, split:].sum(axis=1), counts[:, :split].sum(axis=1)
    total, total_before = weight.sum(), weight[:split].sum()
    is_known = bool(np.isfinite(total) and 0 < total_before < total)
    share = 1 - total_before / total if is_known else np.nan
    frame = pd.DataFrame({"recent": recent, "before": before}, index=nights.index)
    frame["expected"] = before * share / (1 - share)
    frame["p_value"] = _two_sided(recent, recent + before, share) if is_known else 1.0
    frame["q_value"] = _q_values(frame["p_value"].to_numpy())
    in_months, silent = (counts > 0).mean(axis=1), counts[:, -12:].sum(axis=1) == 0
    frame.insert(0, "class", _classes(frame, in_months, silent, is_known, params))
    spans = counted(params.recent_months, "month"), counted(split, "month")
    rows = zip(frame["class"], recent.tolist(), before.tolist(), frame["expected"], strict=True)
    return frame.assign(sentence=[_sentence(*row, *spans) for row in rows])


def _checked(
    nights: pd.DataFrame, weights: np.ndarray, params: ClassParams
) -> tuple[np.ndarray, np.ndarray]:
    counts, weight = nights.to_numpy(), np.asarray(weights, dtype=float)
    if weight.shape != (counts.shape[1],):
        raise FrameError(f"{len(weight)} weights for {counts.shape[1]} months: give one a month")
    if counts.shape[1] <= params.recent_months:
        raise FrameError(
            f"{counts.shape[1]} months: give more than the last {params.recent_months}"
        )
    if not (counts >= 0).all() or (weight < 0).any():
        raise FrameError("nights and weights must be at least 0, and nights not null")
    return counts.astype(int), weight


def _two_sided(recent: np.ndarray, total: np.ndarray, share: float) -> np.ndarray:
    """Twice the smaller tail of the binomial, at most 1."""
    low, high = stats.binom.cdf(recent, total, share), stats.binom.sf(recent - 1, total, share)
    p_values: np.ndarray = np.minimum(2 * np.minimum(low, high), 1.0)
    return p_values


def _q_values(p_values: np.ndarray) -> np.ndarray:
    if len(p_values) == 0:
        return p_values
    q_values: np.ndarray = stats.false_discovery_control(p_values, method="bh")
    return q_values


def _classes(
    frame: pd.DataFrame,
    in_months: np.ndarray,
    is_silent: np.ndarray,
    is_known: bool,
    params: ClassParams,
) -> np.ndarray:
    changed = frame["q_value"] <= params.alpha
    is_more = changed & (frame["recent"] > frame["expected"])
    is_less = changed & ~is_more
    rules = {
        INSUFFICIENT: pd.Series(not is_known, frame.index),
        FORMER: pd.Series(is_silent, frame.index) | (is_less & (frame["recent"] == 0)),
        NEW: is_more & (frame["before"] <= params.most_before_new),
        INTENSIFYING: is_more,
        DIMINISHING: is_less,
    }
    too_few = frame["recent"] + frame["before"] < params.min_nights
    otherwise = np.where(in_months >= params.persistent_share, PERSISTENT, SPORADIC)
    return np.select(list(rules.values()), list(rules), np.where(too_few, INSUFFICIENT, otherwise))


def _sentence(
    name: str, recent: int, before: int, expected: float, last_months: str, months_before: str
) -> str:
    text = (
        f"{name.capitalize()}: {counted(recent, 'night')} with an incident in the last "
        f"{last_months}, {before or 'none'} in the {months_before} before"
    )
    if before == 0 or np.isnan(expected):
        return text + "."
    return f"{text}, which with the season would give {expected:.1f}."
