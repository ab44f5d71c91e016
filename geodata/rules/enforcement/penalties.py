"""What a penalty may be, by the day of the offence; what it is, by the day of issue."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from geodata.core.errors import RefusedError
from geodata.core.vocabulary import ActionKind
from geodata.rules.days import date_in_words
from geodata.rules.enforcement.deadlines import UNREAD_PERIOD
from geodata.rules.tables import Row, RuleBook


@dataclass(frozen=True)
class Band:
    """Pence that the law allows; the last two are None where it names none."""

    min_pence: int
    max_pence: int
    default_pence: int | None
    least_discounted_pence: int | None


@dataclass(frozen=True)
class Amount:
    """What a notice is frozen with when it is issued.

    ``basis`` says whose amount it is: the council's decision, or the law's default. ``unread`` is
    the source of a row that names it and that nobody has read there; empty where somebody has.
    """

    pence: int
    discount_pence: int | None
    discount_days: int | None
    basis: str
    unread: str = ""


def _row(rules: RuleBook, table: str, offence_on: date) -> Row:
    row = rules[table].on(offence_on)
    if row is None:
        words = table.replace("_", " ")
        raise LookupError(f"no row of the {words} table holds on {date_in_words(offence_on)}")
    return row


def _band_row(rules: RuleBook, kind: str, offence_on: date) -> Row | None:
    """The row of the law's table for a kind of action; None where it asks no money."""
    table = _TABLE_OF.get(kind)
    return None if table is None else _row(rules, table, offence_on)


_TABLE_OF: dict[str, str] = {
    ActionKind.LITTER_FPN: "litter_penalty",
    ActionKind.KEEPER_PENALTY: "litter_penalty",
    ActionKind.FLY_TIPPING_FPN: "fly_tipping_penalty",
    ActionKind.PSPO_FPN: "order_penalty",
    ActionKind.CPN_FPN: "notice_breach_penalty",
}


def _band(row: Row) -> Band:
    names = ("min_pence", "max_pence", "default_pence", "least_discounted_pence")
    return Band(*(row[name] for name in names))


def band_of_kind(rules: RuleBook, kind: str, offence_on: date) -> Band | None:
    """The band of a kind of action; None where it asks no money."""
    row = _band_row(rules, kind, offence_on)
    if row is None:
        return None
    if kind in {ActionKind.PSPO_FPN, ActionKind.CPN_FPN}:
        return Band(1, row["max_pence"], None, None)
    return _band(row)


def amount_at_issue(
    rules: RuleBook,
    kind: str,
    *,
    offence_on: date,
    issued_on: date,
    order_pence: int | None = None,
) -> Amount | None:
    """The amount that a notice issued on a day is frozen with; None for a kind without one.

    Parameters
    ----------
    order_pence
        The penalty that the order itself names, for its breach, where the council's table has none.

    Raises
    ------
    RefusedError
        There is no amount, or it lies outside what the law allowed on the day of the offence.
    """
    band = band_of_kind(rules, kind, offence_on)
    if band is None:
        return None
    amount = _council_amount(rules, kind, issued_on) or _fallback(
        kind, band, order_pence, unread_amount(rules, kind, offence_on, issued_on)
    )
    fault = amount_fault(band, amount.pence, amount.discount_pence) or early_fault(
        amount.discount_pence, amount.discount_days
    )
    if fault:
        raise RefusedError(f"{fault}: {amount.basis} cannot be asked for that day")
    return amount


def _council_row(rules: RuleBook, kind: str, issued_on: date) -> Row | None:
    # A keeper pays the litter amount (SI 2018/171).
    key = ActionKind.LITTER_FPN if kind == ActionKind.KEEPER_PENALTY else kind
    return rules["council_amount"].on(issued_on, key)


def _council_amount(rules: RuleBook, kind: str, issued_on: date) -> Amount | None:
    row = _council_row(rules, kind, issued_on)
    if row is None:
        return None
    basis = f"the council's amount ({row['decision']})"
    early = (row["discount_pence"], row["discount_days"])
    return Amount(row["amount_pence"], *early, basis, row.source if row.unverified else "")


