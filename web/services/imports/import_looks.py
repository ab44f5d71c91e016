"""What a look at a file showed, kept beside it so that a page can show it without reading again."""

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from geodata.files.problems import Problem
from geodata.importers.previews import ColumnUse
from geodata.importers.reading import ImportResult

MOST_SHOWN = 100
MOST_COLUMNS = 100


@dataclass(frozen=True)
class Looked:
    """What would become of a file, or became of it.

    Attributes
    ----------
    read, accepted, changed, unchanged, rejected, left_out, n_gone, withdrawn
        Rows, as in ``ImportResult``.
    problems, gone
        The first of each.
    columns, readings, first_rows
        As in ``Preview``.
    """

    read: int = 0
    accepted: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    left_out: int = 0
    n_gone: int = 0
    withdrawn: int = 0
    n_problems: int = 0
    gone: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    columns: list[ColumnUse] = field(default_factory=list)
    readings: list[str] = field(default_factory=list)
    first_rows: list[dict[str, str]] = field(default_factory=list)

    @property
    def has_news(self) -> bool:
        """Whether anything would be written."""
        return bool(self.accepted or self.changed or self.withdrawn)

    def document(self) -> dict[str, Any]:
        return asdict(self)


def looked_of(document: dict[str, Any]) -> Looked:
    """A look as it was kept."""
    kept = Looked(**document)
    columns = [
        replace(column, counts=[(value, n) for value, n in column.counts])
        for column in (ColumnUse(**each) for each in document["columns"])
    ]
    return replace(kept, columns=columns, problems=[Problem(**p) for p in document["problems"]])


def look_of(result: ImportResult) -> Looked:
    """What a page shows of a result."""
    preview = result.preview
    return Looked(
        result.read,
        result.accepted,
        result.changed,
        result.unchanged,
        result.rejected,
        result.left_out,
        len(result.gone),
        result.withdrawn,
        len(result.problems),
        list(result.gone[:MOST_SHOWN]),
        result.problems[:MOST_SHOWN],
        [str(warning) for warning in result.warnings[:MOST_SHOWN]],
        preview.columns[:MOST_COLUMNS] if preview else [],
        preview.readings if preview else [],
        preview.first_rows if preview else [],
    )
