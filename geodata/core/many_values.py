"""Conditions on many values or boxes at once, each sent as one parameter.

A list of 5,000 keys written out as so many parameters is put together and parsed anew each time,
which takes longer than to look the rows up; and a query for each of 3,000 boxes is 3,000 queries.
"""

import json
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, BigInteger, Boolean, Dialect, Integer, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from geodata.core.geopackage import rtree_name
from geodata.core.spatial import Box


class _Values(TypeDecorator[Any]):
    """Several values in one parameter: an array, or for SQLite a JSON text."""

    impl = Text
    cache_ok = True

    def __init__(self, *, are_whole: bool) -> None:
        super().__init__()
        self.are_whole = are_whole

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(ARRAY(BigInteger() if self.are_whole else Text()))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: list[Any] | None, dialect: Dialect) -> Any:
        return value if dialect.name == "postgresql" else json.dumps(value)


class is_among(FunctionElement[bool]):  # noqa: N801 - reads as a SQL function
    """Whether a column of whole numbers or texts has one of some values.

    Parameters
    ----------
    column
        Of a mapped class or a table.
    values
        None of them null.
    """

    type = Boolean()
    inherit_cache = True
    name = "is_among"
    _is_implicitly_boolean = True  # else SQLite compares it with 1 and leaves the index alone

    def __init__(self, column: Any, values: Collection[Any]) -> None:
        kind = _Values(are_whole=isinstance(column.type, Integer))
        super().__init__(column, bindparam(None, list(values), type_=kind, unique=True))


@compiles(is_among, "sqlite")
def _in_json(element: is_among, compiler: Any, **kw: Any) -> str:
    column, values = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608


@compiles(is_among, "postgresql")
def _in_array(element: is_among, compiler: Any, **kw: Any) -> str:
    column, values = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"{column} = ANY({values})"


class Stay(NamedTuple):
    """A box (metres, EPSG:27700), and from when to when: instants as ``instant_text`` has them."""

    box: Box
    since: str = "0001-01-01T00:00:00.000Z"
    until: str = "9999-12-31T00:00:00.000Z"


class meets_any(FunctionElement[bool]):  # noqa: N801
    """Whether a row lies in one of some boxes at its time, by the spatial index.

    Parameters
    ----------
    geometry, at
        Mapped columns of one table: where, and when.
    stays
        Each box with its time; both ends count.
    """

    type = Boolean()
    inherit_cache = True
    name = "meets_any"
    _is_implicitly_boolean = True

    def __init__(self, geometry: Any, at: Any, stays: Sequence[Stay]) -> None:
        rows = [(*box, since, until) for box, since, until in stays]
        super().__init__(geometry, at, bindparam(None, json.dumps(rows), type_=Text, unique=True))


_MEETS_SQLITE = """{key} IN (SELECT t.id FROM json_each({stays}) AS s
CROSS JOIN "{rtree}" AS r ON r.maxx >= json_extract(s.value, '$[0]')
AND r.maxy >= json_extract(s.value, '$[1]') AND r.minx <= json_extract(s.value, '$[2]')
AND r.miny <= json_extract(s.value, '$[3]')
CROSS JOIN "{table}" AS t ON t.id = r.id AND t."{at}" >= json_extract(s.value, '$[4]')
AND t."{at}" <= json_extract(s.value, '$[5]'))"""
_MEETS_POSTGIS = """{key} IN (SELECT t.id FROM jsonb_array_elements(CAST({stays} AS jsonb)) AS s(v)
JOIN "{table}" AS t ON t."{geometry}" && ST_MakeEnvelope(CAST(s.v ->> 0 AS float8),
CAST(s.v ->> 1 AS float8), CAST(s.v ->> 2 AS float8), CAST(s.v ->> 3 AS float8), 27700)
AND t."{at}" >= CAST(s.v ->> 4 AS timestamptz) AND t."{at}" <= CAST(s.v ->> 5 AS timestamptz))"""


@compiles(meets_any, "sqlite")
def _by_rtree(element: meets_any, compiler: Any, **kw: Any) -> str:
    return _met(_MEETS_SQLITE, element, compiler, kw)


@compiles(meets_any, "postgresql")
def _by_gist(element: meets_any, compiler: Any, **kw: Any) -> str:
    return _met(_MEETS_POSTGIS, element, compiler, kw)


def _met(statement: str, element: meets_any, compiler: Any, kw: dict[str, Any]) -> str:
    geometry, at, stays = list(element.clauses)
    table = geometry.table
    name = getattr(table, "element", table).name
    return statement.format(
        key=compiler.process(next(iter(table.primary_key)), **kw),
        stays=compiler.process(stays, **kw),
        rtree=rtree_name(name, geometry.name),
        table=name,
        geometry=geometry.name,
        at=at.name,
    )
