"""Instants in milliseconds within a query, the same on both stores: both keep no finer time."""

from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class milliseconds(FunctionElement[int]):  # noqa: N801
    """Milliseconds since 1970 of an instant, which may not be null."""

    type = BigInteger()
    inherit_cache = True


@compiles(milliseconds, "sqlite")
def _of_text(element: milliseconds, compiler: SQLCompiler, **options: Any) -> str:
    at = compiler.process(element.clauses, **options)
    return f"(CAST(strftime('%s', {at}) AS INTEGER) * 1000 + CAST(substr({at}, 21, 3) AS INTEGER))"


@compiles(milliseconds, "postgresql")
def _of_instant(element: milliseconds, compiler: SQLCompiler, **options: Any) -> str:
    at = compiler.process(element.clauses, **options)
    return f"CAST(extract(epoch FROM {at}) * 1000 AS bigint)"
