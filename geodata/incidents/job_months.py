"""Jobs of whole months as columns of numbers: read from the record, kept, and read again.

A job is an incident whose clock the public started; it belongs to the month of UTC in which it was
told. A month of two thousand jobs is unpacked in a millisecond.
"""

import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import ColumnElement, delete, insert, select
from sqlalchemy.orm import Session

from geodata.core.bulk import parts
from geodata.core.column_reading import read_frame
from geodata.incidents import incident_events
from geodata.models import Incident, IncidentEvent, JobMonth, KeptJobs
from geodata.rules.clearances.pauses import stood_still
from geodata.store.job_months import IS_JOB

PACKED = np.dtype(
    [
        ("incident_id", "<i8"),
        ("told_at", "<M8[ms]"),
        ("due_at", "<M8[ms]"),
        ("closed_at", "<M8[ms]"),
        ("stood_h", "<f8"),
        ("x", "<f8"),
        ("y", "<f8"),
        ("reports", "<i4"),
        ("ward_id", "<i4"),
        ("state", "<i2"),
        ("contractor", "<i2"),
    ]
)
"""One job. Where this changes, a migration has to empty ``kept_jobs``."""
NAMED = ("state", "contractor")
NOWHERE = 0
"""The ward of a job outside every ward; keys of places begin at 1."""
_COLUMNS = (
    Incident.id.label("incident_id"),
    Incident.first_public_at.label("told_at"),
    Incident.due_at,
    Incident.closed_at,
    Incident.reports,
    Incident.ward_id,
    Incident.state,
    Incident.contractor,
    Incident.geometry,
)

Jobs = dict[str, np.ndarray]
"""Columns of one length, called as in ``PACKED``: instants in UTC, ``state`` and ``contractor`` as
words ("" where nobody is known), ``stood_h`` NaN where the clock of a job without an end has
stopped at some time: for how long turns on the moment of asking."""


@dataclass(frozen=True)
class MonthMark:
    """A month in which jobs were told of; what is kept of it, if it stands, and when that is due.

    ``first`` and ``end`` are its first moment and the next month's.
    """

    month: str
    is_kept: bool
    first_due: np.datetime64
    last_due: np.datetime64

    @property
    def first(self) -> datetime:
        return datetime.fromisoformat(f"{self.month}-01T00:00+00:00")

    @property
    def end(self) -> datetime:
        return (self.first + timedelta(days=32)).replace(day=1)


def marks(session: Session) -> list[MonthMark]:
    """Every month of the record, in order."""
    is_kept = (KeptJobs.month == JobMonth.month) & (KeptJobs.changes == JobMonth.changes)
    query = (
        select(JobMonth.month, KeptJobs.id, KeptJobs.first_due_at, KeptJobs.last_due_at)
        .outerjoin(KeptJobs, is_kept)
        .order_by(JobMonth.month)
    )
    return [
        MonthMark(month, kept is not None, _moment(first), _moment(last))
        for month, kept, first, last in session.execute(query)
    ]


def kept(session: Session, months: Collection[str]) -> list[Jobs]:
    """What is kept of some months, in order."""
    if not months:
        return []
    query = select(KeptJobs.content, KeptJobs.names).where(KeptJobs.month.in_(months))
    return [_unpacked(*row) for row in session.execute(query.order_by(KeptJobs.month))]


def recorded(session: Session, *conditions: ColumnElement[bool]) -> Jobs:
    """The jobs of the record itself that meet conditions on incidents, by key."""
    is_told = Incident.first_public_at.is_not(None)
    query = select(*_COLUMNS).where(IS_JOB, is_told, *conditions).order_by(Incident.id)
    frame = read_frame(session, _COLUMNS, query)
    xy = shapely.get_coordinates(frame.geometry.to_numpy())
    jobs: Jobs = {
        "incident_id": frame["incident_id"].to_numpy(dtype=np.int64),
        **{name: _utc(frame[name]) for name in ("told_at", "due_at", "closed_at")},
        "x": xy[:, 0],
        "y": xy[:, 1],
        "reports": frame["reports"].to_numpy(dtype=np.int32),
        "ward_id": frame["ward_id"].fillna(NOWHERE).to_numpy(dtype=np.int32),
        **{name: _words(frame[name]) for name in NAMED},
    }
    return jobs | {"stood_h": _stood_hours(session, jobs)}


def told_within(
    marks_: Sequence[MonthMark], months: Collection[str]
) -> Iterator[ColumnElement[bool]]:
    """Conditions, one a stretch: told in some months of which nothing is kept.

    Parameters
    ----------
    marks_
        All of the record, in order: between two that follow each other nobody told of anything, so
        that a thin record is as few stretches as a full one.
    """
    stretch: list[MonthMark] = []
    for mark in marks_:
        if mark.is_kept:
            yield from _told_in(stretch)
            stretch = []
        elif mark.month in months:
            stretch.append(mark)
    yield from _told_in(stretch)


