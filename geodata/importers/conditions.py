"""Which rows of a file are meant: ``--where "Category in ('Canisters', 'Gas bottles')"``."""

import re
from collections.abc import Sequence

import pandas as pd

from geodata.files.columns import plain
from geodata.files.problems import FileRefusedError

_FORM = re.compile(
    r"\s*(?P<column>\"[^\"]+\"|.+?)\s*"
    r"(?P<verb>\bnot\s+in\b|\bin\b|\bnot\s+contains\b|\bcontains\b|!=|<>|==?)\s*(?P<values>.+?)\s*",
    re.IGNORECASE | re.DOTALL,
)
_QUOTED = re.compile(r"\s*(?:'((?:[^']|'')*)'|\"([^\"]*)\")\s*(,|$)")
_FORMS = "write Category = 'X', Category in ('X', 'Y'), Category not in ('X') or Title contains 'x'"
SHOWN = 12


def chosen_rows(rows: pd.DataFrame, conditions: Sequence[str]) -> tuple[pd.Series, set[str]]:
    """Whether each row fulfils every condition, and which columns these ask.

    Texts are compared without regard to case and spaces. ``''`` stands for an empty cell.

    Raises
    ------
    FileRefusedError
        A condition has another form, or names a column or a value that the file lacks.
    """
    chosen, headers = pd.Series(True, index=rows.index), set()
    for condition in conditions:
        header, is_such = _judged(rows, condition)
        chosen &= is_such
        headers.add(header)
    if conditions and not chosen.any():
        raise FileRefusedError(f"no row fulfils --where {' and '.join(conditions)}")
    return chosen, headers


def _judged(rows: pd.DataFrame, condition: str) -> tuple[str, pd.Series]:
    match = _FORM.fullmatch(condition)
    if match is None:
        raise FileRefusedError(f"--where {condition!r}: {_FORMS}")
    header = _header(rows, match["column"].strip('"'), condition)
    values, verb = _values(match["values"], condition), match["verb"].lower()
    texts = rows[header].map(_folded)
    if "contains" in verb:
        has = texts.map(lambda text: any(_folded(value) in text for value in values))
    else:
        has = texts.isin([_folded(value) for value in values])
        _refuse_unknown(rows[header], values, condition)
    is_negative = verb.startswith("not") or verb in {"!=", "<>"}
    return header, (~has if is_negative else has).astype(bool)


def _header(rows: pd.DataFrame, name: str, condition: str) -> str:
    fit = [str(h) for h in rows if str(h) == name] or [
        str(h) for h in rows if plain(str(h)) == plain(name)
    ]
    if not fit:
        raise FileRefusedError(
            f"--where {condition!r}: the file has no column {name!r}; it has "
            f"{', '.join(map(str, rows.columns))}"
        )
    return fit[0]


def _values(text: str, condition: str) -> list[str]:
    inner = text[1:-1] if text.startswith("(") and text.endswith(")") else text
    values: list[str] = []
    position = 0
    while position < len(inner):
        match = _QUOTED.match(inner, position)
        if match is None:
            if values or "'" in inner or "," in inner:
                raise FileRefusedError(f"--where {condition!r}: {_FORMS}")
            return [inner.strip()]
        single = match[1]
        values.append(match[2] if single is None else single.replace("''", "'"))
        position = match.end()
    if not values:
        raise FileRefusedError(f"--where {condition!r}: {_FORMS}")
    return values


def _refuse_unknown(texts: pd.Series, values: Sequence[str], condition: str) -> None:
    known = set(texts.map(_folded))
    missing = [value for value in values if _folded(value) not in known]
    if missing:
        raise FileRefusedError(
            f"--where {condition!r}: no row has {missing[0]!r}; the column has {counted(texts)}"
        )


def counted(texts: pd.Series) -> str:
    """The values of a column with how often each stands there, most frequent first."""
    counts = texts.value_counts(sort=False)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))
    shown = [f"{value or '(empty)'} ({n})" for value, n in ordered[:SHOWN]]
    more = len(ordered) - SHOWN
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def any_of(header: str, values: Sequence[str]) -> str:
    """The option that takes rows with one of these values, to be pasted into a shell."""
    quoted = ", ".join("'" + value.replace("'", "''") + "'" for value in values)
    return f'--where "{header} in ({quoted})"'


def _folded(text: str) -> str:
    return " ".join(str(text).split()).casefold()
