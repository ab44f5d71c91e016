"""Which months' jobs are kept as pages read them, and whether what is kept is the record's.

The migrations make triggers that mark a month in the transaction of every change of its jobs. What
is kept of a month stands while the month's mark is the one that it was made under; `tick` makes it
anew. A page reads the rows of other months themselves, so it is right at any time.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    case,
    delete,
    func,
    insert,
    literal_column,
    select,
    type_coerce,
    update,
)

from geodata.models import Incident, JobMonth, KeptJobs
from geodata.store.unfinished_batches import is_there, loading

_TRANSACTION: ColumnElement[int] = literal_column("pg_current_xact_id()::text::bigint")

IS_JOB = Incident.merged_into_id.is_(None) & Incident.due_at.is_not(None)
"""Condition of incidents: the public started a clock."""


def stale(connection: Connection) -> list[str]:
    """Months of which nothing is kept, or what no longer stands, in order."""
    is_kept = (KeptJobs.month == JobMonth.month) & (KeptJobs.changes == JobMonth.changes)
    query = select(JobMonth.month).outerjoin(KeptJobs, is_kept).where(KeptJobs.id.is_(None))
    return list(connection.scalars(query.order_by(JobMonth.month)))


def forget(connection: Connection) -> None:
    """Drop what is kept, and mark the months of the record that have no mark."""
    connection.execute(delete(KeptJobs))
    month = _month(connection)
    months = select(month).where(
        Incident.first_public_at.is_not(None), month.not_in(select(JobMonth.month))
    )
    connection.execute(insert(JobMonth).from_select(["month"], months.distinct()))


def mark(connection: Connection, months: Collection[str]) -> None:
    """Let what is kept of some months stand no longer, as the triggers do."""
    is_sqlite = connection.dialect.name == "sqlite"
    other = JobMonth.changes + 1 if is_sqlite else _TRANSACTION
    connection.execute(update(JobMonth).where(JobMonth.month.in_(months)).values(changes=other))


def of_batch(connection: Connection, batch: int) -> list[str]:
    """Months of the jobs that a batch opened."""
    month = _month(connection)
    query = select(month).where(Incident.batch_id == batch, Incident.first_public_at.is_not(None))
    return list(connection.scalars(query.distinct()))


def differing(connection: Connection) -> list[str]:
    """Months of which more or less is kept than the record holds, or that have no mark."""
    sums = (
        func.count(),
        func.sum(case((Incident.closed_at.is_not(None), 1), else_=0)),
        func.sum(Incident.reports),
    )
    month = _month(connection)
    query = select(month, *sums).where(
        IS_JOB, Incident.first_public_at.is_not(None), is_there(Incident, loading(connection))
    )
    record = {row[0]: tuple(row[1:]) for row in connection.execute(query.group_by(month))}
    kept = select(KeptJobs.month, KeptJobs.jobs, KeptJobs.closed, KeptJobs.reports)
    marked = set(connection.scalars(select(JobMonth.month)))
    old = set(stale(connection))
    wrong = {
        name
        for name, *amounts in connection.execute(kept)
        if name not in old and record.get(name, (0, 0, 0)) != tuple(amounts)
    }
    return sorted(wrong | (set(record) - marked))


def _month(connection: Connection) -> ColumnElement[Any]:
    if connection.dialect.name == "sqlite":  # an instant is a text there
        return func.substr(type_coerce(Incident.first_public_at, String), 1, 7)
    return func.to_char(func.timezone("UTC", Incident.first_public_at), "YYYY-MM")
