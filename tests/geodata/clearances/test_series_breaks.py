"""Breaks in the record: packaged, the council's own, and changes of contractor."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from geodata.clearances.series_breaks import TABLE, breaks_between, incident_breaks
from geodata.models import ContractPeriod, RuleRow
from geodata.store.engine import Store

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def form(session: Session, what: str, day: date, **rest: Any) -> RuleRow:
    row = RuleRow(
        table_name=TABLE,
        valid_from=day,
        valid_to=day,
        values={"kind": "web_form", "what": what},
        source="The council",
        created_at=NOW,
        **rest,
    )
    session.add(row)
    session.flush()
    return row


def breaks(session: Session, first: date, last: date) -> list[str]:
    return [one.what for one in breaks_between(session, first, last)]


def test_lockdowns_come_with_the_program_on_their_days(store: Store) -> None:
    with store.reading() as session:
        first = "First national lockdown in England"
        assert breaks(session, date(2020, 1, 1), date(2020, 3, 25)) == []
        assert breaks(session, date(2020, 1, 1), date(2020, 3, 26)) == [first]
        assert breaks(session, date(2020, 7, 3), date(2020, 11, 4)) == [first]
        assert breaks(session, date(2020, 7, 4), date(2020, 11, 4)) == []


def test_a_corrected_or_withdrawn_row_of_the_council_does_not_count(store: Store) -> None:
    with store.writing() as session:
        wrong = form(session, "New form", date(2025, 5, 1))
        form(session, "New form", date(2025, 6, 1), replaces_id=wrong.id)
        form(session, "Never came", date(2025, 6, 2), withdrawn_at=NOW)
        assert breaks(session, date(2025, 1, 1), date(2025, 5, 31)) == []
        assert breaks(session, date(2025, 1, 1), date(2025, 12, 31)) == ["New form"]


def test_a_new_contractor_is_a_break_on_the_first_day(store: Store) -> None:
    with store.writing() as session:
        session.add(ContractPeriod(contractor="Old", valid_from=None, valid_to=date(2026, 6, 30)))
        session.add(ContractPeriod(contractor="New", valid_from=date(2026, 7, 1), valid_to=None))
        session.flush()
        assert breaks(session, date(2026, 1, 1), date(2026, 6, 30)) == []
        assert breaks(session, date(2026, 7, 1), date(2026, 8, 1)) == ["New took over the clearing"]


def test_only_figures_of_clearance_stop_at_another_contractor(store: Store) -> None:
    year = (date(2026, 1, 1), date(2026, 12, 31))
    with store.writing() as session:
        session.add(ContractPeriod(contractor="New", valid_from=date(2026, 7, 1), valid_to=None))
        form(session, "New form", date(2026, 9, 9))
        assert len(breaks_between(session, *year)) == 2
        assert [one.what for one in incident_breaks(session, *year)] == ["New form"]
        assert [one.new_months for one in breaks_between(session, *year)] == [
            [date(2026, 7, 1)],
            [date(2026, 9, 1)],
        ]


def test_a_lockdown_s_months_compare_among_themselves(store: Store) -> None:
    with store.reading() as session:
        [first] = incident_breaks(session, date(2020, 4, 1), date(2020, 6, 30))
    # 26 March to 3 July: March is no whole month of either side, and August is the next one
    assert first.new_months == [date(2020, 3, 1), date(2020, 8, 1)]
