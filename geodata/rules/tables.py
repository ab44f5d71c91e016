"""Dated tables: what held on a day, from which source, and whether that was verified."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class RuleField:
    """One value that each row of a table has.

    Attributes
    ----------
    kind
        ``pence``, ``number``, ``numbers``, ``flag``, ``time`` (HH:MM or HH:MM:SS, London), ``word``
        (one of ``words``), ``hours`` (of each word), ``reasons`` (code to what people read),
        ``text``, ``sentences`` (a longer one), or ``paragraphs`` with blank lines between them.
    """

    name: str
    label: str
    kind: str
    words: tuple[str, ...] = ()
    is_optional: bool = False


@dataclass(frozen=True)
class Row:
    """What holds from a day to a day, both included; None is open.

    Attributes
    ----------
    unverified
        Values that nobody has read in the source itself.
    is_pending
        Enacted, with no day of commencement yet: it holds on no day.
    council_key
        Of a row that the council added; None for one that came with the program.
    """

    valid_from: date | None
    valid_to: date | None
    values: Mapping[str, Any]
    source: str
    unverified: tuple[str, ...] = ()
    is_pending: bool = False
    council_key: int | None = None

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)

    @property
    def is_verified(self) -> bool:
        return not self.unverified

    def is_read(self, name: str) -> bool:
        """Whether somebody has read one of its values in the source itself."""
        return not {name, "all"} & set(self.unverified)

    def holds_on(self, day: date) -> bool:
        return (
            not self.is_pending
            and (self.valid_from is None or self.valid_from <= day)
            and (self.valid_to is None or day <= self.valid_to)
        )


@dataclass(frozen=True)
class RuleTable:
    """Rows of one subject. ``key`` names the value that tells rows of the same days apart."""

    name: str
    title: str
    about: str
    fields: tuple[RuleField, ...]
    rows: tuple[Row, ...]
    key: str | None = None

    def on(self, day: date, key: str | None = None) -> Row | None:
        """The row that holds on a day; the council's newest before one that came packaged."""
        rows = [row for row in self.rows if row.holds_on(day) and self._is(row, key)]
        return max(rows, key=lambda row: row.council_key or 0, default=None)

    def first_day(self, key: str | None = None) -> date | None:
        """The first day that any row holds on; None where one is open at its start, or none is."""
        starts = [row.valid_from for row in self.rows if not row.is_pending and self._is(row, key)]
        return min((day for day in starts if day), default=None) if None not in starts else None

    def next_day(self, day: date, key: str | None = None) -> date | None:
        """The first day after ``day`` on which a row begins; None where none is to come."""
        rows = [row for row in self.rows if not row.is_pending and self._is(row, key)]
        starts = [row.valid_from for row in rows if row.valid_from and row.valid_from > day]
        return min(starts, default=None)

    def _is(self, row: Row, key: str | None) -> bool:
        return self.key is None or row[self.key] == key


@dataclass(frozen=True)
class RuleBook:
    """All tables by name."""

    tables: Mapping[str, RuleTable] = field(default_factory=dict)

    def __getitem__(self, name: str) -> RuleTable:
        return self.tables[name]

    def with_rows(self, added: Iterable[tuple[str, Row]]) -> "RuleBook":
        """The same tables with the council's rows, each given with its table's name."""
        tables = dict(self.tables)
        for name, row in added:
            if name in tables:  # a newer program's table: none of ours asks it
                tables[name] = replace(tables[name], rows=(*tables[name].rows, row))
        return RuleBook(tables)


@cache
def packaged() -> RuleBook:
    """The tables as they come with the program, one file of ``data/`` each.

    >>> packaged()["litter_penalty"].on(date(2019, 3, 31))["min_pence"]
    5000
    """
    folder = resources.files("geodata.rules") / "data"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    texts = {name.removesuffix(".toml"): (folder / name).read_text("utf-8") for name in names}
    return RuleBook({name: _table(name, tomllib.loads(text)) for name, text in texts.items()})


def _table(name: str, content: dict[str, Any]) -> RuleTable:
    return RuleTable(
        name,
        content["title"],
        content["about"],
        tuple(_field(key, value) for key, value in content["fields"].items()),
        tuple(_row(row) for row in content.get("rows", [])),
        content.get("key"),
    )


def _field(name: str, record: dict[str, Any]) -> RuleField:
    words = tuple(record.get("words", ()))
    return RuleField(name, record["label"], record["kind"], words, record.get("optional", False))


def _row(record: dict[str, Any]) -> Row:
    return Row(
        record.get("valid_from"),
        record.get("valid_to"),
        record["values"],
        record["source"],
        tuple(record.get("unverified", ())),
        record.get("pending", False),
    )
