"""Charts of enforcement: what they say, by hand."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from geodata.rules.enforcement.orders import Span
from web.charts.effect import expected_months
from web.charts.enforcement_months import enforcement_months_chart
from web.charts.order_timeline import order_timeline, timeline_sentence
from web.services.effects import MonthRow
from web.services.enforcement.month_actions import MonthActions, month_actions, month_sentence
from web.services.enforcement.ordering import Timeline, TimelineRow

TODAY = date(2026, 7, 1)


def acts(*kinds_and_days: tuple[str, int, int]) -> list[Any]:
    moments = [(kind, datetime(2026, m, day, 12, tzinfo=UTC)) for kind, m, day in kinds_and_days]
    return [(SimpleNamespace(kind=kind, offence_at=at), "issued") for kind, at in moments]


def test_acts_are_counted_by_london_s_month_and_no_record_is_not_zero() -> None:
    rows = acts(("litter_fpn", 5, 3), ("litter_fpn", 5, 31), ("caution", 6, 1))
    months = month_actions(rows, date(2026, 3, 10), date(2026, 6, 30), date(2026, 4, 20))
    assert months == [
        MonthActions(date(2026, 3, 1), None, None),
        MonthActions(date(2026, 4, 1), 0, 0),
        MonthActions(date(2026, 5, 1), 2, 0),
        MonthActions(date(2026, 6, 1), 0, 1),
    ]
    caption = month_sentence(rows, date(2026, 3, 10), date(2026, 6, 30))
    assert caption == "3 actions from 10 March 2026 to 30 June 2026, 2 penalty notices among them"
    # two bars for each of three months; a month without a record has none
    assert len(enforcement_months_chart(months, caption).rects) == 6


def test_a_long_period_ends_at_the_last_months() -> None:
    months = month_actions([], date(1990, 1, 1), date(2026, 6, 30), date(1990, 1, 1))
    assert (len(months), months[-1].first) == (120, date(2026, 6, 1))


def timeline(*days: tuple[date, date | None]) -> Timeline:
    spans = [(Span(first, last), "made, version 1") for first, last in days]
    return Timeline(days[0][0], date(2027, 1, 1), [TimelineRow("Town centre", 1, spans)])


def test_the_timeline_names_its_years_and_says_what_is_in_force() -> None:
    orders = timeline((date(2024, 2, 1), date(2027, 1, 31)))
    caption = timeline_sentence(orders, TODAY)
    assert caption == "Town centre is in force up to 31 January 2027"
    drawing = order_timeline(orders, TODAY, caption)
    assert [t.text for t in drawing.texts if t.text.isdigit()] == ["2025", "2026", "2027"]


def test_an_order_that_ended_is_not_in_force() -> None:
    orders = timeline((date(2020, 2, 1), date(2023, 1, 31)))
    assert timeline_sentence(orders, TODAY) == "No order is in force on 1 July 2026"


def test_what_was_to_be_expected_is_the_comparison_at_the_target_s_size() -> None:
    before = [MonthRow(date(2025, m, 1), False, 4, 0, 2, 0) for m in (1, 2)]
    after = [MonthRow(date(2026, m, 1), True, 1, 0, 3, 0) for m in (1, 2)]
    # 8 in the target before for 4 in the comparison: twice its 3 a month
    assert expected_months([*before, *after]) == pytest.approx([4, 4, 6, 6])
    nothing = [MonthRow(date(2025, 1, 1), False, 4, 0, 0, 0)]
    assert expected_months(nothing) == [None]
