"""PSPOs with their restricted areas: a map file, one row a version of an order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import shapely
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.core.vocabulary import OrderChange
from geodata.enforcement import orders
from geodata.files.columns import Field
from geodata.importers.kinds.kind import WKT, Kind
from geodata.importers.parsed import Parsed
from geodata.importers.values import parse_word
from geodata.models import Order, OrderVersion, Prohibition
from geodata.rules.council import rulebook
from geodata.rules.enforcement.orders import Version, version_fault
from geodata.rules.enforcement.penalties import order_penalty_fault
from geodata.rules.enforcement.prohibitions import read_line
from geodata.rules.tables import RuleBook

_WORDS_CHANGE = {change.value: change.value for change in OrderChange}
POLYGONS = (3, 6)  # shapely's numbers of Polygon and MultiPolygon


def _order(parsed: Parsed) -> None:
    parsed.take_name("name")
    for text in ("name", "prohibitions", "source"):
        parsed.refuse_personal(text)
    parsed.take(
        "change",
        lambda texts: parse_word(texts, _WORDS_CHANGE),
        f"is no known change: write {', '.join(OrderChange)}",
        default=OrderChange.MADE.value,
    )
    for day, is_required in (("made_on", False), ("valid_from", True), ("valid_to", False)):
        parsed.take_day(day, is_required=is_required)
    parsed.refuse_reversed("valid_from", "valid_to")
    parsed.take_amount("penalty_pence")
    parsed.refuse(
        parsed.columns["penalty_pence"] == 0,
        "penalty_pence",
        "is 0: leave it empty where the order names none",
    )
    parsed.take("prohibitions", lambda texts: texts)
    faults = parsed.columns["prohibitions"].map(_limit_fault)
    for fault in faults[faults != ""].unique():
        parsed.refuse(faults == fault, "prohibitions", fault)
    parsed.take("source", lambda texts: texts)
    parsed.columns["is_verified"] = False
    shapes = parsed.columns["geometry"].to_numpy()
    is_area = pd.Series(shapely.get_type_id(shapes), index=parsed.rows.index).isin(POLYGONS)
    parsed.refuse(
        ~is_area & ~shapely.is_missing(shapes), "geometry", "is no area: draw the order's plan"
    )
    parsed.columns["geometry"] = [
        shapely.multipolygons(shapely.get_parts(shape)) if ok else shape
        for shape, ok in zip(shapes, is_area, strict=True)
    ]
    _refuse_unlawful(parsed)


def _refuse_unlawful(parsed: Parsed) -> None:
    """Refuse versions that the law does not let follow those before them, in time."""
    rules, known = rulebook(parsed.session), orders.by_name(parsed.session)
    bad = {problem.row for problem in parsed.problems}
    good = parsed.columns[~parsed.columns.index.isin(list(bad))]
    for row, columns in good.sort_values("valid_from", kind="stable").iterrows():
        earlier = known.setdefault(columns["name"], [])
        names = ("change", "made_on", "valid_from", "valid_to", "fingerprint")
        new = _Row(len(earlier) + 1, *(columns[name] for name in names))
        if any(getattr(version, "fingerprint", None) == new.fingerprint for version in earlier):
            continue  # the file again
        fault = version_fault(rules, earlier, new)
        field = _field_of_fault(earlier, new)
        parsed.refuse((parsed.rows.index == row) & bool(fault), field, fault)
        earlier += [] if fault else [new]
    undated = int((good["made_on"].isna() & (good["change"] == OrderChange.MADE)).sum())
    if undated:
        parsed.warnings.append(
            f"{undated} orders do not say when they were made: nothing shows that they were made "
            "before their first day. Add it, column made_on"
        )
    _tell_of_penalties(parsed, rules, good)


def _tell_of_penalties(parsed: Parsed, rules: RuleBook, good: pd.DataFrame) -> None:
    """Warn of a penalty that no notice could ask: the order stands as the council made it."""
    for row, columns in good.iterrows():
        pence = columns["penalty_pence"]
        known = None if pd.isna(pence) else int(pence)
        if fault := order_penalty_fault(rules, known, columns["valid_from"]):
            parsed.warnings.append(
                f"Row {row}: the penalty {fault}: no notice under this order can ask it"
            )


def _field_of_fault(earlier: Sequence[Version], new: Version) -> str:
    """The column to look at: one that is empty and must not be, else the first day."""
    if new.valid_to is None and new.change != OrderChange.DISCHARGED:
        return "valid_to"
    return "made_on" if earlier and new.made_on is None else "valid_from"


@dataclass
class _Row:
    """A version as the rules see it."""

    number: int
    change: str
    made_on: date | None
    valid_from: date
    valid_to: date | None
    fingerprint: str


def _with_orders(session: Session, fresh: pd.DataFrame) -> pd.DataFrame:
    """Each version under its order, made where there is none, with the next free number."""
    keys: list[int] = []
    numbers: list[int] = []
    in_time = fresh.sort_values("valid_from", kind="stable")
    for name in in_time["name"]:
        order = session.scalar(select(Order).where(Order.name == name))
        if order is None:
            order = Order(name=name)
            session.add(order)
            session.flush()
        known = session.scalar(
            select(func.max(OrderVersion.number)).where(OrderVersion.order_id == order.id)
        )
        numbers.append((known or 0) + 1 + keys.count(order.id))
        keys.append(order.id)
    return in_time.assign(order_id=keys, number=numbers)


def _write_prohibitions(session: Session, batch: int, fresh: pd.DataFrame) -> None:
    """One row for each sentence of the column, which semicolons divide."""
    versions = session.execute(
        select(OrderVersion.order_id, OrderVersion.number, OrderVersion.id).where(
            OrderVersion.batch_id == batch
        )
    )
    key = {(order, number): version for order, number, version in versions}
    rows = [
        {"version_id": key[row.order_id, row.number], "code": f"p{n}", **_sentence(line)}
        for row in fresh.itertuples()
        for n, line in enumerate(_lines(row.prohibitions), 1)
    ]
    if rows:
        session.execute(insert(Prohibition), rows)


def _lines(cell: str | None) -> list[str]:
    return [line for line in (cell or "").split(";") if line.strip()]


def _sentence(line: str) -> dict[str, Any]:
    text, limits = read_line(line)
    return {"text": text, "limits": limits.to_record()}


def _limit_fault(cell: str | None) -> str:
    """What cannot be read in a cell of prohibitions, empty where all can."""
    try:
        for line in _lines(cell):
            read_line(line)
    except RefusedError as error:
        return str(error)
    return ""


def _drop_empty_orders(session: Session) -> None:
    session.execute(delete(Order).where(Order.id.not_in(select(OrderVersion.order_id))))


ORDERS = Kind(
    "orders",
    OrderVersion,
    (
        Field("name", ("order", "title", "pspo")),
        Field("change", ("version", "type")),
        Field("made_on", ("made", "date made")),
        Field("valid_from", ("from", "in force from", "start", "start date", "commencement")),
        Field("valid_to", ("to", "in force to", "end", "end date", "expiry", "expires")),
        Field("penalty_pence", ("penalty", "amount", "fpn amount", "penalty in pence")),
        Field("prohibitions", ("prohibition", "prohibited", "restrictions")),
        Field("source", ("document", "url", "link")),
        WKT,
    ),
    _order,
    takes_shapes=True,
    prepare=_with_orders,
    finish=_write_prohibitions,
    children=(Prohibition.version_id,),
    after_undo=_drop_empty_orders,
)
