"""Enforcement by calendar month: counts of what was done, and no more than that."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from geodata.rules.days import corresponding_day, local_day
from geodata.rules.enforcement.notice_life import MONEY_KINDS
from hotspots.core.words import counted
from web.services.common.wording import date_in_words

if TYPE_CHECKING:
    from geodata.enforcement.actions import ActionWithState

MOST_MONTHS = 120


@dataclass(frozen=True)
class MonthActions:
    """A month; both None: enforcement was not recorded yet. The first and last may be in part."""

    first: date
    penalties: int | None
    others: int | None


def month_actions(
    rows: list[ActionWithState], since: date, until: date, begun: date | None
) -> list[MonthActions]:
    """Months from one local day to another, ``MOST_MONTHS`` at most, the last ones.

    Parameters
    ----------
    rows
        Acts of these days.
    begun
        The first day of the record; None: there is none.
    """
    months = [until.replace(day=1)]
    while months[-1] > since and len(months) < MOST_MONTHS:
        months.append(corresponding_day(months[-1], -1))
    counts = Counter(
        (local_day(action.offence_at).replace(day=1), action.kind in MONEY_KINDS)
        for action, _ in rows
    )
    return [
        MonthActions(first, counts[first, True], counts[first, False])
        if begun is not None and first >= begun.replace(day=1)
        else MonthActions(first, None, None)
        for first in reversed(months)
    ]


def month_sentence(rows: list[ActionWithState], since: date, until: date) -> str:
    """How much was done: said without a judgement."""
    penalties = sum(action.kind in MONEY_KINDS for action, _ in rows)
    return (
        f"{counted(len(rows), 'action')} from {date_in_words(since)} to {date_in_words(until)}, "
        f"{counted(penalties, 'penalty notice')} among them"
    )
