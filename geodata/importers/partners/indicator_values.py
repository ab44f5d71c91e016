"""The figures of a partner's table, with the publisher's marks read."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from sqlalchemy import select

from geodata.core.vocabulary import Unit
from geodata.importers.parsed import Parsed
from geodata.importers.partners.period_sums import Slot, name_contradictions
from geodata.importers.partners.published_values import PublishedValue, read_value
from geodata.importers.partners.publisher_words import take_publisher_words
from geodata.importers.values import NO_FLAG, parse_flag
from geodata.indicators.indicator_list import by_key
from geodata.models import Observation

SLOT = Slot._fields
_PROVISIONAL = {
    "provisional": True,
    "p": True,
    "final": False,
    "revised": False,
    "confirmed": False,
}


def take_values(parsed: Parsed) -> None:
    """Add ``value``, ``below``, ``is_provisional`` and ``is_break``."""
    texts, units = parsed.texts("value"), parsed.columns["unit"].fillna("")
    pairs = list(zip(texts, units, strict=True))
    read = {pair: read_value(*pair) for pair in set(pairs)}
    faults = pd.Series([read[p] if isinstance(read[p], str) else None for p in pairs], texts.index)
    for message in faults.dropna().unique():
        parsed.refuse(faults == message, "value", message)
    values = [
        v if isinstance(v, PublishedValue) else PublishedValue() for v in map(read.get, pairs)
    ]
    _refuse_fractions(parsed, [v.value for v in values])
    _take_flags(parsed)
    parsed.columns["value"] = pd.Series([v.value for v in values], texts.index, dtype=object)
    parsed.columns["below"] = pd.Series([v.below for v in values], texts.index, dtype=object)
    for flag in ("is_provisional", "is_break"):
        parsed.columns[flag] |= np.array([getattr(v, flag) for v in values], dtype=bool)
    _refuse_twice(parsed)
    known = _known(parsed)
    _refuse_known(parsed, known)
    name_contradictions(parsed, known)


def _refuse_fractions(parsed: Parsed, values: list[float | None]) -> None:
    """An old or binary workbook hands over 0.45 for a cell that shows 45%, and nobody can tell it
    from under half of one percent: the file says which, by the sign."""
    texts, numbers = parsed.texts("value"), pd.Series(values, parsed.rows.index, dtype=float)
    is_percent = (parsed.columns["unit"] == Unit.PERCENT.value) & numbers.notna()
    largest = numbers.where(is_percent).groupby(parsed.columns["key"]).transform("max")
    parsed.refuse(
        is_percent & (largest <= 1) & (numbers > 0) & ~texts.str.contains("%", regex=False),
        "value",
        "is in percent and not above 1, as are all figures of this indicator in the file: a cell "
        "that shows 45% may hold 0.45. Write each with its sign, 45% or 0.45%",
    )


def _take_flags(parsed: Parsed) -> None:
    def provisional_flags(texts: pd.Series) -> pd.Series:
        words = texts.str.lower().map(_PROVISIONAL).astype(object)
        return words.where(words.notna(), parse_flag(texts))

    parsed.take(
        "is_provisional",
        provisional_flags,
        "is neither provisional nor final: write one of them",
        default=False,
    )
    parsed.take("is_break", parse_flag, NO_FLAG, default=False)
    take_publisher_words(parsed, "break_reason", most=200)
    parsed.columns["is_break"] |= parsed.columns["break_reason"].notna()
    for flag in ("is_provisional", "is_break"):
        parsed.columns[flag] = parsed.columns[flag].astype(bool)


def _refuse_twice(parsed: Parsed) -> None:
    """Two figures of one area and period: which is right, only the publisher knows, so that not
    even the first is taken. The same figure again is named once."""
    bad = [problem.row for problem in parsed.problems]  # two unknown areas are not one area
    good = parsed.columns[~parsed.rows.index.isin(bad)]
    figures = good[["value", "below"]].fillna(-1).apply(tuple, axis=1)
    n_figures = figures.groupby([good[name] for name in SLOT]).transform("nunique")
    is_again = good.duplicated(list(SLOT)) | (n_figures > 1)
    parsed.refuse(
        parsed.rows.index.isin(good.index[is_again]),
        "value",
        "is one of several figures of this area and period: keep one of them",
    )


def _refuse_known(parsed: Parsed, known: Mapping[Slot, Observation]) -> None:
    """A figure that is here already with another value stays, unless it was provisional."""
    slots = [Slot(*each) for each in parsed.columns[list(SLOT)].itertuples(index=False, name=None)]
    for row, slot in zip(parsed.rows.index, slots, strict=True):
        here, own = known.get(slot), parsed.columns.loc[row]
        if here is None or here.is_provisional or _same(here, own["value"], own["below"]):
            continue
        parsed.refuse(
            parsed.rows.index == row,
            "value",
            f"is here already as {_written(here)}{_origin(here)}, which was not provisional: if "
            "this is a correction, undo that import first",
        )


def _known(parsed: Parsed) -> dict[Slot, Observation]:
    """The figure that holds of each slot of the file's indicators."""
    ours = {row.id: key for key, row in by_key(parsed.session).items()}
    wanted = set(parsed.columns["key"])
    ids = [id_ for id_, key in ours.items() if key in wanted]
    rows = parsed.session.scalars(
        select(Observation).where(Observation.indicator_id.in_(ids)).order_by(Observation.id)
    )
    return {Slot(ours[r.indicator_id], r.area_kind, r.area, r.first_day, r.months): r for r in rows}


def _same(here: Observation, value: float | None, below: int | None) -> bool:
    return (here.value, here.below) == (value, below)


def _origin(here: Observation) -> str:
    return "" if here.batch_id is None else f" (import {here.batch_id})"


def _written(here: Observation) -> str:
    if here.below:
        return f"<{here.below}"
    return "n/a" if here.value is None else f"{here.value:g}"
