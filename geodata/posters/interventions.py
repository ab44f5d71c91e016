"""What was done about hotspots: cameras, operations, visits, lighting and the like, with dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from geodata.core.errors import NotFoundError, RefusedError
from geodata.core.spatial import box_intersects
from geodata.core.vocabulary import InterventionKind
from geodata.models import Intervention, Order, OrderVersion
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.people.personal_data import found_in
from geodata.rules.days import date_in_words

ENTITY = "intervention"
AUDITED = (
    "kind",
    "name",
    "valid_from",
    "valid_to",
    "identity_id",
    "campaign_id",
    "cost_pence",
    "camera_ref",
    "purpose",
    "export_ref",
    "weed_on",
    "note",
)
CAMERA_ONLY = ("camera_ref", "purpose", "export_ref", "weed_on")


@dataclass(frozen=True)
class InterventionRecord:
    """An intervention or a version of an order, alike: what, where, and from when to when.

    Attributes
    ----------
    source
        ``intervention`` or ``order``: whose key ``id`` is (of an order, its version's).
    kind
        Of ``InterventionKind``, or ``order``.
    geometry
        EPSG:27700.
    valid_to
        The last day; None goes on.
    """

    source: str
    id: int
    kind: str
    name: str
    geometry: BaseGeometry
    valid_from: date
    valid_to: date | None
    identity_id: int | None = None
    order_id: int | None = None

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def overlaps(self, first: date, last: date) -> bool:
        """Whether any day of a span, both ends included, lies in it."""
        return self.valid_from <= last and (self.valid_to is None or first <= self.valid_to)


def listed(
    session: Session, *, kind: str | None = None, on: date | None = None
) -> Sequence[Intervention]:
    """Interventions of a kind, and in force on a day, where these are given; newest first."""
    query = select(Intervention)
    if kind:
        query = query.where(Intervention.kind == kind)
    if on:
        is_open = or_(Intervention.valid_to.is_(None), Intervention.valid_to >= on)
        query = query.where(Intervention.valid_from <= on, is_open)
    ordered = query.order_by(Intervention.valid_from.desc(), Intervention.name, Intervention.id)
    return session.scalars(ordered).all()


def find(session: Session, key: int) -> Intervention:
    """One intervention.

    Raises
    ------
    NotFoundError
        There is none of this key.
    """
    intervention = session.get(Intervention, key)
    if intervention is None:
        raise NotFoundError(f"there is no intervention {key}")
    return intervention


def add(session: Session, actor: Actor, geometry: BaseGeometry, **columns: Any) -> Intervention:
    """Record something that was done.

    Raises
    ------
    RefusedError
        See `change`.
    """
    intervention = Intervention(geometry=geometry)
    _set(intervention, columns)
    session.add(intervention)
    session.flush()
    after = _audited(intervention)
    audit.write(session, actor, "add", ENTITY, intervention.id, after=after)
    return intervention


def change(
    session: Session,
    actor: Actor,
    key: int,
    *,
    geometry: BaseGeometry | None = None,
    **columns: Any,
) -> Intervention:
    """Correct an intervention; what it was stays in the audit log.

    Raises
    ------
    NotFoundError
        There is none of this key.
    RefusedError
        The kind is unknown, the name empty, the days reversed, the cost negative, a camera has no
        reference or purpose, or a text holds personal data.
    """
    intervention = find(session, key)
    before = _audited(intervention)
    _set(intervention, columns)
    if geometry is not None:
        intervention.geometry = geometry
    session.flush()
    if (after := _audited(intervention)) != before:
        audit.write(session, actor, "change", ENTITY, key, before=before, after=after)
    return intervention


def _set(intervention: Intervention, columns: dict[str, Any]) -> None:
    for name, value in columns.items():
        setattr(intervention, name, value)
    if intervention.kind not in set(InterventionKind):
        raise RefusedError(f"{intervention.kind!r} is no kind: choose one of the list")
    if not intervention.name or not intervention.name.strip():
        raise RefusedError("give it a name: others must know it again")
    if intervention.valid_to and intervention.valid_to < intervention.valid_from:
        raise RefusedError(
            f"the last day, {date_in_words(intervention.valid_to)}, lies before the first, "
            f"{date_in_words(intervention.valid_from)}: exchange them"
        )
    if intervention.cost_pence is not None and intervention.cost_pence < 0:
        raise RefusedError("the cost is negative: give what was spent")
    if intervention.kind == InterventionKind.CCTV:
        if not (intervention.camera_ref and intervention.purpose):
            raise RefusedError("a camera needs its reference and its purpose")
    else:
        for name in CAMERA_ONLY:
            setattr(intervention, name, None)
    names = ("name", "purpose", "note", "camera_ref", "export_ref")
    texts = [getattr(intervention, name) for name in names]
    if personal := [hit for text in texts if text for hit in found_in(text)]:
        raise RefusedError(f"{', '.join(personal)}: personal data must not stand here, take it out")


def _audited(intervention: Intervention) -> dict[str, Any]:
    """What the log keeps. The place as text, to a metre: a change of it is a change."""
    values = {name: getattr(intervention, name) for name in AUDITED}
    values = {k: v.isoformat() if isinstance(v, date) else v for k, v in values.items()}
    place = shapely.to_wkt(intervention.geometry, rounding_precision=0)
    return values | {"place": place if len(place) <= 500 else f"{place[:499]}…"}


def records(session: Session, within: BaseGeometry | None = None) -> list[InterventionRecord]:
    """Interventions and versions of orders, that touch an area where one is given; by first day."""
    rows = [*_records_of_interventions(session, within), *_records_of_orders(session, within)]
    if within is not None:
        rows = [record for record in rows if record.geometry.intersects(within)]
    return sorted(rows, key=lambda m: (m.valid_from, m.source, m.id))


def _records_of_interventions(
    session: Session, within: BaseGeometry | None
) -> list[InterventionRecord]:
    query = select(Intervention)
    if within is not None:
        query = query.where(box_intersects(Intervention.geometry, within.bounds))
    return [record_of_intervention(row) for row in session.scalars(query.order_by(Intervention.id))]


def _records_of_orders(session: Session, within: BaseGeometry | None) -> list[InterventionRecord]:
    query = select(OrderVersion, Order.name).join(Order, Order.id == OrderVersion.order_id)
    query = query.where(OrderVersion.withdrawn_at.is_(None))
    if within is not None:
        query = query.where(box_intersects(OrderVersion.geometry, within.bounds))
    rows = session.execute(query.order_by(OrderVersion.id))
    return [record_of_order(version, name) for version, name in rows]


def find_record(session: Session, source: str, key: int) -> InterventionRecord:
    """A record by whose key it is.

    Raises
    ------
    NotFoundError
        There is none.
    """
    if source == "intervention":
        return record_of_intervention(find(session, key))
    version = session.get(OrderVersion, key) if source == "order" else None
    if version is None:
        raise NotFoundError(f"there is no {source} {key}")
    return record_of_order(version, version.order.name)


def record_of_intervention(row: Intervention) -> InterventionRecord:
    """An intervention as a record."""
    return InterventionRecord(
        source="intervention",
        id=row.id,
        kind=row.kind,
        name=row.name,
        geometry=row.geometry,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        identity_id=row.identity_id,
    )


def record_of_order(version: OrderVersion, name: str) -> InterventionRecord:
    """A version of an order as a record, told apart by what happened to the order then."""
    return InterventionRecord(
        source="order",
        id=version.id,
        kind="order",
        name=f"{name} ({version.change})",
        geometry=version.geometry,
        valid_from=version.valid_from,
        valid_to=version.valid_to,
        order_id=version.order_id,
    )
