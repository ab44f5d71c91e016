"""The jobs that fell due in a period, as they were known at a moment: what figures add up."""

from dataclasses import dataclass
from datetime import datetime

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots.core.errors import FrameError
from hotspots.core.frames import LONDON, aware_utc, check_points, coordinates
from hotspots.effects.repeats import REPEAT_DAYS, next_told

DONE = ("cleared", "not_found")
NOT_OURS = ("not_our_land", "duplicate")
TWO_DAYS = pd.Timedelta(hours=48)


@dataclass(frozen=True, eq=False)
class DueJobs:
    """Jobs of a period, one row each on the index of the frame that they come from.

    Attributes
    ----------
    counts
        What adds up to the figures of any part: 0 or 1, but for ``reports``.
    watched
        Those that are done or open: ``gross_h`` (real hours), ``net_h`` (without those for which
        the clock stood) and ``is_done``.
    """

    counts: pd.DataFrame
    watched: pd.DataFrame


def due_jobs(
    jobs: gpd.GeoDataFrame,
    *,
    start: datetime | pd.Timestamp | str,
    end: datetime | pd.Timestamp | str,
    as_of: datetime | pd.Timestamp | str,
) -> DueJobs:
    """What fell due in a period, looked through once for the whole and all its parts.

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
    """
    now = aware_utc(as_of)
    seen = _as_known(jobs, now)
    first, last = aware_utc(start, name="start"), aware_utc(end, name="end")
    is_due = (seen["due_at"] >= first) & (seen["due_at"] < last) & (seen["due_at"] <= now)
    due = seen[is_due]
    return DueJobs(_counts(due, now).join(_repeats(seen, due, now)), _watched(due, now))


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
    if later.any():
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


def _counts(due: gpd.GeoDataFrame, now: pd.Timestamp) -> pd.DataFrame:
    outcome, closed_at, due_at = due["outcome"], due["closed_at"], due["due_at"]
    net_due = due_at + pd.to_timedelta(due["stood_h"], unit="h")
    is_ours = ~outcome.isin(NOT_OURS)
    is_cleared, is_done, is_open = outcome == "cleared", outcome.isin(DONE), closed_at.isna()
    in_time = closed_at <= due_at
    counts = {
        "fell_due": pd.Series(1, due.index),
        "ours": is_ours,
        "in_target": is_cleared & in_time,
        "ours_net": is_ours & (~is_open | (net_due <= now)),
        "in_target_net": is_cleared & (closed_at <= net_due),
        "attended": is_done & in_time,
        "in_48_h": is_cleared & (closed_at - due["told_at"] <= TWO_DAYS),
        "missed_open": is_ours & is_open,
        "done": is_done,
        "not_found": outcome == "not_found",
    }
    columns = {name: column.to_numpy().astype(np.int64) for name, column in counts.items()}
    return pd.DataFrame(columns, due.index).assign(reports=due["reports"])


def _repeats(seen: gpd.GeoDataFrame, due: gpd.GeoDataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """Of each: ``ripe_7`` where it was cleared and the days after it are over, and ``again_7``
    where another followed within them; and the same of 28 days."""
    is_cleared = (due["outcome"] == "cleared").to_numpy()
    cleared = due[is_cleared]
    closed = _moments(cleared["closed_at"])
    following = next_told(
        _moments(seen["told_at"]), coordinates(seen), closed, coordinates(cleared)
    )
    flags: dict[str, np.ndarray] = {}
    for days in REPEAT_DAYS:
        until = closed + np.timedelta64(days, "D")
        is_ripe = np.asarray(until <= np.datetime64(now.tz_convert(None), "us"))
        flags[f"ripe_{days}"], flags[f"again_{days}"] = is_ripe, is_ripe & (following <= until)
    columns = pd.DataFrame(0, due.index, list(flags))
    columns.loc[is_cleared] = np.column_stack(list(flags.values())).astype(np.int64)
    return columns


def _watched(due: gpd.GeoDataFrame, now: pd.Timestamp) -> pd.DataFrame:
    closed = due["closed_at"].dt.as_unit("us").fillna(now.as_unit("us"))
    hours = (closed - due["told_at"]).dt.total_seconds() / 3600
    is_done = due["outcome"].isin(DONE)
    net = (hours - due["stood_h"]).clip(lower=0)
    watched = pd.DataFrame({"gross_h": hours.clip(lower=0), "net_h": net, "is_done": is_done})
    return watched[is_done | due["closed_at"].isna()]


def _moments(column: pd.Series) -> np.ndarray:
    """UTC without a zone, which NumPy compares fast."""
    return np.asarray(column.dt.tz_convert(None), "datetime64[us]")
