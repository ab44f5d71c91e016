"""Collections of features for map programs: which there are, who may read them, and their rows.

What is public holds what public pages show: areas, orders, and figures that were released, in which
small counts are withheld already. What lies where is for officers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Boolean,
    ColumnClause,
    ColumnElement,
    Integer,
    Label,
    Select,
    String,
    case,
    column,
    literal,
    null,
    select,
    union_all,
)

from geodata import frames
from geodata.core.errors import RefusedError
from geodata.core.types import UTCDateTime
from geodata.core.vocabulary import Scope
from geodata.exporters.layer_pages import (
    PAGED_LAYERS,
    PUBLIC_LAYERS,
    PagedLayer,
    Row,
    Wanted,
    count,
    page,
)
from geodata.rules.days import local_day
from web.services.publishing.public_figures import YearFigures, published

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from geodata.core.spatial import Box
    from web.services.api.feature_pages import Meets


@dataclass(frozen=True)
class Collection:
    """Features of one kind.

    Attributes
    ----------
    scope
        What a key must open; None: anybody reads it.
    rows
        So many features at most, in the order of their keys, of a session.
    count
        How many there are.
    columns
        What a condition of rows may speak of, by the property's name.
    key, shape
        Columns of a row's key, and of where it lies.
    """

    name: str
    title: str
    description: str
    scope: Scope | None
    rows: Callable[[Session, Wanted, int], list[Row]]
    count: Callable[[Session, Wanted], int]
    columns: Mapping[str, Any]
    key: Any
    shape: Any


def _of_layer(
    name: str, layer: PagedLayer, title: str, description: str, scope: Scope | None
) -> Collection:
    def rows(session: Session, wanted: Wanted, limit: int) -> list[Row]:
        return page(session, layer, wanted, limit=limit)

    def counted(session: Session, wanted: Wanted) -> int:
        return count(session, layer, wanted)

    shape = layer.layer.columns[0]
    return Collection(
        name, title, description, scope, rows, counted, layer.columns, layer.key, shape
    )


_FIGURE_KEY, _FIGURE_SHAPE = column("key", Integer), column("has_shape", Boolean)
_FIGURES: dict[str, ColumnClause[Any]] = {
    "ward": column("ward", String),
    "year": column("year", String),
    "reported": column("reported", Integer),
    "cleared_in_time_percent": column("cleared_in_time_percent", Integer),
    "released_at": column("released_at", UTCDateTime),
}
_AT_ONCE = 100
"""Rows of one statement: a store takes some hundred."""


def _figure_rows(session: Session, wanted: Wanted, limit: int) -> list[Row]:
    return _chosen_figures(session, wanted)[:limit]


def _figure_count(session: Session, wanted: Wanted) -> int:
    return len(_chosen_figures(session, wanted))


def _chosen_figures(session: Session, wanted: Wanted) -> list[Row]:
    """Those that fulfil the condition too: the store reckons it, as it does of its own rows."""
    rows = list(_figures(session, wanted))
    if wanted.condition is None:
        return rows
    keys: set[int] = set()
    for start in range(0, len(rows), _AT_ONCE):
        table = union_all(*map(_as_select, rows[start : start + _AT_ONCE])).subquery("figures")
        query = select(_FIGURE_KEY).select_from(table).where(wanted.condition)
        keys.update(session.scalars(query))
    return [row for row in rows if row.key in keys]


def _as_select(row: Row) -> Select[Any]:
    shape = None if row.shape is None else True
    cells: list[Label[Any]] = [
        literal(row.key, Integer).label("key"),
        literal(shape, Boolean).label("has_shape"),
        *(literal(row.values[name], of.type).label(name) for name, of in _FIGURES.items()),
    ]
    return select(*cells)


def _figures(session: Session, wanted: Wanted) -> Iterator[Row]:
    """Each ward of each released year, with the borders of the year's last day."""
    key = 0
    for year in published(session).years:
        areas = frames.wards(session, year.last_day)
        shapes = dict(zip(areas["name"], areas.geometry, strict=True))
        for ward in year.wards:
            key += 1
            row = Row(
                key,
                f"{year.name}-{key}",
                shapes.get(ward.name),
                {
                    "ward": ward.name,
                    "year": year.name,
                    "reported": ward.reported,
                    "cleared_in_time_percent": ward.in_time_percent,
                    "released_at": year.released_at,
                },
            )
            if _is_wanted(row, year, wanted):
                yield row


