"""Fewer dumps are news where fewer were planted, and where nothing else explains the fall."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from geodata.models import ContractPeriod, Incident
from geodata.people.audit import Actor
from geodata.store.engine import Store
from tests.web.desk import store_incidents
from web.services.good_news.fewer_dumps import fewer_dumps
from web.services.good_news.proposal import Proposal
from web.services.good_news.proposing import propose

NOW = datetime(2026, 7, 31, 12, tzinfo=UTC)
"""The last month that is over is June: July 2025 to June 2026 against July 2024 to June 2025."""
EARLIER, LATER = datetime(2024, 7, 1, 12, tzinfo=UTC), datetime(2025, 7, 1, 12, tzinfo=UTC)
BEFORE = datetime(2024, 6, 10, 12, tzinfo=UTC)


def plant(store: Store, earlier: int, later: int, *, first: datetime = BEFORE) -> None:
    """So many dumps, evenly over each of both years, in a record that begins at a moment."""
    moments = [
        first,
        *(EARLIER + timedelta(days=360 * n / earlier) for n in range(earlier)),
        *(LATER + timedelta(days=360 * n / later) for n in range(later)),
    ]
    known = [at for at in moments if at >= first]
    store_incidents(store, [(553_000, 174_000, known)], now=NOW, state="cleared")


def found_in(store: Store) -> list[Proposal]:
    with store.reading() as session:
        return list(fewer_dumps(session, now=NOW))


def test_half_as_many_dumps_are_news_with_both_numbers(council: Store) -> None:
    plant(council, 144, 72)
    (news,) = found_in(council)
    assert (news.key, news.kind, news.ward) == ("fewer:own-incidents:2026", "fewer", "")
    assert news.figures == (("144", "in the twelve months before"), ("72", "in twelve months"))
    assert news.words.text.startswith(
        "July 2025 to June 2026: 72 dumps of gas canisters in the borough, down from 144 in"
    )
    assert len(news.words.text) <= 280
    assert "144 in the twelve months before; 72 in twelve months" in news.words.alt


def test_large_cylinders_are_news_of_their_own_and_each_once(council: Store) -> None:
    plant(council, 144, 72)
    with council.writing() as session:
        # 40 of the earlier ones and 12 of the later held a cylinder: p of 12 in 52 is under 0.001
        for since, number in ((EARLIER, 40), (LATER, 12)):
            rows = select(Incident).where(Incident.first_reported_at >= since)
            for row in session.scalars(rows.order_by(Incident.first_reported_at).limit(number)):
                row.cylinders = 1
    news = {each.key: each for each in found_in(council)}
    assert news["fewer:own-incidents-cylinders:2026"].figures[0][0] == "40"
    assert news["fewer:own-incidents-cylinders:2026"].kind == "cylinders"
    with council.writing() as session:
        assert propose(session, news.values(), Actor(None, NOW)) == 2
        assert propose(session, news.values(), Actor(None, NOW)) == 0


def test_a_fall_that_chance_explains_is_no_news(council: Store) -> None:
    plant(council, 100, 85)  # two-sided p of 85 in 185 is 0.30
    assert found_in(council) == []


def test_a_rise_is_no_news(council: Store) -> None:
    plant(council, 60, 120)
    assert found_in(council) == []


def test_a_record_that_begins_in_the_middle_is_no_fall(council: Store) -> None:
    plant(council, 120, 20, first=datetime(2024, 9, 20, 12, tzinfo=UTC))
    assert found_in(council) == []


def test_a_year_with_a_month_too_small_to_be_published_is_not_told(council: Store) -> None:
    """Its other months are released one by one: less these it would be that month."""
    plant(council, 120, 50)  # four in some months
    assert found_in(council) == []


def test_a_count_too_small_to_be_published_is_not_told(council: Store) -> None:
    plant(council, 60, 3)
    assert found_in(council) == []


@pytest.mark.parametrize("day", [date(2025, 2, 1), date(2026, 2, 1)])
def test_what_a_new_contractor_may_explain_is_no_news(council: Store, day: date) -> None:
    """The public tells of dumps whoever clears, but who clears finds some too."""
    plant(council, 144, 72)
    with council.writing() as session:
        session.add(ContractPeriod(contractor="New", valid_from=day))
    assert found_in(council) == []
