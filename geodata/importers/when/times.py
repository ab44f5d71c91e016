"""Dates and times as people write them. An order of day and month is never guessed."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from geodata.files.columns import plain
from geodata.files.problems import FileRefusedError
from geodata.importers.when.clocks import LONGEST
from geodata.importers.when.time_forms import ISO, MONTHS, NAMED, NUMERIC, in_a_known_form
from geodata.importers.when.time_numbers import written_out
from geodata.importers.when.when_names import UTC_HEADERS

Order = Literal["dmy", "mdy"]
LONDON = "Europe/London"
_ZONES = {"Z": 0, "UTC": 0, "GMT": 0, "BST": 60}


@dataclass(frozen=True)
class Times:
    """A column of instants, and which of them London's clock does not tell for certain.

    Attributes
    ----------
    instants
        UTC; NaT where a text is empty or cannot be read.
    is_twice, is_never
        Whether the clock showed this time twice that night, or left it out.
    is_zoned
        Whether the text, or the column's name, says its zone.
    """

    instants: pd.Series
    is_twice: pd.Series
    is_never: pd.Series
    is_zoned: pd.Series


def read_times(
    texts: pd.Series, *, column: str, order: Order | None = None, is_utc: bool = False
) -> Times:
    """Instants that a column tells.

    Parameters
    ----------
    texts
        ISO (2026-11-23, 2026-11-23T18:05Z, 20261123), British (23/11/2026 18:05, 23-Nov-26,
        6.05pm), with the month's name first, or, with ``order="mdy"``, American; or all of them
        numbers as ``time_numbers`` has them. 24:00 ends its day. A year of two digits is of this
        century. Without a zone they are London's clock; in the hour that the clocks go back over,
        the earlier of the two is taken, and a time that they skip is moved to the end of the gap.
    column
        The file's name of the column, for the message; with the word UTC in it, the clock of
        the times without a zone.
    order
        Of day and month in dates such as 03/04/2026; None finds it in the column itself.

    Raises
    ------
    FileRefusedError
        No value of the column tells day from month, or two values tell differently.
    """
    texts = texts.fillna("").astype(str).str.strip()
    if (texts == "").all():
        return _no_times(texts.index)
    texts = texts.where(texts.str.len() <= LONGEST, "too long for a date")
    texts = written_out(texts)
    which, _ = pd.factorize(texts)  # a column repeats its days, and an empty one itself
    once = _read_each(texts[~texts.duplicated()], column, order, is_utc=is_utc or says_utc(column))
    return Times(*(part.iloc[which].set_axis(texts.index) for part in once))


def _no_times(rows: pd.Index) -> Times:
    """Of an empty column, as most of a file's optional ones are."""
    nothing = pd.Series(pd.NaT, index=rows, dtype="datetime64[us, UTC]")
    never = pd.Series(False, index=rows)
    return Times(nothing, never, never, never)


def _read_each(
    texts: pd.Series, column: str, order: Order | None, *, is_utc: bool
) -> tuple[pd.Series, pd.Series, pd.Series, pd.Series]:
    parts = _fields(in_a_known_form(texts), column, order)
    naive = _assembled(parts)
    zone = _offset_min(parts["zone"])
    if is_utc:
        zone = zone.fillna(0)
    aware = (naive - pd.to_timedelta(zone, unit="min")).dt.tz_localize("UTC")
    local = naive.where(zone.isna())
    first, second = (
        _on_londons_clock(local, is_summer=True),
        _on_londons_clock(local, is_summer=False),
    )
    return (
        aware.where(zone.notna(), first.dt.tz_convert("UTC")),
        local.notna() & (first != second),
        local.notna() & (first.dt.tz_localize(None) != local),
        zone.notna() & naive.notna(),
    )


def says_utc(header: str) -> bool:
    """Whether a column's name says whose clock its times are of: Created (UTC)."""
    return "utc" in plain(header).split() or header in UTC_HEADERS


def _on_londons_clock(local: pd.Series, *, is_summer: bool) -> pd.Series:
    which = np.full(len(local), is_summer)
    return local.dt.tz_localize(LONDON, ambiguous=which, nonexistent="shift_forward")


def _fields(texts: pd.Series, column: str, order: Order | None) -> pd.DataFrame:
    iso, rest = _of_form(texts, ISO)
    named, rest = _of_form(rest, NAMED)
    numeric, _ = _of_form(rest, NUMERIC)
    named = named.assign(
        month=named["name"].str.lower().map(MONTHS), year=named["year"].str.strip("'")
    )
    if len(numeric):
        field_order = order or _order_of(numeric, column)
        if order is None:
            _refuse_half_converted(iso, numeric, column, field_order)
        day, month = ("first", "second_part") if field_order == "dmy" else ("second_part", "first")
        numeric = numeric.assign(day=numeric[day], month=numeric[month])
    names = ["year", "month", "day", "hour", "minute", "second", "fraction", "half", "zone"]
    read = [part.reindex(columns=names).astype(object) for part in (iso, named, numeric)]
    return pd.concat(read).reindex(texts.index)


