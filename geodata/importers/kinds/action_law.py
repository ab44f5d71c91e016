"""Whether imported actions were lawful: the power existed, the amount fits, the order held."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from geodata.core.vocabulary import ActionKind, NoticeState
from geodata.enforcement import orders
from geodata.importers.parsed import Parsed
from geodata.rules.council import rulebook
from geodata.rules.days import LONDON, date_in_words, local_day
from geodata.rules.enforcement.offences import OF_ANY_OFFENCE, offences
from geodata.rules.enforcement.order_breach import OrderFacts, order_refusals
from geodata.rules.enforcement.penalties import amount_fault, band_of_kind, early_fault
from geodata.rules.enforcement.prohibitions import Limits
from geodata.rules.enforcement.routes import age_refusals, time_refusals
from geodata.rules.tables import RuleBook

_SECTIONS = {
    "87": "epa1990_s87",
    "67": "asbcpa2014_s67",
    "33": "epa1990_s33",
    "48": "asbcpa2014_s48",
    "171": "si2018_171",
    "88": "epa1990_s87",
    "68": "asbcpa2014_s67",
    "33za": "epa1990_s33",
    "52": "asbcpa2014_s48",
}
"""The section of an offence, and the one under which a penalty is offered for it."""


def offence_codes(texts: pd.Series) -> pd.Series:
    """Our code of an offence, from itself or from the section that it names; None for others.

    "EPA 1990 s.87(1)" and "s88" are epa1990_s87, "s.33ZA" is epa1990_s33.
    """
    return texts.map(_offence_code).astype(object)


def _offence_code(text: str) -> str | None:
    plain = text.strip().lower().replace(" ", "_")
    if plain in _SECTIONS.values():
        return plain
    named = re.search(
        r"(?:^|\b)(?:s|sec|sect|section)\.?\s*(33za|\d{2})\b|2018/(171)\b", text.lower()
    )
    return _SECTIONS.get(named[1] or named[2]) if named else None


def refuse_unlawful(parsed: Parsed) -> None:
    """Add a problem for each row that could not have been lawful.

    Fills in ``order_version_id`` of breaches. Rows that have a problem already are left alone:
    what they say is not known.
    """
    rules = rulebook(parsed.session)
    bad = {problem.row for problem in parsed.problems}
    version_of_row: dict[int, int | None] = {}
    # Row by row: a spreadsheet of penalties has hundreds of rows, each with its own law.
    clocks = _have_hours(parsed)
    for row, columns in zip(parsed.rows.index, parsed.columns.to_dict("records"), strict=True):
        columns["has_hour"] = bool(clocks[row])
        if int(row) not in bad:
            fault, version_of_row[row] = _fault(parsed, rules, columns)
            if fault:
                parsed.refuse(parsed.rows.index == row, *fault)
    parsed.columns["order_version_id"] = pd.Series(
        [version_of_row.get(row) for row in parsed.rows.index],
        index=parsed.rows.index,
        dtype=object,
    )


def _have_hours(parsed: Parsed) -> pd.Series:
    """Whether each row says a time of day; a day alone is read, and kept by Excel, as midnight."""
    local = parsed.columns["offence_at"].dt.tz_convert(LONDON)
    return local != local.dt.normalize()


def _fault(
    parsed: Parsed, rules: RuleBook, row: dict[str, Any]
) -> tuple[tuple[str, str] | None, int | None]:
    """The field and the sentence of what is wrong, and the order's version that was breached."""
    day = local_day(row["offence_at"].to_pydatetime(warn=False))
    fault = _power_fault(rules, row, day) or _day_fault(rules, row, day)
    fault = fault or _amount_fault(rules, row, day)
    if fault or not _is_breach(rules, row):
        return fault, None
    seen = orders.seen_from(parsed.session, row["geometry"], day)
    fault = _breach_fault([there.facts for there in seen], row, day)
    return fault, None if fault else seen[0].version.id


def _breach_fault(
    facts: list[OrderFacts], row: dict[str, Any], day: date
) -> tuple[str, str] | None:
    """Why a row is no breach, or what it must say first where a prohibition is limited."""
    if not row["has_hour"]:
        at_all_hours = [_without_hours(order) for order in facts]
        pairs = zip(facts, at_all_hours, strict=True)
        if any(
            order.holds and order.prohibitions and not kept.prohibitions for order, kept in pairs
        ):
            return "offence_at", _HOUR_NEEDED
        facts = at_all_hours
    refusals = _refusals(facts, row, day, from_vehicle=bool(row["from_vehicle"]))
    if not refusals:
        return None
    if row["from_vehicle"] is None and not _refusals(facts, row, day, from_vehicle=True):
        return "from_vehicle", _VEHICLE_NEEDED
    return "kind", "; ".join(refusals)


