"""Payment rate, warnings and evidence: counted by hand beside the code."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import geopandas as gpd
import pytest
import shapely

from geodata.rules.days import LONDON
from geodata.rules.tables import Row, packaged
from tests.web.enforcement.conftest import NOW, Enforcing
from web.services.enforcement import order_evidence
from web.services.enforcement.enforcement_figures import PaymentRate, payment_rate, warning_effect
from web.services.enforcement.notice_deadlines import board


@dataclass
class Fake:
    """An action as the figures see it."""

    kind: str
    issued_on: date
    recipient_ref: str | None = None
    earlier_action_id: int | None = None
    id: int = 0

    @property
    def offence_at(self) -> datetime:
        return datetime(self.issued_on.year, self.issued_on.month, self.issued_on.day, tzinfo=UTC)


DAY = date(2026, 1, 10)
MARCH = date(2026, 3, 3)


def test_the_payment_rate_is_paid_of_issued_less_void_and_cancelled() -> None:
    states = ["paid_full", "paid_discount", "unpaid", "void", "cancelled", "court", "draft"]
    rows = [(Fake("litter_fpn", DAY), state) for state in states]
    rows += [(Fake("cpw", DAY), "issued"), (Fake("keeper_penalty", DAY), "written_off")]
    # 7 issued (the draft was not, the warning asks no money), 1 void, 1 cancelled: 2 of 5.
    rate = payment_rate(rows)
    assert rate == PaymentRate(paid=2, issued=7, void=1, cancelled=1)
    assert rate.of == 5
    assert payment_rate([]).of == 0


@pytest.mark.parametrize(
    ("notice_on", "without", "of"),
    [
        (None, 1, 1),
        (date(2026, 7, 10), 0, 1),  # six months from 10 January: the last day counts
        (date(2026, 7, 11), 1, 1),
        (date(2026, 1, 9), 1, 1),  # before the warning
    ],
)
def test_a_warning_worked_where_no_notice_followed_in_its_window(
    notice_on: date | None, without: int, of: int
) -> None:
    rows = [(Fake("cpw", DAY, "P-1"), "issued"), (Fake("cpw", DAY), "issued")]
    if notice_on:
        rows.append((Fake("cpn", notice_on, "P-1"), "issued"))
    effect = warning_effect(packaged(), rows, DAY, DAY, today=date(2026, 12, 1))
    assert (effect.without_notice, effect.finished, effect.still_open, effect.untied) == (
        without,
        of,
        0,
        1,
    )


def test_a_warning_whose_window_runs_says_nothing_yet() -> None:
    rows = [(Fake("cpw", DAY, "P-1", id=1), "issued"), (Fake("cpw", DAY, "P-2"), "withdrawn")]
    for today, finished in ((date(2026, 7, 10), 0), (date(2026, 7, 11), 1)):
        effect = warning_effect(packaged(), rows, DAY, DAY, today=today)
        assert (effect.finished, effect.still_open) == (finished, 1 - finished)


def test_each_warning_has_the_window_of_the_day_on_which_it_was_given() -> None:
    values = {
        "code": "warning_effect",
        "length": [12],
        "unit": "months",
        "counted": "corresponding",
    }
    longer = Row(date(2026, 2, 1), None, values, "Decision 9", council_key=1)
    rules = packaged().with_rows([("periods", longer)])
    rows = [(Fake("cpw", DAY, "P-1", id=1), "issued"), (Fake("cpw", MARCH, "P-2", id=2), "issued")]
    # On 1 December the six months from 10 January have passed, the twelve from 3 March have not.
    effect = warning_effect(rules, rows, DAY, MARCH, today=date(2026, 12, 1))
    assert (effect.finished, effect.still_open) == (1, 1)
    # Nobody has read the program's own period; the council read what it entered.
    assert effect.window == "6 months (a period that is not verified) or 12 months"
    ours = warning_effect(rules, [], DAY, DAY, today=MARCH).window
    assert ours == "6 months (a period that is not verified)"


AREA = shapely.multipolygons([shapely.box(0, 0, 100, 100)])


def dumps(*rows: tuple[str, float]) -> gpd.GeoDataFrame:
    """Incidents on a day at so many metres east of the area's western edge."""
    times = [datetime.fromisoformat(f"{day}T20:00").replace(tzinfo=LONDON) for day, _ in rows]
    frame = gpd.GeoDataFrame(
        {"first_reported_at": times, "cylinders": [1.0, *[float("nan")] * (len(rows) - 1)]},
        geometry=[shapely.Point(x, 50) for _, x in rows],
        crs=27700,
    )
    frame["first_reported_at"] = frame["first_reported_at"].astype("datetime64[us, UTC]")
    return frame


def of_record(monkeypatch: pytest.MonkeyPatch, rows: gpd.GeoDataFrame) -> None:
    """The store's record is these incidents, and it is asked for the part about an area."""
    frames = order_evidence.frames
    monkeypatch.setattr(frames, "incidents", lambda _, *, within: rows[rows.intersects(within)])
    monkeypatch.setattr(frames, "record_begins", lambda _: rows["first_reported_at"].min())


def test_evidence_counts_dumps_nights_and_months_in_and_around(
    enforcing: Enforcing, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = dumps(
        ("2025-03-01", 10),
        ("2025-03-01", 20),
        ("2025-05-09", 100),  # inside, edge included
        ("2025-03-02", 101),
        ("2025-03-03", 350),
        ("2024-06-01", 200),  # around, to 250 m
        ("2025-03-04", 351),
    )
    of_record(monkeypatch, rows)
    with enforcing.store.reading() as session:
        evidence = order_evidence.evidence_for(session, AREA, now=NOW)
    years = [
        (y.year, y.inside, y.around, y.nights, y.months, y.with_cylinders) for y in evidence.years
    ]
    assert years == [(2025, 3, 2, 2, 2, 1), (2024, 0, 1, 0, 0, 0)]
    assert (evidence.area_m2, evidence.actions_by_kind, evidence.effect) == (10_000, {}, None)


def test_before_and_since_are_equally_long_and_only_where_there_are_records(
    enforcing: Enforcing, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = dumps(
        ("2026-01-01", 10),
        ("2026-02-20", 10),
        ("2026-02-25", 150),  # 58 days 4 hours to 1 March
        ("2026-03-01", 10),
        ("2026-04-27", 10),
        ("2026-06-01", 10),  # the last lies beyond
    )
    of_record(monkeypatch, rows)
    with enforcing.store.reading() as session:
        effect = order_evidence.evidence_for(session, AREA, now=NOW, began=date(2026, 3, 1)).effect
        assert (effect.inside_before, effect.inside_since) == (2, 2)
        assert (effect.around_before, effect.around_since) == (1, 0)
        early = order_evidence.evidence_for(session, AREA, now=NOW, began=date(2026, 1, 15))
    assert early.effect is None  # records of a fortnight before it tell nothing


def test_the_board_announces_an_orders_end_nine_six_and_three_months_before(
    enforcing: Enforcing,
) -> None:
    with enforcing.store.writing() as session:
        lines = board(session, enforcing.actor)  # 13 June 2026; the order ends 31 January 2027
    town = [(line.on, line.words.split(":")[0]) for line in lines if line.subject == "Town"]
    assert town == [
        (date(2026, 7, 31), "6 months to its end"),
        (date(2026, 10, 31), "3 months to its end"),
        (date(2027, 1, 31), "Last day in force"),
    ]
    assert not [line for line in lines if line.subject == "Old town"]
    assert min(line.on for line in lines) >= NOW.date() - timedelta(days=31)
