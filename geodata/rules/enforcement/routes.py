"""Which ways of enforcement are lawful for one act, and why the others are not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from geodata.core.errors import RefusedError
from geodata.core.vocabulary import ACTION_WORDS, ActionKind, AgeBand, NoticeState
from geodata.rules.days import date_in_words, local_day
from geodata.rules.enforcement.deadlines import period_end, period_mark, period_words, time_limit
from geodata.rules.enforcement.offences import (
    NO_NOTICE,
    OF_ANY_OFFENCE,
    offence_refusals,
)
from geodata.rules.enforcement.order_breach import OrderFacts, order_conditions, order_refusals
from geodata.rules.enforcement.penalties import Amount, amount_at_issue
from geodata.rules.tables import Row, RuleBook

LADDER = frozenset({ActionKind.CPW, ActionKind.CPN, ActionKind.CPN_FPN})
NO_WARNING = "it needs an earlier written warning (CPW) to the same person, for the same conduct"
UNDONE = frozenset(
    {NoticeState.VOID, NoticeState.CANCELLED, NoticeState.WITHDRAWN, NoticeState.APPEAL_ALLOWED}
)
"""A step that ended so stands in no other's way."""


@dataclass(frozen=True)
class EarlierStep:
    """What was done about the same act before."""

    reference: str
    kind: str
    state: str


@dataclass(frozen=True)
class Act:
    """One act and who would answer it, as far as the rules ask.

    Attributes
    ----------
    offence_at
        Aware instant.
    issued_on
        Local day on which the action would be taken.
    authorised
        Powers that the issuer holds in writing on ``issued_on``.
    orders
        As they stood at the place on the day of the act, those that hold there first.
    prohibition
        Code of the prohibition that was breached; None while it is not chosen.
    earlier
        What was done about the same act.
    conduct
        What a community protection warning or notice is about; None while it is not chosen.
    has_cpw
        Whether the same person had a community protection warning for it that counts.
    has_cpn
        Whether the same person has a community protection notice for it.
    warning_fault
        Why a warning that there is does not count.
    given_on
        Local day on which a keeper was given the notice; None while it is not known.
    is_unserved
        Whether the officer says that it is written and not given yet.
    offence
        Code of the offence that a caution or prosecution is for; None while it is not chosen.
    """

    offence_at: datetime
    issued_on: date
    age_band: str
    authorised: frozenset[str]
    orders: tuple[OrderFacts, ...] = ()
    prohibition: str | None = None
    accuracy_m: float | None = None
    from_vehicle: bool = False
    over_a_sack: bool = False
    earlier: tuple[EarlierStep, ...] = ()
    conduct: str | None = None
    has_cpw: bool = False
    warning_fault: str = ""
    has_cpn: bool = False
    given_on: date | None = None
    is_unserved: bool = False
    offence: str | None = None

    @property
    def offence_on(self) -> date:
        return local_day(self.offence_at)


@dataclass(frozen=True)
class Route:
    """One way of enforcement: open where nothing refuses it.

    Attributes
    ----------
    conditions
        What the officer must see to, though the route is open.
    amount
        What the notice would be frozen with.
    prohibitions
        Of the order that holds there, by code; for its breach only.
    """

    kind: str
    refusals: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    amount: Amount | None = None
    prohibitions: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return not self.refusals


def lawful_routes(rules: RuleBook, act: Act) -> list[Route]:
    """Every route in the order of the ladder, each open or refused with its reasons."""
    return [_route(rules, act, kind) for kind in ActionKind]


def route_of(rules: RuleBook, act: Act, kind: str) -> Route:
    """One route."""
    return _route(rules, act, ActionKind(kind))


def _route(rules: RuleBook, act: Act, kind: ActionKind) -> Route:
    missing = tuple(_missing(act))
    if missing:
        return Route(kind.value, missing)
    refusals = list(_refusals(rules, act, kind))
    amount = None
    if not refusals:
        try:
            amount = _amount(rules, act, kind)
        except RefusedError as error:
            refusals.append(str(error))
    order = next((o for o in act.orders if o.holds), None)
    is_breach = kind == ActionKind.PSPO_FPN and order is not None
    return Route(
        kind.value,
        tuple(refusals),
        tuple(_conditions(rules, act, kind)),
        amount,
        order.prohibitions if is_breach and order else {},
    )


_NEEDED = {
    "offence_at": "the time of the act",
    "issued_on": "the date of the notice",
    "age_band": "the age of the person",
}


def _missing(act: Act) -> Iterator[str]:
    """What every rule compares: no rule holds for what nobody recorded."""
    for name, words in _NEEDED.items():
        if getattr(act, name) is None:
            yield f"{words} is not recorded: enter it first"


def undecided(kind: str, act: Act) -> str:
    """What must be said before an open route is taken, empty where all is."""
    if kind in LADDER and act.conduct is None:
        return "choose the conduct that it is about: a notice needs a warning for the same one"
    if kind == ActionKind.PSPO_FPN and act.prohibition is None:
        return "choose the prohibition that was breached"
    if act.is_unserved and act.given_on is not None:
        return "the notice has a day on which it was given, and is said not to be given: choose one"
    if kind == ActionKind.KEEPER_PENALTY and act.given_on is None and not act.is_unserved:
        return (
            "enter the day on which the keeper was given the notice, or say that it is not given "
            "yet"
        )
    if act.given_on is not None and act.given_on < act.issued_on:
        return "the notice was given before its own date: check both"
    return ""


