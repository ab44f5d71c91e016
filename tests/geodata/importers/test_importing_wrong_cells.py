"""Each cell of a row in a wrong form in turn, in every kind of file: refused, or named as left out.

One file a kind: row 2 is right, and each row below has one cell that is wrong. A text that may say
anything has no wrong form.
"""

import re
from pathlib import Path

import pytest

from geodata.importers.options import ImportOptions
from geodata.store.engine import Store
from tests.geodata.importers.importing import NOW, with_borough, written
from tests.taking_in import import_file

AREA = "POLYGON ((553000 174000, 553100 174000, 553100 174100, 553000 174100, 553000 174000))"
LINE = "LINESTRING (553000 174000, 553100 174000)"
AT = {"easting": "553050", "northing": "174050"}
# kind: the right row, cells that refuse it, and those that are left out of it with a word
KINDS: dict[str, tuple[dict[str, str], str, str]] = {
    "orders": (
        {
            "change": "made",
            "made_on": "2021-01-05",
            "valid_from": "2021-02-01",
            "valid_to": "2024-01-31",
            "penalty": "100",
            "wkt": AREA,
        },
        "change made_on valid_from valid_to penalty wkt",
        "",
    ),
    "interventions": (
        AT
        | {
            "kind": "poster",
            "valid_from": "2026-01-05",
            "valid_to": "2026-02-05",
            "cost": "120.50",
        },
        "easting northing kind valid_from valid_to",
        "cost",
    ),
    "places": (
        AT | {"kind": "car_park", "valid_from": "2020-01-01", "valid_to": "2021-01-01"},
        "easting northing kind valid_from valid_to",
        "",
    ),
    "populations": (
        {"area": "Test", "area_kind": "borough", "year": "2024", "people": "116800"},
        "area_kind year people",
        "",
    ),
    "indicators": (
        {
            "indicator": "Fly-tips",
            "area": "Test",
            "period": "2024/25",
            "value": "9",
            "unit": "count",
            "polarity": "less",
            "class": "public",
            "provisional": "no",
            "break": "no",
        },
        "area period value unit polarity class provisional break",
        "",
    ),
    "exposure": (AT | {"weight": "312"}, "easting northing weight", ""),
    "streets": ({"wkt": LINE, "oneway": "no"}, "wkt", "oneway"),
    "clearances": (
        AT
        | {
            "occurred_at": "2026-06-02",
            "time": "09:00",
            "outcome": "cleared",
            "chargers": "12",
            "cylinders": "3",
            "sacks": "2",
            "weight_kg": "12.5",
            "report_ref": "",
        },
        "occurred_at time outcome report_ref",
        "easting chargers cylinders sacks weight_kg",
    ),
    "reports": (
        AT
        | {
            "reported_at": "2026-06-01",
            "time": "09:00",
            "first_seen_at": "2026-05-31 10:00",
            "last_clean_at": "2026-05-30 10:00",
            "chargers": "12",
            "cylinders": "3",
            "has_needles": "no",
            "from_vehicle": "yes",
            "source": "public",
            "accuracy_m": "12",
            "cleared_at": "2026-06-02",
        },
        "easting northing reported_at time cleared_at",
        "first_seen_at last_clean_at chargers cylinders has_needles from_vehicle source accuracy_m",
    ),
    "actions": (
        AT
        | {
            "offence_at": "2026-06-13",
            "time": "10:00",
            "kind": "litter",
            "offence_code": "epa1990_s87",
            "issued_on": "2026-06-13",
            "given_on": "2026-06-13",
            "amount": "100",
            "discount": "75",
            "discount_days": "10",
            "age_band": "18",
            "state": "issued",
            "state_at": "2026-06-13 11:00",
            "is_nitrous_oxide": "yes",
        },
        (
            "easting northing offence_at time kind offence_code issued_on given_on amount discount "
            "discount_days age_band state state_at is_nitrous_oxide"
        ),
        "",
    ),
}
NAMED = {"orders", "interventions", "places"}
NOTHING = {"penalty", "discount_days", "discount", "amount"}
"""Amounts and days that the law does not let be 0."""
OFFERS = re.compile(r": \S+|\bfirst\b|fill them in")
"""What to do stands behind a colon."""


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_cell_is_refused_or_left_out_with_its_row_value_and_remedy(
    geopackage: Store, tmp_path: Path, kind: str
) -> None:
    right, refused, left_out = KINDS[kind]
    wrong = [(name, "nonsense") for name in (*refused.split(), *left_out.split())]
    wrong += [(name, "0") for name in right if name in NOTHING]
    rows = [right, *(right | {name: value} for name, value in wrong)]
    if kind in NAMED:
        rows = [row | {"name": f"Name {n}"} for n, row in enumerate(rows)]
    if kind == "actions":  # one act has one route: each its own day
        rows = [_on_day(row, n) for n, row in enumerate(rows)]
    lines = ["\t".join(rows[0]), *("\t".join(row.values()) for row in rows)]
    council = with_borough(geopackage)
    with council.writing() as session:
        path = written(tmp_path, "\n".join(lines) + "\n", "rows.tsv")
        result = import_file(session, kind, path, ImportOptions(), now=NOW)
        session.rollback()
    problems = {problem.row: problem for problem in result.problems}
    assert len(problems) == len(result.problems), "one sentence a row"
    for row, (name, value) in enumerate(wrong, 3):
        if name in left_out.split():
            assert row not in problems, name
            sentences = [each for each in result.warnings if name in each and f"row {row}" in each]
            assert len(sentences) == 1, (name, result.warnings)
            assert OFFERS.search(sentences[0]), sentences[0]
        else:
            assert row in problems, name
            assert OFFERS.search(problems[row].message), problems[row].message
            assert value in problems[row].value or value == "0", problems[row]
    assert 2 not in problems
    assert set(problems) == {
        row for row, (name, _) in enumerate(wrong, 3) if name not in left_out.split()
    }


def _on_day(row: dict[str, str], number: int) -> dict[str, str]:
    day = f"2026-06-{1 + number:02}"
    return {name: cell.replace("2026-06-13", day) for name, cell in row.items()}
