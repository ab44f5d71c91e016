"""When an order holds: versions, gaps, and what may follow what."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.rules.enforcement.orders import (
    Span,
    challenge_last_day,
    expiry_alerts,
    gaps,
    spans_in_force,
    version_fault,
    version_on,
)
from geodata.rules.tables import packaged

LAW = packaged()


@dataclass
class V:
    number: int
    change: str
    valid_from: date
    valid_to: date | None
    made_on: date | None = None


def v(number: int, change: str, first: str, last: str | None, made: str | None = None) -> V:
    days = [day and date.fromisoformat(day) for day in (first, last, made)]
    return V(number, change, *days)


MADE = v(1, "made", "2021-02-01", "2024-01-31")
EXTENDED = v(2, "extended", "2024-02-01", "2027-01-31", "2023-12-11")


@pytest.mark.parametrize(
    ("day", "number"),
    [
        ("2021-01-31", None),
        ("2021-02-01", 1),
        ("2024-01-31", 1),
        ("2024-02-01", 2),
        ("2027-01-31", 2),
        ("2027-02-01", None),
    ],
)
def test_both_ends_of_a_version_are_in_force(day: str, number: int | None) -> None:
    version = version_on([MADE, EXTENDED], date.fromisoformat(day))
    assert (version and version.number) == number


def test_a_variation_takes_over_and_a_discharge_ends_all() -> None:
    versions = [
        MADE,
        EXTENDED,
        v(3, "varied", "2025-06-01", "2027-01-31"),
        v(4, "discharged", "2026-03-01", None),
    ]
    numbers = {
        day: (version and version.number)
        for day in ("2025-05-31", "2025-06-01", "2026-02-28", "2026-03-01", "2026-12-31")
        if (version := version_on(versions, date.fromisoformat(day))) or True
    }
    assert list(numbers.values()) == [2, 3, 3, None, None]
    spans = [(span.valid_from, span.valid_to) for span, _ in spans_in_force(versions)]
    assert spans == [
        (date(2021, 2, 1), date(2024, 1, 31)),
        (date(2024, 2, 1), date(2025, 5, 31)),
        (date(2025, 6, 1), date(2026, 2, 28)),
    ]


DAY = st.dates(date(2017, 1, 1), date(2030, 1, 1))
VERSIONS = st.lists(
    st.tuples(
        DAY, st.integers(0, 1500), st.sampled_from(["made", "extended", "varied", "discharged"])
    ),
    max_size=6,
).map(
    lambda rows: [
        V(number, change, first, first + timedelta(days=length))
        for number, (first, length, change) in enumerate(rows, 1)
    ]
)


@given(VERSIONS, DAY)
def test_spans_say_of_every_day_what_the_rule_says(versions: list[V], day: date) -> None:
    standing = [
        version
        for span, version in spans_in_force(versions)
        if span.valid_from <= day <= (span.valid_to or date.max)
    ]
    assert standing == [version for version in [version_on(versions, day)] if version]


@given(VERSIONS, DAY)
def test_a_day_between_the_first_and_the_last_is_in_a_span_or_in_a_gap(
    versions: list[V], day: date
) -> None:
    spans = [span for span, _ in spans_in_force(versions)]
    if not spans or not spans[0].valid_from <= day <= max(s.valid_to for s in spans):
        return
    is_held = any(span.valid_from <= day <= span.valid_to for span in spans)
    assert is_held != any(gap.valid_from <= day <= gap.valid_to for gap in gaps(spans))


def test_the_gap_between_dartfords_orders_is_found() -> None:
    spans = [
        Span(date(2021, 2, 1), date(2024, 1, 31)),
        Span(date(2017, 10, 1), date(2019, 12, 31)),
        Span(date(2024, 2, 1), date(2027, 1, 31)),
    ]
    assert gaps(spans) == [Span(date(2020, 1, 1), date(2021, 1, 31))]


@pytest.mark.parametrize(
    ("new", "words"),
    [
        (EXTENDED, ""),
        (v(2, "extended", "2024-02-01", "2027-01-31", "2024-01-31"), ""),
        (v(2, "extended", "2024-02-01", "2027-01-31", "2024-02-01"), "cannot be extended"),
        (v(2, "extended", "2024-02-02", "2027-01-31"), "write 1 February 2024"),
        (v(2, "extended", "2024-02-01", "2027-01-31"), "enter the day on which the extension"),
        (v(2, "extended", "2024-02-01", "2027-02-01", "2024-01-31"), "end it on 31 January 2027"),
        (v(2, "extended", "2024-02-01", None, "2024-01-31"), "three years at most"),
        (v(2, "varied", "2022-06-01", "2024-01-31", "2022-05-09"), ""),
        (v(2, "varied", "2022-06-01", "2024-01-31"), "enter the day on which the variation"),
        (v(2, "varied", "2022-06-01", "2024-02-01"), "cannot outlast the order"),
        (v(2, "varied", "2024-02-01", "2024-06-01"), "was not in force on 1 February 2024"),
        (v(2, "discharged", "2022-06-01", None, "2022-05-09"), ""),
        (v(2, "discharged", "2022-06-01", None), "enter the day on which the discharge"),
        (v(2, "discharged", "2025-06-01", None), "cannot be discharged"),
        (v(2, "made", "2023-01-01", "2025-12-31"), "extend or vary it"),
        (v(2, "made", "2025-01-01", "2027-12-31", "2024-12-09"), ""),
        (v(2, "made", "2025-01-01", "2027-12-31"), "enter the day on which the order"),
        (v(2, "made", "2025-01-01", "2028-01-01"), "end it on 31 December 2027"),
        (v(2, "made", "2025-01-01", "2024-12-31"), "before it begins"),
    ],
)
def test_what_may_follow_an_order_that_was_made(new: V, words: str) -> None:
    fault = version_fault(LAW, [MADE], new)
    assert words in fault
    assert bool(fault) == bool(words)


def test_nothing_but_making_begins_an_order() -> None:
    assert version_fault(LAW, [], MADE) == ""
    for change in ("extended", "varied", "discharged"):
        assert "nothing was made" in version_fault(LAW, [], v(1, change, "2021-02-01", None))


def test_alerts_come_nine_six_and_three_months_before_the_last_day() -> None:
    alerts = expiry_alerts(LAW, date(2027, 1, 31))
    assert alerts == [(9, date(2026, 4, 30)), (6, date(2026, 7, 31)), (3, date(2026, 10, 31))]


def test_six_weeks_to_challenge_begin_with_the_day_it_is_made() -> None:
    # 1 Feb 2024 is the 1st day; 29 days of that February; the 42nd is 13 March.
    assert challenge_last_day(LAW, date(2024, 2, 1)) == date(2024, 3, 13)
