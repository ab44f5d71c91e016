"""Values of a rule's row as people write them, and as they read them again."""

import re
from collections.abc import Callable
from typing import Any

from geodata.core.errors import RefusedError
from geodata.rules.tables import RuleField

LINES = frozenset({"hours", "reasons"})
"""Kinds of which each line of a text is one."""
_REMEDY = {"hours": "write one a line, such as needles: 4", "flag": "write yes or no"}
_AS_THEY_ARE = frozenset({"word", "text", "time", "paragraphs", "sentences"})
_FLAGS = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False, "": False}
_NAME = re.compile(r"[a-z0-9_]{1,40}")


def shown(field: RuleField, value: Any) -> str | bool:
    """A value as a form takes it."""
    if value is None:
        return ""
    if field.kind == "pence":
        return f"{value / 100:.2f}"
    if field.kind == "numbers":
        return ", ".join(map(str, value))
    if field.kind in LINES:
        return "\n".join(f"{name}: {worth}" for name, worth in value.items())
    return bool(value) if field.kind == "flag" else str(value)


def entered(field: RuleField, text: str | bool | None) -> object:
    """A value of the field's kind; what is empty stays so.

    Raises
    ------
    RefusedError
        It cannot be read as its kind.
    """
    if isinstance(text, bool) or field.kind in _AS_THEY_ARE:
        return text
    if not (text or "").strip():
        return _READERS[field.kind]("") if field.kind == "flag" else text
    try:
        return _READERS[field.kind](str(text).strip())
    except (ValueError, KeyError):
        remedy = _REMEDY.get(field.kind, "write a number")
        raise RefusedError(f"{field.label} is {text!r}: {remedy}") from None


def _pence(text: str) -> int:
    pence = float(text.replace("£", "").replace(",", "")) * 100
    if abs(pence - round(pence)) > 1e-6:
        raise ValueError(text)
    return round(pence)


def _hours(text: str) -> dict[str, int | float]:
    hours: dict[str, int | float] = {}
    for line in _lines(text):
        hazard, _, number = line.partition(":")
        each = float(number)
        hours[hazard.strip().lower()] = int(each) if each.is_integer() else each
    return hours


def _reasons(text: str) -> dict[str, str]:
    reasons = {}
    for line in _lines(text):
        before, colon, after = (part.strip() for part in line.partition(":"))
        is_named = bool(colon) and _NAME.fullmatch(before) is not None
        words = " ".join((after if is_named else line).split())
        name = before if is_named else "_".join(re.findall(r"[a-z0-9]+", words.lower()))
        reasons[name[:40]] = words
    return reasons


def _lines(text: str) -> list[str]:
    """A command line has no second line: a semicolon is one."""
    return [line for line in re.split(r"[\n;]", text) if line.strip()]


_READERS: dict[str, Callable[[str], object]] = {
    "pence": _pence,
    "number": int,
    "numbers": lambda text: [int(part) for part in text.split(",")],
    "flag": lambda text: _FLAGS[text.lower()],
    "hours": _hours,
    "reasons": _reasons,
}
