"""What a night's file of a feed changed or withdrew, as it stood, so that undoing puts it back.

A report goes from here only where a person says that what is gone from the feed is to be withdrawn,
and where nothing rests on it: what a crew answered, a photo shows or an officer placed stays.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import shapely
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from geodata.core.bulk import narrowed, parts
from geodata.models import (
    Clearance,
    FeedChange,
    ImportBatch,
    MachineUpdate,
    MarkedText,
    Photo,
    RemoteRequest,
    Report,
    ReporterContact,
)
from geodata.people import audit, holds
from geodata.people.audit import Actor
from geodata.rules.days import local_day

ENTITY = Report.__tablename__
RESTS = (Clearance, Photo, MachineUpdate, ReporterContact, RemoteRequest)
"""Tables whose rows keep the report that they speak of."""
UNIQUE = ("id", "reference", "external_ref", "idempotency_key")
NOT_KEPT = ("incident_id",)
"""Linking decides on it anew."""


@dataclass(frozen=True)
class PutBack:
    """What undoing put back, in reports.

    Attributes
    ----------
    changed, withdrawn
        As they were before the file; those that were withdrawn are here again.
    later
        References of those that changed since, or whose reference is here again: they stay.
    report_ids
        Keys of all that were put back.
    """

    changed: int = 0
    withdrawn: int = 0
    later: tuple[str, ...] = ()
    report_ids: tuple[int, ...] = ()


def withdrawable(
    session: Session, feed: str, gone: Collection[str], *, now: datetime
) -> tuple[int, ...]:
    """Keys of a feed's reports, by their references there, on which nothing rests."""
    query = (
        select(Report.id)
        .join(ImportBatch, ImportBatch.id == Report.batch_id)
        .where(ImportBatch.feed == feed, Report.is_pinned.is_(False))
        .where(*(Report.id.not_in(_spoken_of(table)) for table in RESTS))
    )
    keys = {
        key for part in narrowed(query, Report.external_ref, gone) for key in session.scalars(part)
    }
    return tuple(sorted(keys - holds.held(session, local_day(now)).report_ids)) if keys else ()


def _spoken_of(table: Any) -> Any:
    return select(table.report_id).where(table.report_id.is_not(None))


def withdraw(
    session: Session, keys: Collection[int], batch: int, actor: Actor, *, feed: str
) -> None:
    """Take reports out that are gone from a feed; how each stood is kept with the batch."""
    reason = f"gone from the feed {feed}"
    for report in _reports(session, keys):
        stood = _document(report, [column.key for column in Report.__table__.columns])
        _keep(session, batch, report.id, stood, None, actor.now)
        facts = {name: stood[name] for name in ("reference", "external_ref", "reported_at")}
        audit.write(session, actor, "withdraw", ENTITY, report.id, before=facts, reason=reason)
    for some in parts(sorted(keys)):
        is_marked = (MarkedText.row_table == ENTITY) & MarkedText.row_id.in_(some)
        session.execute(delete(MarkedText).where(is_marked))
        session.execute(delete(Report).where(Report.id.in_(some)))
    session.flush()


def keep_change(
    session: Session,
    batch: int,
    report: Report,
    before: Mapping[str, Any],
    names: Collection[str],
    now: datetime,
) -> None:
    """Keep how a report stood; ``names`` are the columns that the file changed."""
    stood = {name: _written(before[name]) for name in names}
    _keep(session, batch, report.id, stood, _document(report, names), now)


def put_back(session: Session, batch: int, actor: Actor) -> PutBack:
    """Let what a batch changed and withdrew be again as it was, where nobody changed it since."""
    query = select(FeedChange).where(FeedChange.batch_id == batch).order_by(FeedChange.id)
    copies = list(session.scalars(query))
    present = {report.id: report for report in _reports(session, [c.report_id for c in copies])}
    changed: list[FeedChange] = []
    withdrawn: list[FeedChange] = []
    later: list[FeedChange] = []
    for copy in copies:
        report = present.get(copy.report_id)
        if copy.after is None:
            is_back = _reinstate(session, copy)
            (withdrawn if is_back else later).append(copy)
        elif report is not None and _stand_again(report, copy):
            changed.append(copy)
        elif report is not None:
            later.append(copy)
    for copy in (*changed, *withdrawn):
        _note(session, copy, actor)
    later_names = tuple(_name(copy, present) for copy in later)
    session.execute(delete(FeedChange).where(FeedChange.batch_id == batch))
    session.flush()
    keys = tuple(copy.report_id for copy in (*changed, *withdrawn))
    return PutBack(len(changed), len(withdrawn), later_names, keys)


