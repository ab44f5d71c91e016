"""Dated tables: packaged rows, the council's own, and their history."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.core.errors import NotFoundError, RefusedError
from geodata.rules import council
from geodata.rules.tables import RuleBook, packaged
from geodata.rules.values import checked
from geodata.store.engine import Store

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
AMOUNT = {
    "action": "litter_fpn",
    "amount_pence": 15_000,
    "discount_pence": 10_000,
    "discount_days": 10,
    "decision": "Cabinet 12/2024",
}
BAND = {
    "min_pence": 7_000,
    "max_pence": 60_000,
    "default_pence": 12_000,
    "least_discounted_pence": 6_000,
}


def add(store: Store, table: str, values: dict, first: date | None, last: date | None = None, **kw):
    options = {"source": "Decision 1", "is_verified": True} | kw
    with store.writing() as session:
        row = council.add_row(
            session, table, values, valid_from=first, valid_to=last, now=NOW, **options
        )
        return row.id


def read(store: Store) -> RuleBook:
    with store.reading() as session:
        return council.rulebook(session)


@pytest.mark.parametrize("name", sorted(packaged().tables))
def test_every_packaged_row_has_a_source_and_fitting_values(name: str) -> None:
    table = packaged()[name]
    for row in table.rows:
        assert row.source
        assert checked(table, row.values) == row.values
        assert set(row.unverified) <= {f.name for f in table.fields} | {"valid_from", "valid_to"}


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_one_packaged_row_and_no_more_holds_on_any_day(day: date) -> None:
    for name in ("nitrous_oxide_regime", "litter_penalty", "order_penalty"):
        assert sum(row.holds_on(day) for row in packaged()[name].rows) == 1


def test_a_pending_row_holds_on_no_day() -> None:
    assert packaged()["order_penalty"].on(date(2099, 1, 1))["max_pence"] == 10_000


def test_the_councils_row_wins_on_its_days_only(store: Store) -> None:
    add(store, "litter_penalty", BAND, date(2027, 1, 1), date(2027, 12, 31))
    table = read(store)["litter_penalty"]
    most = [
        table.on(date(2027, month, day))["max_pence"] for month, day in ((1, 1), (6, 1), (12, 31))
    ]
    assert most == [60_000] * 3
    assert table.on(date(2026, 12, 31))["max_pence"] == 50_000
    assert table.on(date(2028, 1, 1))["max_pence"] == 50_000


def test_the_day_of_a_pending_penalty_can_be_entered_once_it_is_known(store: Store) -> None:
    add(store, "order_penalty", {"max_pence": 50_000}, date(2027, 4, 1))
    table = read(store)["order_penalty"]
    assert table.on(date(2027, 3, 31))["max_pence"] == 10_000
    assert table.on(date(2027, 4, 1))["max_pence"] == 50_000


def test_rows_of_another_key_do_not_answer(store: Store) -> None:
    add(store, "council_amount", AMOUNT, date(2024, 4, 1))
    table = read(store)["council_amount"]
    assert table.on(date(2025, 1, 1), "litter_fpn")["amount_pence"] == 15_000
    assert table.on(date(2025, 1, 1), "pspo_fpn") is None


def test_a_correction_takes_the_rows_place_and_its_withdrawal_gives_it_back(store: Store) -> None:
    first = add(store, "council_amount", AMOUNT, date(2024, 4, 1))
    mended = add(
        store,
        "council_amount",
        AMOUNT | {"amount_pence": 12_000},
        date(2024, 5, 1),
        replaces_id=first,
    )
    table = read(store)["council_amount"]
    assert table.on(date(2024, 4, 15), "litter_fpn") is None  # the old row is not beneath it
    assert table.on(date(2024, 5, 1), "litter_fpn")["amount_pence"] == 12_000
    with store.writing() as session:
        council.withdraw(session, mended, now=NOW)
    table = read(store)["council_amount"]
    assert table.on(date(2024, 4, 15), "litter_fpn")["amount_pence"] == 15_000
    with store.reading() as session:
        assert [row.id for row in council.history(session, "council_amount")] == [mended, first]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"amount_pence": -1}, "whole number of pence"),
        ({"amount_pence": True}, "whole number of pence"),
        ({"amount_pence": None}, "Amount is empty"),
        ({"action": "parking"}, "choose from litter_fpn, fly_tipping_fpn"),
        ({"decision": " "}, "write words"),
        ({"colour": "red"}, "has no value colour"),
    ],
)
def test_a_row_of_the_wrong_shape_is_refused(store: Store, change: dict, words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        add(store, "council_amount", AMOUNT | change, date(2024, 4, 1))
    assert read(store)["council_amount"].rows == ()


def test_rows_without_sense_are_refused(store: Store) -> None:
    key = add(store, "council_amount", AMOUNT, date(2024, 4, 1))
    with pytest.raises(RefusedError, match="exchange them"):
        add(store, "council_amount", AMOUNT, date(2024, 4, 1), date(2024, 3, 31))
    with pytest.raises(RefusedError, match="name the Act"):
        add(store, "council_amount", AMOUNT, date(2024, 4, 1), source=" ")
    with pytest.raises(RefusedError, match="not of litter_penalty"):
        add(store, "litter_penalty", BAND, date(2024, 4, 1), replaces_id=key)
    with pytest.raises(NotFoundError):
        add(store, "parking", {}, None)
    with pytest.raises(NotFoundError):
        add(store, "council_amount", AMOUNT, date(2024, 4, 1), replaces_id=key + 1)


def test_a_row_is_replaced_or_withdrawn_once(store: Store) -> None:
    first = add(store, "council_amount", AMOUNT, date(2024, 4, 1))
    second = add(store, "council_amount", AMOUNT, date(2024, 4, 2), replaces_id=first)
    with pytest.raises(RefusedError, match="correct the row that holds now"):
        add(store, "council_amount", AMOUNT, date(2024, 4, 3), replaces_id=first)
    with store.writing() as session:
        council.withdraw(session, second, now=NOW)
    with store.writing() as session, pytest.raises(RefusedError, match="withdrawn already"):
        council.withdraw(session, second, now=NOW)
