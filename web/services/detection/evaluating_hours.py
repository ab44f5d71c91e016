"""How well the hours of a file's events could have been told, place by place: nothing is stored."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from geodata.core.errors import RefusedError
from geodata.importers.dated_points import PointOptions, read_dated_points
from hotspots.core.frames import LONDON, coordinates
from hotspots.timing.judged_hours import LEAST_JUDGED, gains, judge_hours

SQUARE_M = 250.0
MONTH_DAYS = 30.0
MONTHS = 6
RESAMPLES = 999
MOSTLY = 0.5


@dataclass(frozen=True)
class HoursEvaluation:
    """What places' own hours were worth beside those of the whole file.

    Attributes
    ----------
    events, places
        Held-out events, and the squares of ``SQUARE_M`` that they lie in.
    own, common
        Mean log chance of an event's hour above an even week's, nats.
    gain, low, high
        Own less common, with its 95 % interval by bootstrap over months.
    own_hits, common_hits
        Share of the events in the 24 likeliest hours of the week, by each.
    better, worse, judged
        Places whose own hours were better, and worse, beyond chance (90 %), of how many with enough
        events to judge.
    """

    events: int
    places: int
    own: float
    common: float
    gain: float
    low: float
    high: float
    own_hits: float
    common_hits: float
    better: int
    worse: int
    judged: int
    notes: list[str] = field(default_factory=list)


def evaluate_hours_of(path: Path, options: PointOptions) -> HoursEvaluation:
    """Tell the hours of each of the last months' events from those before it.

    Raises
    ------
    FileRefusedError, RefusedError
        The file cannot be read; its times are days without hours; it has too few events at places.
    """
    points = read_dated_points(path, options)
    times = points.events["first_reported_at"]
    local = times.dt.tz_convert(LONDON if points.zone == LONDON else points.zone)
    if (local == local.dt.normalize()).mean() > MOSTLY:
        raise RefusedError(f"{path.name}: most times are midnight, so they are days without hours")
    # The moment is known: a place was clean a minute before.
    events = pd.DataFrame(
        {"first_reported_at": times, "last_clean_at": times - pd.Timedelta(minutes=1)}
    )
    square = np.floor(coordinates(points.events) / SQUARE_M).astype(int)
    place = np.unique(square, axis=0, return_inverse=True)[1].ravel()
    judged = judge_hours(events, place, as_of=times.max(), periods=MONTHS, period_days=MONTH_DAYS)
    if judged.empty:
        raise RefusedError(
            f"{path.name}: no square of {SQUARE_M:.0f} m has ten events before the last {MONTHS} "
            "months and one in them: too few to judge hours by"
        )
    return _summed_up(judged, points.notes)


def _summed_up(judged: pd.DataFrame, notes: list[str]) -> HoursEvaluation:
    by_place = gains(judged)
    by_place = by_place[by_place["n"] >= LEAST_JUDGED]
    columns = ["own", "borough", "even", "own_hit", "borough_hit"]
    mean = judged[columns].astype(float).mean()
    low, high = _interval(judged)
    return HoursEvaluation(
        events=len(judged),
        places=int(judged["place"].nunique()),
        own=float(mean["own"] - mean["even"]),
        common=float(mean["borough"] - mean["even"]),
        gain=float(mean["own"] - mean["borough"]),
        low=low,
        high=high,
        own_hits=float(mean["own_hit"]),
        common_hits=float(mean["borough_hit"]),
        better=int((by_place["low"] > 0).sum()),
        worse=int((by_place["high"] < 0).sum()),
        judged=len(by_place),
        notes=notes,
    )


def _interval(judged: pd.DataFrame) -> tuple[float, float]:
    gain = (judged["own"] - judged["borough"]).astype(float).groupby(judged["period"])
    sums, n = gain.sum().to_numpy(), gain.size().to_numpy()
    drawn = np.random.default_rng(1).integers(0, len(n), (RESAMPLES, len(n)))
    means = sums[drawn].sum(axis=1) / n[drawn].sum(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)