def _amount(rules: RuleBook, act: Act, kind: ActionKind) -> Amount | None:
    order = next((o for o in act.orders if o.holds), None)
    return amount_at_issue(
        rules,
        kind,
        offence_on=act.offence_on,
        issued_on=act.issued_on,
        order_pence=order.penalty_pence if order else None,
    )


def _refusals(rules: RuleBook, act: Act, kind: ActionKind) -> Iterator[str]:
    power = rules["powers"].on(act.offence_on, kind)
    if power is None:
        first = rules["powers"].first_day(kind)
        began = f"the power began on {date_in_words(first)}, after the act" if first else ""
        yield began or "there is no such power"
        return
    if act.issued_on < act.offence_on:
        yield f"it would be dated {date_in_words(act.issued_on)}, before the act: check the dates"
    yield from age_refusals(act.age_band, power)
    if power["power"] is not None and power["power"] not in act.authorised:
        yield f"the issuer has no written authority for it on {date_in_words(act.issued_on)}"
    yield from _earlier_refusals(rules, act, power)
    yield from time_refusals(
        rules,
        kind,
        act.offence_on,
        act.issued_on,
        act.given_on,
        offence=act.offence if kind in OF_ANY_OFFENCE else None,
    )
    if kind == ActionKind.PSPO_FPN:
        yield from order_refusals(
            act.orders,
            act.offence_on,
            act.prohibition,
            accuracy_m=act.accuracy_m,
            moment=act.offence_at,
            from_vehicle=act.from_vehicle,
        )
    if kind == ActionKind.FLY_TIPPING_FPN and not act.over_a_sack:
        yield "for more than one sack: less is normally litter"
    if kind == ActionKind.CPN_FPN and not act.has_cpn:
        yield NO_NOTICE
    yield from offence_refusals(rules, act, kind)
    if kind == ActionKind.KEEPER_PENALTY and not act.from_vehicle:
        yield "only for litter thrown from a vehicle"
    if kind == ActionKind.CPN and not act.has_cpw:
        yield act.warning_fault or NO_WARNING


def age_refusals(age_band: str, power: Row) -> Iterator[str]:
    """Why somebody is too young for a route."""
    least = power["least_age"]
    if least is None:
        return
    if age_band == AgeBand.UNDER_10:
        yield "under 10: below the age of criminal responsibility, never"
    elif age_band == AgeBand.TEN_TO_17 and least >= 18:
        yield f"only for somebody of {least} or over"


def _earlier_refusals(rules: RuleBook, act: Act, power: Row) -> Iterator[str]:
    """One act, one route: notices, cautions and prosecutions shut each other out."""
    if not power["exclusive"]:
        return
    for step in act.earlier:
        other = rules["powers"].on(act.offence_on, step.kind)
        if other is not None and other["exclusive"] and step.state not in UNDONE:
            words = ACTION_WORDS[ActionKind(step.kind)]
            yield (
                f"the same act was dealt with by {words} {step.reference}: one act, one route; "
                "what follows from it is recorded there"
            )


def time_refusals(
    rules: RuleBook,
    kind: str,
    offence_on: date,
    issued_on: date,
    given_on: date | None,
    *,
    offence: str | None = None,
) -> Iterator[str]:
    """Why a route came too late; local days."""
    power = rules["powers"].on(offence_on, kind)
    if kind == ActionKind.KEEPER_PENALTY:
        last = period_end(rules, "keeper_service", offence_on)
        # Service counts: a notice that was written in time and given late is no notice.
        if max(issued_on, given_on or issued_on) > last:
            mark = period_mark(rules, "keeper_service", offence_on)
            yield f"a keeper's notice had to be given by {date_in_words(last)}{mark}"
    elif power is not None and power["exclusive"]:
        limit = time_limit(rules, kind, offence_on, offence)
        if limit is not None and issued_on > limit:
            yield (
                f"time-barred: proceedings had to begin by {date_in_words(limit)}, "
                f"{period_words(rules, 'prosecution', offence_on)} from the act"
                f"{period_mark(rules, 'prosecution', offence_on)}"
            )


def _conditions(rules: RuleBook, act: Act, kind: ActionKind) -> Iterator[str]:
    power = rules["powers"].on(act.offence_on, kind)
    least = power["least_age"] if power else None
    if least is not None and act.age_band == AgeBand.UNKNOWN:
        yield f"make sure of the age first: never under {least}"
    if least is not None and act.age_band == AgeBand.TEN_TO_17:
        yield "10 to 17: follow the policy for young people, and no publicity"
        if 10 < least < 18:
            yield f"only if {least} or over"
    if kind == ActionKind.LITTER_FPN and act.over_a_sack:
        yield "more than one sack is normally fly-tipping: note why this is litter"
    if kind == ActionKind.PSPO_FPN:
        yield from order_conditions(act.orders, act.accuracy_m)
    if kind == ActionKind.REFERRAL:
        yield "dispersal and drug offences are for the police alone"
