"""Which months a figure is of; one that is half covered is named, not taken for whole."""

import pandas as pd

from geodata.importers.parsed import Parsed
from geodata.importers.partners.published_values import without_footnote
from geodata.importers.when.periods import Period, read_period
from geodata.rules.days import LONDON

_NO_PERIOD = Period(pd.Timestamp(1900, 1, 1).date(), 1)


def take_periods(parsed: Parsed) -> None:
    """Add ``first_day`` and ``months``."""
    parsed.take_name("period")
    texts = parsed.texts("period")
    read = {text: read_period(without_footnote(text)) for text in texts.unique()}
    faults = texts.map(
        {text: reading for text, reading in read.items() if isinstance(reading, str)}
    )
    for message in faults[texts != ""].dropna().unique():
        parsed.refuse((faults == message) & (texts != ""), "period", message)
    periods = [
        reading if isinstance(reading, Period) else _NO_PERIOD for reading in texts.map(read)
    ]
    parsed.columns = parsed.columns.drop(columns="period").assign(
        first_day=[period.first_day for period in periods],
        months=[period.months for period in periods],
    )
    _refuse_half_covered(parsed, pd.Series([p.last_day for p in periods], texts.index))


def _refuse_half_covered(parsed: Parsed, last_day: pd.Series) -> None:
    today = parsed.now.astimezone(LONDON).date()
    parsed.refuse(
        last_day >= today, "period", "is not over yet: a part of a period is no figure of it"
    )
    parsed.take_day("complete_to")
    covered = parsed.columns.pop("complete_to")
    is_short = covered.notna() & (covered.where(covered.notna(), last_day) < last_day)
    parsed.refuse(is_short, "complete_to", "lies before the period's end: it is half covered")
