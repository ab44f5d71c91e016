"""Collections of features for map programs: which there are, who may read them, and their rows.

What is public holds what public pages show: areas, orders, and figures that were released, in which
small counts are withheld already. What lies where is for officers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from geodata import frames
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
    """

    name: str
    title: str
    description: str
    scope: Scope | None
    rows: Callable[[Session, Wanted, int], list[Row]]
    count: Callable[[Session, Wanted], int]


def _of_layer(
    name: str, layer: PagedLayer, title: str, description: str, scope: Scope | None
) -> Collection:
    def rows(session: Session, wanted: Wanted, limit: int) -> list[Row]:
        return page(session, layer, wanted, limit=limit)

    return Collection(
        name, title, description, scope, rows, lambda session, wanted: count(session, layer, wanted)
    )


def _figure_rows(session: Session, wanted: Wanted, limit: int) -> list[Row]:
    return list(_figures(session, wanted))[:limit]


def _figure_count(session: Session, wanted: Wanted) -> int:
    return sum(1 for _ in _figures(session, wanted))


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
COLLECTIONS: Mapping[str, Collection] = {each.name: each for each in _ALL}


def find(session: Session, collection: Collection, reference: str) -> Row | None:
    """The feature that a reference names; None: there is none."""
    rows = collection.rows(session, Wanted(reference=reference), 1)
    return rows[0] if rows else None


def plain(value: Any) -> Any:
    """A property as JSON writes it: instants in UTC with a Z, days as days."""
    if hasattr(value, "isoformat"):
        return value.isoformat().replace("+00:00", "Z")
    return value
