"""Rows about something else than canisters go in never, or after somebody chose."""

from pathlib import Path

import pandas as pd
import pytest

from geodata.files.problems import FileRefusedError
from geodata.importers.conditions import chosen_rows
from geodata.store.engine import Store
from tests.geodata.importers.importing import reports, take, with_borough, written

MIXED = "Tyres", "Nitrous oxide canisters", "Tyres", "NOS cylinders", "Mattress"


@pytest.fixture
def council(geopackage: Store) -> Store:
    """A store of one kind: files are understood before either kind is asked."""
    return with_borough(geopackage)


def csv_of(*values: str, header: str = "Category", more: str = "") -> str:
    lines = [f'R{n},2026-05-{n:02},554000,174000,"{v}"{more}' for n, v in enumerate(values, 1)]
    more_header = ",Ward" if more else ""
    return "\n".join([f"ref,reported_at,easting,northing,{header}{more_header}", *lines])


@pytest.mark.parametrize("header", ["Category", "Type", "service_name", "Subject", "Waste Type"])
def test_a_varied_category_is_asked_about_with_counts_and_the_option(
    council: Store, tmp_path: Path, header: str
) -> None:
    with pytest.raises(FileRefusedError) as refusal:
        take(council, written(tmp_path, csv_of(*MIXED, header=header)))
    words = str(refusal.value)
    assert "Tyres (2), Mattress (1), NOS cylinders (1), Nitrous oxide canisters (1)" in words
    option = f"{header} in ('NOS cylinders', 'Nitrous oxide canisters')"
    assert f'--where "{option}"' in refusal.value.in_shell
    assert "--" not in words  # a page shows them alone
    assert reports(council) == []
    result = take(council, written(tmp_path, csv_of(*MIXED, header=header)), where=[option])
    assert (result.read, result.accepted, result.left_out, result.unchanged) == (5, 2, 3, 0)
    assert [r.external_ref for r in reports(council)] == ["R2", "R4"]


@pytest.mark.parametrize("value", ["Fly-tip of tyres", "Fly-tip, no canisters", "Litter", "Other"])
def test_one_value_that_does_not_say_canisters_is_asked_about(
    council: Store, tmp_path: Path, value: str
) -> None:
    path = written(tmp_path, csv_of(value, value))
    with pytest.raises(FileRefusedError, match="all 2 rows have Category") as refusal:
        take(council, path)
    assert "--ignore Category" in refusal.value.in_shell
    assert take(council, path, ignore=["Category"]).accepted == 2


def test_values_that_all_mean_canisters_go_in(council: Store, tmp_path: Path) -> None:
    path = written(tmp_path, csv_of("Nitrous oxide", "Gas cylinders", "Laughing gas (NOS)"))
    assert take(council, path).accepted == 3


def test_a_second_column_may_say_that_a_fly_tip_is_of_canisters(
    council: Store, tmp_path: Path
) -> None:
    text = csv_of("Fly-tipping", "Fly-tipping", more=",Canisters")
    assert take(council, written(tmp_path, text.replace("Ward", "Subcategory"))).accepted == 2


def test_a_choice_by_another_column_does_not_settle_the_category(
    council: Store, tmp_path: Path
) -> None:
    path = written(tmp_path, csv_of(*MIXED, more=",Joyce Green"))
    with pytest.raises(FileRefusedError, match="not about canisters"):
        take(council, path, where=["Ward = 'Joyce Green'"])


@pytest.mark.parametrize("kind", ["clearances", "actions"])
def test_jobs_and_notices_about_something_else_are_asked_about_too(
    council: Store, tmp_path: Path, kind: str
) -> None:
    text = (
        "Date,Offence,Easting,Northing,Waste type\n2026-05-23,Littering,554000,174000,Cigarette\n"
    )
    with pytest.raises(FileRefusedError, match="which does not say canisters"):
        take(council, written(tmp_path, text), kind)


@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        ("Category in ('Tyres', 'Mattress')", [2, 4, 6]),
        ("category IN ('tyres')", [2, 4]),
        ("Category = Mattress", [6]),
        ("Category == 'Mattress'", [6]),
        ("Category != 'Tyres'", [3, 5, 6]),
        ("Category not in ('Tyres', \"Mattress\")", [3, 5]),
        ('"Category" contains ("nos", "oxide")', [3, 5]),
        ("Category not contains 'o'", [2, 4, 6]),
    ],
)
def test_conditions_are_read_in_several_forms(
    tmp_path: Path, condition: str, rows: list[int]
) -> None:
    frame = pd.DataFrame({"Category": MIXED}, index=range(2, 7))
    chosen, headers = chosen_rows(frame, [condition])
    assert (frame.index[chosen].tolist(), headers) == (rows, {"Category"})


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("Category", "write Category = 'X'"),
        ("Kind = 'x'", "no column 'Kind'; it has"),
        ("Category = 'Cars'", "no row has 'Cars'; the column has Tyres"),
        ("Category contains 'cars'", "no row fulfils"),
        ("Category in ('Tyres' 'Cars')", "write Category = 'X'"),
    ],
)
def test_a_condition_that_cannot_be_is_refused(
    council: Store, tmp_path: Path, condition: str, words: str
) -> None:
    with pytest.raises(FileRefusedError, match=words):
        take(council, written(tmp_path, csv_of(*MIXED)), where=[condition])


def test_an_ignored_column_that_is_not_there_is_refused(council: Store, tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError, match="--ignore Mood: the file has no column"):
        take(council, written(tmp_path, csv_of("Canisters")), ignore=["Mood"])
