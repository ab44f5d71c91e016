"""How well incidents are cleared: over everything that fell due, open work included.

The mean of closed jobs flatters: the worst are those still open. So the share is of all that fell
due, with what is open and overdue as missed, and times are Kaplan-Meier's, in which an open job
counts for as long as it has lain there.
"""

from dataclasses import dataclass
from datetime import datetime

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from hotspots.core.errors import FrameError
from hotspots.core.frames import LONDON, aware_utc, check_points, coordinates
from hotspots.stats.shares import Share, kaplan_meier, kaplan_meier_quantile, wilson

DONE = ("cleared", "not_found")
NOT_OURS = ("not_our_land", "duplicate")
REPEAT_RADIUS_M = 25.0
REPEAT_DAYS = (7, 28)
NEVER = np.datetime64("9999-01-01", "us")
AGE_BANDS_H = (24, 48, 168)
TWO_DAYS = pd.Timedelta(hours=48)


@dataclass(frozen=True)
class ClearanceFigures:
    """Key figures of the jobs that fell due in a period.

    Attributes
    ----------
    fell_due
        Jobs whose due time lies in the period and is past.
    in_target, in_target_net
        Cleared by the due time, of all but those not ours; net of the time the clock stood.
    attended
        Cleared or found gone by the due time.
    in_48_h
        Cleared within 48 real hours.
    median_h, p90_h
        By Kaplan-Meier, infinite where fewer than that share is done yet.
    median_net_h, p90_net_h
        The same without the time for which the clock stood.
    missed_open
        Of ``fell_due``, those that are open still.
    not_found
        Of those with an end.
    repeats_7, repeats_28
        Of those cleared so long ago, where another incident followed within 25 m in so many days.
    reports_each
        Mean reports a job.
    """

    fell_due: int
    in_target: Share
    in_target_net: Share
    attended: Share
    in_48_h: Share
    median_h: float
    p90_h: float
    median_net_h: float
    p90_net_h: float
    missed_open: int
    not_found: Share
    repeats_7: Share
    repeats_28: Share
    reports_each: float


def clearance_figures(
    jobs: gpd.GeoDataFrame,
    *,
    start: datetime | pd.Timestamp | str,
    end: datetime | pd.Timestamp | str,
    as_of: datetime | pd.Timestamp | str,
) -> ClearanceFigures:
    """Figures of a period.

    Parameters
    ----------
    jobs
        All incidents with a public clock, points in metres: ``told_at``, ``due_at``,
        ``closed_at`` (aware; NaT while open), ``outcome`` (null while open), ``reports``,
        ``stood_h`` (hours for which the clock stood, up to the end or ``as_of``). Those outside
        the period are needed too: repeats are looked for among them.
    start, end
        The period in which they fell due: from, and before.
    as_of
        What closed later is open still, and what falls due later has not.

    Raises
    ------
    FrameError, CRSError
        A column is missing, or the points are not in metres.

    Examples
    --------
    >>> told = pd.to_datetime(["2026-06-01T08:00Z", "2026-06-02T08:00Z"])
    >>> jobs = gpd.GeoDataFrame({
    ...     "told_at": told, "due_at": told + pd.Timedelta(days=2),
    ...     "closed_at": told + pd.to_timedelta([30, 60], unit="h"),
    ...     "outcome": "cleared", "reports": 1, "stood_h": 0.0,
    ... }, geometry=gpd.points_from_xy([0, 500], [0, 0]), crs=27700)
    >>> figures = clearance_figures(jobs, start="2026-06-01T00:00Z", end="2026-07-01T00:00Z",
    ...                             as_of="2026-07-01T00:00Z")
    >>> figures.in_target.met, figures.in_target.of, figures.median_h
    (1, 2, 30.0)
    """
    due = _fell_due(jobs, start, end, as_of)
    return _figures(due, aware_utc(as_of))


def clearance_figures_by(
    jobs: gpd.GeoDataFrame,
    parts: pd.Series,
    *,
    start: datetime | pd.Timestamp | str,
    end: datetime | pd.Timestamp | str,
    as_of: datetime | pd.Timestamp | str,
) -> dict[str, ClearanceFigures]:
    """Figures of each part of a period, by the parts' names in order.

    Parameters
    ----------
    jobs, start, end, as_of
        As in ``clearance_figures``. A repeat counts whichever part it is in.
    parts
        Each job's part, by the index of ``jobs``; a job without one is in none.

    Raises
    ------
    FrameError, CRSError
        A column is missing, or the points are not in metres.
    """
    due, now = _fell_due(jobs, start, end, as_of), aware_utc(as_of)
    names = parts.reindex(due.index)
    return {str(name): _figures(rows, now) for name, rows in due.groupby(names)}


