"""Spatial predicates that both stores answer from their index."""

from typing import Any

from sqlalchemy import Boolean, ColumnElement, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.functions import FunctionElement

from geodata.core.geopackage import rtree_name

Box = tuple[float, float, float, float]


class box_intersects(FunctionElement[bool]):  # noqa: N801 - reads as a SQL function
    """Whether a geometry's bounding box meets a box: R-tree on SQLite, ``&&`` on PostGIS.

    Parameters
    ----------
    column
        A mapped geometry column.
    box
        (min x, min y, max x, max y) in metres, EPSG:27700.
    """

    type = Boolean()
    inherit_cache = True
    name = "box_intersects"
    _is_implicitly_boolean = True  # else SQLite compares it with 1 and leaves the index alone

    def __init__(self, column: InstrumentedAttribute[Any] | ColumnElement[Any], box: Box) -> None:
        super().__init__(column, *map(literal, map(float, box)))


@compiles(box_intersects, "sqlite")
def _rtree(element: box_intersects, compiler: Any, **kw: Any) -> str:
    column, *sides = list(element.clauses)
    table = column.table
    original = getattr(table, "element", table)
    key = compiler.process(next(iter(table.primary_key)), **kw)
    x0, y0, x1, y1 = (compiler.process(side, **kw) for side in sides)
    return (
        f'{key} IN (SELECT id FROM "{rtree_name(original.name, column.name)}" '
        f"WHERE maxx >= {x0} AND maxy >= {y0} AND minx <= {x1} AND miny <= {y1})"
    )


@compiles(box_intersects, "postgresql")
def _gist(element: box_intersects, compiler: Any, **kw: Any) -> str:
    column, *sides = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"{column} && ST_MakeEnvelope({', '.join(sides)}, 27700)"


def box_around(x: float, y: float, radius_m: float) -> Box:
    """The square that a disc fits in, metres."""
    return x - radius_m, y - radius_m, x + radius_m, y + radius_m