def early_mark(rules: RuleBook, kind: str, issued_on: date | None) -> str:
    """What stands beside the last day of an early amount that nobody has read in its source."""
    row = _council_row(rules, kind, issued_on) if issued_on else None
    return UNREAD_PERIOD if row is not None and row.unverified else ""


def unread_amount(rules: RuleBook, kind: str, offence_on: date, issued_on: date | None) -> str:
    """The source of the row that names an amount, where nobody has read it there; else empty.

    An order's own penalty is in no table.
    """
    row = _council_row(rules, kind, issued_on) if issued_on else None
    if row is not None:
        return row.source if row.unverified else ""
    row = _band_row(rules, kind, offence_on)
    if row is None or row["default_pence"] is None:
        return ""
    return "" if row.is_read("default_pence") else row.source


def _fallback(kind: str, band: Band, order_pence: int | None, unread: str) -> Amount:
    if kind == ActionKind.PSPO_FPN:
        if order_pence is None:
            raise RefusedError(
                "neither the council's table nor the order names a penalty for its breach: "
                "an admin enters it under Rules, the council's own amounts"
            )
        return Amount(order_pence, None, None, "the order's own penalty")
    if kind == ActionKind.CPN_FPN:
        raise RefusedError(
            "the council's table names no penalty for breach of a community protection notice: a "
            "manager enters it under Rules, the council's own amounts"
        )
    default = band.default_pence or band.min_pence
    basis = "the law's default, as the council entered no amount"
    return Amount(default, None, None, basis, unread)


def amount_fault(band: Band, pence: int, discount_pence: int | None) -> str:
    """Why an amount cannot stand, empty where it can.

    >>> amount_fault(Band(6500, 15000, 10000, 5000), 40000, None)
    '£400.00 is outside what the law allowed, £65.00 to £150.00'
    """
    if not band.min_pence <= pence <= band.max_pence:
        least = f"{pounds(band.min_pence)} to" if band.min_pence > 1 else "at most"
        allowed = f"{least} {pounds(band.max_pence)}"
        return f"{pounds(pence)} is outside what the law allowed, {allowed}"
    if discount_pence is None:
        return ""
    if discount_pence > pence:
        return f"the early amount {pounds(discount_pence)} is more than {pounds(pence)}"
    if discount_pence < (band.least_discounted_pence or 0):
        least = pounds(band.least_discounted_pence or 0)
        return f"the early amount {pounds(discount_pence)} is under the least, {least}"
    return ""


def order_penalty_fault(rules: RuleBook, pence: int | None, first_day: date) -> str:
    """Why an order that begins on a day cannot name a penalty, empty where it can or names none."""
    band = band_of_kind(rules, ActionKind.PSPO_FPN, first_day)
    return "" if pence is None or band is None else amount_fault(band, pence, None)


def refuse_own_amount(rules: RuleBook, values: Mapping[str, Any], first_day: date) -> None:
    """Refuse what the council cannot set from a day on: no officer is to find it out at issue.

    Raises
    ------
    RefusedError
        It lies outside what the law allows on that day, or its early amount makes no sense.
    """
    discount_pence = values.get("discount_pence")
    fault = early_fault(discount_pence, values.get("discount_days"))
    try:
        band = band_of_kind(rules, values["action"], first_day)
    except LookupError:  # a row that begins before its power: nothing is issued by it then
        band = None
    if band is not None:
        fault = amount_fault(band, values["amount_pence"], discount_pence) or fault
    if fault:
        raise RefusedError(f"{fault}: correct the amounts, or the first day")


def early_fault(discount_pence: int | None, discount_days: int | None) -> str:
    """Why an early amount cannot stand without its days, nor days without it."""
    if discount_days is not None and discount_days < 1:
        return "an early amount is enough for one day at least: enter for how many"
    if (discount_pence is None) == (discount_days is None):
        return ""
    return "an early amount and its number of days go together: enter both or neither"


def pounds(pence: int) -> str:
    """£100.00."""
    return f"£{pence / 100:,.2f}"