@dataclass(frozen=True, eq=False)
class ClearanceCurve:
    """How a share of jobs comes to be done.

    Attributes
    ----------
    hours, done
        (k,) ``done`` is the share done from so many hours after the first public report on, by
        Kaplan and Meier's method.
    jobs
        How many jobs it rests on.
    """

    hours: np.ndarray
    done: np.ndarray
    jobs: int

    def done_within(self, hours: float) -> float:
        """The share done after so many hours, 0 before the first."""
        at = int(np.searchsorted(self.hours, hours, side="right"))
        return float(self.done[at - 1]) if at else 0.0


def clearance_curves_by(
    jobs: gpd.GeoDataFrame,
    parts: pd.Series,
    *,
    start: datetime | pd.Timestamp | str,
    end: datetime | pd.Timestamp | str,
    as_of: datetime | pd.Timestamp | str,
) -> dict[str, ClearanceCurve]:
    """The curve of each part, whose points ``median_h`` and ``p90_h`` are, by the parts' names.

    Parameters are those of `clearance_figures_by`. A part of which no job counts has no curve.
    """
    due, now = _fell_due(jobs, start, end, as_of), aware_utc(as_of)
    watched = _watched(due, now)
    return {
        str(name): _curve(rows)
        for name, rows in watched.groupby(parts.reindex(due.index).loc[watched.index])
    }


def _curve(watched: pd.DataFrame) -> ClearanceCurve:
    times, still_open = kaplan_meier(watched["gross_h"].to_numpy(), watched["is_done"].to_numpy())
    return ClearanceCurve(times, 1 - still_open, len(watched))


