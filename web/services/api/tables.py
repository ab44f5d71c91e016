"""Tables for Excel and Power BI: one row a thing, one column a property, nothing of a person.

Their columns are those of the layers that leave the house, and of figures that were released.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from geodata.core.errors import RefusedError
from geodata.core.geography import to_lonlat
from geodata.core.types import UTCDateTime
from geodata.core.vocabulary import ACTION_WORDS, ActionKind, AreaKind, Disclosure, Scope
from geodata.exporters.layer_pages import PAGED_LAYERS, PagedLayer, Row, Wanted, page
from geodata.indicators import indicator_list
from geodata.indicators.observations import observations
from geodata.rules.days import day_starts
from web.services.api.table_words import COLUMN_WORDS
from web.services.publishing import figure_files
from web.services.publishing.enforcement_activity import published_activity
from web.services.publishing.public_figures import published

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

BATCH = 2_000
Cells = tuple[Any, ...]
TYPES = {
    int: "integer",
    float: "number",
    bool: "boolean",
    date: "date",
    str: "string",
}
"""Words of Table Schema."""


@dataclass(frozen=True)
class Days:
    """From and to which London day, both included; None: open."""

    first: date | None = None
    last: date | None = None

    def holds(self, first: date, last: date) -> bool:
        """Whether a period meets these days."""
        return (self.first is None or last >= self.first) and (
            self.last is None or first <= self.last
        )


@dataclass(frozen=True)
class Column:
    """A column: its name, its type in the words of Table Schema, and what it means."""

    name: str
    type: str

    @property
    def meaning(self) -> str:
        return COLUMN_WORDS[self.name]


@dataclass(frozen=True)
class Table:
    """A table: its columns, and its rows of some days; ``scope`` is what a key must open."""

    name: str
    title: str
    scope: Scope
    columns: tuple[Column, ...]
    rows: Callable[[Session, Days], Iterable[Cells]]


def rows_of(session: Session, table: Table, days: Days, *, most: int) -> list[Cells]:
    """All rows of a table.

    Raises
    ------
    RefusedError
        There are more than so many.
    """
    rows = list(islice(table.rows(session, days), most + 1))
    if len(rows) > most:
        raise RefusedError(
            f"the table {table.name} has more than {most:,} rows: ask for some days of it with "
            "first and last, such as first=2026-01-01"
        )
    return rows


_PLACE = (
    Column("easting", "number"),
    Column("northing", "number"),
    Column("longitude", "number"),
    Column("latitude", "number"),
)


def _of_layer(name: str, title: str) -> Table:
    paged = PAGED_LAYERS[name]
    columns = [Column(each.key, _type_of(each)) for each in paged.layer.columns[1:]]
    rows = partial(_layer_rows, paged)
    return Table(name, title, Scope.READ_OFFICER, (*columns, *_PLACE), rows)


def _type_of(column: Any) -> str:
    is_instant = isinstance(column.type, UTCDateTime)
    return "datetime" if is_instant else TYPES[column.type.python_type]


def _layer_rows(paged: PagedLayer, session: Session, days: Days) -> Iterator[Cells]:
    wanted = Wanted(
        first=None if days.first is None else day_starts(days.first),
        last=None if days.last is None else _end_of(days.last),
    )
    while rows := page(session, paged, wanted, limit=BATCH):
        yield from (_cells(row) for row in rows)
        wanted = replace(wanted, after=rows[-1].key)


def _end_of(day: date) -> datetime:
    return day_starts(day + timedelta(days=1)) - timedelta(microseconds=1)


def _cells(row: Row) -> Cells:
    return (*row.values.values(), *_place(row.shape))


def _place(shape: Any) -> Cells:
    """Of a point, or the middle of an area: metres, then degrees to about 10 cm."""
    if shape is None:
        return (None, None, None, None)
    middle = shape if shape.geom_type == "Point" else shape.centroid
    lon, lat = to_lonlat(middle.x, middle.y)
    return round(middle.x, 2), round(middle.y, 2), round(float(lon), 6), round(float(lat), 6)


def _figure_rows(session: Session, days: Days) -> Iterator[Cells]:
    for record in figure_files.as_records(published(session)):
        period = str(record["period"])
        if days.holds(*_days_of(period)):
            cells = [record[name] for name in figure_files.COLUMNS]
            yield (*cells[:-2], *(_instant(cell) for cell in cells[-2:]))


def _instant(text: object) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None


def _days_of(period: str) -> tuple[date, date]:
    """Of a month, such as 2026-10, or a year."""
    if len(period) == len("2026"):
        return date(int(period), 1, 1), date(int(period), 12, 31)
    first = date.fromisoformat(f"{period}-01")
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _enforcement_rows(session: Session, days: Days) -> Iterator[Cells]:
    for year in reversed(published_activity(session)):
        if days.holds(*_days_of(year.name)):
            for row in year.rows:
                counts = (row.given, row.paid, row.cancelled, row.court, row.other)
                yield (year.name, ACTION_WORDS[ActionKind(row.kind)], *counts, year.released_at)


def _indicator_rows(session: Session, days: Days) -> Iterator[Cells]:
    """Figures that partners published for everybody; exempt ones leave by no table."""
    known = indicator_list.by_key(session)
    for row in observations(session, kinds=list(AreaKind)).itertuples(index=False):
        terms = known[row.key]
        last = _last_day(row.first_day, row.months)
        if terms.disclosure == Disclosure.PUBLIC and days.holds(row.first_day, last):
            yield (
                terms.name,
                row.area_kind,
                row.area,
                row.first_day,
                row.months,
                row.value,
                row.below,
                terms.unit,
                bool(row.is_provisional),
                bool(row.is_break),
                terms.source,
            )


def _last_day(first: date, months: int) -> date:
    year, month = divmod(first.month - 1 + months, 12)
    return date(first.year + year, month + 1, 1) - timedelta(days=1)


def _columns(**types: str) -> tuple[Column, ...]:
    return tuple(Column(name, type_) for name, type_ in types.items())


_FIGURES = _columns(
    period="string",
    area="string",
    reported="integer",
    fell_due="integer",
    cleared="integer",
    cleared_in_time="integer",
    cleared_in_time_percent="integer",
    released_at="datetime",
    revised_at="datetime",
)
_ENFORCEMENT = _columns(
    year="string",
    kind="string",
    given="integer",
    paid="integer",
    cancelled="integer",
    court="integer",
    other="integer",
    released_at="datetime",
)
_INDICATORS = _columns(
    indicator="string",
    area_kind="string",
    area="string",
    first_day="date",
    months="integer",
    value="number",
    below="integer",
    unit="string",
    is_provisional="boolean",
    is_break="boolean",
    source="string",
)
_PUBLIC = Scope.READ_PUBLIC
TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        _of_layer("incidents", "Dumps, from report to outcome"),
        _of_layer("reports", "Reports, without what people wrote"),
        _of_layer("clearances", "What crews did"),
        _of_layer("hotspots", "Hotspots of the newest detection run"),
        _of_layer("interventions", "What was done about hotspots"),
        Table("figures", "Released figures", _PUBLIC, _FIGURES, _figure_rows),
        Table("indicators", "Partners’ published figures", _PUBLIC, _INDICATORS, _indicator_rows),
        Table("enforcement", "What was enforced", _PUBLIC, _ENFORCEMENT, _enforcement_rows),
    )
}
