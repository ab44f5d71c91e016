"""Hotspots that may be none: a depot, a postcode's centre, one keen reporter.

Incidents scatter by metres, are told of by many people in many ways, and at all hours. Where nearly
everything has one coordinate, one channel or one minute of the day, the record and not the ground
may be what repeats. It is a question to an officer, with its evidence, and takes no flag away.
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy import stats

from hotspots.core.errors import FrameError, ParameterError
from hotspots.core.frames import LONDON, check_points, coordinates
from hotspots.core.words import counted

ONE_COORDINATE, ONE_CHANNEL, ONE_MINUTE = "one coordinate", "one channel", "one time of day"
COLUMNS = ("hotspot", "kind", "count", "total", "elsewhere", "p_value", "sentence")
WINDOW_MIN = 20
"""Somebody who passes every day passes within so many minutes."""
MINUTES = 24 * 60


@dataclass(frozen=True)
class SuspicionParams:
    """When to ask.

    Attributes
    ----------
    min_total
        Fewer incidents, or reports, than this raise no question, ≥ 3.
    min_share
        Least share that is alike, in (0.5, 1].
    alpha
        Largest chance, over all hotspots and habits tried, of so much alike if the hotspot were
        told of as the rest of the borough is, in (0, 1).
    """

    min_total: int = 8
    min_share: float = 0.8
    alpha: float = 0.001

    def __post_init__(self) -> None:
        if self.min_total < 3 or not 0.5 < self.min_share <= 1 or not 0 < self.alpha < 1:
            raise ParameterError(
                f"min_total is {self.min_total} (from 3), min_share {self.min_share} (above 0.5, "
                f"up to 1), alpha {self.alpha} (between 0 and 1)"
            )


def suspicions(
    reports: gpd.GeoDataFrame,
    hotspots: pd.Series | np.ndarray,
    params: SuspicionParams | None = None,
) -> pd.DataFrame:
    """What speaks against each hotspot.

    Parameters
    ----------
    reports
        n reports of the whole borough: Points in metres; ``reported_at`` (aware),
        ``incident_id``, ``channel``.
    hotspots
        (n,) label of each report's hotspot, in the order of the rows; -1: none.
    params
        When to ask.

    Returns
    -------
    DataFrame
        One row a question, by hotspot and kind: ``hotspot``, ``kind``, ``count`` alike of
        ``total``, share ``elsewhere`` in the borough (null where a coordinate is meant),
        ``p_value`` (likewise; of all that were tried, by Bonferroni), ``sentence``.

    Examples
    --------
    >>> days = pd.date_range("2026-01-01T08:00Z", periods=12, freq="5D")
    >>> reports = gpd.GeoDataFrame({"reported_at": days, "incident_id": range(12),
    ...     "channel": "web"}, geometry=gpd.points_from_xy([554_210.0] * 12, [174_120.0] * 12),
    ...     crs=27700)
    >>> print(suspicions(reports, np.zeros(12, dtype=int))["sentence"].iloc[0])
    12 of 12 incidents lie at exactly 554210, 174120: a depot, a postcode's centre or a place \
picked from a list, since incidents scatter.
    """
    params = params or SuspicionParams()
    label = np.asarray(hotspots)
    _check(reports, label)
    borough = _Borough.of(reports, label)
    rows: list[dict[str, object]] = []
    for name, own in sorted(borough.members.items()):
        rows += _one_coordinate(reports.iloc[own], name, params)
        if len(own) >= params.min_total:
            rows += _one_channel(borough, own, name, params)
            rows += _one_minute(borough, own, name, params)
    return pd.DataFrame(rows, columns=list(COLUMNS))


@dataclass(frozen=True, eq=False)
class _Borough:
    """What all reports have in common, counted once for all hotspots.

    Attributes
    ----------
    members
        Positions of each hotspot's reports.
    channel, minute
        (n,) of each report; the minute of the London day.
    by_channel, by_minute
        Reports of each.
    """

    members: dict[int, np.ndarray]
    channel: pd.Series
    minute: np.ndarray
    by_channel: pd.Series
    by_minute: np.ndarray

    @classmethod
    def of(cls, reports: gpd.GeoDataFrame, label: np.ndarray) -> "_Borough":
        positions = pd.Series(label).groupby(label).indices
        channel, minute = reports["channel"].reset_index(drop=True), _minutes(reports)
        return cls(
            {int(name): own for name, own in positions.items() if name >= 0},
            channel,
            minute,
            channel.value_counts(),
            np.bincount(minute, minlength=MINUTES),
        )

    def elsewhere(self, alike: int, count: int, total: int) -> float:
        """Share of the other places' reports that are alike; null where there are none."""
        others = len(self.channel) - total
        return (alike - count) / others if others else float("nan")