def _told_in(stretch: Sequence[MonthMark]) -> Iterator[ColumnElement[bool]]:
    told_at = Incident.first_public_at
    if stretch:
        yield (told_at >= stretch[0].first) & (told_at < stretch[-1].end)


def keep(session: Session, month: str) -> dict[str, Any]:
    """A row of ``kept_jobs`` for a month, to be written by `put`; nothing is written here.

    The mark is read before the jobs: a change in between makes the row one that does not stand.
    """
    changes = session.scalar(select(JobMonth.changes).where(JobMonth.month == month))
    mark = MonthMark(month, False, _moment(None), _moment(None))
    jobs = recorded(session, *told_within([mark], [month]))
    content, names = _packed(jobs)
    due_at = jobs["due_at"]
    return {
        "month": month,
        "changes": changes,
        "jobs": len(due_at),
        "closed": int((~np.isnat(jobs["closed_at"])).sum()),
        "reports": int(jobs["reports"].sum()),
        "first_due_at": _instant(due_at.min()) if len(due_at) else None,
        "last_due_at": _instant(due_at.max()) if len(due_at) else None,
        "names": names,
        "content": content,
    }


def put(session: Session, row: dict[str, Any]) -> None:
    """Write what `keep` made in the place of what was kept."""
    session.execute(delete(KeptJobs).where(KeptJobs.month == row["month"]))
    session.execute(insert(KeptJobs), [row])


def joined(several: Sequence[Jobs]) -> Jobs:
    """All of them; a job that is in two is taken once."""
    if not several:
        return _unpacked(zlib.compress(b""), {name: [] for name in NAMED})
    jobs = {name: np.concatenate([each[name] for each in several]) for name in several[0]}
    _, first = np.unique(jobs["incident_id"], return_index=True)
    return {name: column[first] for name, column in jobs.items()}


def hours_stood(session: Session, jobs: Jobs, now: datetime) -> np.ndarray:
    """``stood_h`` with those of jobs without an end up to now."""
    hours = jobs["stood_h"].copy()
    rows = np.flatnonzero(np.isnan(hours))
    spans = _spans(session, jobs["incident_id"][rows])
    for row in rows.tolist():
        hours[row] = _hours(spans, jobs, row, now)
    return hours


def _stood_hours(session: Session, jobs: Jobs) -> np.ndarray:
    """Those of jobs without an end that ever stopped are left open."""
    hours = np.zeros(len(jobs["incident_id"]))
    spans = _spans(session, jobs["incident_id"])
    for row in np.flatnonzero(np.isin(jobs["incident_id"], list(spans))).tolist():
        closed_at = jobs["closed_at"][row]
        is_open = np.isnat(closed_at)
        hours[row] = np.nan if is_open else _hours(spans, jobs, row, _instant(closed_at))
    return hours


def _spans(session: Session, ids: np.ndarray) -> dict[int, Any]:
    """When the clock of each job stood, of those that ever stopped."""
    stopped: set[int] = set()
    for part in parts(ids.tolist()):
        query = select(IncidentEvent.incident_id).where(
            IncidentEvent.incident_id.in_(part),
            IncidentEvent.kind.in_(incident_events.STOPPING),
        )
        stopped.update(session.scalars(query.distinct()))
    return incident_events.pauses(session, sorted(stopped)) if stopped else {}


def _hours(spans: dict[int, Any], jobs: Jobs, row: int, until: datetime) -> float:
    told_at = _instant(jobs["told_at"][row])
    stood = stood_still(spans.get(int(jobs["incident_id"][row]), ()), told_at, until)
    return stood.total_seconds() / 3600


def _packed(jobs: Jobs) -> tuple[bytes, dict[str, list[str]]]:
    rows = np.empty(len(jobs["incident_id"]), PACKED)
    names: dict[str, list[str]] = {}
    for name in PACKED.names or ():
        if name in NAMED:
            words, rows[name] = np.unique(jobs[name].astype(str), return_inverse=True)
            names[name] = words.tolist()
        else:
            rows[name] = jobs[name]
    return zlib.compress(rows.tobytes(), 1), names


def _unpacked(content: bytes, names: dict[str, list[str]]) -> Jobs:
    rows = np.frombuffer(zlib.decompress(content), PACKED)
    words = {name: np.array([*names[name], ""], dtype=object)[rows[name]] for name in NAMED}
    return {name: rows[name] for name in PACKED.names or ()} | words


def _utc(column: pd.Series) -> np.ndarray:
    return np.asarray(pd.to_datetime(column, utc=True).dt.tz_convert(None), "datetime64[ms]")


def _words(column: pd.Series) -> np.ndarray:
    words: np.ndarray = column.astype(object).fillna("").to_numpy(dtype=object)
    return words


def _moment(at: datetime | None) -> np.datetime64:
    return np.datetime64("NaT") if at is None else np.datetime64(at.replace(tzinfo=None), "ms")


def _instant(at: np.datetime64) -> datetime:
    aware: datetime = at.astype("datetime64[us]").item().replace(tzinfo=UTC)
    return aware
