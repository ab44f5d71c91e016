"""How often is it now, and how sure is that? What can be said where no class can.

Most hotspots have too few nights for a class. That few nights say little is no reason to say
nothing: they say between which rates the truth lies.
"""

import numpy as np
import pandas as pd
from scipy import stats

from hotspots.core.words import counted
from hotspots.stats.shrunk_rates import shrunk_rates

CONFIDENCE = 0.9


def night_rates(
    nights: pd.DataFrame, weights: np.ndarray, *, recent_months: int = 3
) -> pd.DataFrame:
    """Nights with an incident a month at each hotspot now, and how that compares with before.

    The rate is drawn to those of the run's other hotspots as far as few nights need it
    (`hotspots.stats.shrunk_rates`). The change is each hotspot's own, by Clopper and Pearson's
    interval of the recent share of its nights, and takes the season out.

    Parameters
    ----------
    nights, weights
        As for `hotspots.detection.classes.classify`: (k, months) nights, oldest month first, and
        (months,) what each would have with no change, null before the record began.
    recent_months
        The last months, which are now, ≥ 1.

    Returns
    -------
    DataFrame
        On the index of ``nights``: ``rate`` (nights a month), ``low``, ``high`` (90 %),
        ``prior_share`` (of the rate, how much is the others'); null where the record began in the
        last month. ``change_low``, ``change_high`` (90 %; the recent rate over that before, null
        without a whole record before); ``sentence``.

    Examples
    --------
    >>> months = [[0] * 12 + [1, 2, 0], [1] * 12 + [1, 1, 1], [0] * 12 + [4, 3, 5]]
    >>> rates = night_rates(pd.DataFrame(months), np.ones(15))
    >>> print(rates.loc[0, "sentence"])
    About 1.4 nights a month now (likely 0.6 to 2.5): at least 2.3 times as many as in the 12 \
months before.
    """
    counts, weight = nights.to_numpy(), np.asarray(weights, dtype=float)
    split = counts.shape[1] - recent_months
    known = np.isfinite(weight[split:])
    recent = counts[:, split:][:, known].sum(axis=1)
    names = ["rate", "low", "high", "prior_share"]
    rates = pd.DataFrame(np.nan, nights.index, names)
    if known.any():
        exposure = np.full(len(recent), float(known.sum()))
        rates = shrunk_rates(recent, exposure, confidence=CONFIDENCE).set_axis(nights.index)
    before = counts[:, :split].sum(axis=1)
    rates["change_low"], rates["change_high"] = _change(recent, before, weight, split)
    span = counted(split, "month")
    rows = rates[["rate", "low", "high", "change_low", "change_high"]].to_numpy().tolist()
    return rates.assign(sentence=[_sentence(*row, span=span) for row in rows])


def _change(
    recent: np.ndarray, before: np.ndarray, weight: np.ndarray, split: int
) -> tuple[np.ndarray, np.ndarray]:
    """Ends of the interval of the recent rate over that before; null where weights are."""
    total, total_before = weight.sum(), weight[:split].sum()
    if not (np.isfinite(total) and 0 < total_before < total):
        return np.full(len(recent), np.nan), np.full(len(recent), np.nan)
    scale = total_before / (total - total_before)
    tail = (1 - CONFIDENCE) / 2
    low = np.where(recent > 0, stats.beta.ppf(tail, np.maximum(recent, 1), before + 1), 0.0)
    high = np.where(before > 0, stats.beta.isf(tail, recent + 1, np.maximum(before, 1)), 1.0)
    with np.errstate(divide="ignore"):
        return scale * low / (1 - low), scale * high / (1 - high)


def _sentence(
    rate: float, low: float, high: float, change_low: float, change_high: float, *, span: str
) -> str:
    if np.isnan(rate):
        return ""
    now = f"About {rate:.1f} nights a month now (likely {low:.1f} to {high:.1f})"
    if np.isnan(change_low) or (change_low == 0 and np.isinf(change_high)):
        return f"{now}."
    if np.isinf(change_high):
        times = f"at least {change_low:.1f} times"
    elif change_low == 0:
        times = f"at most {change_high:.1f} times"
    else:
        times = f"between {change_low:.1f} and {change_high:.1f} times"
    return f"{now}: {times} as many as in the {span} before."
