"""Public spaces protection orders in the store: which was in force where and when."""

from dataclasses import dataclass
from datetime import date, datetime

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from geodata.core.errors import NotFoundError, RefusedError
from geodata.core.vocabulary import OrderChange
from geodata.models import EnforcementAction, Order, OrderTask, OrderVersion, Prohibition
from geodata.rules.enforcement.order_breach import OrderFacts
from geodata.rules.enforcement.orders import Version, version_fault, version_on
from geodata.rules.enforcement.prohibitions import limits_of, line_of, read_line
from geodata.rules.tables import RuleBook


@dataclass(frozen=True)
class OrderThere:
    """An order seen from a point on a day.

    Attributes
    ----------
    version
        In force on the day, else the one that began last before it, else the first.
    boundary_m
        From the point to the edge of the restricted area, whichever side it lies on.
    """

    order: Order
    version: OrderVersion
    is_in_force: bool
    is_inside: bool
    boundary_m: float

    @property
    def holds(self) -> bool:
        return self.is_in_force and self.is_inside

    @property
    def facts(self) -> OrderFacts:
        """What the rules ask of it."""
        version = self.version
        return OrderFacts(
            version.id,
            self.order.name,
            version.valid_from,
            version.valid_to,
            self.is_in_force,
            self.is_inside,
            self.boundary_m,
            version.penalty_pence,
            {prohibition.code: prohibition.text for prohibition in version.prohibitions},
            {each.code: limits_of(each.limits) for each in version.prohibitions},
        )


def every(session: Session) -> list[Order]:
    """All orders with their versions and prohibitions, by name."""
    query = select(Order).options(
        selectinload(Order.versions).selectinload(OrderVersion.prohibitions)
    )
    return list(session.scalars(query.order_by(Order.name, Order.id)))


def by_name(session: Session) -> dict[str, list[Version]]:
    """The versions of every order, by its name."""
    return {order.name: list(order.versions) for order in every(session)}


def find(session: Session, key: int) -> Order:
    """One order.

    Raises
    ------
    NotFoundError
        There is none of this key.
    """
    order = session.get(Order, key)
    if order is None:
        raise NotFoundError(f"there is no order {key}")
    return order


def in_force(session: Session, day: date) -> list[OrderVersion]:
    """The version of each order that is in force on a day, by the order's name."""
    versions = (version_on(order.versions, day) for order in every(session))
    return [version for version in versions if version is not None]


def newest_version(session: Session, key: int) -> OrderVersion:
    """The version of an order that begins last.

    Raises
    ------
    NotFoundError
        There is no such order, or it has no version.
    """
    order = find(session, key)
    if not order.versions:
        raise NotFoundError(f"{order.name} has no version yet")
    return max(order.versions, key=lambda v: (v.valid_from, v.number))


def version_of_day(order: Order, day: date) -> OrderVersion | None:
    """The version of an order that is in force on a day."""
    return version_on(order.versions, day)


def seen_from(session: Session, point: Point, day: date) -> list[OrderThere]:
    """Every order as it stood at a point (EPSG:27700) on a day, those that hold there first."""
    sightings = [_seen(order, point, day) for order in every(session) if order.versions]
    return sorted(sightings, key=lambda seen: (not seen.holds, not seen.is_inside, seen.boundary_m))


def _seen(order: Order, point: Point, day: date) -> OrderThere:
    in_force = version_on(order.versions, day)
    version = in_force or _nearest_in_time(order, day)
    area = version.geometry
    return OrderThere(
        order,
        version,
        in_force is not None,
        area.covers(point),
        float(area.boundary.distance(point)),
    )


def _nearest_in_time(order: Order, day: date) -> OrderVersion:
    in_time = sorted(order.versions, key=lambda v: (v.valid_from, v.number))
    begun = [version for version in in_time if version.valid_from <= day]
    return begun[-1] if begun else in_time[0]


def add(session: Session, name: str, *, note: str | None = None) -> Order:
    """A new order without versions.

    Raises
    ------
    RefusedError
        The name is empty or taken.
    """
    name = " ".join(name.split())
    if not name:
        raise RefusedError("the order's name is empty: write it as the order's title says")
    if session.scalar(select(Order.id).where(Order.name == name)) is not None:
        raise RefusedError(f"there is an order {name!r} already: add a version to it")
    order = Order(name=name, note=note)
    session.add(order)
    session.flush()
    return order


