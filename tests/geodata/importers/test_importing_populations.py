"""Populations as Nomis and the ONS give them: split by age and sex, put together or refused."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from geodata.importers.options import ImportOptions
from geodata.importers.reading import ImportResult
from geodata.models import Population
from geodata.store.engine import Store
from tests.taking_in import import_file

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
NOMIS = (
    "DATE,DATE_NAME,GEOGRAPHY,GEOGRAPHY_NAME,GEOGRAPHY_CODE,GEOGRAPHY_TYPE,GENDER,GENDER_NAME,"
    "C_AGE,C_AGE_NAME,MEASURES,MEASURES_NAME,OBS_VALUE,OBS_STATUS_NAME,RECORD_COUNT\n"
)
DISTRICT = "local authorities: district / unitary (as of April 2023)"
MYE = "Code,Name,Geography,Year,Age,Sex,Population\n"


def take(store: Store, tmp_path: Path, text: str) -> ImportResult:
    path = tmp_path / "people.csv"
    path.write_text(text, encoding="utf-8")
    with store.writing() as session:
        return import_file(session, "populations", path, ImportOptions(), now=NOW)


def held(store: Store) -> list[tuple[str, str, int, int]]:
    with store.reading() as session:
        rows = session.scalars(select(Population).order_by(Population.area, Population.year))
        return [(row.area, row.area_kind, row.year, row.people) for row in rows]


def nomis(age: str, people: object, sex: str = "Total", measure: str = "Value") -> str:
    """A row of Dartford, as ``NM_2002_1.data.csv`` has it."""
    return (
        f'2023,2023,1778385131,Dartford,E07000107,"{DISTRICT}",0,"{sex}",'
        f'200,"{age}",20100,{measure},{people},Normal Value,9\n'
    )


def mye(*parts: tuple[str, str, object]) -> str:
    place = "E07000107,Dartford,Non-metropolitan District,2023"
    return MYE + "".join(f"{place},{age},{sex},{people}\n" for age, sex, people in parts)


def test_the_row_of_all_ages_is_taken_and_none_added_to_it(store: Store, tmp_path: Path) -> None:
    """Nomis gives all ages, bands that overlap, both sexes and percentages in one file."""
    rows = [
        nomis("All Ages", 118_800),
        nomis("All Ages", 100.0, measure="Percent"),
        nomis("Aged 0 to 15", 27_000),
        nomis("Aged 16+", 91_800),
        nomis("Age 0", 1_700),
        nomis("All Ages", 60_000, sex="Female"),
        nomis("All Ages", 58_800, sex="Male"),
        nomis("All Ages", 1_610_300)
        .replace("Dartford,E07000107", "Kent,E10000016")
        .replace(DISTRICT, "counties"),
    ]
    result = take(store, tmp_path, NOMIS + "".join(rows))
    assert result.problems == []
    assert held(store) == [
        ("Dartford", "borough", 2023, 118_800),
        ("Kent", "county", 2023, 1_610_300),
    ]
    words = " ".join(result.warnings)
    assert "1 rows of percentages were left out" in words
    assert "7 rows by age and sex were put together to 2" in words


def test_single_years_of_both_sexes_are_added_up(store: Store, tmp_path: Path) -> None:
    """91 ages (the last open) of 10 women and 11 men each: 91 x 21 = 1,911."""
    ages = [*map(str, range(90)), "90+"]
    parts = [(age, sex, people) for age in ages for sex, people in (("F", 10), ("M", 11))]
    assert take(store, tmp_path, mye(*parts)).problems == []
    assert held(store) == [("Dartford", "borough", 2023, 1_911)]


@pytest.mark.parametrize(
    ("parts", "column", "words"),
    [
        ([("0-15", "All", 1), ("16-64", "All", 2)], "Age", "those from 65 on are missing"),
        ([("16-64", "All", 1), ("65+", "All", 2)], "Age", "those from 0 to 15 are missing"),
        ([("0-15", "All", 1), ("10+", "All", 2)], "Age", "age 10 would be counted twice"),
        ([("0-15", "All", 1), ("old", "All", 2)], "Age", "'old' is no age known here"),
        ([("All ages", "F", 1)], "Sex", "is not all people"),
        ([("All ages", "All", 1), ("All ages", "All", 2)], "Population", "a second number"),
        ([("0-15", "All", 1), ("16+", "All", "n/a")], "Population", "the sum of all people needs"),
        (
            [("0-15", "F", 1), ("16+", "F", 2), ("0-15", "M", 1)],
            "Age",
            "those from 16 on are missing",
        ),
    ],
)
def test_parts_that_are_not_all_people_are_refused(
    store: Store, tmp_path: Path, parts: list[tuple[str, str, object]], column: str, words: str
) -> None:
    result = take(store, tmp_path, mye(*parts))
    assert words in " ".join(problem.message for problem in result.problems)
    assert {problem.column for problem in result.problems} == {column}
    assert held(store) == []


def test_a_column_an_age_and_a_column_a_year(store: Store, tmp_path: Path) -> None:
    """As the ONS has them: MYE2 without its All ages, and MYEB1 with a row an age and sex."""
    wide = "Code,Name,Geography,Year,0,1,2+\nE07000107,Dartford,Unitary Authority,2022,5,6,70\n"
    assert take(store, tmp_path, wide).problems == []
    long = "ladcode23,laname23,country,sex,age,population_2023,population_2024\n"
    for sex in "FM":
        long += f"E07000107,Dartford,E,{sex},0,5,6\nE07000107,Dartford,E,{sex},1+,70,80\n"
    assert take(store, tmp_path, long).problems == []
    assert [(year, people) for *_, year, people in held(store)] == [
        (2022, 81),
        (2023, 150),
        (2024, 172),
    ]


def test_two_numbers_of_an_area_and_year_are_both_refused(store: Store, tmp_path: Path) -> None:
    """A split that is not known here must not let its first part in as all people."""
    text = "Area,Code,Year,Tenure,People\nDartford,E07000107,2024,Own,70\n"
    result = take(store, tmp_path, text + "Dartford,E07000107,2024,Rent,30\n")
    assert [(p.row, p.column) for p in result.problems] == [(2, "People"), (3, "People")]
    assert held(store) == []
