"""The rows of a file, each column taken for what it means; those that are here already left out."""

import re
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.core.bulk import narrowed
from geodata.files.columns import heading, match_columns
from geodata.files.problems import Problem
from geodata.files.tables import Table
from geodata.importers.kinds.kind import Kind
from geodata.importers.options import ImportOptions
from geodata.importers.parsed import Parsed
from geodata.importers.when.clocks import CLOCKS, clock_beside
from geodata.importers.where import position_columns
from geodata.importers.where.geometry import take_geometry

LONGEST_REFERENCE = 100
_TOTAL = re.compile(
    r"(?:(?:grand|sub|over ?all)[- ]?)?totals?(?: for .{1,40})?:?|sum:", re.IGNORECASE
)


def checked(
    session: Session, kind: Kind, table: Table, options: ImportOptions, now: datetime
) -> Parsed:
    rows = table.rows.drop(columns=["problem", *options.ignore], errors="ignore")
    fields = (kind.reference, *kind.fields)
    headers = match_columns(list(rows.columns), fields, options.mapping, spare=table.spare)
    _find_pairs(rows, headers, kind)
    read = dict(headers)
    _find_clocks(rows, headers)
    parsed = Parsed(
        rows, headers, session=session, now=now, order=options.dates, utc=frozenset(options.utc)
    )
    parsed.problems += table.problems
    parsed.warnings += table.notes
    parsed.take("external_ref", lambda texts: texts.str[:LONGEST_REFERENCE])
    is_long = parsed.texts("external_ref").str.len() > LONGEST_REFERENCE
    parsed.refuse(is_long, "external_ref", f"is longer than {LONGEST_REFERENCE} characters")
    # Without the clocks found beside days: rows read before these were found stay the same.
    parsed.columns["fingerprint"] = parsed.fingerprints(table.geometry, read)
    take_geometry(parsed, kind, table, crs=options.crs)
    kind.build(parsed)
    _say_formulas(parsed, table)
    if kind.needs_position:
        _say_totals(parsed)
    return parsed


def _find_pairs(rows: pd.DataFrame, headers: dict[str, str], kind: Kind) -> None:
    """Take a column of "51.4, 0.2" for positions, though its name says place or address."""
    fits = any(field.name == "position" for field in kind.fields)
    if not fits or {"position", "wkt", "longitude", "easting"} & set(headers):
        return
    vague = {headers.get("landmark"), headers.get("place")}
    mapped = set(headers.values()) - vague
    pair_header = position_columns.pair_column(rows, [name for name in rows if name not in mapped])
    if pair_header is not None:
        for name in [name for name, header in headers.items() if header == pair_header]:
            del headers[name]
        headers["position"] = pair_header


def _find_clocks(rows: pd.DataFrame, headers: dict[str, str]) -> None:
    """Take "Time cleared" for the clock of "Date cleared", whatever the event is called.

    It is put into ``headers`` by the name of the clock of that field.
    """
    of = {header: field for field, header in headers.items()}
    free = [name for name in rows if of.get(name) in {None, *_MAY_BE_CLOCKS}]
    times = {name: rows[name] for name in free if "time" in heading(str(name)).split()}
    instants = [pair for pair in headers.items() if pair[0].removesuffix("_too").endswith("_at")]
    for field, header in instants if times else []:
        beside = clock_beside(header, times)
        if beside is not None and headers.get(field) == header:
            if beside in of:
                headers.pop(of[beside], None)
            headers[CLOCKS.get(field, f"{field}_time")] = beside


_MAY_BE_CLOCKS = {*CLOCKS.values(), "cleared_at", "cleared_at_too"}
"""Fields whose column may be the clock of another one's: Cleared time, beside Cleared date."""


def _say_totals(parsed: Parsed) -> None:
    """Refuse a row that sums up others by that name, and not for what its empty cells lack."""
    totals = {
        row: cell
        for row, *cell in zip(parsed.rows.index, *_first_filled(parsed.rows), strict=True)
        if _TOTAL.fullmatch(cell[1])
    }
    parsed.problems = [p for p in parsed.problems if p.row not in totals] + [
        Problem(int(row), header, text[:200], "is a total of other rows, and no row of its own")
        for row, (header, text) in totals.items()
    ]


def _first_filled(rows: pd.DataFrame) -> tuple[list[str], list[str]]:
    """The heading and the text of each row's first cell that is not empty, else empty ones."""
    if not len(rows.columns):  # a layer of shapes alone
        return [""] * len(rows), [""] * len(rows)
    cells = rows.to_numpy(dtype=object)
    first = (cells != "").argmax(axis=1)
    headings = np.array([str(heading) for heading in rows.columns], dtype=object)[first]
    return headings.tolist(), cells[np.arange(len(cells)), first].tolist()


def _say_formulas(parsed: Parsed, table: Table) -> None:
    """Say of a row whose formulas have no result that, and not what its empty cells lack."""
    used = set(parsed.headers.values())
    formulas = [problem for problem in table.formulas if problem.column in used]
    rows = {problem.row for problem in formulas}
    parsed.problems = formulas + [p for p in parsed.problems if p.row not in rows]


def without_known(
    session: Session, kind: Kind, good: pd.DataFrame, parsed: Parsed, *, takes_changes: bool
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows that are not here yet, and those whose reference is here with other content.

    The latter are problems, but where the file is of a feed.
    """
    table: Any = kind.model
    known = _here(session, table.fingerprint, good["fingerprint"])
    refs = _here(session, table.external_ref, good["external_ref"])
    is_known = good["fingerprint"].isin(list(known))
    ref = good["external_ref"]
    is_again = ~is_known & ref.notna() & ref.duplicated()
    is_change = ~is_known & ref.isin(list(refs)) & ~is_again & takes_changes
    is_here = ~is_known & ref.isin(list(refs)) & ~is_change & ~(is_again & takes_changes)
    if "reference" in good:
        own = good["reference"]
        is_here |= ~is_known & own.isin(list(_here(session, table.reference, own)))
        is_here &= ~is_change
    is_again &= ~is_here
    for is_such, message in (
        (is_here, "is here already with other content: undo that import, or give another one"),
        (is_again, "stands in an earlier row of this file too: give it another one"),
    ):
        marked = is_such.reindex(parsed.rows.index, fill_value=False)
        parsed.refuse(marked, "external_ref", message)
    return good[~is_known & ~is_here & ~is_again & ~is_change], good[is_change]


def _here(session: Session, column: Any, values: pd.Series) -> set[str]:
    """Those of some values that the store has already."""
    queries = narrowed(select(column), column, set(values.dropna()))
    return {value for query in queries for value in session.scalars(query)}
