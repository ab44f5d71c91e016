"""Each cell of a row left out in turn, in every kind of file whose rules compare two values.

A row that lacks a day may be open at that end (an intervention that goes on), or is refused with a
sentence; never is a day made up for it. A version that does not say what it is was made.
"""

from pathlib import Path

import pytest

from geodata.importers.options import ImportOptions
from geodata.store.engine import Store
from tests.geodata.importers.importing import NOW, with_borough, written
from tests.taking_in import import_file

SQUARE = "POLYGON ((553000 174000, 553100 174000, 553100 174100, 553000 174100, 553000 174000))"
ORDER = {
    "name": "Town",
    "change": "made",
    "made_on": "2021-01-05",
    "valid_from": "2021-02-01",
    "valid_to": "2024-01-31",
    "wkt": SQUARE,
}
EXTENSION = ORDER | {
    "change": "extended",
    "made_on": "2023-12-01",
    "valid_from": "2024-02-01",
    "valid_to": "2027-01-31",
}
VARIATION = ORDER | {"change": "varied", "made_on": "2021-12-01", "valid_from": "2022-01-01"}
AT = {"easting": "553050", "northing": "174050"}
KINDS = {
    # kind: rows before it, the whole row, and the cells without which it is refused
    "made": ("orders", [], ORDER, {"name", "valid_from", "valid_to", "wkt"}),
    "extended": (
        "orders",
        [ORDER],
        EXTENSION,
        {"name", "made_on", "valid_from", "valid_to", "wkt"},
    ),
    "varied": (
        "orders",
        [ORDER],
        VARIATION,
        {"name", "change", "made_on", "valid_from", "valid_to", "wkt"},
    ),
    "interventions": (
        "interventions",
        [],
        AT | {"name": "Posters", "valid_from": "2026-01-05", "valid_to": "2026-02-05"},
        {"name", "valid_from", "easting", "northing"},
    ),
    "places": (
        "places",
        [],
        AT | {"name": "Lay-by", "kind": "car_park", "valid_from": "2020-01-01"},
        {"name", "easting", "northing"},
    ),
    "populations": (
        "populations",
        [],
        {"area": "Test", "area_kind": "borough", "year": "2024", "people": "116800"},
        {"area", "area_kind", "year", "people"},
    ),
    "clearances": (
        "clearances",
        [],
        AT | {"occurred_at": "2026-06-02 09:00", "outcome": "cleared"},
        {"occurred_at"},  # one without a place counts in figures of the whole borough
    ),
    "reports": (
        "reports",
        [],
        AT | {"reported_at": "2026-06-01 09:00", "cleared_at": "2026-06-02", "state": "closed"},
        {"reported_at", "easting", "northing"},
    ),
}


@pytest.mark.parametrize("case", list(KINDS))
def test_a_row_that_lacks_a_cell_is_refused_or_open(
    store: Store, tmp_path: Path, case: str
) -> None:
    kind, before, full_row, needed = KINDS[case]
    council = with_borough(store)

    def problems(row: dict[str, str]) -> list[str]:
        lines = ["\t".join(each.get(name, "") for name in full_row) for each in (*before, row)]
        text = "\n".join(["\t".join(full_row), *lines]) + "\n"
        path = written(tmp_path, text, "rows.tsv")
        with council.writing() as session:
            result = import_file(session, kind, path, ImportOptions(), now=NOW)
            session.rollback()
        return [problem.message for problem in result.problems]

    faults = {name: problems(full_row | {name: ""}) for name in full_row}
    assert {name for name, complaints in faults.items() if complaints} == needed
    assert all(len(words.split()) > 2 for complaints in faults.values() for words in complaints)
    assert problems(full_row) == []
