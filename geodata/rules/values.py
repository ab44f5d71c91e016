"""Whether the values of a new row are such as their table takes."""

from collections.abc import Callable, Mapping
from datetime import time
from typing import Any

from geodata.core.errors import RefusedError
from geodata.rules.tables import RuleField, RuleTable

MOST_HOURS = 1_000


def checked(table: RuleTable, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values, complete and of the right kinds, without optional ones that are empty.

    Raises
    ------
    RefusedError
        One is unknown, missing or of another kind.
    """
    unknown = sorted(set(values) - {field.name for field in table.fields})
    if unknown:
        raise RefusedError(f"{table.title} has no value {', '.join(unknown)}")
    values_checked = {field.name: _checked(field, values.get(field.name)) for field in table.fields}
    return {name: value for name, value in values_checked.items() if value is not None}


def _checked(field: RuleField, value: Any) -> Any:
    if value is None or value in ("", {}):
        if field.is_optional:
            return None
        raise RefusedError(f"{field.label} is empty: fill it in")
    if not _FITS[field.kind](field, value):
        raise RefusedError(f"{field.label} is {_as_written(value)}: {_remedy(field)}")
    return value


def _as_written(value: Any) -> str:
    """A value of a line each as its line, any other as it came."""
    if isinstance(value, dict):
        return "; ".join(f"{name}: {worth}" for name, worth in value.items())
    return repr(value)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31


def _is_time(value: Any) -> bool:
    try:
        return len(value) in {5, 8} and time.fromisoformat(value) is not None
    except (TypeError, ValueError):
        return False


def _is_hours(field: RuleField, value: Any) -> bool:
    return isinstance(value, dict) and all(
        word in field.words and isinstance(hours, int | float) and 0 < hours < MOST_HOURS
        for word, hours in value.items()
    )


def _is_reasons(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(words, str) and code and words.strip() for code, words in value.items()
    )


_FITS: dict[str, Callable[[RuleField, Any], bool]] = {
    "pence": lambda _, value: _is_whole(value),
    "number": lambda _, value: _is_whole(value),
    "numbers": lambda _, value: (
        isinstance(value, list) and bool(value) and all(map(_is_whole, value))
    ),
    "flag": lambda _, value: isinstance(value, bool),
    "time": lambda _, value: _is_time(value),
    "word": lambda field, value: value in field.words,
    "hours": _is_hours,
    "reasons": lambda _, value: _is_reasons(value),
    "text": lambda _, value: isinstance(value, str) and bool(value.strip()),
    "paragraphs": lambda _, value: isinstance(value, str) and bool(value.strip()),
    "sentences": lambda _, value: isinstance(value, str) and bool(value.strip()),
}


def _remedy(field: RuleField) -> str:
    if field.kind == "word":
        return f"choose from {', '.join(field.words)}"
    return {
        "pence": "write a whole number of pence, 0 or more",
        "number": "write a whole number, 0 or more",
        "numbers": "write whole numbers with commas between",
        "flag": "say yes or no",
        "time": "write a time such as 00:01",
        "hours": f"write for each of {', '.join(field.words)} hours above 0",
        "reasons": "write one reason a line",
    }.get(field.kind, "write words")
