"""The charts of the report: limits by hand, gaps where nothing is known, and ink without colour."""

from datetime import date
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from web.services.committee.drawn.paper_charts import MarkedDay, count_chart, share_chart
from web.services.committee.sections.trend_charts import _Month, _public_counts, control_points

MONTHS = [date(2026, month, 1) for month in range(1, 7)]


def test_limits_are_three_standard_deviations_about_the_whole_share() -> None:
    shares = [(90, 100), (90, 100), (90, 100), (60, 100)]
    months = [_Month(first, met, of) for first, (met, of) in zip(MONTHS, shares, strict=False)]
    points = control_points(months, [])
    # 330 of 400 is 0.825; sqrt(0.825 * 0.175 / 100) is 0.037997, three of them 0.113990.
    assert points[0].middle == pytest.approx(0.825)
    assert points[0].low == pytest.approx(0.711010, abs=1e-5)
    assert points[0].high == pytest.approx(0.938990, abs=1e-5)
    assert [point.is_outside for point in points] == [False, False, False, True]


def test_a_new_contractor_begins_new_limits() -> None:
    months = [_Month(first, 90 if first.month < 4 else 50, 100) for first in MONTHS]
    points = control_points(months, [date(2026, 4, 1)])
    assert [point.middle for point in points] == pytest.approx([0.9] * 3 + [0.5] * 3)
    assert not any(point.is_outside for point in points)


def test_a_month_that_is_not_known_has_no_share_and_no_limits() -> None:
    points = control_points([_Month(MONTHS[0], None, None), _Month(MONTHS[1], 9, 10)], [])
    assert (points[0].share, points[0].low, points[0].high) == (None, None, None)
    assert points[1].share == pytest.approx(0.9)


def test_no_hidden_month_follows_from_the_sum_of_its_year() -> None:
    year = [20, 3, 30, 7, 40, 50, 60, 70, 80, 90, 30, 20]
    shown = _public_counts(year)
    # 3 is small, and alone it would be the year's sum less the others: 7 goes with it.
    assert shown == [20, None, 30, None, 40, 50, 60, 70, 80, 90, 30, 20]


@pytest.mark.parametrize("lasts_until", [None, date(2026, 3, 20)])
def test_the_charts_have_no_colour(lasts_until: date | None) -> None:
    marks = [MarkedDay(date(2026, 2, 10), lasts_until, "a lockdown")]
    points = control_points([_Month(first, 9, 10) for first in MONTHS], [])
    for png in (
        share_chart(points, marks, "Cleared in time"),
        count_chart(MONTHS, [3, None, 5, 8, 13, 2], marks, "Incidents"),
    ):
        pixels = np.asarray(Image.open(BytesIO(png)).convert("RGB")).astype(int)
        assert np.ptp(pixels, axis=2).max() == 0
        assert pixels.min() < 40


def test_a_month_without_a_figure_is_a_gap_in_the_line() -> None:
    unbroken = count_chart(MONTHS, [5, 5, 5, 5, 5, 5], [], "Incidents")
    broken = count_chart(MONTHS, [5, 5, None, None, 5, 5], [], "Incidents")
    ink = [
        int((np.asarray(Image.open(BytesIO(p)).convert("L")) < 60).sum())
        for p in (unbroken, broken)
    ]
    assert ink[1] < ink[0]
