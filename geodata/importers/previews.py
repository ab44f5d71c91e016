"""How a file was understood, to be looked at before it goes in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from geodata.files.columns import heading
from geodata.importers.parsed import Parsed
from geodata.importers.subjects import NAMES
from geodata.importers.when.times import LONDON

_EXAMPLES, _ROWS, _LONGEST = 3, 3, 40
_MOST_CATEGORIES = 40
_SIGNS = "0123456789 .,:/+-"
"""Of numbers, days and times: no words of a category."""
_OWN = {
    "fingerprint",
    "reference",
    "channel",
    "recorded_at",
    "description_state",
    "batch_id",
    "marked",
}


@dataclass(frozen=True)
class ColumnUse:
    """One column of a file.

    Attributes
    ----------
    header
        The file's.
    field
        Ours, empty where the column is dropped.
    examples
        Up to three of its values.
    counts
        How often each value stands there, the most frequent first; empty where it is no column of
        categories.
    is_subject
        Whether it says by its name what a row is about.
    """

    header: str
    field: str
    examples: list[str]
    counts: list[tuple[str, int]]
    is_subject: bool = False


@dataclass(frozen=True)
class Preview:
    """What each column is taken for, how dates and positions were read, and the first rows."""

    columns: list[ColumnUse]
    readings: list[str]
    first_rows: list[dict[str, str]]


def preview_of(parsed: Parsed, outline: Sequence[ColumnUse], rows: pd.DataFrame) -> Preview:
    """The preview of a parsed file.

    Parameters
    ----------
    outline
        Of all its columns, ignored ones too.
    rows
        What is to go in.
    """
    fields = {header: field for field, header in parsed.headers.items()}
    columns = [replace(column, field=fields.get(column.header, "")) for column in outline]
    return Preview(columns, list(_readings(parsed)), [_shown(row) for row in _records(rows)])


def outline_of(rows: pd.DataFrame) -> list[ColumnUse]:
    """The columns of a file, before anything is known of what they mean."""
    return [
        ColumnUse(
            str(header),
            "",
            _examples(rows[header]),
            _counts(rows[header], is_subject=heading(str(header)) in NAMES),
            heading(str(header)) in NAMES,
        )
        for header in rows
    ]


def _examples(texts: pd.Series) -> list[str]:
    return [text[:_LONGEST] for text in texts[texts != ""].unique()[:_EXAMPLES]]


def _counts(texts: pd.Series, *, is_subject: bool) -> list[tuple[str, int]]:
    counts = texts.value_counts(sort=False)
    repeats = 1 < len(counts) <= len(texts) // 2 and counts.idxmax().strip(_SIGNS) != ""
    if len(counts) > _MOST_CATEGORIES or not (is_subject or repeats):
        return []
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))
    return [(str(value), int(n)) for value, n in ordered]


def _readings(parsed: Parsed) -> Iterator[str]:
    """One value of each column of times and of the positions, and what it was taken for."""
    for field, values in parsed.columns.items():
        header = parsed.headers.get(str(field))
        first = values.first_valid_index()
        if header is None or first is None or not isinstance(values.dtype, pd.DatetimeTZDtype):
            continue
        local = values[first].tz_convert(LONDON)
        text = parsed.rows.loc[first, header]
        yield f"{header} {text!r} is {local:%A} {local.day} {local:%B %Y, %H:%M} in London"
    points = parsed.columns.get("geometry", pd.Series(dtype=object)).dropna()
    if len(points) and points.iloc[0].geom_type == "Point":
        point = points.iloc[0]
        where = parsed.position_column or "geometry"
        yield f"{where} of row {points.index[0]} is easting {point.x:.0f}, northing {point.y:.0f}"


def _records(rows: pd.DataFrame) -> list[dict[str, object]]:
    shown = rows.head(_ROWS).drop(columns=[name for name in rows if name in _OWN])
    return [{str(k): v for k, v in record.items()} for record in shown.to_dict("records")]


def _shown(row: dict[str, object]) -> dict[str, str]:
    """A row's values in words, without those that are empty or no."""
    return {name: _words(value) for name, value in row.items() if _says_something(value)}


def _says_something(value: object) -> bool:
    is_missing = value is None or (pd.api.types.is_scalar(value) and pd.isna(value))
    return not is_missing and value is not False


def _words(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return f"{value.tz_convert(LONDON):%Y-%m-%d %H:%M}"
    if getattr(value, "geom_type", "") == "Point":
        return f"{value.x:.0f}, {value.y:.0f}"  # type: ignore[attr-defined]
    return str(value)[:200]
