"""The tables of a year's releases put together: added up where that is right, else listed.

Each kind of table says how it is combined, and a sentence says so to the reader. A table that no
rule knows is listed release by release, so that none is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from web.services.committee.document import Block, Document, Paragraph, Table
from web.services.committee.narrative import FOLLOWED_CAPTION, RECOMMENDED_CAPTION, SWOT_CAPTION
from web.services.committee.released_figures import DEFINITIONS, PROVENANCE
from web.services.committee.sections import (
    at_a_glance,
    clearance_promise,
    enforcement_counts,
    hotspot_list,
    partnership_section,
    trend_charts,
    work_done,
)
from web.services.committee.sections.small_counts import TOO_FEW

NOT_SUMMED = "Not shown"
YEARLY = (
    "These are twelve months up to the end of a release, and those of two releases overlap: they "
    "are not added up. The last release has those of the year."
)
RELEASED_ONCE = "A calendar year is released once, whatever the days of a report: the last one's."
PLACES = (
    "A place may stand in several releases, and its twelve months overlap: neither places nor "
    "incidents are added up."
)
LISTED = "Each is named once, however many releases name it."
EFFECTS = "Each is as the last release judged it that did: before and after are not added up."
ADDED = "Columns are added up by row."
HIDDEN = (
    "Columns are added up by row. Where a release shows no number there is no sum, so that nobody "
    "can work it out."
)
UNKNOWN = "It is given release by release, for it is not known to add up."
ELSEWHERE = frozenset(
    {
        clearance_promise.CAPTION,  # added up in a section of its own
        DEFINITIONS,
        PROVENANCE,
        hotspot_list.CLASSES,
        RECOMMENDED_CAPTION,
        FOLLOWED_CAPTION,
        SWOT_CAPTION,
        "Key to the map",
    }
)
"""Tables that are no figures, or stand elsewhere in the annual report."""


@dataclass(frozen=True)
class Part:
    """A release in words ("1 April 2026 to 30 September 2026") and its document."""

    days: str
    paper: Document


_Combine = Callable[[str, Sequence[tuple[str, Table]]], tuple[list[Table], str]]


def combined(parts: Sequence[Part]) -> Iterator[Block]:
    """How the tables are put together, then each that the releases have, in their order."""
    ways: dict[str, list[str]] = {}
    year: list[Table] = []
    for caption in _captions(parts):
        known = [(part.days, table) for part in parts for table in _tables(part, caption)]
        tables, how = COMBINED.get(caption, _one_by_one)(caption, known)
        ways.setdefault(how, []).append(caption)
        year += tables
    for how, captions in ways.items():
        yield Paragraph(how, f"{'; '.join(captions)}.")
    yield from year


def _captions(parts: Sequence[Part]) -> list[str]:
    """Of all releases, those of the newest in its order, with none twice."""
    seen = [
        block.caption
        for part in reversed(parts)
        for block in part.paper.blocks
        if isinstance(block, Table) and block.caption not in ELSEWHERE
    ]
    return list(dict.fromkeys(seen))


def _tables(part: Part, caption: str) -> list[Table]:
    return [b for b in part.paper.blocks if isinstance(b, Table) and b.caption == caption]


def _last(caption: str, held: Sequence[tuple[str, Table]]) -> tuple[list[Table], str]:
    days, table = held[-1]
    return [replace(table, caption=f"{caption}, as released for {days}")], YEARLY


def _last_years(caption: str, held: Sequence[tuple[str, Table]]) -> tuple[list[Table], str]:
    days, table = held[-1]
    return [replace(table, caption=f"{caption}, in the release for {days}")], RELEASED_ONCE


def _united(caption: str, held: Sequence[tuple[str, Table]]) -> tuple[list[Table], str]:
    rows = dict.fromkeys(row for _, table in held for row in table.rows)
    named = tuple(row for row in rows if any(row[1:])) or held[0][1].rows
    return [replace(held[-1][1], caption=f"{caption}, of the year", rows=named)], LISTED


def _newest_of_each(caption: str, held: Sequence[tuple[str, Table]]) -> tuple[list[Table], str]:
    newest = {row[0]: row for _, table in held for row in table.rows}
    rows = tuple(newest.values())
    return [replace(held[-1][1], caption=f"{caption}, of the year", rows=rows)], EFFECTS


def _added(caption: str, held: Sequence[tuple[str, Table]]) -> tuple[list[Table], str]:
    """Rows of one head are one row, with a column for each of theirs, and their sum."""
    columns = [(n, name) for n, (_, table) in enumerate(held) for name in table.columns[1:]]
    cells: dict[str, dict[tuple[int, str], str]] = {}
    for n, (_, table) in enumerate(held):
        for row in table.rows:
            values = dict(zip(((n, name) for name in table.columns[1:]), row[1:], strict=True))
            cells.setdefault(row[0], {}).update(values)
    is_hidden = any(TOO_FEW in row for _, table in held for row in table.rows)
    rows = tuple(
        _sum_row(head, known, columns, is_hidden=is_hidden) for head, known in cells.items()
    )
    share = 0.66 / (len(columns) + 1)
    table = Table(
        f"{caption}, of the year",
        (held[0][1].columns[0], *(name for _, name in columns), "The year"),
        _sums_last(rows),
        (0.34, *(share for _ in columns), share),
        tuple(range(1, len(columns) + 2)),
    )
    return [table], HIDDEN if is_hidden else ADDED


def _sum_row(
    head: str,
    known: Mapping[tuple[int, str], str],
    columns: Sequence[tuple[int, str]],
    *,
    is_hidden: bool,
) -> tuple[str, ...]:
    """A row that a release lacks is in its "all other": none of it, or too few to show."""
    shown = [known.get(column, TOO_FEW if is_hidden else "0") for column in columns]
    numbers = [cell.replace(",", "") for cell in shown]
    total = f"{sum(map(int, numbers)):,}" if all(n.isdigit() for n in numbers) else NOT_SUMMED
    return (head, *shown, total)


def _sums_last(rows: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    """What is not of one ward stands below those that are, as in each release."""
    below = enforcement_counts.BELOW
    return tuple(sorted(rows, key=lambda row: below.index(row[0]) + 1 if row[0] in below else 0))


def _places(caption: str, held: Sequence[tuple[str, Table]]) -> tuple[list[Table], str]:
    """Class and incidents of each place by release; "Not listed" where it was none."""
    by_place: dict[str, dict[str, str]] = {}
    for days, table in held:
        for row in table.rows:
            by_place.setdefault(row[1], {})[days] = f"{row[2]}, {row[3]} in twelve months"
    spans = [days for days, _ in held]
    rows = tuple(
        (place, *(known.get(days, "Not listed") for days in spans))
        for place, known in by_place.items()
    )
    share = 0.7 / len(spans)
    columns = ("Place", *spans)
    return [Table("Hotspots by release", columns, rows, (0.3, *(share for _ in spans)))], PLACES


def _one_by_one(caption: str, held: Sequence[tuple[str, Table]]) -> tuple[list[Table], str]:
    return [replace(table, caption=f"{caption} ({days})") for days, table in held], UNKNOWN


COMBINED: Mapping[str, _Combine] = {
    at_a_glance.CAPTION: _last,
    hotspot_list.CAPTION: _places,
    work_done.COUNTS: _last,
    work_done.NAMED: _united,
    work_done.EFFECTS: _newest_of_each,
    **dict.fromkeys(enforcement_counts.KINDS, _added),
    enforcement_counts.LADDER: _added,
    enforcement_counts.RELEASED: _last_years,
    enforcement_counts.ORDERS: _united,
    partnership_section.PARTNERS: _last,
    partnership_section.OWN: _last,
    partnership_section.PEOPLE: _last,
    trend_charts.CLEARANCE_NUMBERS: _last,
    trend_charts.INCIDENT_NUMBERS: _last,
}
