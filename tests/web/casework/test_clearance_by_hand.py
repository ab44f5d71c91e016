"""The share cleared in target after corrections, withdrawals and reopenings, counted by hand."""

from datetime import UTC, datetime, timedelta

from shapely.geometry import Point

from geodata.incidents import open_incidents
from geodata.store.engine import Store
from web.services.clearing import outcomes
from web.services.clearing.new_clearance import NewClearance
from web.services.clearing.performance import performance
from web.services.reporting.intake import NewReport, take_report

REPORTED = datetime(2026, 6, 1, 9, tzinfo=UTC)  # a Monday
NOW = datetime(2026, 7, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
CLEARED, GONE, THEIRS, OPENED = "cleared", "not_found", "not_our_land", "opened again"
# What happens to each dump: hours after it fell due (before: less than 0), what, and whether that
# corrects the entry before. Behind: is it ours, was it cleared in time, is it open still?
HISTORIES = (
    (((-1, CLEARED, False),), (1, 1, 0)),
    (((1, CLEARED, False),), (1, 0, 0)),
    # the crew meant two hours later: late
    (((-1, CLEARED, False), (2, CLEARED, True)), (1, 0, 0)),
    # gone was wrong, cleared at the same time is right
    (((-3, GONE, False), (-3, CLEARED, True)), (1, 1, 0)),
    # withdrawn since it still lay there, and cleared again: the clock is the first one
    (((-9, CLEARED, False), (-8, OPENED, False), (5, CLEARED, False)), (1, 0, 0)),
    (((-9, CLEARED, False), (-8, OPENED, False), (-2, CLEARED, False)), (1, 1, 0)),
    # withdrawn after the day on which it fell due, and open since
    (((-9, CLEARED, False), (9, OPENED, False)), (1, 0, 1)),
    # it turned out to be somebody else's land: of none
    (((-9, CLEARED, False), (-9, THEIRS, True)), (0, 0, 0)),
)


def live_through(store: Store) -> None:
    for n, (steps, _) in enumerate(HISTORIES):
        with store.writing() as session:
            report = NewReport(Point(553_000 + 300 * n, 174_000), "public", "web", REPORTED)
            key = take_report(session, report, now=REPORTED).incident_id
            due_at = open_incidents.by_id(session, key).due_at
        entry = None
        for hours, what, is_correction in steps:
            at = due_at + hours * HOUR
            now = at + timedelta(minutes=5 + 5 * is_correction)
            with store.writing() as session:
                if what == OPENED:
                    outcomes.reopen(session, key, now=now)
                    continue
                new = NewClearance(
                    key,
                    what,
                    at,
                    no_photo_reason="Dark",
                    land_owner="Railway",
                    replaces_id=entry if is_correction else None,
                )
                entry = outcomes.record(session, new, now=now).clearance_id


def test_the_share_in_target_is_that_counted_by_hand_after_what_was_put_right(
    council: Store,
) -> None:
    live_through(council)
    with council.reading() as session:
        days = {"first": REPORTED.date(), "last": NOW.date() - timedelta(days=1)}
        total = performance(session, **days, by="month", now=NOW).total
    ours, met, still_open = (sum(column) for column in zip(*(e for _, e in HISTORIES), strict=True))
    assert (ours, met, still_open) == (7, 3, 1)
    assert total.fell_due == len(HISTORIES)
    assert (total.in_target.met, total.in_target.of) == (met, ours)
    assert total.missed_open == still_open
