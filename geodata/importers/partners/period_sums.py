"""Figures of a quarter or a year beside those of its months: where they say two things."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from geodata.core.vocabulary import Unit
from geodata.importers.parsed import Parsed
from geodata.importers.when.periods import Period
from geodata.models import Observation
from geodata.rules.days import corresponding_day

NAMED = 3
"""So many are named; of more, their number is said."""
YEAR = 12


class Slot(NamedTuple):
    """What a figure is of."""

    key: str
    area_kind: str
    area: str
    first_day: date
    months: int


def name_contradictions(parsed: Parsed, known: Mapping[Slot, Observation]) -> None:
    """A warning of counts in the file that differ from what lies within them, here or there.

    Parts are counted twice by nobody: a comparison takes a year as it was published, else its
    months, else its quarters. Which is right, only the publisher knows.
    """
    bad = {problem.row for problem in parsed.problems}
    rows = parsed.columns[~parsed.columns.index.isin(bad) & (parsed.columns["unit"] == Unit.COUNT)]
    own = {
        Slot(r.key, r.area_kind, r.area, r.first_day, int(r.months)): r.value
        for r in rows.itertuples(index=False)
    }
    names = dict(zip(rows["key"], rows["name"], strict=True))
    figures = {slot: row.value for slot, row in known.items() if slot.key in names} | own
    differing = list(_contradictions(figures, set(own)))
    for slot, parts in differing[:NAMED]:
        parsed.warnings.append(_sentence(names[slot.key], slot, figures[slot], parts))
    if more := len(differing[NAMED:]):
        parsed.warnings.append(f"{more} more figures differ from what their months add up to")


def _contradictions(
    figures: Mapping[Slot, float | None], own: set[Slot]
) -> Iterator[tuple[Slot, float]]:
    """Figures whose months are all here and add up to another number; and that number."""
    for slot, value in figures.items():
        starts = [corresponding_day(slot.first_day, n) for n in range(slot.months)]
        months = [slot._replace(first_day=start, months=1) for start in starts]
        values = [each for month in months if (each := figures.get(month)) is not None]
        is_whole = slot.months > 1 and value is not None and len(values) == slot.months
        if is_whole and sum(values) != value and not own.isdisjoint({slot, *months}):
            yield slot, sum(values)


def _sentence(name: str, slot: Slot, value: float | None, parts: float) -> str:
    last = Period(slot.first_day, slot.months).last_day
    taken = "the figure of the year" if slot.months == YEAR else "the months"
    return (
        f"{name}, {slot.area}, {slot.first_day:%B %Y} to {last:%B %Y} is {value:g}, and its months "
        f"add up to {parts:g}: ask the publisher which is right. Comparisons take {taken}"
    )
