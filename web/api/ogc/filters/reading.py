"""CQL2 as text or JSON into one tree of plain values."""

import re
from typing import Any, Literal

import cql2

from web.api.faults import Fault, FaultError
from web.api.operations import faulty

WHERE = "query.filter"
LONGEST = 4_000
DEEPEST = 30
"""Brackets within each other, and every NOT besides."""
Language = Literal["cql2-text", "cql2-json"]
Tree = Any
"""A value of JSON: an operation is a mapping with ``op`` and ``args``."""
_QUOTED = {
    "cql2-text": re.compile(r"""'(?:[^']|'')*'|"[^"]*\""""),  # a backslash escapes nothing
    "cql2-json": re.compile(r'"(?:[^"\\]|\\.)*"'),
}
_DEEPENS = re.compile(r"\bnot\b|[-+^~]\s*(?=[-+^~])|\^", re.IGNORECASE)


def unfit(what: str) -> FaultError:
    """The refusal of a filter."""
    return faulty([Fault(WHERE, what)])


def read_filter(text: str, language: Language | None) -> Tree:
    """The tree of a filter.

    Raises
    ------
    FaultError
        It is too long or too deep, or it is no CQL2.
    """
    if len(text) > LONGEST:
        raise unfit(f"it has {len(text):,} characters: use {LONGEST:,} at most")
    if _depth(text, language) > DEEPEST:  # first: where it goes deep, the library ends the process
        raise unfit(f"it is nested more than {DEEPEST} deep: write it with fewer brackets and NOTs")
    try:
        read = cql2.parse_json if language == "cql2-json" else cql2.parse_text
        tree: Tree = read(text).to_json()
    except (cql2.ParseError, cql2.ValidationError, ValueError) as error:
        raise unfit(_in_words(str(error), language)) from None
    return tree


def _depth(text: str, language: Language | None) -> int:
    """No less than how deep a filter is nested; quoted by the rules of its language alone."""
    bare = _QUOTED[language or "cql2-text"].sub("''", text)
    depth = deepest = 0
    for sign in bare:
        depth += (sign in "([{") - (sign in ")]}")
        deepest = max(deepest, depth)
    return deepest + len(_DEEPENS.findall(bare))


def _in_words(error: str, language: Language | None) -> str:
    """What the library says, without its drawing of the text."""
    if language == "cql2-json":
        return 'it is no CQL2 in JSON, such as {"op": "=", "args": [{"property": "state"}, "open"]}'
    place = re.search(r"--> 1:(\d+)", error)
    where = f" from character {place[1]} on" if place else ""
    return f"it cannot be read{where}: write it as CQL2, such as state = 'open' AND reports > 2"
