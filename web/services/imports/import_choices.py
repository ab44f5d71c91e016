"""What a person said of a file on its page, and the options that this makes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from geodata.core.errors import RefusedError
from geodata.importers.options import ImportOptions
from geodata.importers.when.times import Order

LONGEST_TEXT = 80
_FEED = re.compile(r"[\w-]{1,40}")


@dataclass(frozen=True)
class Choices:
    """What is said of a file.

    Attributes
    ----------
    fields
        The file's header to our field.
    ignore
        Headers that mean nothing.
    values
        Header to the values of which a row must have one; without them every row is taken.
    dates, crs, layer, profile
        As in ``ImportOptions``; empty where nothing is said.
    feed
        Name of the feed whose whole file it is; empty: of none.
    withdraws_gone
        As in ``ImportOptions``.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    values: Mapping[str, list[str]] = field(default_factory=dict)
    dates: str = ""
    crs: str = ""
    layer: str = ""
    profile: str = ""
    feed: str = ""
    withdraws_gone: bool = False

    def check(self) -> None:
        """Refuse what could not be kept or written down.

        Raises
        ------
        RefusedError
            The name of a feed is no short name, or a text is too long.
        """
        if self.feed and not _FEED.fullmatch(self.feed):
            raise RefusedError(
                f"the feed's name {self.feed[:40]!r}: use up to 40 letters, digits, - and _"
            )
        if max(map(len, (self.crs, self.layer, self.profile))) > LONGEST_TEXT:
            raise RefusedError(f"use no more than {LONGEST_TEXT} letters in a field")
        if self.dates not in {"", "dmy", "mdy"}:
            raise RefusedError(
                f"the order of dates {self.dates[:10]!r}: choose one that is offered"
            )

    def options(self, most_cells: int) -> ImportOptions:
        """The same as options of an import."""
        return ImportOptions(
            mapping=self.fields,
            ignore=self.ignore,
            where=[_condition(header, self.values[header]) for header in self.values],
            dates=cast("Order | None", self.dates or None),
            crs=self.crs or None,
            layer=self.layer or None,
            profile=self.profile or None,
            feed=self.feed,
            withdraws_gone=self.withdraws_gone,
            most_cells=most_cells,
        )


def choices_of(document: Mapping[str, Any]) -> Choices:
    """Choices as they were kept."""
    return Choices(**{**document, "ignore": tuple(document["ignore"])})


def _condition(header: str, values: list[str]) -> str:
    quoted = ", ".join("'" + value.replace("'", "''") + "'" for value in values)
    return f'"{header}" in ({quoted})'
