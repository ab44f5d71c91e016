"""The last weeks: what a run reckons of them, and what board and mails say of it."""

from datetime import UTC, date, datetime, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import time_machine
from sqlalchemy import select

from geodata import detections
from geodata.models import OutboxMessage
from geodata.people.audit import Actor
from geodata.store.engine import Store
from tests.web.conftest import SignIn
from tests.web.desk import Spot, run_now, scattered, store_incidents, weekly
from tests.web.page import Page
from web.services.background import ticking
from web.services.background.tick_settings import TickSettings
from web.services.detection import recent_days, recent_scan
from web.services.detection.recent_days import RecentDays, Spike
from web.services.mail.letters import Sender

NOW = datetime(2026, 7, 31, 12, tzinfo=UTC)
WEST, EAST = (553_000, 174_000), (555_000, 174_500)
BOARD, CSU = "/officer/hotspots", "csu@council.example"
QUIET = [(*WEST, weekly(20, NOW - timedelta(days=3))), *scattered(NOW)]
BURST: list[Spot] = [(*EAST, [NOW - timedelta(days=2 * k + 1, hours=4) for k in range(8)])]
"""Eight nights from 15 July on at a place where nothing was before."""

FIRST = [NOW - timedelta(days=30 * k + 3, hours=4) for k in range(10)]
FOLLOWED: list[Spot] = [(*WEST, [*FIRST, *(at + timedelta(days=2) for at in FIRST)])]
"""Ten parties in the West, each followed by another two nights on, the last of them yesterday."""


def frame(xy: np.ndarray, days_ago: np.ndarray) -> gpd.GeoDataFrame:
    reported_at = pd.Timestamp(NOW) - pd.to_timedelta(days_ago, unit="D")
    return gpd.GeoDataFrame(
        {"first_reported_at": reported_at}, geometry=gpd.points_from_xy(*xy.T), crs=27700
    )


def apart(*days_ago: tuple[int, float]) -> gpd.GeoDataFrame:
    """So many incidents of an age in days each, a kilometre from one another."""
    ages = np.repeat([age for _, age in days_ago], [n for n, _ in days_ago])
    column, row = np.divmod(np.arange(len(ages)), 100)
    return frame(np.column_stack([column, row]) * 1000.0, ages)


@pytest.mark.parametrize(
    ("incidents", "months"),
    [
        (apart((1_500, 300)), 12),
        (apart((1, 300), (1_500, 150)), 6),  # 1,501 in twelve months
        (apart((1, 150), (1_500, 30)), 3),
        (apart((1_501, 30)), None),
        (frame(np.full((316, 2), 500.0), np.full(316, 300)), 12),  # 316² = 99,856 pairs
        (frame(np.full((317, 2), 500.0), np.append(np.full(316, 30), 300)), 6),  # 317² = 100,489
        (apart((20, 400), (3, -1)), 12),  # too old, and yet to come: none is seen
    ],
)
def test_the_window_is_the_longest_that_ends_soon(
    incidents: gpd.GeoDataFrame, months: int | None
) -> None:
    assert recent_scan.window_months(incidents, NOW) == months


def reckoned(store: Store, incidents: gpd.GeoDataFrame, begins: datetime) -> RecentDays:
    with store.reading() as session:
        recent = recent_scan.reckon(session, incidents, begins=begins, as_of=NOW)
    assert recent_days.read({"recent_days": recent_days.kept(recent)}) == recent
    return recent


def test_too_many_and_too_few_are_not_compared(council: Store) -> None:
    began = NOW - timedelta(days=10)
    many = reckoned(council, apart((1_501, 8)), began)
    assert (many.is_compared, many.months, many.incidents) == (False, None, 1_501)
    few = reckoned(council, apart((19, 8)), began)
    assert (few.is_compared, few.incidents, few.begins_on) == (False, 19, date(2026, 7, 21))
    assert reckoned(council, apart((20, 8)), began).is_compared


