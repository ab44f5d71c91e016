"""Layers read a page at a time, for other systems: by area, by time, and what changed.

The columns are those of the files that leave the house: nothing of a reporter, no free text.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import Session

from geodata.core.spatial import Box, box_intersects
from geodata.core.types import UTCDateTime
from geodata.exporters.gis_layers import GIS_LAYERS
from geodata.exporters.layers import LAYERS, Layer
from geodata.models import (
    Clearance,
    DetectionRun,
    HotspotIdentity,
    Incident,
    IncidentEvent,
    Intervention,
    OrderVersion,
    Place,
    PosterSite,
    Report,
)

LONDON = ZoneInfo("Europe/London")
LONGEST_NUMBER = 9
"""Digits of a key that every store's column can hold."""
Since = Callable[[datetime], ColumnElement[bool]]


@dataclass(frozen=True)
class PagedLayer:
    """A layer that is read a page at a time, in the order of its rows' keys.

    Attributes
    ----------
    reference
        What names a row outside this store.
    begins, ends
        When what a row tells of was: instants or days. ``ends`` None: a moment.
    changed
        Condition of rows that changed at or after an instant; None: such are not known.
    """

    layer: Layer
    reference: Any
    begins: Any = None
    ends: Any = None
    changed: Since | None = None

    @property
    def key(self) -> Any:
        """Of a row in this store: pages go on from it."""
        return self.layer.columns[0].class_.id

    @property
    def columns(self) -> dict[str, Any]:
        """The columns by name, but for the shape."""
        return {column.key: column for column in self.layer.columns[self.layer.has_geometry :]}


@dataclass(frozen=True)
class Wanted:
    """Which rows; None and empty let all through.

    Attributes
    ----------
    after
        Only rows whose key is larger: where the page before ended.
    box
        EPSG:27700 metres, which a row's shape meets.
    first, last
        Instants, both included, of which the row's time meets some.
    since
        Only rows that changed then or later.
    reference
        A row's own.
    condition
        Of the row's columns.
    """

    after: int = 0
    box: Box | None = None
    first: datetime | None = None
    last: datetime | None = None
    since: datetime | None = None
    reference: str | None = None
    condition: ColumnElement[bool] | None = None


@dataclass(frozen=True)
class Row:
    """One row: its key here, its reference, its shape (EPSG:27700) and its other columns."""

    key: int
    reference: str
    shape: Any
    values: Mapping[str, Any] = field(default_factory=dict)


def page(
    session: Session, paged: PagedLayer, wanted: Wanted, *, limit: int, offset: int = 0
) -> list[Row]:
    """So many rows, in the order of their keys."""
    query = paged.layer.query().add_columns(
        paged.key.label("_key"), paged.reference.label("_reference")
    )
    rows = session.execute(_narrowed(query, paged, wanted).limit(limit).offset(offset))
    names = [column.key for column in paged.layer.columns]
    return [_row(names, list(row), has_shape=paged.layer.has_geometry) for row in rows]


def count(session: Session, paged: PagedLayer, wanted: Wanted) -> int:
    """How many rows there are."""
    query = _narrowed(paged.layer.query(), paged, wanted).order_by(None)
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def _row(names: list[str], cells: list[Any], *, has_shape: bool) -> Row:
    *values, key, reference = cells
    properties = dict(zip(names, values, strict=True))
    shape = properties.pop(names[0]) if has_shape else None
    return Row(key, str(reference), shape, properties)


def _narrowed(query: Select[Any], paged: PagedLayer, wanted: Wanted) -> Select[Any]:
    if wanted.after:
        query = query.where(paged.key > wanted.after)
    if wanted.reference is not None:
        query = query.where(_is_named(paged.reference, wanted.reference))
    if wanted.box is not None and paged.layer.has_geometry:
        query = query.where(box_intersects(paged.layer.columns[0], wanted.box))
    if wanted.since is not None and paged.changed is not None:
        query = query.where(paged.changed(wanted.since))
    if wanted.condition is not None:
        query = query.where(wanted.condition)
    return query.where(*_in_time(paged, wanted))


def _is_named(column: Any, reference: str) -> ColumnElement[bool]:
    """Of a column of numbers, a text that is none names no row."""
    if column.type.python_type is str:
        named: ColumnElement[bool] = column == reference
        return named
    is_number = reference.isascii() and reference.isdigit() and len(reference) <= LONGEST_NUMBER
    return column == int(reference) if is_number else false()


def _in_time(paged: PagedLayer, wanted: Wanted) -> list[ColumnElement[bool]]:
    """A row without an end goes on; one without a beginning always was."""
    begins, ends = paged.begins, paged.begins if paged.ends is None else paged.ends
    conditions = []
    if wanted.last is not None and begins is not None:
        conditions.append(or_(begins.is_(None), begins <= _as_of(begins, wanted.last)))
    if wanted.first is not None and ends is not None:
        conditions.append(or_(ends.is_(None), ends >= _as_of(ends, wanted.first)))
    return conditions


def _as_of(column: Any, moment: datetime) -> Any:
    """A moment as the column holds time: days are London's."""

    return moment if isinstance(column.type, UTCDateTime) else moment.astimezone(LONDON).date()


def _incident_changed(since: datetime) -> ColumnElement[bool]:
    noted = select(IncidentEvent.incident_id).where(IncidentEvent.recorded_at >= since)
    return or_(
        Incident.id.in_(noted), Incident.last_reported_at >= since, Incident.closed_at >= since
    )


def _report_changed(since: datetime) -> ColumnElement[bool]:
    noted = select(IncidentEvent.incident_id).where(IncidentEvent.recorded_at >= since)
    return or_(Report.recorded_at >= since, Report.incident_id.in_(noted))


_OFFICER = GIS_LAYERS["officer"]
PAGED_LAYERS: Mapping[str, PagedLayer] = {
    "incidents": PagedLayer(
        _OFFICER["incidents"],
        Incident.key,
        Incident.first_reported_at,
        Incident.last_reported_at,
        _incident_changed,
    ),
    "reports": PagedLayer(
        _OFFICER["reports"], Report.reference, Report.reported_at, changed=_report_changed
    ),
    "hotspots": PagedLayer(
        LAYERS["hotspots"],
        HotspotIdentity.code,
        DetectionRun.as_of,
        changed=lambda since: DetectionRun.run_at >= since,
    ),
    "clearances": PagedLayer(
        LAYERS["clearances"],
        Clearance.id,
        Clearance.occurred_at,
        changed=lambda since: or_(Clearance.recorded_at >= since, Clearance.voided_at >= since),
    ),
    "interventions": PagedLayer(
        _OFFICER["interventions"],
        Intervention.id,
        Intervention.valid_from,
        Intervention.valid_to,
    ),
    "poster_sites": PagedLayer(_OFFICER["poster_sites"], PosterSite.code),
}
"""Layers that an officer's key opens, by name."""
_PUBLIC = GIS_LAYERS["public"]
PUBLIC_LAYERS: Mapping[str, PagedLayer] = {
    name: PagedLayer(_PUBLIC[name], Place.id, Place.valid_from, Place.valid_to)
    for name in ("borough", "wards", "places")
} | {
    "orders": PagedLayer(
        _PUBLIC["orders"], OrderVersion.id, OrderVersion.valid_from, OrderVersion.valid_to
    )
}
"""Layers that anybody reads, by name."""
__all__ = ["PAGED_LAYERS", "PUBLIC_LAYERS", "PagedLayer", "Row", "Wanted", "count", "page"]
