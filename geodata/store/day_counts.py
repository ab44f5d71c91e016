"""What the store keeps of each day's incidents and reports, against the record itself.

The migrations make triggers that keep the counts in the transaction of every change, whoever makes
it. Pages read them by `geodata.frames.day_counts`.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Date,
    Integer,
    Select,
    String,
    case,
    cast,
    delete,
    extract,
    func,
    insert,
    literal_column,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute

from geodata.models import DayCount, Incident, Report
from geodata.store.unfinished_batches import is_there, loading

LAST_HOUR = 23
AMOUNTS = ("incidents", "with_cylinders", "cylinders", "reports")
COLUMNS = ("utc_day", "is_last_hour", *AMOUNTS)


def rebuild(connection: Connection) -> None:
    """Count the whole record anew."""
    connection.execute(delete(DayCount))
    connection.execute(
        insert(DayCount).from_select(COLUMNS, _counted(connection, _there(connection)))
    )


def of_batch(connection: Connection, batch: int) -> list[dict[str, Any]]:
    """What the rows of a batch add to the counts of their days."""
    of_it = (Incident.batch_id == batch, Report.batch_id == batch)
    return [dict(row) for row in connection.execute(_counted(connection, of_it)).mappings()]


def add(connection: Connection, counts: Sequence[dict[str, Any]]) -> None:
    """Add to the counts of days."""
    if not counts:
        return
    upsert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = upsert(DayCount)
    sums = {name: getattr(DayCount, name) + statement.excluded[name] for name in AMOUNTS}
    days = [DayCount.utc_day, DayCount.is_last_hour]
    connection.execute(statement.on_conflict_do_update(index_elements=days, set_=sums), counts)


def take_away(connection: Connection, counts: Sequence[dict[str, Any]]) -> None:
    """Take from the counts of days."""
    add(connection, [row | {name: -row[name] for name in AMOUNTS} for row in counts])


def differing(connection: Connection) -> list[date]:
    """Days of UTC whose counts are not those of the record."""
    kept = select(*_kept()).where(or_(*(getattr(DayCount, name) != 0 for name in AMOUNTS)))
    counted = _counted(connection, _there(connection))
    rows = [set(map(tuple, connection.execute(q))) for q in (kept, counted)]
    return sorted({day for day, *_ in rows[0] ^ rows[1]})


def _kept() -> list[InstrumentedAttribute[Any]]:
    return [getattr(DayCount, name) for name in COLUMNS]


def _there(connection: Connection) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Conditions: incidents and reports of no batch that is still loading."""
    batches = loading(connection)
    return is_there(Incident, batches), is_there(Report, batches)


def _counted(
    connection: Connection, counts: tuple[ColumnElement[bool], ColumnElement[bool]]
) -> Select[Any]:
    """The counts as the record has them: the slow way, which the kept ones must equal."""
    is_sqlite = connection.dialect.name == "sqlite"
    cylinders = func.coalesce(Incident.cylinders, 0)
    dumps = select(
        *_stretch(Incident.first_reported_at, is_sqlite=is_sqlite),
        literal_column("1").label("incidents"),
        case((cylinders > 0, 1), else_=0).label("with_cylinders"),
        cylinders.label("cylinders"),
        literal_column("0").label("reports"),
    ).where(Incident.merged_into_id.is_(None), counts[0])
    none: list[ColumnElement[Any]] = [literal_column("0")] * 3
    reports = select(*_stretch(Report.reported_at, is_sqlite=is_sqlite), *none, literal_column("1"))
    reports = reports.where(counts[1])
    every = union_all(dumps, reports).subquery()
    sums = [cast(func.sum(every.c[name]), Integer).label(name) for name in AMOUNTS]
    stretch = (every.c.utc_day, every.c.is_last_hour)
    return select(*stretch, *sums).group_by(*stretch)


def _stretch(at: Any, *, is_sqlite: bool) -> list[ColumnElement[Any]]:
    if is_sqlite:  # an instant is a text there
        written = type_coerce(at, String)
        is_last = type_coerce(func.substr(written, 12, 2) == str(LAST_HOUR), Boolean)
        return [
            type_coerce(func.substr(written, 1, 10), Date).label("utc_day"),
            is_last.label("is_last_hour"),
        ]
    utc = func.timezone("UTC", at)
    return [
        cast(utc, Date).label("utc_day"),
        (extract("hour", utc) == LAST_HOUR).label("is_last_hour"),
    ]