def test_pairs_are_counted_by_hand_and_one_party_is_no_repeat(council: Store) -> None:
    # Ten places far apart, twice each: five of them three nights later, five four nights later;
    # and one night's five piles within 150 m, which are one party.
    ages = np.concatenate([20.0 * np.arange(1, 11), 20.0 * np.arange(1, 11) - np.repeat([3, 4], 5)])
    xy = np.tile(np.column_stack([np.arange(10) * 2_000.0, np.zeros(10)]), (2, 1))
    piles = np.column_stack([np.full(5, 90_000.0), np.arange(5) * 30.0])
    rows = frame(np.vstack([xy, piles]), np.append(ages, np.full(5, 150.0)))
    repeat = reckoned(council, rows, NOW - timedelta(days=360)).near_repeat
    assert repeat is not None
    assert repeat.pairs == 5
    assert repeat.is_real


def test_chance_explains_repeats_where_days_are_shuffled(council: Store) -> None:
    rng = np.random.default_rng(3)
    rows = frame(rng.uniform(0, 2_000, (200, 2)), rng.permutation(np.arange(200) * 1.5))
    repeat = reckoned(council, rows, NOW - timedelta(days=360)).near_repeat
    assert repeat is not None
    assert not repeat.is_real


def detected(store: Store, spots: list[Spot]) -> None:
    store_incidents(store, spots, now=NOW)
    with store.writing() as session:
        run_now(session, Actor(None, NOW))


def test_the_board_tells_a_planted_burst(council: Store, signed_in: SignIn) -> None:
    detected(council, QUIET + BURST)
    page = Page.of(signed_in("officer").get(BOARD))
    (row,) = page.table("Places with a sudden rise").rows
    assert row["Place"].startswith("East ward, TQ 5500 7450")
    # Told on the mornings of 16 to 30 July, of the nights of 15 to 29 July. Weeks are counted back
    # from the night of the 31st: the three that hold all eight begin on 11 July.
    assert row["Since"] == "11 Jul 2026"
    assert row["Dumps"] == "8"
    assert "once in 4.0 years or more rarely" in row["By chance alone"]
    assert "chance alone raises about one new alert in two years in a borough" in page.text


def test_a_burst_at_a_hotspot_leads_to_it(council: Store, signed_in: SignIn) -> None:
    detected(council, QUIET + BURST)  # eight nights in three weeks are a hotspot too, the second
    table = Page.of(signed_in("officer").get(BOARD)).table("Places with a sudden rise")
    assert [link.href for link in table.links[0]] == [f"{BOARD}/H-0002"]


def test_what_is_too_much_to_compare_is_said(council: Store, signed_in: SignIn) -> None:
    detected(council, QUIET)
    many = RecentDays(None, date(2026, 4, 30), 1_501)
    with council.writing() as session:
        run = detections.latest_run(session)
        run.summary = run.summary | {"recent_days": recent_days.kept(many)}
    text = Page.of(signed_in("officer").get(BOARD)).text
    assert "Not reckoned: the 1,501 incidents of the last three months are too many" in text


def test_the_board_says_that_a_record_is_quiet(council: Store, signed_in: SignIn) -> None:
    detected(council, QUIET)
    page = Page.of(signed_in("officer").get(BOARD))
    # 20 weekly dumps in the West, 30 anywhere, the oldest 12 × 29 days before 31 July
    assert (
        "No place has more incidents than its own past explains, among the 50 incidents"
        in page.text
    )
    assert "since 17 Aug 2025" in page.text
    assert "Places with a sudden rise" not in [table.caption for table in page.tables]


def test_a_run_of_before_says_that_it_did_not_reckon(council: Store, signed_in: SignIn) -> None:
    detected(council, QUIET + BURST)
    with council.writing() as session:
        run = detections.latest_run(session)
        kept = {"note", "hotspots", "stored"}  # what earlier versions wrote
        run.summary = {name: value for name, value in run.summary.items() if name in kept}
    officer = signed_in("officer")
    page = Page.of(officer.get(BOARD))
    assert page.text.count("Not reckoned in this run") == 3
    assert "No place has more" not in page.text
    assert "Not reckoned in the newest run" in Page.of(officer.get("/officer/weeks")).text


def test_a_short_record_is_not_called_quiet(council: Store, signed_in: SignIn) -> None:
    detected(council, scattered(NOW, 19))
    page = Page.of(signed_in("officer").get(BOARD))
    assert "19 incidents since 27 Dec 2025 are too few" in page.text
    assert "No place has more" not in page.text