def _refusals(
    facts: list[OrderFacts], row: dict[str, Any], day: date, *, from_vehicle: bool
) -> list[str]:
    moment = row["offence_at"].to_pydatetime(warn=False)
    return list(
        order_refusals(facts, day, None, accuracy_m=None, moment=moment, from_vehicle=from_vehicle)
    )


def _without_hours(order: OrderFacts) -> OrderFacts:
    """An order with what it forbids at all hours alone."""
    kept = {
        code: text
        for code, text in order.prohibitions.items()
        if order.limits.get(code, Limits()).begins is None
    }
    return replace(order, prohibitions=kept)


_HOUR_NEEDED = (
    "has no time of day, and the order forbids it at some hours only: write the time (of midnight "
    "itself 00:01)"
)
_VEHICLE_NEEDED = (
    "is empty, and the order forbids it to people with a vehicle only: say in a column "
    "from_vehicle whether there was one, yes or no"
)


def _is_breach(rules: RuleBook, row: dict[str, Any]) -> bool:
    """Whether a row is about the breach of an order, by whatever route."""
    notice = offences(rules).get(_offence(row) or "")
    return ActionKind.PSPO_FPN in (row["kind"], notice)


def _offence(row: dict[str, Any]) -> str | None:
    """What a caution or prosecution is for, where the file says it; its kind says it of others."""
    return row["offence_code"] if row["kind"] in OF_ANY_OFFENCE else None


def _power_fault(rules: RuleBook, row: dict[str, Any], day: date) -> tuple[str, str] | None:
    power = rules["powers"].on(day, row["kind"])
    if power is None:
        first = rules["powers"].first_day(row["kind"])
        began = f", {date_in_words(first)}" if first else ""
        return "offence_at", f"lies before this power existed{began}: check the date"
    code = row["offence_code"]
    if code is not None and power["offence"] is not None and code != power["offence"]:
        return "offence_code", f"is not the offence of {row['kind']}, {power['offence']}"
    too_young = "; ".join(age_refusals(row["age_band"], power))
    return ("age_band", f"{too_young}: check the age") if too_young else None


def _day_fault(rules: RuleBook, row: dict[str, Any], day: date) -> tuple[str, str] | None:
    issued, given = row["issued_on"], row["given_on"]
    if row["kind"] == ActionKind.KEEPER_PENALTY:
        is_draft = row["state"] == NoticeState.DRAFT
        for name, words in (("issued_on", "the date of the notice"), ("given_on", _GIVEN)):
            if row[name] is None and not (is_draft and name == "given_on"):
                return name, f"is empty: a keeper's penalty needs {words}"
    if issued is not None and issued < day:
        return "issued_on", f"lies before the offence, {date_in_words(day)}: check the dates"
    if given is not None and given < (issued or day):
        return "given_on", "lies before the notice: check the dates"
    if row["kind"] == ActionKind.PROSECUTION and issued is None:
        return "issued_on", f"is empty: {_BEGUN}"
    late = "; ".join(
        time_refusals(rules, row["kind"], day, issued or day, given, offence=_offence(row))
    )
    if late and row["kind"] in OF_ANY_OFFENCE and row["offence_code"] is None:
        late += f"; {_EITHER_WAY}"
    return ("issued_on" if given is None else "given_on", f"is too late: {late}") if late else None


_BEGUN = "a prosecution needs the day on which proceedings began, for the law has a last one"
_EITHER_WAY = "fly-tipping (s.33) has no such day: if it is for that, say so in offence_code"
_GIVEN = "the day on which the keeper was given it"


def _amount_fault(rules: RuleBook, row: dict[str, Any], day: date) -> tuple[str, str] | None:
    band = band_of_kind(rules, row["kind"], day)
    if pd.isna(row["amount_pence"]):
        is_whole = pd.isna(row["discount_pence"])
        return None if is_whole else ("amount_pence", "is empty beside an early amount: fill it in")
    if band is None:
        return "amount_pence", f"{row['kind']} asks no money: leave it empty"
    early = None if pd.isna(row["discount_pence"]) else int(row["discount_pence"])
    days = None if pd.isna(row["discount_days"]) else int(row["discount_days"])
    fault = amount_fault(band, int(row["amount_pence"]), early) or early_fault(early, days)
    return ("amount_pence", f"{fault}: check the amount and the date") if fault else None
