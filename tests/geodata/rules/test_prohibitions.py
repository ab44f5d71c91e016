"""When, on which days and to whom a prohibition of an order applies."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import product

import pytest

from geodata.core.errors import RefusedError
from geodata.rules.days import LONDON
from geodata.rules.enforcement.order_breach import OrderFacts, order_refusals
from geodata.rules.enforcement.prohibitions import Limits, limits_of, line_of, read_line

NIGHT = Limits(time(18), time(6))
FRIDAY = datetime(2026, 6, 12, tzinfo=LONDON)


def at(clock: str, day: datetime = FRIDAY) -> datetime:
    return datetime.combine(day.date(), time.fromisoformat(clock), LONDON)


@pytest.mark.parametrize(
    ("clock", "applies"),
    [
        ("15:00", False),
        ("17:59", False),
        ("18:00", True),
        ("23:59", True),
        ("00:00", True),
        ("05:59", True),
        ("06:00", False),
    ],
)
def test_hours_over_midnight_begin_and_end(clock: str, *, applies: bool) -> None:
    assert (NIGHT.fault(at(clock), from_vehicle=False) == "") is applies


def test_every_minute_of_a_week_agrees_with_a_plain_count() -> None:
    """The oracle marks each minute from a Friday or Saturday 18:00 to 06:00, one by one."""
    limits = Limits(time(18), time(6), frozenset({4, 5}))
    marked = set()
    for day in (FRIDAY, FRIDAY + timedelta(days=1)):
        start = datetime.combine(day.date(), time(18))
        marked |= {start + timedelta(minutes=n) for n in range(12 * 60)}
    monday = FRIDAY.replace(tzinfo=None) - timedelta(days=4)
    for minute in range(0, 7 * 24 * 60, 7):
        moment = monday + timedelta(minutes=minute)
        applies = limits.fault(moment.replace(tzinfo=LONDON), from_vehicle=False) == ""
        assert applies is (moment in marked), moment


def test_hours_are_londons() -> None:
    # 17:30 UTC in June is 18:30 in London.
    assert NIGHT.fault(datetime(2026, 6, 12, 17, 30, tzinfo=UTC), from_vehicle=False) == ""


def test_people_without_a_vehicle_are_not_meant() -> None:
    limits = Limits(vehicles_only=True)
    assert "with a vehicle only" in limits.fault(at("15:00"), from_vehicle=False)
    assert limits.fault(at("15:00"), from_vehicle=True) == ""


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("No inhaling", ""),
        ("No inhaling [18:00-06:00]", "from 18:00 to 06:00"),
        ("No inhaling [8:00 to 20:00, Fri-Sun]", "from 08:00 to 20:00 on Friday, Saturday, Sunday"),
        ("No inhaling [Sat Sun]", "on Saturday, Sunday"),
        (
            "No inhaling [vehicles only, surrender]",
            "for people with a vehicle, things may have to be surrendered",
        ),
    ],
)
def test_a_line_says_its_limits(line: str, words: str) -> None:
    text, limits = read_line(line)
    assert (text, limits.words()) == ("No inhaling", words)


@pytest.mark.parametrize("bad", ["[sometimes]", "[25:00-26:00]", "[18:00]"])
def test_what_is_no_limit_is_refused(bad: str) -> None:
    with pytest.raises(RefusedError):
        read_line(f"No inhaling {bad}")


def test_a_limit_comes_back_from_the_store_and_the_form() -> None:
    hours = ((None, None), (time(18), time(6)))
    for (begins, ends), days, vehicles, surrender in product(
        hours, (frozenset(), frozenset({4, 6})), (True, False), (True, False)
    ):
        limits = Limits(begins, ends, days, vehicles, surrender)
        assert limits_of(limits.to_record()) == limits
        assert read_line(line_of("No inhaling", limits)) == ("No inhaling", limits)


def refusals(clock: str, prohibition: str | None = "p1") -> list[str]:
    facts = OrderFacts(
        1,
        "Town PSPO",
        date(2024, 2, 1),
        date(2027, 1, 31),
        is_in_force=True,
        is_inside=True,
        boundary_m=50,
        prohibitions={"p1": "No inhaling.", "p2": "No gathering in cars"},
        limits={"p1": NIGHT, "p2": Limits(vehicles_only=True)},
    )
    moment = at(clock)
    return list(order_refusals([facts], moment.date(), prohibition, accuracy_m=5, moment=moment))


def test_a_breach_outside_the_hours_is_refused_with_the_reason() -> None:
    assert refusals("15:00") == [
        "Town PSPO, No inhaling: it applies from 18:00 to 06:00, and the act was at 15:00 on Friday"
    ]
    assert refusals("18:00") == []
    assert len(refusals("15:00", None)) == 2  # none of the two applies
    assert refusals("18:00", None) == []
