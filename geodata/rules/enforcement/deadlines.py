"""The days on which something about a notice ends or begins."""

from dataclasses import dataclass
from datetime import date, timedelta

from geodata.rules.days import (
    corresponding_day,
    date_in_words,
    last_day_beginning_with,
    last_day_following,
)
from geodata.rules.enforcement.offences import is_either_way
from geodata.rules.tables import Row, RuleBook

UNREAD_PERIOD = " (a period that is not verified)"


@dataclass(frozen=True)
class Deadlines:
    """Local days; None where the day that one is counted from was not given."""

    last_day_to_pay: date | None
    earliest_proceedings: date | None
    prosecution_limit: date | None
    """The last day on which proceedings may begin; None where the offence is triable either way."""
    keeper_representations_last_day: date | None
    keeper_last_day_to_give: date
    keeper_last_day_to_pay: date | None


def period_end(rules: RuleBook, code: str, start: date) -> date:
    """The last day of a period of the table that is counted from ``start``."""
    row = _period(rules, code, start)
    length = row["length"][0] * (7 if row["unit"] == "weeks" else 1)
    if row["unit"] == "months":
        end = corresponding_day(start, length)
        return end - timedelta(days=1) if row["counted"] == "beginning_with" else end
    if row["counted"] == "beginning_with":
        return last_day_beginning_with(start, length)
    return last_day_following(start, length)


def period_words(rules: RuleBook, code: str, start: date) -> str:
    """The length of a period of the table that is counted from ``start``, such as 6 months."""
    return length_words(_period(rules, code, start))


def length_words(row: Row) -> str:
    """The length that a row of the table of periods holds, such as 28 days or 1 month."""
    count, unit = row["length"][0], row["unit"]
    return f"1 {unit.removesuffix('s')}" if count == 1 else f"{count} {unit}"


def period_mark(rules: RuleBook, code: str, start: date) -> str:
    """What stands beside a day whose period nobody has read in the law; empty where somebody has.

    >>> from geodata.rules.tables import packaged
    >>> period_mark(packaged(), "keeper_full_payment", date(2026, 6, 1))
    ' (a period that is not verified)'
    """
    row = rules["periods"].on(start, code)
    return UNREAD_PERIOD if row is not None and row.unverified else ""


def _period(rules: RuleBook, code: str, start: date) -> Row:
    row = rules["periods"].on(start, code)
    if row is None:
        raise LookupError(f"no row of the periods table holds for {code} on {date_in_words(start)}")
    return row


def prosecution_limit(rules: RuleBook, offence_on: date) -> date:
    """The last day to begin proceedings: six calendar months from the offence, not the notice.

    >>> from geodata.rules.tables import packaged
    >>> prosecution_limit(packaged(), date(2026, 1, 15))
    datetime.date(2026, 7, 15)
    """
    return period_end(rules, "prosecution", offence_on)


def time_limit(
    rules: RuleBook, kind: str, offence_on: date, offence: str | None = None
) -> date | None:
    """The same for a kind of action, and its offence; None where that is triable either way."""
    power = rules["powers"].on(offence_on, kind)
    if (power is not None and power["is_either_way"]) or is_either_way(rules, offence):
        return None
    return prosecution_limit(rules, offence_on)


def deadlines(
    rules: RuleBook,
    offence_on: date,
    *,
    notice_on: date | None = None,
    given_on: date | None = None,
    offence: str | None = None,
) -> Deadlines:
    """Every deadline that can be reckoned from the days that are known.

    Parameters
    ----------
    offence_on, notice_on, given_on
        Local days of the offence, of the notice's date, and on which a keeper was given it.
    offence
        Its code; None is one that magistrates alone try, such as leaving litter.
    """
    last_to_pay = None if notice_on is None else period_end(rules, "payment", notice_on)
    return Deadlines(
        last_to_pay,
        None if last_to_pay is None else last_to_pay + timedelta(days=1),
        None if is_either_way(rules, offence) else prosecution_limit(rules, offence_on),
        None if given_on is None else period_end(rules, "keeper_representations", given_on),
        period_end(rules, "keeper_service", offence_on),
        None if given_on is None else period_end(rules, "keeper_full_payment", given_on),
    )
