"""A file that comes every night, such as a CRM's export: what it changes of what is here.

The same reference with a moved point or a new state is an update, with what stood there before in
the audit log, and kept for undoing it. What is no longer in the file is named, and stays unless it
is to be withdrawn.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from geodata.core.bulk import narrowed, rows_of
from geodata.core.vocabulary import Outcome
from geodata.files.problems import FileRefusedError
from geodata.importers import feed_changes
from geodata.models import Clearance, ImportBatch, Report
from geodata.people import audit
from geodata.people.audit import Actor

ENTITY = "report"
WORDS = ("description", "landmark")
FACTS = (
    "reported_at",
    "geometry",
    "accuracy_m",
    "place_id",
    "source",
    "charger_band",
    "chargers",
    "cylinders",
    "has_needles",
    "has_glass",
    "is_leaking",
    "from_vehicle",
    "first_seen_at",
    "last_clean_at",
)


KEPT = (*FACTS, *WORDS, "description_state", "fingerprint")
"""What a file may change of a report."""


@dataclass(frozen=True, eq=False)
class Changes:
    """What a file changes of a feed.

    Attributes
    ----------
    feed
        Name of the feed; empty: the file is no night's of one, and changes nothing.
    rows
        As they are to be, with ``report_id``.
    gone
        References that earlier files of the feed had and this one has not, in order.
    withdrawn
        Keys of those of them that are to go, as nothing rests on them.
    """

    feed: str = ""
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)
    gone: tuple[str, ...] = ()
    withdrawn: tuple[int, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing that is here changes."""
        return self.rows.empty and not self.withdrawn

    @property
    def report_ids(self) -> list[int]:
        changed = [] if self.rows.empty else [int(key) for key in self.rows["report_id"]]
        return [*changed, *self.withdrawn]


def find_changes(
    session: Session,
    feed: str,
    again: pd.DataFrame,
    references: Iterable[str],
    *,
    withdraws: bool = False,
    now: datetime,
) -> Changes:
    """What a night's file changes.

    Parameters
    ----------
    again
        Rows whose reference is here, with other content.
    references
        All that stand in the file, also of rows that were refused.
    withdraws
        Whether what is gone from the feed is to go from here, where nothing rests on it.

    Raises
    ------
    FileRefusedError
        So much is gone that the file is no whole one of its feed.
    """
    keys = _report_ids(session, set(again["external_ref"].dropna()))
    rows = again.assign(report_id=again["external_ref"].map(keys)).dropna(subset=["report_id"])
    query = (
        select(Report.external_ref)
        .join(ImportBatch, ImportBatch.id == Report.batch_id)
        .where(ImportBatch.feed == feed, Report.external_ref.is_not(None))
    )
    known = {str(ref) for ref in session.scalars(query)}
    gone = tuple(sorted(known - set(references)))
    if withdraws and 2 * len(gone) > len(known):
        raise FileRefusedError(
            f"{len(gone)} of the {len(known)} that the feed {feed} had are not in this file, which "
            "looks cut short: send the whole of the feed, or import it without --withdraw-gone"
        )
    withdrawn = feed_changes.withdrawable(session, feed, gone, now=now) if withdraws else ()
    return Changes(feed, rows, gone, withdrawn)


def write_changes(session: Session, changes: Changes, batch: int, *, now: datetime) -> None:
    """Write a night's changes, with what stood there before in the audit log.

    Words that were taken out here, by an officer or with the years, stay out.
    """
    if changes.withdrawn:
        _withdraw(session, changes, batch, now)
    if changes.rows.empty:
        return
    reports = _reports(session, changes.report_ids)
    for row in changes.rows.to_dict("records"):
        _change(session, reports[int(row["report_id"])], row, batch, now)
    session.flush()
    _write_closings(session, changes.rows, batch)


def _withdraw(session: Session, changes: Changes, batch: int, now: datetime) -> None:
    """Those on which nothing came to rest since the file was read."""
    free = set(feed_changes.withdrawable(session, changes.feed, changes.gone, now=now))
    keys = free & set(changes.withdrawn)
    feed_changes.withdraw(session, keys, batch, Actor(None, now), feed=changes.feed)


def _change(
    session: Session, report: Report, row: Mapping[Any, Any], batch: int, now: datetime
) -> None:
    before, after = {}, {}
    stood = {name: getattr(report, name) for name in KEPT}
    for name in FACTS:
        old, new = getattr(report, name), _plain(row.get(name))
        if old != new and name in row:
            before[name], after[name] = _written(old), _written(new)
            setattr(report, name, new)
    for name in WORDS:
        new = _plain(row.get(name))
        if new and getattr(report, name) not in (None, new):
            setattr(report, name, new)
            report.description_state = "pending"
            before[name], after[name] = "other words", "the file's"
    report.fingerprint = row["fingerprint"]
    names = [name for name in KEPT if getattr(report, name) != stood[name]]
    feed_changes.keep_change(session, batch, report, stood, names, now)
    audit.write(session, Actor(None, now), "sync", ENTITY, report.id, before=before, after=after)


def _plain(value: Any) -> Any:
    """A cell as the store keeps it."""
    if value is None or (not hasattr(value, "geom_type") and pd.isna(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    return value.item() if hasattr(value, "item") else value


def _written(value: Any) -> Any:
    if hasattr(value, "geom_type"):
        return f"{value.x:.1f} {value.y:.1f}"
    return value.isoformat() if isinstance(value, datetime) else value


def _write_closings(session: Session, rows: pd.DataFrame, batch: int) -> None:
    """A clearance for each report that the file closes, and that had none."""
    closed = rows[rows["cleared_at"].notna()]
    keys = {int(key) for key in closed["report_id"]}
    query = select(Clearance.report_id)
    answered = (session.scalars(part) for part in narrowed(query, Clearance.report_id, keys))
    known = {key for report_ids in answered for key in report_ids}
    fresh = closed[~closed["report_id"].isin(list(known))]
    if fresh.empty:
        return
    written = pd.DataFrame(
        {
            "report_id": fresh["report_id"].astype(int),
            "outcome": Outcome.CLEARED.value,
            "occurred_at": fresh["cleared_at"],
            "recorded_at": fresh["recorded_at"],
            "fingerprint": fresh["fingerprint"],
            "batch_id": batch,
        }
    )
    for chunk in rows_of(written):
        session.execute(insert(Clearance), chunk)


def _report_ids(session: Session, references: set[str]) -> dict[str, int]:
    query = select(Report.external_ref, Report.id).where(Report.batch_id.is_not(None))
    results = (session.execute(part) for part in narrowed(query, Report.external_ref, references))
    return {str(ref): int(key) for rows in results for ref, key in rows}


def _reports(session: Session, keys: list[int]) -> dict[int, Report]:
    queries = narrowed(select(Report), Report.id, set(keys))
    return {report.id: report for query in queries for report in session.scalars(query)}
