"""When an order holds, by its versions: made, extended before expiry, varied, discharged."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Protocol, TypeVar

from geodata.core.vocabulary import OrderChange
from geodata.rules.days import corresponding_day, date_in_words
from geodata.rules.enforcement.deadlines import period_end, period_mark
from geodata.rules.tables import RuleBook


class Version(Protocol):
    """What these rules ask of a version: days are local and both included."""

    number: int
    change: str
    made_on: date | None
    valid_from: date
    valid_to: date | None


V = TypeVar("V", bound=Version)
_MADE = {
    OrderChange.MADE: "order",
    OrderChange.EXTENDED: "extension",
    OrderChange.VARIED: "variation",
    OrderChange.DISCHARGED: "discharge",
}


def version_on(versions: Iterable[V], day: date) -> V | None:
    """The version of one order that is in force on a day; None before, after and in a gap.

    The version that began last speaks: one that was varied holds no more beside its variation,
    and a discharge ends them all.
    """
    begun = [version for version in versions if version.valid_from <= day]
    newest = max(begun, key=lambda v: (v.valid_from, v.number), default=None)
    if newest is None or newest.change == OrderChange.DISCHARGED:
        return None
    return newest if newest.valid_to is None or day <= newest.valid_to else None


@dataclass(frozen=True)
class Span:
    """Days, both included; ``valid_to`` None is open."""

    valid_from: date
    valid_to: date | None


def spans_in_force(versions: Sequence[V]) -> list[tuple[Span, V]]:
    """When which version of one order was in force, in time."""
    starts = sorted({version.valid_from for version in versions})
    spans = []
    for start, after in pairwise([*starts, None]):
        version = None if start is None else version_on(versions, start)
        if start is not None and version is not None:
            ends = [day for day in (version.valid_to, after and after - timedelta(days=1)) if day]
            spans.append((Span(start, min(ends, default=None)), version))
    return spans


def gaps(spans: Iterable[Span]) -> list[Span]:
    """The days between spans on which none of them holds."""
    spans_between = []
    held_to: date | None = None
    for span in sorted(spans, key=lambda span: span.valid_from):
        if held_to is not None and span.valid_from > held_to + timedelta(days=1):
            spans_between.append(
                Span(held_to + timedelta(days=1), span.valid_from - timedelta(days=1))
            )
        if span.valid_to is None:
            break
        held_to = max(held_to or span.valid_to, span.valid_to)
    return spans_between


def version_fault(rules: RuleBook, earlier: Sequence[V], new: Version) -> str:
    """Why a version cannot follow the earlier ones of its order, empty where it can."""
    if not earlier and new.change != OrderChange.MADE:
        return f"nothing was made that could be {new.change}: enter the order as made first"
    fault = _missing(earlier, new) or _reversed(new)
    if fault:
        return fault
    if new.change == OrderChange.MADE:
        return _made_fault(rules, earlier, new)
    if new.change == OrderChange.EXTENDED:
        return _extension_fault(rules, earlier, new)
    return _change_fault(earlier, new)


def _missing(earlier: Sequence[V], new: Version) -> str:
    """What the rules below compare and nobody entered."""
    # The types forbid it, and an empty box of a form or a file does not know them.
    if getattr(new, "valid_from", None) is None:
        return "the first day is not recorded: enter it"
    if new.valid_to is None and new.change != OrderChange.DISCHARGED:
        return "the last day is not recorded: enter it, an order lasts three years at most"
    ends = [v.valid_to for v in earlier if v.change != OrderChange.DISCHARGED]
    if new.change == OrderChange.VARIED and None in ends:
        return "the last day of the version before is not recorded: enter it first"
    return ""


def _reversed(new: Version) -> str:
    if new.made_on is not None and new.made_on > new.valid_from:
        return (
            f"it was made on {date_in_words(new.made_on)}, after its first day, "
            f"{date_in_words(new.valid_from)}: check both"
        )
    if new.valid_to is not None and new.valid_to < new.valid_from:
        return (
            f"it ends on {date_in_words(new.valid_to)}, before it begins on "
            f"{date_in_words(new.valid_from)}"
        )
    return ""


def _change_fault(earlier: Sequence[V], new: Version) -> str:
    """A variation or a discharge."""
    before = version_on(earlier, new.valid_from)
    if before is None:
        return (
            f"the order was not in force on {date_in_words(new.valid_from)}: it cannot be "
            f"{new.change}"
        )
    end = before.valid_to
    if new.change == OrderChange.VARIED and end and (new.valid_to is None or new.valid_to > end):
        return (
            f"a variation cannot outlast the order, which ends on {date_in_words(end)}: extend it"
        )
    return _undated(new, new.valid_from) if new.made_on is None else ""


def _undated(new: Version, last: date) -> str:
    # Nothing else shows that an order had not expired, or that nothing held before it was made: an
    # empty box revives no order.
    what = _MADE[OrderChange(new.change)]
    return f"enter the day on which the {what} was made, {date_in_words(last)} or before"


def _made_fault(rules: RuleBook, earlier: Sequence[V], new: Version) -> str:
    if version_on(earlier, new.valid_from) is not None:
        return (
            f"the order is in force on {date_in_words(new.valid_from)} already: extend or vary it"
        )
    last = period_end(rules, "order_term", new.valid_from)
    if new.valid_to is None or new.valid_to > last:
        mark = period_mark(rules, "order_term", new.valid_from)
        end = date_in_words(last)
        return f"an order lasts three years at most: end it on {end} or before{mark}"
    return _undated(new, new.valid_from) if earlier and new.made_on is None else ""


def _extension_fault(rules: RuleBook, earlier: Sequence[V], new: Version) -> str:
    before = max(earlier, key=lambda v: (v.valid_from, v.number))
    if before.change == OrderChange.DISCHARGED or before.valid_to is None:
        return "the version before it has no end to extend"
    if new.made_on is not None and new.made_on > before.valid_to:
        return (
            f"the order expired on {date_in_words(before.valid_to)}, and this was made on "
            f"{date_in_words(new.made_on)}: "
            "an expired order cannot be extended, make a new one"
        )
    if new.valid_from != before.valid_to + timedelta(days=1):
        return (
            f"an extension begins on the day after the order would have ended: write "
            f"{date_in_words(before.valid_to + timedelta(days=1))}"
        )
    if new.made_on is None:
        return _undated(new, before.valid_to)
    last = period_end(rules, "order_term", new.valid_from)
    if new.valid_to is None or new.valid_to > last:
        mark = period_mark(rules, "order_term", new.valid_from)
        end = date_in_words(last)
        return f"an extension lasts three years at most: end it on {end} or before{mark}"
    return ""


def end_to_come(versions: Iterable[Version]) -> date | None:
    """The last day of an order's newest version; None where it has none, or was discharged."""
    newest = max(versions, key=lambda v: (v.valid_from, v.number), default=None)
    if newest is None or newest.change == OrderChange.DISCHARGED:
        return None
    return newest.valid_to


def challenge_last_day(rules: RuleBook, made_on: date) -> date:
    """The last day to challenge a version in the High Court."""
    return period_end(rules, "order_challenge", made_on)


def expiry_alerts(rules: RuleBook, valid_to: date) -> list[tuple[int, date]]:
    """So many months before its last day an order's end is announced, and on which day."""
    row = rules["periods"].on(valid_to, "order_expiry_alerts")
    months = [] if row is None else sorted(row["length"], reverse=True)
    return [(count, corresponding_day(valid_to, -count)) for count in months]
