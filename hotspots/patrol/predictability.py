"""Whether somebody who watches the patrols could tell where they will be."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from hotspots.core.frames import LONDON

CELL_MIN = 30
SAME_MIN = 15


def unpredictability(plans: Sequence[pd.DataFrame]) -> float | None:
    """Entropy of where stops fall, from 0 (each plan like the others) to 1 (nothing recurs).

    Stops are counted by place and half-hour of the clock. Their Shannon entropy is scaled between
    what the same plan every night would have and what stops that never recur would.

    Parameters
    ----------
    plans
        The stops of each plan, as `hotspots.patrol.PatrolPlan.stops`: ``place``, ``arrives_at``.
        Those of the last 14 nights are usual.

    Returns
    -------
    float or None
        None for fewer than two plans with a stop.

    Examples
    --------
    >>> def night(*places):
    ...     times = pd.date_range("2026-11-24T20:00Z", periods=len(places), freq="h")
    ...     return pd.DataFrame({"place": places, "arrives_at": times})
    >>> unpredictability([night("a", "b"), night("a", "b")])
    0.0
    >>> unpredictability([night("a", "b"), night("b", "a")])
    1.0
    """
    walked = [plan for plan in plans if len(plan)]
    if len(walked) < 2:
        return None
    stops = pd.concat(walked, ignore_index=True)
    local = stops["arrives_at"].dt.tz_convert(LONDON)
    cell = (local.dt.hour * 60 + local.dt.minute) // CELL_MIN
    share = stops.groupby([stops["place"].astype(str), cell]).size() / len(stops)
    entropy = -float((share * np.log(share)).sum())
    least = float(np.log(len(stops) / len(walked)))
    most = float(np.log(len(stops)))
    return float(np.clip((entropy - least) / (most - least), 0.0, 1.0))


def is_same_night(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Whether two plans take every team to the same places in the same order at the same hours.

    Parameters
    ----------
    one, other
        ``team``, ``place``, ``arrives_at``, in order. Times of day within 15 minutes are the same.
    """
    if len(one) != len(other) or len(one) == 0:
        return False
    for name in ("team", "place"):
        if one[name].astype(str).tolist() != other[name].astype(str).tolist():
            return False
    apart = np.abs(_clock_min(one) - _clock_min(other))
    return bool((np.minimum(apart, 1_440 - apart) <= SAME_MIN).all())


def _clock_min(stops: pd.DataFrame) -> np.ndarray:
    local = stops["arrives_at"].dt.tz_convert(LONDON)
    minutes: np.ndarray = (local.dt.hour * 60 + local.dt.minute).to_numpy()
    return minutes