def _watched(due: gpd.GeoDataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """The jobs that are done or open: for how long, and whether they are done.

    Columns: ``gross_h`` (real hours), ``net_h`` (without those for which the clock stood),
    ``is_done``.
    """
    hours = (due["closed_at"].fillna(now) - due["told_at"]).dt.total_seconds() / 3600
    is_done = due["outcome"].isin(DONE)
    net = (hours - due["stood_h"]).clip(lower=0)
    watched = pd.DataFrame({"gross_h": hours.clip(lower=0), "net_h": net, "is_done": is_done})
    return watched[is_done | due["closed_at"].isna()]


def _fell_due(
    jobs: gpd.GeoDataFrame,
    start: datetime | pd.Timestamp | str,
    end: datetime | pd.Timestamp | str,
    as_of: datetime | pd.Timestamp | str,
) -> gpd.GeoDataFrame:
    """The period's jobs as known by ``as_of``, with ``again_7`` and ``again_28``."""
    now = aware_utc(as_of)
    seen = _as_known(jobs, now)
    first, last = aware_utc(start, name="start"), aware_utc(end, name="end")
    due = seen[(seen["due_at"] >= first) & (seen["due_at"] < last) & (seen["due_at"] <= now)]
    cleared = due[due["outcome"] == "cleared"]
    next_told = _next_told(seen, cleared)
    again = {f"again_{days}": _again(cleared, next_told, days, now) for days in REPEAT_DAYS}
    return due.assign(**{name: found.reindex(due.index) for name, found in again.items()})


def _figures(due: gpd.GeoDataFrame, now: pd.Timestamp) -> ClearanceFigures:
    ours = due[~due["outcome"].isin(NOT_OURS)]
    is_cleared = ours["outcome"] == "cleared"
    in_time = ours["closed_at"] <= ours["due_at"]
    stood = pd.to_timedelta(ours["stood_h"], unit="h")
    net_due = ours["due_at"] + stood
    counts_net = ours["closed_at"].notna() | (net_due <= now)
    is_done = ours["outcome"].isin(DONE)
    watched = _watched(due, now)

    def quantile(column: str, share: float) -> float:
        times, done = watched[column].to_numpy(), watched["is_done"].to_numpy()
        return kaplan_meier_quantile(times, done, share)

    return ClearanceFigures(
        fell_due=len(due),
        in_target=_share(is_cleared & in_time),
        in_target_net=_share((is_cleared & (ours["closed_at"] <= net_due))[counts_net]),
        attended=_share(is_done & in_time),
        in_48_h=_share(is_cleared & (ours["closed_at"] - ours["told_at"] <= TWO_DAYS)),
        median_h=quantile("gross_h", 0.5),
        p90_h=quantile("gross_h", 0.9),
        median_net_h=quantile("net_h", 0.5),
        p90_net_h=quantile("net_h", 0.9),
        missed_open=int(ours["closed_at"].isna().sum()),
        not_found=_share((ours["outcome"] == "not_found")[is_done]),
        repeats_7=_share(due["again_7"].dropna()),
        repeats_28=_share(due["again_28"].dropna()),
        reports_each=float(due["reports"].mean()) if len(due) else np.nan,
    )


def open_ages(jobs: gpd.GeoDataFrame, *, as_of: datetime | pd.Timestamp | str) -> pd.Series:
    """How many jobs are open by age: up to 24 h, 48 h, 7 days, and more; and the oldest.

    Returns
    -------
    Series
        ``to_24_h``, ``to_48_h``, ``to_168_h``, ``over_168_h`` (counts) and ``oldest_h`` (NaN
        where none is open).

    Examples
    --------
    >>> told = pd.to_datetime(["2026-06-01T08:00Z", "2026-06-08T08:00Z"])
    >>> jobs = gpd.GeoDataFrame({
    ...     "told_at": told, "due_at": told + pd.Timedelta(days=2), "closed_at": [pd.NaT] * 2,
    ...     "outcome": None, "reports": 1, "stood_h": 0.0,
    ... }, geometry=gpd.points_from_xy([0, 500], [0, 0]), crs=27700)
    >>> open_ages(jobs, as_of="2026-06-09T08:00Z").astype(int).tolist()
    [1, 0, 0, 1, 192]
    """
    now = aware_utc(as_of)
    seen = _as_known(jobs, now)
    is_open = seen["closed_at"].isna() & (seen["outcome"] != "lapsed")
    age_h = ((now - seen.loc[is_open, "told_at"]).dt.total_seconds() / 3600).to_numpy()
    band = np.digitize(age_h, AGE_BANDS_H, right=True)
    counts = np.bincount(band, minlength=len(AGE_BANDS_H) + 1)
    names = [*(f"to_{hours}_h" for hours in AGE_BANDS_H), f"over_{AGE_BANDS_H[-1]}_h"]
    ages = pd.Series(dict(zip(names, counts.tolist(), strict=True)), dtype=float)
    ages["oldest_h"] = age_h.max() if len(age_h) else np.nan
    return ages


def _as_known(jobs: gpd.GeoDataFrame, now: pd.Timestamp) -> gpd.GeoDataFrame:
    """What was known then: later jobs are not there, and later ends have not come."""
    wanted = {"told_at", "due_at", "closed_at", "outcome", "reports", "stood_h"}
    missing = wanted - set(jobs.columns)
    if missing:
        raise FrameError(f"jobs: columns {sorted(missing)} are missing")
    check_points(jobs, name="jobs", times=("told_at",))
    jobs = jobs.assign(closed_at=_closings(jobs["closed_at"]))
    seen = jobs[jobs["told_at"] <= now].copy()
    later = seen["closed_at"] > now
    seen["closed_at"] = seen["closed_at"].mask(later)
    seen["outcome"] = seen["outcome"].astype(object).mask(later, None)
    return seen


def _closings(closed_at: pd.Series) -> pd.Series:
    """Aware times; where all jobs are open a column has no zone, and any will do."""
    if closed_at.isna().all():
        return pd.Series(pd.NaT, closed_at.index, dtype="datetime64[us, UTC]")
    if not isinstance(closed_at.dtype, pd.DatetimeTZDtype):
        raise FrameError(
            f"jobs: column 'closed_at' is {closed_at.dtype}: give aware times, "
            f"for example tz_localize({LONDON!r})"
        )
    return closed_at


def _share(is_met: pd.Series) -> Share:
    return wilson(int(is_met.sum()), len(is_met))


def _next_told(seen: gpd.GeoDataFrame, cleared: gpd.GeoDataFrame) -> np.ndarray:
    """(n,) When the next incident within 25 m was told of after each was cleared, UTC.

    ``NEVER`` where none was. Looked for in spans as long as the longest wait: of all that was ever
    told of at a busy spot only what can follow is gone through.
    """
    told, closed = _moments(seen["told_at"]), _moments(cleared["closed_at"])
    following = np.full(len(cleared), NEVER)
    span = np.timedelta64(max(REPEAT_DAYS), "D")
    where, at = coordinates(seen), coordinates(cleared)
    spans = (closed - closed.min()) // span if len(closed) else np.empty(0, int)
    for number in np.unique(spans):
        rows = np.flatnonzero(spans == number)
        first = closed[rows].min()
        later = np.flatnonzero((told > first) & (told <= first + 2 * span))
        if len(later):
            near = cKDTree(where[later]).query_ball_point(at[rows], REPEAT_RADIUS_M)
            for row, found in zip(rows, near, strict=True):
                after = told[later[found]]
                following[row] = after[after > closed[row]].min(initial=NEVER)
    return following


def _moments(column: pd.Series) -> np.ndarray:
    """UTC without a zone, which NumPy compares fast."""
    return np.asarray(column.dt.tz_convert(None), "datetime64[us]")


def _again(
    cleared: gpd.GeoDataFrame, following: np.ndarray, days: int, now: pd.Timestamp
) -> pd.Series:
    """Whether another followed within so many days; only of those whose days are over."""
    window = pd.Timedelta(days=days)
    closed = _moments(cleared["closed_at"])
    is_again = pd.Series(following <= closed + window.to_timedelta64(), cleared.index)
    return is_again[(cleared["closed_at"] + window <= now).to_numpy()]
