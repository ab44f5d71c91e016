"""The charts of the performance page: planted shares and times give the words and the lines."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
import shapely
import time_machine

from geodata.incidents import open_incidents
from geodata.models import ContractPeriod
from geodata.store.engine import Store
from hotspots.effects.clearance_times import ClearanceCurve, ClearanceFigures
from hotspots.stats.shares import wilson
from tests.filled_stores import filled_once
from tests.web.conftest import SignIn
from tests.web.page import Page
from web.charts.clearance import curve_chart, curve_sentence, promise_chart, promise_sentence
from web.services.clearing import NewClearance, record
from web.services.clearing.performance import Part
from web.services.reporting.intake import NewReport, take_report

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
NOTHING = wilson(0, 0)


def months(*met: int, of: int = 100) -> list[Part]:
    """Parts in which so many of ``of`` were cleared in target."""
    figures = [
        ClearanceFigures(
            of,
            wilson(n, of),
            NOTHING,
            NOTHING,
            NOTHING,
            1,
            1,
            1,
            1,
            0,
            NOTHING,
            NOTHING,
            NOTHING,
            1,
        )
        for n in met
    ]
    return [Part(f"2026-{i:02d}", each) for i, each in enumerate(figures, 1)]


@pytest.mark.parametrize(
    ("met", "words"),
    [
        # Mean 0.5, standard deviation of 100: 0.05, so that 0.35 to 0.65 is ordinary.
        ((50, 65, 35), "Cleared in target: no month differs from the others by more than chance"),
        ((40, 40, 80, 40), "Cleared in target: of 4 months, 1 above what chance explains"),
        ((50, 66, 34), "Cleared in target: of 3 months, 1 below and 1 above what chance explains"),
        ((30, 30, 70, 70), "Cleared in target: of 4 months, 2 below and 2 above"),
        ((100, 100), "Cleared in target: no month differs from the others by more than chance"),
        ((50,), "Too few months to compare the share cleared in target"),
        ((), "Too few months to compare the share cleared in target"),
    ],
)
def test_the_title_says_how_many_months_lie_outside_chance(
    met: tuple[int, ...], words: str
) -> None:
    assert promise_sentence(months(*met), "month").startswith(words)


def test_a_month_in_which_nothing_counts_is_no_month_to_compare() -> None:
    parts = [*months(50, 50), *months(0, of=0)]
    assert promise_sentence(parts, "month").startswith("Cleared in target: no month")
    drawing = promise_chart(parts, ["Jan", "Feb", "Mar"], "")
    ends = [path.points[-1] for path in drawing.paths if path.css == "chart-main"]
    assert ends == [(48 + 900 / 3 * 1.5, 126.0)]  # half of 200 below 26; nothing in March


def test_limits_stand_where_the_p_chart_has_them() -> None:
    drawing = promise_chart(months(50, 50), ["Jan", "Feb"], "")
    heights: dict[str, set[float]] = {
        css: set() for css in ("chart-limit", "chart-expected", "chart-aim")
    }
    for path in drawing.paths:
        heights.get(path.css, set()).update(round(y, 6) for _, y in path.points)
    # 100 % stands at 26 and 0 % at 226: two units for each per cent.
    assert heights == {"chart-limit": {156, 96}, "chart-expected": {126}, "chart-aim": {26}}


def curve(*done: tuple[float, float], jobs: int = 4) -> ClearanceCurve:
    hours, shares = zip(*done, strict=True)
    return ClearanceCurve(np.array(hours), np.array(shares), jobs)


def test_a_curve_rises_in_steps_and_ends_after_a_week() -> None:
    drawing = curve_chart({"FCC": curve((48, 0.5), (84, 0.75), (200, 1))}, "")
    day = 900 / 7
    [path] = [path for path in drawing.paths if path.css == "chart-main"]
    assert np.allclose(
        path.points,
        [
            (48, 226),  # none at 0 h
            (48 + 2 * day, 226),
            (48 + 2 * day, 126),  # a half at 48 h
            (48 + 3.5 * day, 126),
            (48 + 3.5 * day, 76),  # three of four at 84 h
            (948, 76),  # the fourth took longer than is drawn
        ],
    )


def test_of_many_contractors_the_four_with_the_most_work_are_drawn() -> None:
    jobs = {"a": 5, "b": 1, "c": 9, "d": 7, "e": 6}
    curves = {name: curve((24, 0.5), jobs=n) for name, n in jobs.items()}
    assert len(curve_chart(curves, "").paths) == 4
    assert curve_sentence(curves) == (
        "Cleared or found gone within 48 hours: c 50%, d 50%, e 50%, a 50%"
    )


@pytest.fixture
@filled_once
def two_firms(council: Store) -> Store:
    """Old clears in 10 h and has one open; New clears one in 20 h and one in 100 h."""
    with council.writing() as session:
        change = date(2026, 10, 1)
        session.add(ContractPeriod(contractor="Old", valid_to=change))
        session.add(ContractPeriod(contractor="New", valid_from=change))
    work = [(70, 10), (69, None), (40, 20), (39, 100)]
    for i, (days, took_h) in enumerate(work):
        _tell_and_clear(council, 300 * i, NOW - timedelta(days=days), took_h)
    return council


def _tell_and_clear(store: Store, x: float, told_at: datetime, took_h: int | None) -> None:
    new = NewReport(shapely.Point(553_000 + x, 174_000), "public", "web", told_at)
    with store.writing() as session:
        key = take_report(session, new, now=told_at).reference
    if took_h is not None:
        at = told_at + timedelta(hours=took_h)
        with store.writing() as session:
            incident = open_incidents.by_key(session, key)
            done = NewClearance(incident.id, "cleared", at, no_photo_reason="Dark")
            record(session, done, now=at)


@pytest.mark.usefixtures("two_firms")
def test_the_page_has_both_charts_each_with_its_table(signed_in: SignIn) -> None:
    with time_machine.travel(NOW, tick=False):
        page = Page.of(signed_in("manager").get("/officer/performance?by=month"))
    assert "Cleared or found gone within 48 hours: New 50%, Old 50%" in page.headings
    assert any(heading.startswith("Cleared in target: ") for heading in page.headings)
    rows = page.table("Share cleared or found gone").rows
    assert [list(row.values()) for row in rows] == [
        ["New", "2", "0%", "50%", "50%", "50%", "100%"],
        ["Old", "2", "50%", "50%", "50%", "50%", "50%"],
    ]
