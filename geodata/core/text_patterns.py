"""Texts that match a pattern with wildcards, upper and lower case apart, in both stores."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Boolean, String, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

ANY, ONE = "%", "_"
_GLOB = {"*": "[*]", "?": "[?]", "[": "[[]"}


class matches_pattern(FunctionElement[bool]):  # noqa: N801 - reads as a SQL function
    """Whether a text is as a pattern says: ``%`` any signs, ``_`` one, after a backslash itself.

    SQLite's own LIKE does not tell ``a`` from ``A``: its GLOB does, and writes wildcards otherwise.
    """

    type = Boolean()
    inherit_cache = True
    name = "matches_pattern"
    _is_implicitly_boolean = True

    def __init__(self, column: Any, pattern: str) -> None:
        signs = list(_signs(pattern))
        like, glob = "".join(map(_like, signs)), "".join(map(_glob, signs))
        super().__init__(column, literal(like, String), literal(glob, String))


@compiles(matches_pattern, "sqlite")
def _sqlite(element: matches_pattern, compiler: Any, **kw: Any) -> str:
    column, _, glob = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"({column} GLOB {glob})"


@compiles(matches_pattern, "postgresql")
def _postgresql(element: matches_pattern, compiler: Any, **kw: Any) -> str:
    column, like, _ = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"({column} LIKE {like})"


def _signs(pattern: str) -> Iterator[tuple[str, bool]]:
    """Each sign of a pattern, and whether it is a wildcard; a last backslash means itself.

    >>> list(_signs(r"a%\\%"))
    [('a', False), ('%', True), ('%', False)]
    """
    rest = iter(pattern)
    for sign in rest:
        if sign == "\\":
            yield next(rest, sign), False
        else:
            yield sign, sign in {ANY, ONE}


def _like(sign: tuple[str, bool]) -> str:
    text, is_wildcard = sign
    return text if is_wildcard or text not in {ANY, ONE, "\\"} else "\\" + text


def _glob(sign: tuple[str, bool]) -> str:
    text, is_wildcard = sign
    return {ANY: "*", ONE: "?"}[text] if is_wildcard else _GLOB.get(text, text)
