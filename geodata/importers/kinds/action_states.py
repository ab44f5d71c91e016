"""Whether the state that a file gives an action is one of its kind's, and since when it is so."""

from typing import Any

import pandas as pd

from geodata.core.vocabulary import ACTION_WORDS, ActionKind, NoticeState
from geodata.importers.parsed import Parsed
from geodata.rules.days import date_in_words, local_day
from geodata.rules.enforcement.keeper_life import STEPS
from geodata.rules.enforcement.notice_life import reachable_states

_COUNTED_FROM = frozenset(step.before for step in STEPS if step.counted_from == "since")
"""States of a keeper's penalty from whose first day the law counts."""


def refuse_impossible_states(parsed: Parsed) -> None:
    """Add a problem for each row whose state is not its kind's, or whose day cannot be."""
    undated = 0
    for row, columns in zip(parsed.rows.index, parsed.columns.to_dict("records"), strict=True):
        if columns["kind"] is None or columns["state"] == NoticeState.ISSUED:
            continue
        fault = _fault(columns)
        if fault:
            parsed.refuse(parsed.rows.index == row, *fault)
        undated += not fault and pd.isna(columns["state_at"])
    if undated:
        parsed.warnings.append(
            f"{undated} rows do not say since when they are in their state: the day of the notice "
            "was taken"
        )


def _fault(row: dict[str, Any]) -> tuple[str, str] | None:
    kind, state, at = ActionKind(row["kind"]), row["state"], row["state_at"]
    possible = reachable_states(kind)
    if state not in possible:
        known = ", ".join(sorted(possible))
        return "state", f"is no state of {ACTION_WORDS[kind]}: write one of {known}"
    if pd.isna(at):
        is_counted = kind == ActionKind.KEEPER_PENALTY and state in _COUNTED_FROM
        return ("state_at", f"is empty: {_NEEDED}") if is_counted else None
    begun = row["issued_on"] or _day(row["offence_at"])
    if begun is not None and _day(at) < begun:
        return "state_at", f"lies before the notice, {date_in_words(begun)}: check the dates"
    return None


def _day(moment: pd.Timestamp) -> Any:
    return None if pd.isna(moment) else local_day(moment.to_pydatetime(warn=False))


_NEEDED = "the law counts from the day on which a keeper's penalty came into this state"
