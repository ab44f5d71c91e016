"""What a patrol's stop is worth: incidents expected while officers are there and for a while after.

A place stays quiet for a time after officers leave, for longer the longer they stood there, with a
diminishing return: beyond about 15 minutes little is gained (Koper 1995, Justice Quarterly 12(4),
649-672). The shape here is his; its numbers are assumptions, and so they are parameters. *Covered*
means expected where and when officers are or have lately been, not prevented.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hotspots.core.errors import ParameterError
from hotspots.core.frames import LONDON


@dataclass(frozen=True)
class Deterrence:
    """How long, and how much, a place stays quiet after a stop.

    Attributes
    ----------
    residual_min
        Minutes after the stop in which its effect falls in a straight line to nothing, ≥ 0.
    half_dwell_min
        Minutes of dwell that give half of the whole after-effect; as many again half of the rest.
    """

    residual_min: int = 120
    half_dwell_min: float = 5.0

    def __post_init__(self) -> None:
        if not 0 <= self.residual_min <= 720:
            raise ParameterError(f"residual_min is {self.residual_min}: it must be from 0 to 720")
        if not 0 < self.half_dwell_min < np.inf:
            raise ParameterError(f"half_dwell_min is {self.half_dwell_min}: it must be above 0")


def stop_weights(dwell_min: int, deterrence: Deterrence) -> np.ndarray:
    """(dwell + residual,) how far each minute from the arrival on is covered, 0 to 1.

    Examples
    --------
    >>> weights = stop_weights(10, Deterrence(residual_min=4, half_dwell_min=10))
    >>> weights[9:].round(4).tolist()  # half of 7/8, 5/8, 3/8, 1/8 once they have left
    [1.0, 0.4375, 0.3125, 0.1875, 0.0625]
    """
    strength = 1 - np.exp2(-dwell_min / deterrence.half_dwell_min)
    residual = deterrence.residual_min
    fading = 1 - (np.arange(residual) + 0.5) / max(residual, 1)
    return np.concatenate([np.ones(dwell_min), strength * fading])


def minute_risk(
    rate_per_day: np.ndarray, shares: np.ndarray, *, starts_at: pd.Timestamp, minutes: int
) -> np.ndarray:
    """(k, minutes) incidents expected at each place in each minute from a moment on.

    Parameters
    ----------
    rate_per_day
        (k,) incidents a day, over the week.
    shares
        (k, 168) share of them in each hour of the London week, Monday 00:00 first.
    starts_at
        Aware.

    Examples
    --------
    >>> even = np.full((1, 168), 1 / 168)
    >>> risk = minute_risk(np.array([2.4]), even, starts_at=pd.Timestamp(0, tz="UTC"), minutes=60)
    >>> round(float(risk.sum()), 9)  # 2.4 incidents a day are 0.1 an hour
    0.1
    """
    times = (starts_at + pd.to_timedelta(np.arange(minutes), unit="min")).tz_convert(LONDON)
    hour = (times.day_of_week * 24 + times.hour).to_numpy()
    risk: np.ndarray = rate_per_day[:, None] * 7 * shares[:, hour] / 60
    return risk


def arrival_values(risk: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """(k, n) incidents covered by a stop that begins in each minute, as far as risk is known.

    Parameters
    ----------
    risk
        (k, n + len(weights) - 1) incidents expected in each minute.
    weights
        As from `stop_weights`.

    Examples
    --------
    >>> arrival_values(np.array([[1.0, 2.0, 4.0]]), np.array([1.0, 0.5])).tolist()
    [[2.0, 4.0]]
    """
    windows = np.lib.stride_tricks.sliding_window_view(risk, len(weights), axis=1)
    values: np.ndarray = windows @ weights
    return values
