"""Whether imported actions fit each other: one act, one route, and a warning before a notice."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from geodata.core.vocabulary import ACTION_WORDS, ActionKind
from geodata.enforcement import actions
from geodata.enforcement.actions import SAME_ACT_M, SAME_ACT_TIME
from geodata.importers.parsed import Parsed
from geodata.rules.council import rulebook
from geodata.rules.days import local_day
from geodata.rules.enforcement.routes import UNDONE
from geodata.rules.enforcement.warnings import Warned, counting_warning
from geodata.rules.tables import RuleBook

Record = dict[str, Any]
_FOLLOWS = {ActionKind.CPN: ActionKind.CPW, ActionKind.CPN_FPN: ActionKind.CPN}
"""Steps of the ladder that need the one before."""
_SAY_WHY = "one act, one route. Take one out, or say in a column other_act_reason why it is another"


def refuse_second_routes(parsed: Parsed) -> None:
    """Refuse a row about an act that another row, or the store, deals with otherwise.

    A row that says why it is another act is taken. Two notices of one kind are two people's,
    unless both name the same one; where one names nobody, a warning says so.
    """
    rules = rulebook(parsed.session)
    rows = [row for row in _good(parsed) if _is_exclusive(rules, row) and not _is_undone(row)]
    rows.sort(key=lambda row: row["offence_at"])
    unnamed: list[int] = []
    for at, row in enumerate(rows):
        if row["other_act_reason"]:
            continue
        others = [*_earlier_rows(rows, at), *_stored(parsed, rules, row)]
        twins = [words for words, kind, ref in others if _is_same_act(row, kind, ref)]
        if twins:
            marked = parsed.rows.index == row["row"]
            parsed.refuse(marked, "kind", f"may be the same act as {twins[0]}: {_SAY_WHY}")
        elif any(row["recipient_ref"] is None or ref is None for _, _, ref in others):
            unnamed.append(row["row"])
    _tell_of_unnamed(parsed, unnamed)


def _tell_of_unnamed(parsed: Parsed, rows: list[int]) -> None:
    """Warn of rows that may be two people's notices, or one act twice: nobody is named."""
    if rows:
        parsed.warnings.append(
            f"{len(rows)} notices lie at the place and time of another of their kind, and no "
            "recipient_ref tells whether they are two people's: one act, one route. Row "
            f"{rows[0]} is the first"
        )


def _good(parsed: Parsed) -> list[Record]:
    """Rows without a problem, with their numbers."""
    bad = {problem.row for problem in parsed.problems}
    records = parsed.columns.to_dict("records")
    numbered = zip(parsed.rows.index, records, strict=True)
    return [{"row": int(n), **record} for n, record in numbered if int(n) not in bad]


def _is_exclusive(rules: RuleBook, row: Record) -> bool:
    power = rules["powers"].on(local_day(row["offence_at"].to_pydatetime(warn=False)), row["kind"])
    return power is not None and bool(power["exclusive"])


def _is_undone(row: Record) -> bool:
    return row["state"] in {state.value for state in UNDONE}


def _earlier_rows(rows: list[Record], at: int) -> Iterator[tuple[str, str, str | None]]:
    """Rows of the file near in time and place, before this one: words, kind and recipient."""
    row = rows[at]
    for other in reversed(rows[:at]):
        if row["offence_at"] - other["offence_at"] > SAME_ACT_TIME:
            return
        if other["geometry"].distance(row["geometry"]) <= SAME_ACT_M:
            yield f"row {other['row']}", other["kind"], other["recipient_ref"]


def _stored(parsed: Parsed, rules: RuleBook, row: Record) -> Iterator[tuple[str, str, str | None]]:
    """The same of the store; a row of this very file that went in before is no second act."""
    moment = row["offence_at"].to_pydatetime(warn=False)
    for action, state in actions.near_act(parsed.session, moment, row["geometry"]):
        power = rules["powers"].on(local_day(action.offence_at), action.kind)
        is_itself = action.fingerprint == row["fingerprint"]
        if power is not None and power["exclusive"] and state not in UNDONE and not is_itself:
            words = ACTION_WORDS[ActionKind(action.kind)]
            yield f"{words} {action.reference}", action.kind, action.recipient_ref


def _is_same_act(row: Record, kind: str, recipient_ref: str | None) -> bool:
    is_same_person = row["recipient_ref"] is not None and row["recipient_ref"] == recipient_ref
    return kind != row["kind"] or is_same_person


def refuse_unwarned(parsed: Parsed) -> None:
    """Refuse a notice (CPN) that no warning to the same person for the same conduct precedes."""
    rules, rows = rulebook(parsed.session), _good(parsed)
    standing = [row for row in rows if not _is_undone(row)]
    for row in rows:
        if row["kind"] in _FOLLOWS:
            before = _FOLLOWS[row["kind"]]
            warned = [each for each in standing if each["kind"] == before]
            fault = _warning_fault(parsed, rules, row, warned)
            parsed.refuse((parsed.rows.index == row["row"]) & bool(fault), "kind", fault)


def _warning_fault(parsed: Parsed, rules: RuleBook, row: Record, warned: list[Record]) -> str:
    for name, words in (("recipient_ref", "whom it was given to"), ("conduct", "the conduct")):
        if row[name] is None or pd.isna(row[name]):
            return f"a notice needs an earlier warning: fill in {words}, column {name}"
    day = _issued_on(row)
    given = [
        Warned(0, f"of row {other['row']}", _issued_on(other), other["conduct"])
        for other in warned
        if other["recipient_ref"] == row["recipient_ref"]
    ]
    before = _FOLLOWS[row["kind"]]
    given += actions.warnings(parsed.session, row["recipient_ref"], day, before)
    given.sort(key=lambda each: each.issued_on, reverse=True)
    if before == ActionKind.CPN:
        is_there = any(each.conduct == row["conduct"] and each.issued_on <= day for each in given)
        return "" if is_there else "needs an earlier notice (CPN) to the same person for it"
    warning = counting_warning(rules, given, row["conduct"], day)
    return warning if isinstance(warning, str) else ""


def _issued_on(row: Record) -> Any:
    """The day of a row's notice: its own, else the act's."""
    return row["issued_on"] or local_day(row["offence_at"].to_pydatetime(warn=False))
