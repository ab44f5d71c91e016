"""Which months a figure is of; one that is half covered is named, not taken for whole."""

import pandas as pd

from geodata.importers.parsed import Parsed
from geodata.importers.partners.published_values import without_footnote
from geodata.importers.partners.single_days import QUARTER, settle_days
from geodata.importers.when.periods import Period, month_ended, read_period
from geodata.rules.days import LONDON

_NO_PERIOD = Period(pd.Timestamp(1900, 1, 1).date(), 1)


def take_periods(parsed: Parsed) -> None:
    """Add ``first_day`` and ``months``."""
    parsed.take_name("period")
    texts = parsed.texts("period")
    bare = texts.map({text: without_footnote(text) for text in texts.unique()})
    readings = _readings(bare, parsed.columns["key"])
    faults = readings.where(readings.map(lambda reading: isinstance(reading, str)))
    for message in faults[texts != ""].dropna().unique():
        parsed.refuse((faults == message) & (texts != ""), "period", message)
    periods = [reading if isinstance(reading, Period) else _NO_PERIOD for reading in readings]
    _tell_of_quarters(parsed, bare, periods)
    parsed.columns = parsed.columns.drop(columns="period").assign(
        first_day=[period.first_day for period in periods],
        months=[period.months for period in periods],
    )
    _refuse_half_covered(parsed, pd.Series([p.last_day for p in periods], texts.index))


def _readings(texts: pd.Series, keys: pd.Series) -> pd.Series:
    """What each period means, in its series; without one, by itself."""
    read = {text: read_period(text) for text in texts.unique()}
    pairs = pd.DataFrame({"key": keys.fillna(""), "text": texts}).drop_duplicates()
    settled = {
        (key, text): reading
        for key, rows in pairs.groupby("key")["text"]
        for text, reading in settle_days(list(rows), read).items()
    }
    meanings = [settled[pair] for pair in zip(keys.fillna(""), texts, strict=True)]
    return pd.Series(meanings, texts.index, dtype=object)


def _tell_of_quarters(parsed: Parsed, texts: pd.Series, periods: list[Period]) -> None:
    """A day that was taken for a quarter's end is said, since it might be a month's."""
    days = [
        text
        for text, period in zip(texts, periods, strict=True)
        if period.months == QUARTER and month_ended(text) is not None
    ]
    if days:
        parsed.warnings.append(
            f"{days[0]!r} and {len(set(days)) - 1} more days stand for the quarters that end on "
            "them, as the other periods of their series say"
        )


def _refuse_half_covered(parsed: Parsed, last_day: pd.Series) -> None:
    today = parsed.now.astimezone(LONDON).date()
    parsed.refuse(
        last_day >= today, "period", "is not over yet: a part of a period is no figure of it"
    )
    parsed.take_day("complete_to")
    covered = parsed.columns.pop("complete_to")
    is_short = covered.notna() & (covered.where(covered.notna(), last_day) < last_day)
    parsed.refuse(is_short, "complete_to", "lies before the period's end: it is half covered")
