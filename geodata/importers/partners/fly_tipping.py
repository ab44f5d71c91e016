"""Defra's tables of fly-tipping, as they are downloaded: each count of a council and year a figure.

The files differ by year: a column for each land type, size and kind of waste, or a row for each.
"""

import re

import pandas as pd

from geodata.core.vocabulary import Disclosure, Polarity, Unit
from geodata.files.columns import match_columns, plain
from geodata.files.problems import FileRefusedError
from geodata.files.tables import Table
from geodata.importers.partners.partner_areas import AREA_FIELDS
from geodata.indicators.areas import Area, called

SOURCE = "Defra, fly-tipping statistics for England (WasteDataFlow)"
DEFINITION = (
    "Incidents of fly-tipping that the council told Defra of for the year, of this kind. What a "
    "private landowner cleared is not in it."
)
HEADINGS = frozenset({"year", "la name", "ons code", "land type", "waste type", "total incidents"})
_OF_KINDS = re.compile(r"(land|waste) types?|sizes?|category|type")
"""Columns whose cells say of what a row's count is."""
_COUNTS = re.compile(r"(land|waste) types? .+|sizes? .+|.*\bincidents\b.*")
_NUMBER = r"[\d,. ]+|[\[(]?[a-z*][\])]?|n/a|\.\.|-|"


def is_fly_tipping(table: Table) -> bool:
    """Whether a table has Defra's columns: a council, a year, and counts of incidents."""
    names = {plain(str(name)) for name in table.rows}
    is_of_councils = {"year"} < names and bool({"la name", "ons code"} & names)
    return is_of_councils and "indicator" not in names and bool(_count_columns(table))


def counted(table: Table, areas: list[Area], coded: dict[str, Area], name: str) -> Table:
    """The long table of such a file: a row a council that is known here, year and kind.

    Raises
    ------
    FileRefusedError
        It holds no council that is known here.
    """
    columns = match_columns([str(column) for column in table.rows], AREA_FIELDS, {})
    known = [
        _is_known(areas, coded, row.get(columns.get("area")), row.get(columns.get("area_code")))
        for row in table.rows.to_dict("records")
    ]
    rows = table.rows[known]
    if rows.empty:
        raise FileRefusedError(
            f"{name} holds no council that is known here: import their populations first "
            "(hotspots import populations)"
        )
    notes = [*table.notes, *_left_out(len(table.rows) - len(rows))]
    year = next(column for column in rows if plain(str(column)) == "year")
    kinds = [column for column in rows if _OF_KINDS.fullmatch(plain(str(column)))]
    parts = [
        pd.DataFrame(
            {
                **{ours: rows[theirs] for ours, theirs in columns.items()},
                "period": rows[year],
                "indicator": [_named(column, kinds, row) for row in rows.to_dict("records")],
                "value": rows[column],
            }
        )
        for column in _count_columns(table)
    ]
    long = pd.concat(parts)
    cells = dict(
        enumerate(
            [(int(row), str(column)) for column in _count_columns(table) for row in rows.index], 2
        )
    )
    long.index = pd.RangeIndex(2, 2 + len(long))
    long = long.assign(
        unit=Unit.COUNT.value,
        polarity=Polarity.LESS.value,
        disclosure=Disclosure.PUBLIC.value,
        source=SOURCE,
        definition=DEFINITION,
    )
    made = frozenset({"value", "indicator", "period"})
    return Table(long.astype(object), cells=cells, cell_columns=made, notes=notes)


def _is_known(
    areas: list[Area], coded: dict[str, Area], name: str | None, code: str | None
) -> bool:
    return bool(called(areas, name or "", None)) or (code or "").strip().upper() in coded


def _left_out(rows: int) -> list[str]:
    if not rows:
        return []
    return [f"{rows} rows of councils that are not known here were left out"]


def _count_columns(table: Table) -> list[str]:
    """Columns of counts: those that are called so and hold numbers, or a publisher's mark."""
    return [
        str(column)
        for column in table.rows
        if _COUNTS.fullmatch(plain(str(column)))
        and table.rows[column].str.fullmatch(_NUMBER, case=False).all()
    ]


def _named(column: str, kinds: list[str], row: dict[str, str]) -> str:
    """An indicator of a column, and of the kind that its row says.

    >>> _named("Incidents", ["Land type"], {"Land type": "Highway"})
    'Fly-tipping, Incidents: Land type Highway'
    """
    of_row = "; ".join(
        row[kind] if plain(kind) in {"category", "type"} else f"{kind} {row[kind]}"
        for kind in kinds
        if row[kind]
    )
    return f"Fly-tipping, {column}" + (f": {of_row}" if of_row else "")