def add_version(
    session: Session,
    rules: RuleBook,
    order: Order,
    change: OrderChange,
    *,
    valid_from: date,
    valid_to: date | None,
    geometry: BaseGeometry,
    prohibitions: dict[str, str],
    made_on: date | None = None,
    penalty_pence: int | None = None,
    document: str | None = None,
    source: str | None = None,
    is_verified: bool = False,
) -> OrderVersion:
    """The next version of an order.

    Parameters
    ----------
    geometry
        The restricted area of the order's own plan, EPSG:27700 multipolygon.
    prohibitions
        Code and line of each, as ``geodata.rules.enforcement.prohibitions`` reads it.

    Raises
    ------
    RefusedError
        The law does not let this version follow the earlier ones, or a limit cannot be read.
    """
    last = select(func.max(OrderVersion.number)).where(OrderVersion.order_id == order.id)
    version = OrderVersion(
        number=(session.scalar(last) or 0) + 1,
        change=change.value,
        geometry=geometry,
        made_on=made_on,
        valid_from=valid_from,
        valid_to=valid_to,
        penalty_pence=penalty_pence,
        document=document,
        source=source,
        is_verified=is_verified,
        prohibitions=[_prohibition(code, line) for code, line in prohibitions.items()],
    )
    fault = version_fault(rules, order.versions, version)
    if fault:
        raise RefusedError(f"{order.name}: {fault}")
    order.versions.append(version)
    session.flush()
    return version


def withdraw_version(session: Session, version: OrderVersion, *, now: datetime) -> None:
    """Take back a version that was entered by mistake, with what was to be done about it.

    Raises
    ------
    RefusedError
        A notice rests on it, a task of it was done, or it was taken back before.
    """
    rests = select(func.count()).where(EnforcementAction.order_version_id == version.id)
    if resting := session.scalar(rests):
        raise RefusedError(
            f"{resting} notices name this version: a version that was enforced cannot be taken "
            "back, vary or discharge the order"
        )
    if version.withdrawn_at is not None:
        raise RefusedError("this version was taken back already")
    order = version.order
    own = [task for task in tasks(session, order) if task.title.endswith(task_mark(version))]
    if any(task.done_on is not None for task in own):
        raise RefusedError("something was done about this version: vary or discharge the order")
    for task in own:
        session.delete(task)
    version.withdrawn_at = now
    session.flush()
    session.expire(order, ["versions"])


def task_mark(version: OrderVersion) -> str:
    """How a task's title ends that a version brought."""
    return f" (version {version.number})"


def _prohibition(code: str, line: str) -> Prohibition:
    text, limits = read_line(line)
    return Prohibition(code=code, text=text, limits=limits.to_record())


def lines_of(version: OrderVersion) -> dict[str, str]:
    """A version's prohibitions, as ``add_version`` takes them."""
    return {p.code: line_of(p.text, limits_of(p.limits)) for p in version.prohibitions}


def sentences_of(version: OrderVersion) -> tuple[str, ...]:
    """A version's prohibitions with what they are limited to, for people."""
    pairs = [(p.text, limits_of(p.limits).words()) for p in version.prohibitions]
    return tuple(f"{text.rstrip('.')} ({words})" if words else text for text, words in pairs)


def tasks(session: Session, order: Order) -> list[OrderTask]:
    """What the law wants done about an order, by day."""
    query = select(OrderTask).where(OrderTask.order_id == order.id)
    return list(session.scalars(query.order_by(OrderTask.due_on, OrderTask.id)))


def add_task(session: Session, order: Order, kind: str, title: str, due_on: date | None) -> None:
    """Something to do about an order."""
    session.add(OrderTask(order_id=order.id, kind=kind, title=title, due_on=due_on))
    session.flush()


def do_task(session: Session, order: Order, key: int, done_on: date) -> OrderTask:
    """Note the day on which a task was done.

    Raises
    ------
    NotFoundError
        The order has no such task.
    """
    task = session.get(OrderTask, key)
    if task is None or task.order_id != order.id:
        raise NotFoundError(f"{order.name} has no task {key}")
    task.done_on = done_on
    session.flush()
    return task
