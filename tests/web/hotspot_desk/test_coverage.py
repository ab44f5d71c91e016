"""From when to when the record is whole, by hand."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from geodata.frames.coverage import Coverage, Gap, coverage
from geodata.models import RuleRow
from geodata.store.engine import Store
from tests.web.desk import store_incidents

AT = (553_000, 174_000)
TODAY = date(2026, 7, 31)
NOW = datetime(2026, 7, 31, 12, tzinfo=UTC)


def record(store: Store, days: Sequence[date]) -> None:
    moments = [datetime(day.year, day.month, day.day, 20, tzinfo=UTC) for day in days]
    store_incidents(store, [(*AT, moments)], now=NOW, state="cleared")


def every(days: int, first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range(0, (last - first).days + 1, days)]


def covered(store: Store, **choices: object) -> Coverage:
    with store.reading() as session:
        return coverage(session, today=TODAY, **choices)  # type: ignore[arg-type]


def enter_gap(store: Store, first: date | None, last: date | None, **values: str) -> None:
    with store.writing() as session:
        session.add(
            RuleRow(
                table_name="record_gaps",
                valid_from=first,
                valid_to=last,
                values={"what": "Test", **values},
                source="Test",
                created_at=NOW,
            )
        )


def test_an_empty_store_has_no_record(council: Store) -> None:
    assert covered(council) == Coverage(None, None, ())
    assert covered(council).missing(TODAY, TODAY) == "the record is empty"


def test_a_record_begins_with_its_first_incident_and_goes_on(council: Store) -> None:
    record(council, every(7, date(2020, 12, 2), TODAY))
    known = covered(council)
    assert (known.first, known.last, known.gaps) == (date(2020, 12, 2), None, ())
    assert known.missing(date(2020, 6, 1), TODAY) == "the record begins on 2 December 2020"
    assert known.missing(date(2020, 12, 2), TODAY) == ""


def test_a_record_that_stopped_has_a_last_day(council: Store) -> None:
    # One a week to the end of 2025; 212 silent days would hold 30.
    record(council, every(7, date(2024, 1, 3), date(2025, 12, 31)))
    known = covered(council)
    assert known.last == date(2025, 12, 31)
    assert known.gaps == ()
    assert known.missing(date(2025, 7, 1), TODAY) == "the record ends on 31 December 2025"


def test_a_silence_that_chance_cannot_explain_is_a_gap(council: Store) -> None:
    # At 2 a week 183 days would hold 52; at one in 3 weeks 9, which chance does not rule out.
    record(
        council,
        [
            *every(3, date(2024, 1, 1), date(2024, 12, 31)),
            *every(3, date(2025, 7, 2), TODAY),
        ],
    )
    [gap] = covered(council).gaps
    assert (gap.first, gap.last) == (date(2024, 12, 30), date(2025, 7, 1))
    assert "the record has a gap from 30 December 2024 to 1 July 2025" in covered(council).missing(
        date(2025, 6, 1), date(2025, 12, 31)
    )
    assert covered(council).missing(date(2024, 1, 1), date(2024, 12, 29)) == ""


def test_a_quiet_season_is_no_gap(council: Store) -> None:
    record(
        council,
        [
            *every(21, date(2023, 1, 1), date(2024, 12, 31)),
            *every(21, date(2025, 7, 2), TODAY),
        ],
    )
    assert covered(council).gaps == ()


def test_gaps_that_the_council_entered_hold_where_they_say(council: Store) -> None:
    record(council, every(7, date(2024, 1, 3), TODAY))
    enter_gap(council, date(2025, 3, 1), date(2025, 3, 31), channel="phone")
    enter_gap(council, date(2025, 5, 1), date(2025, 5, 31), ward="No such ward")
    assert covered(council).gaps == (
        Gap(date(2025, 3, 1), date(2025, 3, 31), "Test", "phone", None),
        Gap(date(2025, 5, 1), date(2025, 5, 31), "Test", None, "No such ward"),
    )
    assert covered(council).missing(date(2025, 3, 31), date(2025, 4, 30)) == (
        "the record has a gap by phone from 1 March 2025 to 31 March 2025 (Test)"
    )