def test_where_one_dump_draws_the_next_the_board_says_where_to_go_back(
    council: Store, signed_in: SignIn
) -> None:
    detected(council, FOLLOWED + scattered(NOW))
    page = Page.of(signed_in("officer").get(BOARD))
    assert "One incident draws the next here. Since 17 Aug 2025 there were" in page.text
    assert "West ward: last incident 30 Jul 2026, go back by 2 Aug 2026" in page.text


@pytest.mark.parametrize(("days", "is_due"), [(2, True), (3, False)])
def test_hotspot_and_planner_say_to_go_back_until_the_third_day(
    council: Store, signed_in: SignIn, days: int, *, is_due: bool
) -> None:
    detected(council, FOLLOWED + scattered(NOW))  # last on 30 July: to go back by 2 August
    with time_machine.travel(NOW + timedelta(days=days), tick=False):
        officer = signed_in("officer")
        spot, planner = (
            Page.of(officer.get(address)).text for address in (f"{BOARD}/H-0001", "/patrols/new")
        )
    assert ("Go back by Sunday 2 August 2026" in spot) == is_due
    assert ("H-0001, West ward: last incident" in planner) == is_due


def test_where_chance_explains_repeats_there_is_no_advice(
    council: Store, signed_in: SignIn
) -> None:
    detected(council, QUIET)  # the West was dumped at three days ago
    with time_machine.travel(NOW, tick=False):
        officer = signed_in("officer")
        board, spot, planner = (
            Page.of(officer.get(address)).text
            for address in (BOARD, f"{BOARD}/H-0001", "/patrols/new")
        )
    assert "no reason to go back to a place sooner" in board
    assert "One incident draws the next" not in board
    assert "Go back by" not in spot
    assert "one incident draws the next" not in planner


def rises(store: Store) -> list[OutboxMessage]:
    query = select(OutboxMessage).where(OutboxMessage.kind == "rise").order_by(OutboxMessage.id)
    with store.reading() as session:
        return list(session.scalars(query))


def night(store: Store, days: int, *readers: str) -> None:
    """The tick of a night, with the run that it makes."""
    sender = Sender("Testford", "https://canisters.example")
    settings = TickSettings(sender, council=readers, nightly_hour=0)
    ticking.tick(store, settings, clock=lambda: NOW + timedelta(days=days))


def test_the_night_s_mail_tells_a_burst_once(council: Store) -> None:
    store_incidents(council, QUIET + BURST, now=NOW)
    for day in range(3):
        night(council, day, CSU)
    (mail,) = rises(council)
    assert mail.recipient == CSU
    assert mail.subject == "Sudden rise in dumping: East ward, TQ 5500 7450"
    assert "Chance alone raises about one new alert in two years in a borough." in mail.body


def test_a_burst_that_comes_back_after_a_quiet_month_is_told_again(council: Store) -> None:
    again = [(*EAST, [at + timedelta(days=62) for at in BURST[0][2]])]
    store_incidents(council, QUIET + BURST + again, now=NOW)
    for day in (0, 40, 62, 63):
        night(council, day, CSU)
    assert len(rises(council)) == 2


def test_a_burst_waits_for_somebody_to_be_told(council: Store) -> None:
    store_incidents(council, QUIET + BURST, now=NOW)
    night(council, 0)
    assert rises(council) == []
    night(council, 1, CSU)
    assert [mail.recipient for mail in rises(council)] == [CSU]


def test_a_quiet_record_sends_no_mail(council: Store) -> None:
    store_incidents(council, QUIET, now=NOW)
    night(council, 0, CSU)
    assert rises(council) == []


def spike(x: float, radius_m: float) -> Spike:
    return Spike(x, 0, radius_m, "", date(2026, 7, 18), 5, 1.0, 200.0)


def test_circles_are_of_one_ground_where_they_touch() -> None:
    # A circle is at least as wide as a party, 150 m: 300 + 150 = 450.
    assert spike(0, 300).reaches(spike(450, 0))
    assert not spike(0, 300).reaches(spike(451, 0))
