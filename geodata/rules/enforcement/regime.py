"""The law on nitrous oxide at the moment of an incident."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from geodata.rules.days import LONDON, date_in_words, local_day
from geodata.rules.tables import Row, RuleBook


@dataclass(frozen=True)
class Regime:
    """What the law said of nitrous oxide. A litter record never calls it a drug offence."""

    code: str
    label: str
    possession_offence: bool


def regime_at(rules: RuleBook, when: date | datetime) -> Regime:
    """The regime of an instant, or of a day whose hour is not known.

    A regime may begin within its first day; a day without an hour counts as wholly in it.

    Examples
    --------
    >>> from geodata.rules.tables import packaged
    >>> regime_at(packaged(), date(2023, 11, 7)).code
    'psa2016'
    >>> regime_at(packaged(), datetime(2023, 11, 8, 0, 0, 59, tzinfo=LONDON)).code
    'psa2016'
    >>> regime_at(packaged(), datetime(2023, 11, 8, 0, 1, tzinfo=LONDON)).code
    'class_c'
    """
    row = regime_row(rules, when)
    return Regime(row["code"], row["label"], row["possession_offence"])


def regime_row(rules: RuleBook, when: date | datetime) -> Row:
    """The same as its row of the table, with its source."""
    table = rules["nitrous_oxide_regime"]
    day = local_day(when)
    row = table.on(day)
    if row is not None and row.valid_from == day and _is_before(when, row["begins_at"]):
        row = table.on(day - timedelta(days=1))
    if row is None:
        raise LookupError(f"no row of the nitrous oxide table holds on {date_in_words(day)}")
    return row


def _is_before(when: date | datetime, begins_at: str | None) -> bool:
    if begins_at is None or not isinstance(when, datetime):
        return False
    return when.astimezone(LONDON).time() < time.fromisoformat(begins_at)
