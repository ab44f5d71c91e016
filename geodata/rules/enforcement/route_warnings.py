"""What stands against each route for an act: a power that was not, a day that came too late."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from geodata.core.vocabulary import ACTION_WORDS, ActionKind
from geodata.rules.days import date_in_words
from geodata.rules.enforcement.deadlines import period_end, period_mark, time_limit
from geodata.rules.enforcement.offences import OF_ANY_OFFENCE, offences
from geodata.rules.tables import RuleBook

KEEPER = ActionKind.KEEPER_PENALTY


@dataclass(frozen=True)
class NoticeDays:
    """Local days of an act and of a notice about it; None where nobody said one.

    ``offence`` is the code of what was done; None asks of every route.
    """

    act_on: date
    notice_on: date | None = None
    given_on: date | None = None
    offence: str | None = None


def has_power(rules: RuleBook, kind: str, day: date) -> bool:
    """Whether a route existed for an act of a day."""
    return rules["powers"].on(day, kind) is not None


def route_warnings(rules: RuleBook, days: NoticeDays) -> Iterator[str]:
    """A sentence for each thing that stands against a route on these days."""
    kinds = _routes_of(rules, days.offence)
    for kind in kinds:
        if not has_power(rules, kind, days.act_on):
            yield f"{ACTION_WORDS[kind]}: no such power then. {_began(rules, kind)}"
    existing = [kind for kind in kinds if has_power(rules, kind, days.act_on)]
    yield from _barred(rules, days, existing)
    if KEEPER in existing:
        yield from _ungiven(rules, days)
    if days.notice_on and days.given_on and days.given_on < days.notice_on:
        given = date_in_words(days.given_on)
        yield f"The notice was given on {given}, before its date: check both."


def _routes_of(rules: RuleBook, offence: str | None) -> list[ActionKind]:
    """Those that answer an offence; littering from a vehicle is answered by its keeper too."""
    if offence is None:
        return list(ActionKind)
    notice = offences(rules).get(offence)
    own = {notice, KEEPER} if notice == ActionKind.LITTER_FPN else {notice}
    return [kind for kind in ActionKind if kind in own | OF_ANY_OFFENCE]


def _began(rules: RuleBook, kind: ActionKind) -> str:
    first = rules["powers"].first_day(kind)
    return f"It began on {date_in_words(first)}." if first else "There is none."


def _barred(rules: RuleBook, days: NoticeDays, kinds: list[ActionKind]) -> Iterator[str]:
    """The routes that lead to a court, or offer to keep out of one, after its last day.

    They share that day: the six months are those of every offence that magistrates alone try.
    """
    if days.notice_on is None:
        return
    limits = {kind: _limit(rules, days, kind) for kind in kinds}
    barred = {kind: on for kind, on in limits.items() if on is not None and days.notice_on > on}
    for limit in sorted(set(barred.values())):
        routes = "; ".join(ACTION_WORDS[kind] for kind, on in barred.items() if on == limit)
        mark = period_mark(rules, "prosecution", days.act_on)
        yield (
            f"The notice is dated {date_in_words(days.notice_on)}, after the time limit: "
            f"proceedings for the act had to begin by {date_in_words(limit)}{mark}. "
            f"Too late for: {routes}."
        )


def _limit(rules: RuleBook, days: NoticeDays, kind: ActionKind) -> date | None:
    power = rules["powers"].on(days.act_on, kind)
    if power is None or not power["exclusive"] or kind == KEEPER:
        return None
    return time_limit(
        rules, kind, days.act_on, days.offence if kind in OF_ANY_OFFENCE else power["offence"]
    )


def _ungiven(rules: RuleBook, days: NoticeDays) -> Iterator[str]:
    """That a keeper's notice was given too late, or is dated so late that it cannot be in time."""
    last = period_end(rules, "keeper_service", days.act_on)
    until = f"{date_in_words(last)}{period_mark(rules, 'keeper_service', days.act_on)}"
    if days.given_on is not None and days.given_on > last:
        given = date_in_words(days.given_on)
        yield (
            f"The notice was given to the keeper on {given}, too late: it had to be given by "
            f"{until}."
        )
    elif days.notice_on is not None and days.notice_on > last:
        yield f"{ACTION_WORDS[KEEPER]}: too late, it had to be given by {until}."
