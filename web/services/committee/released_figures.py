"""Every figure of a report with its address: which table, row and column, and what it counts."""

from collections.abc import Iterator
from dataclasses import dataclass

from web.services.committee.document import Document, Table

DEFINITIONS, PROVENANCE = "What is counted", "Where the figures come from"
WORDS = (DEFINITIONS, PROVENANCE, "What the classes mean", "Key to the map")
"""Tables without a figure of their own."""


@dataclass(frozen=True)
class ReportFigure:
    """``address`` is table, row and column; ``definition`` is empty where the method says it."""

    address: tuple[str, str, str]
    value: str
    definition: str

    @property
    def name(self) -> str:
        return " / ".join(self.address)


def figures_of(report: Document) -> list[ReportFigure]:
    """The cells of its tables, in order; of two rows with one head the second has a number."""
    tables = [block for block in report.blocks if isinstance(block, Table)]
    meanings = {
        row[0]: row[1] for table in tables if table.caption == DEFINITIONS for row in table.rows
    }
    return [
        ReportFigure(address, value, meanings.get(address[1].split(". ")[0], ""))
        for table in tables
        if table.caption not in WORDS
        for address, value in _cells(table)
    ]


def _cells(table: Table) -> Iterator[tuple[tuple[str, str, str], str]]:
    seen: dict[str, int] = {}
    for row in table.rows:
        seen[row[0]] = seen.get(row[0], 0) + 1
        head = row[0] if seen[row[0]] == 1 else f"{row[0]} ({seen[row[0]]})"
        for column, cell in zip(table.columns[1:], row[1:], strict=True):
            yield (table.caption, head, column), cell
