"""Whether imported actions fit each other: one act, one route, and a warning before a notice."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from geodata.core.reasons import reason_fault
from geodata.core.vocabulary import ACTION_WORDS, ActionKind
from geodata.enforcement import actions
from geodata.importers.parsed import Parsed
from geodata.rules.council import rulebook
from geodata.rules.days import local_day
from geodata.rules.enforcement.routes import UNDONE
from geodata.rules.enforcement.same_act import (
    PERSONS_M,
    PERSONS_TIME,
    Pair,
    are_asked_together,
    may_be_one_act,
)
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
    rows = [
        row for row in _good(parsed) if _is_asked(rules, row["kind"], row) and not _is_undone(row)
    ]
    rows.sort(key=lambda row: row["offence_at"])
    unnamed: list[int] = []
    for at, row in enumerate(rows):
        marked = parsed.rows.index == row["row"]
        if row["other_act_reason"]:
            fault = reason_fault(row["other_act_reason"], "such as two people")
            parsed.refuse(marked & bool(fault), "other_act_reason", fault)
            continue
        others = [*_earlier_rows(rows, at), *_stored(parsed, row)]
        alike = [(words, pair) for words, pair in others if _are_asked(rules, row, pair)]
        twins = [words for words, pair in alike if len(set(pair.kinds)) > 1 or pair.is_one_person]
        if twins:
            parsed.refuse(marked, "kind", f"may be the same act as {twins[0]}: {_SAY_WHY}")
        elif alike:
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


def _is_exclusive(rules: RuleBook, kind: str, row: Record) -> bool:
    power = rules["powers"].on(local_day(row["offence_at"].to_pydatetime(warn=False)), kind)
    return power is not None and bool(power["exclusive"])


def _is_asked(rules: RuleBook, kind: str, row: Record) -> bool:
    return kind == ActionKind.CPN or _is_exclusive(rules, kind, row)


def _are_asked(rules: RuleBook, row: Record, pair: Pair) -> bool:
    are_exclusive = all(_is_exclusive(rules, kind, row) for kind in pair.kinds)
    return are_asked_together(pair.kinds, are_exclusive=are_exclusive) and may_be_one_act(pair)


def _is_undone(row: Record) -> bool:
    return row["state"] in {state.value for state in UNDONE}


def _earlier_rows(rows: list[Record], at: int) -> Iterator[tuple[str, Pair]]:
    """Rows of the file near in time and place, before this one."""
    row = rows[at]
    for other in reversed(rows[:at]):
        apart = row["offence_at"] - other["offence_at"]
        if apart > PERSONS_TIME:
            return
        distance_m = other["geometry"].distance(row["geometry"])
        if distance_m <= PERSONS_M:
            persons = (row["recipient_ref"], other["recipient_ref"])
            yield (
                f"row {other['row']}",
                Pair((row["kind"], other["kind"]), persons, distance_m, apart),
            )


def _stored(parsed: Parsed, row: Record) -> Iterator[tuple[str, Pair]]:
    """The same of the store; a row of this very file that went in before is no second act."""
    moment = row["offence_at"].to_pydatetime(warn=False)
    near = actions.near_act(
        parsed.session, moment, row["geometry"], within_m=PERSONS_M, within=PERSONS_TIME
    )
    for action, state in near:
        if state not in UNDONE and action.fingerprint != row["fingerprint"]:
            yield (
                f"{ACTION_WORDS[ActionKind(action.kind)]} {action.reference}",
                Pair(
                    (row["kind"], action.kind),
                    (row["recipient_ref"], action.recipient_ref),
                    action.geometry.distance(row["geometry"]),
                    abs(action.offence_at - moment),
                ),
            )


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
