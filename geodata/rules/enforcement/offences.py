"""Which offence an action answers.

Most routes answer one, which the table of routes names. A caution and a prosecution answer
whichever it was: the one that the officer chose, else the one that the act's own facts say.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from geodata.core.vocabulary import ActionKind
from geodata.rules.enforcement.order_breach import order_refusals
from geodata.rules.tables import RuleBook

if TYPE_CHECKING:
    from geodata.rules.enforcement.routes import Act

OF_ANY_OFFENCE = frozenset({ActionKind.CAUTION, ActionKind.PROSECUTION})
NO_NOTICE = "it needs an earlier notice (CPN) to the same person, for the same conduct"


def offences(rules: RuleBook) -> dict[str, ActionKind]:
    """Every criminal offence of the table, with the penalty notice that may be given for it."""
    return {
        row["offence"]: ActionKind(row["action"])
        for row in rules["powers"].rows
        if row["offence"] and row["action"] != ActionKind.KEEPER_PENALTY
    }


def is_either_way(rules: RuleBook, offence: str | None) -> bool:
    """Whether an offence may be tried in either court, so that no six months end it."""
    rows = rules["powers"].rows
    return any(row["is_either_way"] for row in rows if offence and row["offence"] == offence)


def offence_of(rules: RuleBook, act: Act, kind: str) -> str | None:
    """The offence that an action is for; None where it is for none, such as advice."""
    if kind in OF_ANY_OFFENCE:
        return act.offence or _likely(rules, act)
    power = rules["powers"].on(act.offence_on, kind)
    return None if power is None else power["offence"]


def is_breach_of_order(rules: RuleBook, act: Act, kind: str) -> bool:
    """Whether an action is for the breach of an order, so that it needs a prohibition."""
    if kind not in OF_ANY_OFFENCE:
        return kind == ActionKind.PSPO_FPN
    return offences(rules).get(act.offence or "") == ActionKind.PSPO_FPN


def _likely(rules: RuleBook, act: Act) -> str | None:
    """A breach where one is chosen or was warned of, else what was left behind."""
    by_notice = {notice: offence for offence, notice in offences(rules).items()}
    if act.prohibition is not None:
        return by_notice.get(ActionKind.PSPO_FPN)
    if act.conduct is not None and act.has_cpn:
        return by_notice.get(ActionKind.CPN_FPN)
    return by_notice.get(ActionKind.FLY_TIPPING_FPN if act.over_a_sack else ActionKind.LITTER_FPN)


def offence_refusals(rules: RuleBook, act: Act, kind: str) -> Iterator[str]:
    """Why an act is not the offence that a caution or prosecution would be for."""
    known = offences(rules)
    if kind not in OF_ANY_OFFENCE or act.offence is None:
        return
    if act.offence not in known:
        yield f"{act.offence!r} is no offence that the council deals with: choose one of the list"
    elif known[act.offence] == ActionKind.CPN_FPN and not act.has_cpn:
        yield f"as breach of a notice {NO_NOTICE}"
    elif is_breach_of_order(rules, act, kind):
        yield from order_refusals(
            act.orders,
            act.offence_on,
            act.prohibition,
            accuracy_m=act.accuracy_m,
            moment=act.offence_at,
            from_vehicle=act.from_vehicle,
        )
