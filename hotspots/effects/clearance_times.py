"""How well incidents are cleared: over everything that fell due, open work included.

The mean of closed jobs flatters: the worst are those still open. So the share is of all that fell
due, with what is open and overdue as missed, and times are Kaplan-Meier's, in which an open job
counts for as long as it has lain there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots.effects.due_jobs import DueJobs, due_jobs
from hotspots.stats.shares import Share, curve_quantile, kaplan_meier, wilson


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
    jobs, start, end, as_of
        As for `hotspots.effects.due_jobs.due_jobs`.

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
    return whole_figures(due_jobs(jobs, start=start, end=end, as_of=as_of))


def whole_figures(due: DueJobs) -> ClearanceFigures:
    """Figures of all jobs of a period."""
    return _figures(due.counts.sum(), due.watched)


def figures_by(due: DueJobs, parts: pd.Series) -> dict[str, ClearanceFigures]:
    """Figures of each part of a period, by the parts' names in order.

    Parameters
    ----------
    due
        The period's jobs. A repeat counts whichever part it is in.
    parts
        Each job's part, by the index of the jobs' frame; a job without one is in none.
    """
    sums = due.counts.groupby(parts.reindex(due.counts.index)).sum()
    watched = dict(iter(due.watched.groupby(parts.reindex(due.watched.index))))
    nothing = due.watched.iloc[:0]
    return {str(name): _figures(row, watched.get(name, nothing)) for name, row in sums.iterrows()}


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


def curves_by(due: DueJobs, parts: pd.Series) -> dict[str, ClearanceCurve]:
    """The curve of each part, whose points ``median_h`` and ``p90_h`` are, by the parts' names.

    Parameters are those of `figures_by`. A part of which no job counts has no curve.
    """
    groups = due.watched.groupby(parts.reindex(due.watched.index))
    return {str(name): _curve(rows) for name, rows in groups}


def _curve(watched: pd.DataFrame) -> ClearanceCurve:
    times, still_open = kaplan_meier(watched["gross_h"].to_numpy(), watched["is_done"].to_numpy())
    return ClearanceCurve(times, 1 - still_open, len(watched))


def _figures(sums: Mapping[str, int], watched: pd.DataFrame) -> ClearanceFigures:
    def share(met: str, of: str) -> Share:
        return wilson(int(sums[met]), int(sums[of]))

    fell_due = int(sums["fell_due"])
    median_h, p90_h = _quantiles(watched, "gross_h")
    median_net_h, p90_net_h = _quantiles(watched, "net_h")
    return ClearanceFigures(
        fell_due=fell_due,
        in_target=share("in_target", "ours"),
        in_target_net=share("in_target_net", "ours_net"),
        attended=share("attended", "ours"),
        in_48_h=share("in_48_h", "ours"),
        median_h=median_h,
        p90_h=p90_h,
        median_net_h=median_net_h,
        p90_net_h=p90_net_h,
        missed_open=int(sums["missed_open"]),
        not_found=share("not_found", "done"),
        repeats_7=share("again_7", "ripe_7"),
        repeats_28=share("again_28", "ripe_28"),
        reports_each=float(sums["reports"] / fell_due) if fell_due else np.nan,
    )


def _quantiles(watched: pd.DataFrame, column: str) -> tuple[float, float]:
    """Hours after which half of them, and nine of ten, are done."""
    curve = kaplan_meier(watched[column].to_numpy(), watched["is_done"].to_numpy())
    return curve_quantile(*curve, 0.5), curve_quantile(*curve, 0.9)