def _is_wanted(row: Row, year: YearFigures, wanted: Wanted) -> bool:
    return (
        row.key > wanted.after
        and wanted.reference in {None, row.reference}
        and (wanted.last is None or _first_day(year) <= local_day(wanted.last))
        and (wanted.first is None or year.last_day >= local_day(wanted.first))
    )


def _first_day(year: YearFigures) -> date:
    return year.last_day.replace(month=1, day=1)


_OPEN = partial(_of_layer, scope=None)
_CLOSED = partial(_of_layer, scope=Scope.READ_OFFICER)
_ALL = (
    _OPEN("borough", PUBLIC_LAYERS["borough"], "Borough", "The council’s area"),
    _OPEN("wards", PUBLIC_LAYERS["wards"], "Wards", "Wards, with the days on which they hold"),
    Collection(
        "ward_figures",
        "Released figures by ward",
        "Incidents reported and the share cleared in time, by ward and year, as they were "
        "released; null: too few to show",
        None,
        _figure_rows,
        _figure_count,
        _FIGURES,
        _FIGURE_KEY,
        _FIGURE_SHAPE,
    ),
    _OPEN(
        "places",
        PUBLIC_LAYERS["places"],
        "Named places",
        "Car parks, parks, stations and streets that are open to all",
    ),
    _OPEN("orders", PUBLIC_LAYERS["orders"], "Orders", "Areas of public spaces protection orders"),
    _CLOSED("incidents", PAGED_LAYERS["incidents"], "Incidents", "Dumps, from report to outcome"),
    _CLOSED("reports", PAGED_LAYERS["reports"], "Reports", "Reports, without what people wrote"),
    _CLOSED("clearances", PAGED_LAYERS["clearances"], "Clearances", "What crews did"),
    _CLOSED(
        "hotspots",
        PAGED_LAYERS["hotspots"],
        "Hotspots",
        "Places that the newest detection run found to recur",
    ),
    _CLOSED(
        "interventions", PAGED_LAYERS["interventions"], "Interventions", "What was done, and where"
    ),
    _CLOSED("poster_sites", PAGED_LAYERS["poster_sites"], "Poster sites", "Where posters may hang"),
)
MOST_NEAR = 20_000
"""Features that are looked at to say which of them meet an area within a condition."""
COLLECTIONS: Mapping[str, Collection] = {each.name: each for each in _ALL}


def find(session: Session, collection: Collection, reference: str) -> Row | None:
    """The feature that a reference names; None: there is none."""
    rows = collection.rows(session, Wanted(reference=reference), 1)
    return rows[0] if rows else None


def lying(
    session: Session, collection: Collection, box: Box | None, meets: Meets
) -> ColumnElement[bool]:
    """Condition of features that meet an area; of one without a place it is not known.

    Raises
    ------
    RefusedError
        Too many features lie around it.
    """
    near = [] if box is None else collection.rows(session, Wanted(box=box), MOST_NEAR + 1)
    if len(near) > MOST_NEAR:
        raise RefusedError(
            f"more than {MOST_NEAR:,} features lie around the area: name a smaller one, or give it "
            "as bbox"
        )
    is_in = meets([row.shape for row in near]) if near else []
    keys = [row.key for row, is_inside in zip(near, is_in, strict=True) if is_inside]
    return case((collection.shape.is_(None), null()), else_=collection.key.in_(keys))


def plain(value: Any) -> Any:
    """A property as JSON writes it: instants in UTC with a Z, days as days."""
    if hasattr(value, "isoformat"):
        return value.isoformat().replace("+00:00", "Z")
    return value