def _check(reports: gpd.GeoDataFrame, label: np.ndarray) -> None:
    missing = [c for c in ("reported_at", "incident_id", "channel") if c not in reports]
    if missing:
        raise FrameError(f"reports: {', '.join(missing)} missing")
    if len(label) != len(reports):
        raise FrameError(f"{len(label)} labels for {len(reports)} reports: give one a row")
    check_points(reports, name="reports", times=("reported_at",))


def _one_coordinate(
    own: gpd.GeoDataFrame, name: int, params: SuspicionParams
) -> list[dict[str, object]]:
    """Each incident counts once, however many report it."""
    total = own["incident_id"].nunique()
    if total < params.min_total:
        return []
    x, y = coordinates(own).round(1).T
    alike = own.assign(x=x, y=y).groupby(["x", "y"])["incident_id"].nunique()
    count, (x0, y0) = int(alike.max()), alike.idxmax()
    if count < params.min_share * total:
        return []
    sentence = (
        f"{count} of {counted(total, 'incident')} lie at exactly {x0:.0f}, {y0:.0f}: a depot, a "
        f"postcode's centre or a place picked from a list, since incidents scatter."
    )
    return [_row(name, ONE_COORDINATE, count, total, np.nan, np.nan, sentence)]


def _one_channel(
    borough: _Borough, own: np.ndarray, name: int, params: SuspicionParams
) -> list[dict[str, object]]:
    counts = borough.channel.iloc[own].value_counts()
    word, count, total = counts.index[0], int(counts.iloc[0]), len(own)
    elsewhere = borough.elsewhere(int(borough.by_channel[word]), count, total)
    tried = len(borough.members) * len(borough.by_channel)
    p_value = _p_value(count, total, elsewhere, tried=tried)
    if count < params.min_share * total or not p_value <= params.alpha:
        return []
    sentence = (
        f"{count} of {counted(total, 'report')} came by one channel ({word}), elsewhere "
        f"{elsewhere:.0%}: perhaps one keen reporter."
    )
    return [_row(name, ONE_CHANNEL, count, total, elsewhere, p_value, sentence)]


def _one_minute(
    borough: _Borough, own: np.ndarray, name: int, params: SuspicionParams
) -> list[dict[str, object]]:
    own_minutes = np.bincount(borough.minute[own], minlength=MINUTES)
    start, count = _busiest_window(own_minutes)
    total = len(own)
    inside = np.take(borough.by_minute, range(start, start + WINDOW_MIN), mode="wrap").sum()
    elsewhere = borough.elsewhere(int(inside), count, total)
    # Windows that overlap are no separate tries, but to count each minute's errs to the safe side.
    p_value = _p_value(count, total, elsewhere, tried=len(borough.members) * MINUTES)
    if count < params.min_share * total or not p_value <= params.alpha:
        return []
    end = (start + WINDOW_MIN) % MINUTES
    sentence = (
        f"{count} of {counted(total, 'report')} were made from {start // 60:02}:{start % 60:02} to "
        f"{end // 60:02}:{end % 60:02}, elsewhere {elsewhere:.0%}: perhaps one keen reporter."
    )
    return [_row(name, ONE_MINUTE, count, total, elsewhere, p_value, sentence)]


def _minutes(reports: gpd.GeoDataFrame) -> np.ndarray:
    """Minute of the London day of each report."""
    local = reports["reported_at"].dt.tz_convert(LONDON)
    minutes: np.ndarray = (local.dt.hour * 60 + local.dt.minute).to_numpy()
    return minutes


def _busiest_window(a_minute: np.ndarray) -> tuple[int, int]:
    """First minute of the window with the most, round the clock, and how many it holds."""
    ahead = np.concatenate([a_minute, a_minute[: WINDOW_MIN - 1]])
    held = np.convolve(ahead, np.ones(WINDOW_MIN, dtype=int), mode="valid")
    start = int(held.argmax())
    return start, int(held[start])


def _p_value(count: int, total: int, elsewhere: float, *, tried: int) -> float:
    """Bonferroni's bound of the binomial tail; null without an elsewhere.

    A habit that nobody else has is held for one in as many as were asked, or it were impossible.
    """
    if np.isnan(elsewhere):
        return float("nan")
    share = max(elsewhere, 1 / (total + 1))
    return min(1.0, tried * float(stats.binom.sf(count - 1, total, share)))


def _row(
    name: int, kind: str, count: int, total: int, elsewhere: float, p_value: float, sentence: str
) -> dict[str, object]:
    return dict(zip(COLUMNS, (name, kind, count, total, elsewhere, p_value, sentence), strict=True))