def touched_ids(session: Session, batch: int) -> set[int]:
    """Reports that a batch changed or withdrew."""
    return set(session.scalars(select(FeedChange.report_id).where(FeedChange.batch_id == batch)))


def oldest(session: Session) -> datetime | None:
    """Of when the oldest copy is."""
    query = select(FeedChange.changed_at).order_by(FeedChange.changed_at, FeedChange.id)
    return session.scalar(query.limit(1))


def old(session: Session, *, before: datetime) -> dict[int, int]:
    """Copies from before a moment, and the report that each is of."""
    query = select(FeedChange.id, FeedChange.report_id).where(FeedChange.changed_at < before)
    return {key: report for key, report in session.execute(query.order_by(FeedChange.id))}  # noqa: C416


def drop(session: Session, keys: Collection[int]) -> int:
    """Let copies go; how many."""
    for some in parts(sorted(keys)):
        session.execute(delete(FeedChange).where(FeedChange.id.in_(some)))
    return len(keys)


def _keep(
    session: Session,
    batch: int,
    report_id: int,
    before: Mapping[str, Any],
    after: Mapping[str, Any] | None,
    now: datetime,
) -> None:
    session.add(
        FeedChange(batch_id=batch, report_id=report_id, before=before, after=after, changed_at=now)
    )


def _stand_again(report: Report, copy: FeedChange) -> bool:
    """Put a report back, unless something of it is no longer as the file left it."""
    assert copy.after is not None
    if _document(report, copy.after) != copy.after:
        return False
    for name, value in copy.before.items():
        setattr(report, name, _read(name, value))
    return True


def _reinstate(session: Session, copy: FeedChange) -> bool:
    """Write a withdrawn report again, unless its import is undone or another took its name."""
    batch = session.get(ImportBatch, copy.before["batch_id"])
    names = [(name, copy.before[name]) for name in UNIQUE if copy.before[name] is not None]
    is_taken = any(
        session.scalar(select(Report.id).where(getattr(Report, name) == value).limit(1))
        for name, value in names
    )
    if batch is None or batch.undone_at is not None or is_taken:
        return False
    values = {name: _read(name, value) for name, value in copy.before.items()}
    session.add(Report(**values | dict.fromkeys(NOT_KEPT)))
    session.flush()
    return True


def _note(session: Session, copy: FeedChange, actor: Actor) -> None:
    """In the audit log, by which columns: what they say stays out of it."""
    act, after = ("reinstate", {}) if copy.after is None else ("undo_sync", dict(copy.after))
    audit.write(
        session, actor, act, ENTITY, copy.report_id, after={"columns": sorted(after or copy.before)}
    )


def _name(copy: FeedChange, present: Mapping[int, Report]) -> str:
    report = present.get(copy.report_id)
    words = report.external_ref if report else copy.before.get("external_ref")
    return str(words or copy.report_id)


def _reports(session: Session, keys: Collection[int]) -> list[Report]:
    queries = narrowed(select(Report).order_by(Report.id), Report.id, set(keys))
    return [report for query in queries for report in session.scalars(query)]


def _document(report: Report, names: Collection[str]) -> dict[str, Any]:
    return {name: _written(getattr(report, name)) for name in names}


def _written(value: Any) -> Any:
    """A column's value as JSON: a point as its coordinates, a moment as text."""
    if hasattr(value, "geom_type"):
        return [value.x, value.y]
    return value.isoformat() if isinstance(value, date) else value


def _read(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name == "geometry":
        return shapely.Point(value)
    return datetime.fromisoformat(value) if name.endswith("_at") else value
