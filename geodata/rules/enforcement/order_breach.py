"""Whether an order forbids an act at a place: in force, inside, and listed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from geodata.rules.days import date_in_words
from geodata.rules.enforcement.prohibitions import Limits


@dataclass(frozen=True)
class OrderFacts:
    """An order as it stood at a point on the day of an act.

    Attributes
    ----------
    version_id
        Key of the version that is meant.
    boundary_m
        From the point to the edge of the restricted area, whichever side it lies on.
    prohibitions
        Code and text.
    limits
        Code, and what the prohibition is limited to; one that is missing is not limited.
    """

    version_id: int
    name: str
    valid_from: date
    valid_to: date | None
    is_in_force: bool
    is_inside: bool
    boundary_m: float
    penalty_pence: int | None = None
    prohibitions: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, Limits] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        return self.is_in_force and self.is_inside


def boundary_sentence(*, is_inside: bool, boundary_m: float, accuracy_m: float | None) -> str:
    """How sure it is that a point lies inside.

    >>> boundary_sentence(is_inside=True, boundary_m=4.2, accuracy_m=10)
    'inside by 4 m, accuracy 10 m: check the plan'
    >>> boundary_sentence(is_inside=False, boundary_m=350, accuracy_m=None)
    'outside by 350 m'
    """
    side = f"{'inside' if is_inside else 'outside'} by {boundary_m:.0f} m"
    if accuracy_m is None or accuracy_m <= boundary_m:
        return side
    return f"{side}, accuracy {accuracy_m:.0f} m: check the plan"


def order_refusals(
    orders: Sequence[OrderFacts],
    day: date,
    prohibition: str | None,
    *,
    accuracy_m: float | None,
    moment: datetime | None = None,
    from_vehicle: bool = False,
) -> Iterator[str]:
    """Why there was no breach, nothing where there was.

    Parameters
    ----------
    prohibition
        Code of the one that was breached; None while it is not chosen: then one must apply.
    moment
        Aware instant of the act; None asks of no hour.
    """
    holding = [order for order in orders if order.holds]
    if not holding:
        yield from _nearest_refusals(orders, day, accuracy_m)
    elif all(order.valid_to is None for order in holding):
        # No order lasts for ever: an end that nobody entered proves no breach.
        yield f"the last day of {holding[0].name} is not recorded: enter it on the order's page"
    elif not any(order.prohibitions for order in holding):
        yield f"{holding[0].name} lists no prohibition: enter them on the order's page"
    elif prohibition is not None and not any(prohibition in o.prohibitions for o in holding):
        yield f"{holding[0].name} does not list the prohibition {prohibition!r}"
    elif moment is not None:
        yield from _limit_refusals(holding, prohibition, moment, from_vehicle=from_vehicle)


def _limit_refusals(
    holding: Sequence[OrderFacts], prohibition: str | None, moment: datetime, *, from_vehicle: bool
) -> Iterator[str]:
    """Why none of the prohibitions that are meant applies at that hour, to such a person."""
    faults = []
    for order in holding:
        for code, text in order.prohibitions.items():
            if prohibition in {None, code}:
                limits = order.limits.get(code, Limits())
                fault = limits.fault(moment, from_vehicle=from_vehicle)
                if not fault:
                    return
                faults.append(f"{order.name}, {text.rstrip('.')}: {fault}")
    yield from faults


def _nearest_refusals(
    orders: Sequence[OrderFacts], day: date, accuracy_m: float | None
) -> Iterator[str]:
    """The orders that cover the place at another time; else the nearest that is in force."""
    covering = [order for order in orders if order.is_inside]
    in_force = [order for order in orders if order.is_in_force]
    if covering:
        for order in covering:
            yield f"{order.name} was not in force on {date_in_words(day)}: {_when(order, day)}"
    elif in_force:
        nearest = min(in_force, key=lambda order: order.boundary_m)
        where = boundary_sentence(
            is_inside=False, boundary_m=nearest.boundary_m, accuracy_m=accuracy_m
        )
        yield f"the place is {where} of {nearest.name}"
    else:
        yield f"no order was in force here on {date_in_words(day)}"


def _when(order: OrderFacts, day: date) -> str:
    if day < order.valid_from:
        return f"it begins on {date_in_words(order.valid_from)}"
    if order.valid_to is not None and order.valid_to < day:
        return f"it ended on {date_in_words(order.valid_to)}"
    return "it was discharged"


def order_conditions(orders: Sequence[OrderFacts], accuracy_m: float | None) -> Iterator[str]:
    """What to check on the plan, where the point may lie on the other side of the edge."""
    order = next((order for order in orders if order.holds), None)
    if order is None:
        return
    side = boundary_sentence(is_inside=True, boundary_m=order.boundary_m, accuracy_m=accuracy_m)
    if accuracy_m is None:
        yield f"{side}, accuracy not known: check the plan"
    elif accuracy_m > order.boundary_m:
        yield side
    for code, limits in order.limits.items():
        if limits.words():
            yield f"{order.prohibitions[code].rstrip('.')}: {limits.words()}"