def _of_form(texts: pd.Series, form: str) -> tuple[pd.DataFrame, pd.Series]:
    """The parts of those texts that have a form, and the texts that have not."""
    parts = texts.str.extract(form)
    has_form = parts["year"].notna()
    return parts[has_form], texts[~has_form]


def _order_of(numeric: pd.DataFrame, column: str) -> Order:
    first = pd.to_numeric(numeric["first"])
    second = pd.to_numeric(numeric["second_part"])
    day_first, month_first = first > 12, second > 12
    if day_first.any() and month_first.any():
        raise FileRefusedError(
            f"column {column!r} mixes day/month and month/day: rows {day_first.idxmax()} and "
            f"{month_first.idxmax()} contradict each other; write all dates in one way"
        )
    if not day_first.any() and not month_first.any():
        raise FileRefusedError(
            f"column {column!r} does not tell whether the day or the month comes first: "
            "write the months as words or the dates as 2026-11-23",
            in_shell="or give --dates dmy (British) or --dates mdy (American)",
        )
    return "dmy" if day_first.any() else "mdy"


def _refuse_half_converted(
    iso: pd.DataFrame, numeric: pd.DataFrame, column: str, order: Order
) -> None:
    """Refuse a column whose days up to 12 a spreadsheet of the other country turned into dates."""
    cells = iso[iso["zone"].isna()]
    parts = numeric[["first", "second_part"]].apply(pd.to_numeric)
    only_sure = (parts.max(axis=1) > 12).all()
    if cells.empty or not only_sure or not (pd.to_numeric(cells["day"]) <= 12).all():
        return
    year, month, day = cells.iloc[0][["year", "month", "day"]]
    stands = f"{year}-{int(month):02}-{int(day):02}"
    swapped = f"{year}-{int(day):02}-{int(month):02}"
    raise FileRefusedError(
        f"column {column!r} looks half converted by a spreadsheet: its texts (row "
        f"{numeric.index[0]}) all have days after the 12th and its dates none, so row "
        f"{cells.index[0]} may be {stands} or {swapped}: take the file as it was before the "
        "spreadsheet opened it",
        in_shell=f"or give --dates {order} if {stands} is right",
    )


def _assembled(parts: pd.DataFrame) -> pd.Series:
    number = parts[["year", "month", "day", "hour", "minute", "second"]].apply(pd.to_numeric)
    is_short = parts["year"].astype(object).fillna("").str.len() == 2
    year = number["year"].mask(is_short, number["year"] + 2000)
    hour = number["hour"].fillna(0)
    half = parts["half"].astype(object).fillna("").astype(str).str.lower().str[:1]
    hour = hour.mask((half == "p") & (hour < 12), hour + 12).mask((half == "a") & (hour == 12), 0)
    is_end = _is_days_end(parts)
    hour = hour.mask(is_end, 0)
    parts_of_time = pd.DataFrame(
        {
            "year": year,
            "month": number["month"],
            "day": number["day"],
            "hour": hour,
            "minute": number["minute"].fillna(0),
            "second": number["second"].fillna(0),
            "us": _microseconds(parts["fraction"]),
        }
    )
    is_half_day = (half == "") | number["hour"].between(1, 12) | ((half == "p") & (hour > 12))
    on_a_clock = (
        is_half_day
        & (number["hour"].isna() | number["minute"].notna() | (half != ""))
        & (parts_of_time["hour"] < 24)
        & (parts_of_time["minute"] < 60)
        & (parts_of_time["second"] < 60)
    )
    at = pd.to_datetime(parts_of_time.where(on_a_clock), errors="coerce").astype("datetime64[us]")
    return at.mask(is_end, at + pd.Timedelta(days=1))


def _is_days_end(parts: pd.DataFrame) -> pd.Series:
    """Whether each time is 24:00, by ISO 8601 the midnight that ends its day."""
    number = parts[["hour", "minute", "second"]].apply(pd.to_numeric)
    is_whole = (number["minute"] == 0) & number["second"].fillna(0).eq(0)
    is_bare = parts["half"].isna() & _microseconds(parts["fraction"]).eq(0)
    return (number["hour"] == 24) & is_whole & is_bare


def _microseconds(fraction: pd.Series) -> pd.Series:
    """Of the digits behind a second's point."""
    return fraction.astype(object).fillna("0").str.ljust(6, "0").str[:6].astype(int)


def _offset_min(zone: pd.Series) -> pd.Series:
    zone = zone.astype(object)
    named = zone.map(_ZONES)
    signed = zone.astype(str).str.extract(r"^([+-])(\d{2}):?(\d{2})$")
    minutes = pd.to_numeric(signed[1]) * 60 + pd.to_numeric(signed[2])
    return named.astype(float).fillna(minutes * signed[0].map({"+": 1, "-": -1}).astype(float))
