"""Lists a page at a time: a cursor names where the page before ended."""

from collections.abc import Sequence
from typing import Annotated, Any

from flask import request, url_for
from pydantic import Field

from geodata.core.geography import to_lonlat
from geodata.exporters.layer_pages import PAGED_LAYERS, Row, Wanted, page
from web.api.moments import Moment
from web.api.operations import Incoming
from web.api.schemas import Position
from web.database import read_session

CURSOR = "^c[0-9]{1,9}$"
"""Whoever asks takes it as it is; it holds the key of the last row."""
Limit = Annotated[int, Field(ge=1, le=1_000, description="Rows on a page")]


class ListQuery(Incoming):
    """How much of a list, and from where."""

    limit: Limit = 100
    cursor: Annotated[
        str | None, Field(pattern=CURSOR, description="From `next` of the page before")
    ] = None
    since: Annotated[
        Moment | None,
        Field(description="Only what changed then or later, such as 2026-11-01T00:00:00Z"),
    ] = None


def rows_of(layer: str, query: ListQuery) -> tuple[list[Row], str | None]:
    """A page of a layer, and the address of the next one."""
    wanted = Wanted(after=int((query.cursor or "c0")[1:]), since=query.since)
    rows = page(read_session(), PAGED_LAYERS[layer], wanted, limit=query.limit + 1)
    return rows[: query.limit], _next(rows, query)


def row_of(layer: str, reference: str) -> Row | None:
    """The row that a reference names; None: there is none."""
    wanted = Wanted(reference=reference)
    rows = page(read_session(), PAGED_LAYERS[layer], wanted, limit=1)
    return rows[0] if rows else None


def position_of(x: float, y: float) -> Position:
    """A point (EPSG:27700) in both systems; degrees to about 10 cm."""
    lon, lat = to_lonlat(x, y)
    return Position(
        longitude=round(float(lon), 6), latitude=round(float(lat), 6), easting=x, northing=y
    )


def position(row: Row) -> Position:
    """Where a row's point is."""
    return position_of(row.shape.x, row.shape.y)


def _next(rows: Sequence[Row], query: ListQuery) -> str | None:
    if len(rows) <= query.limit:
        return None
    parts: dict[str, Any] = {"cursor": f"c{rows[query.limit - 1].key}", "limit": query.limit}
    if query.since is not None:
        parts["since"] = query.since.isoformat()
    return url_for(request.endpoint or "", _external=True, **(request.view_args or {}), **parts)
