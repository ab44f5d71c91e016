"""Each value of a file left out in turn: the row is refused with a sentence, or may lack it.

A row may lack its own date (it is dated by its act, with a word; not a keeper's: that is sent), its
amount (nothing is asked for), both of the early amount, its state (as it was issued) and the day of
its state (that of its issue, with a word; not where the law counts from it).
"""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import shapely

from geodata import places
from geodata.core.vocabulary import OrderChange, PlaceKind
from geodata.enforcement import orders
from geodata.importers.options import ImportOptions
from geodata.importers.reading import ImportResult
from geodata.rules.tables import packaged
from geodata.store.engine import Store
from tests.taking_in import import_file

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
AREA = shapely.multipolygons([shapely.box(550_000, 170_000, 560_000, 178_000)])


@pytest.fixture
def council(store: Store) -> Store:
    with store.writing() as session:
        places.add(session, PlaceKind.BOROUGH, "Test", AREA)
        orders.add_version(
            session,
            packaged(),
            orders.add(session, "Town"),
            OrderChange.MADE,
            valid_from=date(2024, 2, 1),
            valid_to=date(2027, 1, 31),
            geometry=AREA,
            prohibitions={"ingest": "No inhaling"},
        )
    return store


WARNING = {
    "offence_at": "2026-04-01T12:00Z",
    "kind": "cpw",
    "easting": "553900",
    "northing": "174050",
    "issued_on": "2026-04-01",
    "conduct": "littering",
    "recipient_ref": "P-1",
}
WHOLE = {
    "litter_fpn": {"amount": "100", "discount": "75", "discount_days": "10", "state": "paid_full"},
    "pspo_fpn": {"amount": "100", "state": "issued"},
    "keeper_penalty": {
        "given_on": "2026-06-20",
        "amount": "100",
        "state": "representation_rejected",
    },
    "cpn": {"conduct": "littering", "recipient_ref": "P-1"},
    "prosecution": {"offence_code": "s.67", "state": "court"},
}


def _row(kind: str, number: int) -> dict[str, str]:
    """A lawful row; rows lie 100 m apart, so that none is another's act."""
    return {
        "offence_at": "2026-06-13T22:40Z",
        "kind": kind,
        "easting": str(551_000 + 100 * number),
        "northing": "174050",
        "issued_on": "2026-06-14",
        "state_at": "2026-07-01",
    } | WHOLE[kind]


def _take(store: Store, tmp_path: Path, rows: list[dict[str, str]]) -> ImportResult:
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [",".join(names), *(",".join(row.get(name, "") for name in names) for row in rows)]
    path = tmp_path / "actions.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with store.writing() as session:
        return import_file(session, "actions", path, ImportOptions(), now=NOW)


@pytest.mark.parametrize(
    ("kind", "needed"),
    [
        # One of the two alone says nothing: an early amount without its days, or days without it.
        (
            "litter_fpn",
            {"offence_at", "kind", "easting", "northing", "amount", "discount", "discount_days"},
        ),
        ("pspo_fpn", {"offence_at", "kind", "easting", "northing"}),
        (
            "keeper_penalty",
            {"offence_at", "kind", "easting", "northing", "issued_on", "given_on", "state_at"},
        ),
        ("cpn", {"offence_at", "kind", "easting", "northing", "conduct", "recipient_ref"}),
        ("prosecution", {"offence_at", "kind", "easting", "northing", "issued_on"}),
    ],
)
def test_a_row_that_lacks_what_a_rule_compares_is_refused(
    council: Store, tmp_path: Path, kind: str, needed: set[str]
) -> None:
    complete = _row(kind, 0)
    rows = [{**_row(kind, n), name: ""} for n, name in enumerate(complete)]
    result = _take(council, tmp_path, [WARNING, _row(kind, 90), *rows])
    refused = {problem.row: problem.message for problem in result.problems}
    # The file's first line is its header, then the warning and the whole row.
    assert {name for n, name in enumerate(complete, 4) if n in refused} == needed
    assert 3 not in refused
    assert all(len(message.split()) > 2 for message in refused.values())


@pytest.mark.parametrize(
    ("kind", "changed", "words"),
    [
        ("keeper_penalty", {"state": "court"}, "is no state of"),
        ("cpn", {"state": "paid_full"}, "is no state of"),
        ("litter_fpn", {"state": "civil_debt"}, "is no state of"),
        ("litter_fpn", {"state_at": "2026-06-13"}, "lies before the notice, 14 June 2026"),
    ],
)
def test_a_state_that_the_law_does_not_know_for_its_kind_is_refused(
    council: Store, tmp_path: Path, kind: str, changed: dict[str, str], words: str
) -> None:
    result = _take(council, tmp_path, [WARNING, _row(kind, 0) | changed])
    assert words in result.problems[0].message


@pytest.mark.parametrize(
    ("offence", "words"),
    [
        ("EPA 1990 s.33(1)(a)", ""),  # triable either way
        ("s.33ZA", ""),  # by the section of its penalty
        ("s.87", "time-barred"),
        ("s.67", "time-barred"),
        ("", "time-barred"),  # not told: it may be litter, and the file is asked
    ],
)
def test_a_prosecution_in_its_eighth_month_goes_in_for_an_either_way_offence_alone(
    council: Store, tmp_path: Path, offence: str, words: str
) -> None:
    late = {"offence_at": "2026-03-01T12:00Z", "issued_on": "2026-10-15", "state_at": "2026-10-15"}
    row = _row("prosecution", 0) | late | {"offence_code": offence}
    problems = _take(council, tmp_path, [row]).problems
    assert [words in problem.message for problem in problems] == ([True] if words else [])
    assert not problems or ("s.33" in problems[0].message) == (offence == "")


def test_a_prosecution_for_breach_needs_the_order(council: Store, tmp_path: Path) -> None:
    outside = _row("prosecution", 0) | {"easting": "560900"}  # within 1 km of the borough
    inside = _row("prosecution", 1)
    inside["easting"] = "551000"
    problems = _take(council, tmp_path, [inside, outside]).problems
    assert [problem.row for problem in problems] == [3]
