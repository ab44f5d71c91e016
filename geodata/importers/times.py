"""Dates and times as people write them. An order of day and month is never guessed."""

from typing import Literal

import numpy as np
import pandas as pd

from geodata.importers.problems import FileRefusedError

Order = Literal["dmy", "mdy"]
LONDON = "Europe/London"
_CLOCK = r"(?:[T ,]+(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:\.\d+)?)?"
_CLOCK += r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?)?\s*(?P<zone>Z|UTC|GMT|BST|[+-]\d{2}:?\d{2})?"
_ISO = rf"^(?P<year>\d{{4}})[-/](?P<month>\d{{1,2}})[-/](?P<day>\d{{1,2}}){_CLOCK}$"
_NUMERIC = (
    rf"^(?P<first>\d{{1,2}})[/.-](?P<second_part>\d{{1,2}})[/.-](?P<year>\d{{2}}|\d{{4}}){_CLOCK}$"
)
_NAMED = (
    rf"^(?:[A-Za-z]{{3,9}},? )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ -](?P<name>[A-Za-z]{{3,9}})"
    rf"[ -](?P<year>\d{{4}}){_CLOCK}$"
)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_ZONES = {"Z": 0, "UTC": 0, "GMT": 0, "BST": 60}


def parse_times(texts: pd.Series, *, column: str, order: Order | None = None) -> pd.Series:
    """Instants in UTC; NaT where a text is empty or cannot be read.

    Parameters
    ----------
    texts
        ISO (2026-11-23, 2026-11-23T18:05Z), British (23/11/2026 18:05, 23 Nov 2026, 6.05pm) or,
        with ``order="mdy"``, American. Without a zone they are London's clock; in the hour that
        the clocks go back over, the earlier of the two is taken.
    column
        The file's name of the column, for the message.
    order
        Of day and month in dates such as 03/04/2026; None finds it in the column itself.

    Raises
    ------
    FileRefusedError
        No value of the column tells day from month, or two values tell differently.
    """
    texts = texts.fillna("").astype(str).str.strip()
    parts = _fields(texts, column, order)
    naive = _assembled(parts)
    zone = _offset_min(parts["zone"])
    aware = (naive - pd.to_timedelta(zone, unit="min")).dt.tz_localize("UTC")
    local = naive.where(zone.isna()).dt.tz_localize(
        LONDON, ambiguous=np.ones(len(naive), dtype=bool), nonexistent="shift_forward"
    )
    return aware.where(zone.notna(), local.dt.tz_convert("UTC"))


def _fields(texts: pd.Series, column: str, order: Order | None) -> pd.DataFrame:
    iso = texts.str.extract(_ISO)
    named = texts.str.extract(_NAMED)
    numeric = texts.str.extract(_NUMERIC)
    month_names = {name: str(number) for number, name in enumerate(_MONTHS, start=1)}
    named["month"] = named["name"].str[:3].str.lower().map(month_names)
    if numeric["first"].notna().any():
        found = order or _order_of(numeric, column)
        day, month = ("first", "second_part") if found == "dmy" else ("second_part", "first")
        numeric = numeric.assign(day=numeric[day], month=numeric[month])
    names = ["year", "month", "day", "hour", "minute", "second", "half", "zone"]
    parts = iso.reindex(columns=names)
    return parts.combine_first(named.reindex(columns=names)).combine_first(
        numeric.reindex(columns=names)
    )


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
            "give --dates dmy (British) or --dates mdy (American)"
        )
    return "dmy" if day_first.any() else "mdy"


def _assembled(parts: pd.DataFrame) -> pd.Series:
    number = parts[["year", "month", "day", "hour", "minute", "second"]].apply(pd.to_numeric)
    year = number["year"].where(number["year"] >= 100, number["year"] + 2000)
    hour = number["hour"].fillna(0)
    half = parts["half"].astype(object).fillna("").astype(str).str.lower().str[:1]
    hour = hour.mask((half == "p") & (hour < 12), hour + 12).mask((half == "a") & (hour == 12), 0)
    whole = pd.DataFrame(
        {
            "year": year,
            "month": number["month"],
            "day": number["day"],
            "hour": hour,
            "minute": number["minute"].fillna(0),
            "second": number["second"].fillna(0),
        }
    )
    on_a_clock = (whole["hour"] < 24) & (whole["minute"] < 60) & (whole["second"] < 60)
    return pd.to_datetime(whole.where(on_a_clock), errors="coerce").astype("datetime64[us]")


def _offset_min(zone: pd.Series) -> pd.Series:
    zone = zone.astype(object)
    named = zone.map(_ZONES)
    signed = zone.astype(str).str.extract(r"^([+-])(\d{2}):?(\d{2})$")
    minutes = pd.to_numeric(signed[1]) * 60 + pd.to_numeric(signed[2])
    return named.astype(float).fillna(minutes * signed[0].map({"+": 1, "-": -1}).astype(float))
