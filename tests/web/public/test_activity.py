"""Enforcement as everybody reads it: released once a year, small counts out of reach."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
import shapely
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.core.vocabulary import NoticeState
from geodata.enforcement import actions
from geodata.store.engine import Store
from tests.filled_stores import filled_once
from tests.web.page import Page
from web.services.publishing.disclosure import suppressed
from web.services.publishing.enforcement_activity import published_activity
from web.services.publishing.releasing import is_due, release_due

FEBRUARY = datetime(2026, 2, 2, 9, tzinfo=UTC)


def give(store: Store, kind: str, state: str, n: int, year: int = 2025) -> None:
    with store.writing() as session:
        for i in range(n):
            at = datetime(year, 6, 1, 12, tzinfo=UTC) + timedelta(hours=i)
            columns = {
                "kind": kind,
                "offence_at": at,
                "geometry": shapely.Point(553_500, 174_000),
                "age_band": "18_or_over",
                "issued_on": date(year, 6, 1),
            }
            action = actions.add(session, columns, at=at, now=at, user_id=None)
            if state != "issued":
                end = NoticeState(state)
                actions.add_event(session, action, end, at=at, now=at, user_id=None)


@pytest.fixture
@filled_once
def enforced(council: Store) -> Store:
    """30 litter notices: 20 paid, 7 cancelled, 3 open; 12 warnings; 2 cautions."""
    for kind, state, n in (
        ("litter_fpn", "paid_full", 20),
        ("litter_fpn", "cancelled", 7),
        ("litter_fpn", "issued", 3),
        ("cpw", "issued", 12),
        ("caution", "issued", 2),
    ):
        give(council, kind, state, n)
    return council


def release(store: Store, now: datetime = FEBRUARY) -> list[str]:
    with store.writing() as session:
        return [name for name in release_due(session, now=now) if "enforcement" in name]


def test_a_year_is_released_once_in_the_february_after_it(enforced: Store) -> None:
    assert release(enforced, datetime(2026, 1, 31, 9, tzinfo=UTC)) == []
    with enforced.reading() as session:
        assert is_due(session, now=FEBRUARY)
    assert release(enforced) == ["enforcement 2025"]
    give(enforced, "litter_fpn", "paid_full", 9)
    assert release(enforced, FEBRUARY + timedelta(days=9)) == []


def test_small_counts_are_withheld_with_what_would_give_them_away(enforced: Store) -> None:
    release(enforced)
    with enforced.reading() as session:
        (year,) = published_activity(session)
    rows = {row.kind: row for row in year.rows}
    # Of 30 litter notices 3 are open and none went to court: with the 7 cancelled, ten in three.
    litter = rows["litter_fpn"]
    assert (litter.given, litter.paid) == (30, 20)
    assert (litter.cancelled, litter.court, litter.other) == (None, None, None)
    # The two cautions would be the sum less the rest, so that the 12 warnings go with them.
    assert (rows["caution"].given, rows["cpw"].given) == (None, None)
    assert all(row.paid is None for row in year.rows if row.given is None)
    assert year.total == 30 + 2 + 12


def test_a_year_of_few_actions_says_no_number_at_all(council: Store) -> None:
    give(council, "litter_fpn", "issued", 4)
    release(council)
    with council.reading() as session:
        (year,) = published_activity(session)
    assert year.total is None
    assert {row.given for row in year.rows} == {None}


@given(st.lists(st.integers(0, 40), min_size=2, max_size=6))
@settings(max_examples=60, deadline=None)
def test_no_small_part_follows_from_the_sum(counts: list[int]) -> None:
    shown = suppressed(counts)
    rest = sum(counts) - sum(count for count in shown if count is not None)
    assert shown.count(None) != 1
    assert not any(count is not None and count < 5 for count in shown)
    assert None not in shown or rest >= 5 or shown.count(None) == len(shown)


def test_page_and_file_say_the_same_and_nothing_of_a_person(
    enforced: Store, client: FlaskClient
) -> None:
    assert "No year is released yet" in Page.of(client.get("/enforcement-activity")).text
    release(enforced)
    page = Page.of(client.get("/enforcement-activity"))
    (row,) = page.table("2025").rows
    assert (row["Kind"], row["Given"], row["Paid"]) == ("Litter penalty notice", "30", "20")
    assert row["Cancelled or withdrawn"] == "Too few to show"
    assert "no target" in page.text
    lines = list(csv.DictReader(io.StringIO(client.get("/enforcement-activity.csv").text)))
    assert {line["given"] for line in lines} == {"30", "", "44"}
    assert set(lines[0]) == {
        "year",
        "kind",
        "given",
        "paid",
        "cancelled",
        "court",
        "other",
        "released_at",
    }
