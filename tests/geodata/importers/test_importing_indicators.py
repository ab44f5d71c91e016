"""Partners' tables: read rightly, or refused with cell and reason; police.uk as downloaded."""

from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
import shapely
from sqlalchemy import func, select

from geodata import places
from geodata.core.geography import from_lonlat
from geodata.core.vocabulary import PlaceKind
from geodata.files.problems import FileRefusedError
from geodata.importers.batches import undo
from geodata.importers.options import ImportOptions
from geodata.importers.reading import ImportResult
from geodata.importers.when.periods import Period, read_period
from geodata.models import Indicator, Observation, Population
from geodata.store.engine import Store
from tests.taking_in import import_file

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PEOPLE = """Area name,Code,Year,Population
Dartford,E07000107,2024,120000
Gravesham,E07000109,2024,107000
Kent,E10000016,2024,1600000
"""
HEAD = "Indicator,Area,Period,Value,Unit,Better,Class,Schedule 12A paragraph,Source,Definition\n"
TERMS = "count,less,public,,Kent Police,Recorded offences"


@pytest.fixture
def partners(store: Store, tmp_path: Path) -> Store:
    assert take(store, "populations", file(tmp_path, PEOPLE, "people.csv")).accepted == 3
    return store


def take(store: Store, kind: str, path: Path) -> ImportResult:
    with store.writing() as session:
        return import_file(session, kind, path, ImportOptions(), now=NOW)


def file(tmp_path: Path, text: str, name: str = "file.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def long(tmp_path: Path, *rows: str) -> Path:
    return file(tmp_path, HEAD + "".join(f"{row}\n" for row in rows))


def figures(store: Store) -> list[tuple[object, ...]]:
    with store.reading() as session:
        rows = session.scalars(select(Observation).order_by(Observation.id))
        return [(r.area, r.area_kind, r.first_day, r.months, r.value, r.below) for r in rows]


def complaint(result: ImportResult) -> tuple[int, str, str]:
    (problem,) = result.problems
    return problem.row, problem.column, problem.message


def test_nobody_is_named_in_what_goes_before_the_partnership(
    partners: Store, tmp_path: Path
) -> None:
    """Officers who send a table sign it; the pack prints source and definition."""
    text = HEAD.replace("Definition", "Definition,Break note") + "".join(
        f"{name},Dartford,{month},9,count,less,public,,{source},{definition},{note}\n"
        for name, month, source, definition, note in (
            (
                "Burglary",
                "2025-04",
                "Kent Police (analyst Priya Patel)",
                "Recorded offences. Ask s.jones@kent.police.uk",
                "New form by Sarah Jones",
            ),
            ("Mrs Smith's calls", "2025-04", "Kent Police", "Calls", ""),
            ("Robbery", "2025-04", "Office for National Statistics", "Offences", "A new form"),
        )
    )
    result = take(partners, "indicators", file(tmp_path, text))
    row, column, message = complaint(result)
    assert (row, column) == (3, "Indicator")
    assert "may say who somebody is" in message
    with partners.reading() as session:
        rows = session.scalars(select(Indicator).order_by(Indicator.name)).all()
        reasons = session.scalars(select(Observation.break_reason).order_by(Observation.id)).all()
    assert [each.source for each in rows] == [
        "Kent Police (analyst [removed])",
        "Office for National Statistics",
    ]
    assert [each.definition for each in rows] == ["Recorded offences. Ask [removed]", "Offences"]
    assert reasons == ["New form by [removed]", "A new form"]
    words = " ".join(result.warnings)
    for column in ("Source", "Definition", "Break note"):
        assert f"{column}: somebody was named in row 2, and taken out" in words


def test_a_long_table_goes_in_with_its_terms(partners: Store, tmp_path: Path) -> None:
    path = long(
        tmp_path, f'Burglary,dartford,2025-04,"1,204",{TERMS}', "Burglary,Kent,2024/25,<5,,,,,,"
    )
    assert take(partners, "indicators", path).rejected == 0
    assert figures(partners) == [
        ("Dartford", "borough", date(2025, 4, 1), 1, 1204, None),
        ("Kent", "county", date(2024, 4, 1), 12, None, 5),
    ]
    with partners.reading() as session:
        (indicator,) = session.scalars(select(Indicator))
    assert (indicator.unit, indicator.polarity, indicator.disclosure) == ("count", "less", "public")
    assert (indicator.source, indicator.definition) == ("Kent Police", "Recorded offences")


def test_a_workbook_with_titles_marks_and_a_footnote(partners: Store, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Recorded crime, Kent"])
    sheet.merge_cells("A1:F1")
    sheet.append(["Indicator", "Area", "Month", "Figure", "Unit", "Class"])
    sheet.append(["Robbery", "Dartford", datetime(2025, 4, 1), 12, "count", "public"])  # noqa: DTZ001
    sheet.append(["Robbery", "Dartford", "May 2025", "14 [p]", "count", "public"])
    sheet.append(["Robbery", "Dartford", "June 2025", "n/a", "count", "public"])
    sheet.append(["p: provisional"])
    book.save(tmp_path / "crime.xlsx")
    result = take(partners, "indicators", tmp_path / "crime.xlsx")
    assert (result.accepted, result.rejected) == (3, 1)
    assert {problem.row for problem in result.problems} == {6}
    with partners.reading() as session:
        rows = session.scalars(select(Observation).order_by(Observation.first_day)).all()
    assert [(r.value, r.is_provisional) for r in rows] == [(12, False), (14, True), (None, False)]


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (f"Burglary,Dartfrod,2025-04,12,{TERMS}", "Area", "no area that is known here"),
        (f"Burglary,Dartford,2025-04,twelve,{TERMS}", "Value", "no number"),
        (f"Burglary,Dartford,2025-04,12*,{TERMS}", "Value", "mark '*'"),
        (f"Burglary,Dartford,2025-04,*,{TERMS}", "Value", "below which number"),
        (f"Burglary,Dartford,2025-04,12.5,{TERMS}", "Value", "no whole number"),
        (f"Burglary,Dartford,2025-04,-3,{TERMS}", "Value", "below 0"),
        (f"Burglary,Dartford,2025-04,12%,{TERMS}", "Value", "percentage"),
        (f"Burglary,Dartford,2025-04,,{TERMS}", "Value", "is empty"),
        (f"Burglary,Dartford,2025-04,#REF!,{TERMS}", "Value", "error of the spreadsheet"),
        (f"Burglary,Dartford,2025-04,1 20,{TERMS}", "Value", "no number"),
        (f"Burglary,Dartford,2025 Q1,12,{TERMS}", "Period", "calendar's or the financial"),
        (f"Burglary,Dartford,2026-11,12,{TERMS}", "Period", "not over yet"),
        (f"Burglary,Dartford,1 Apr 2025 to 9 Jun 2025,12,{TERMS}", "Period", "part of a month"),
        (f"Burglary,Dartford,2025-04 to 2025-08,12,{TERMS}", "Period", "5 months long"),
        (f"Burglary,Dartford,0000-01,12,{TERMS}", "Period", "no period"),
        ("Burglary,Dartford,2025-04,12,count,less,,,,", "Class", "new here"),
        ("Burglary,Dartford,2025-04,12,,less,public,,,", "Unit", "new here"),
        ("Burglary,Dartford,2025-04,12,furlongs,less,public,,,", "Unit", "no unit"),
        ("Overdoses,Dartford,2025-04,12,count,less,exempt,,,", "Schedule 12A paragraph", "empty"),
        ("Overdoses,Dartford,2025-04,12,count,less,exempt,9,,", "Schedule 12A paragraph", "1 to 7"),
        ("Thefts,Dartford,2025-04,12,count,less,public,7,,", "Schedule 12A paragraph", "public"),
    ],
)
def test_a_bad_cell_is_named_with_its_reason(
    partners: Store, tmp_path: Path, row: str, column: str, words: str
) -> None:
    result = take(partners, "indicators", long(tmp_path, row))
    assert complaint(result)[:2] == (2, column)
    assert words in complaint(result)[2]
    assert figures(partners) == []


def test_terms_that_differ_from_the_series_are_named(partners: Store, tmp_path: Path) -> None:
    take(partners, "indicators", long(tmp_path, f"Burglary,Dartford,2025-04,12,{TERMS}"))
    result = take(
        partners,
        "indicators",
        long(
            tmp_path,
            "Burglary,Dartford,2025-05,3.1,per 1000 people,,,,,",
            "Burglary,Dartford,2025-06,12,count,more,,,,",
            "Burglary,Dartford,2025-07,12,count,less,exempt,7,,",
        ),
    )
    named = {(p.row, p.column, p.message) for p in result.problems}
    assert (2, "Unit", "differs from the series, which has count") in named
    assert (3, "Better", "differs from the series, which has less") in named
    assert (4, "Class", "differs from the series, which has public") in named
    assert len(figures(partners)) == 1


def test_a_period_that_the_file_covers_by_half_is_named(partners: Store, tmp_path: Path) -> None:
    text = "Indicator,Area,Period,Value,Unit,Class,Data to\n"
    text += "Burglary,Dartford,2025-04,12,count,public,2025-04-15\n"
    text += "Burglary,Dartford,2025-03,12,count,public,2025-04-15\n"
    result = take(partners, "indicators", file(tmp_path, text))
    assert complaint(result)[:2] == (2, "Data to")
    assert [row[2] for row in figures(partners)] == [date(2025, 3, 1)]


def test_only_a_provisional_figure_gives_way(partners: Store, tmp_path: Path) -> None:
    take(
        partners,
        "indicators",
        long(
            tmp_path,
            f"Burglary,Dartford,2025-04,12p,{TERMS}",
            f"Burglary,Dartford,2025-05,20,{TERMS}",
        ),
    )
    second = long(
        tmp_path, f"Burglary,Dartford,2025-04,15,{TERMS}", f"Burglary,Dartford,2025-05,21,{TERMS}"
    )
    result = take(partners, "indicators", second)
    assert complaint(result)[0] == 3
    assert "already as 20 (import 2)" in complaint(result)[2]
    assert [row[4] for row in figures(partners)] == [12, 20, 15]


def test_two_figures_of_one_period_in_a_file(partners: Store, tmp_path: Path) -> None:
    rows = (f"Burglary,Dartford,2025-04,{n},{TERMS}" for n in (12, 13))
    result = take(partners, "indicators", long(tmp_path, *rows))
    assert [problem.row for problem in result.problems] == [2, 3]
    assert figures(partners) == []  # the first is no more right than the second
    same = [f"Burglary,Dartford,2025-05,{n},{TERMS}" for n in (9, "9 ")]
    assert complaint(take(partners, "indicators", long(tmp_path, *same)))[0] == 3


def test_a_figure_of_one_sex_is_none_of_all(partners: Store, tmp_path: Path) -> None:
    """As Fingertips and Nomis have them: a row each for persons, males and females."""
    text = "Indicator Name,Area Name,Time period,Sex,Value,Unit,Class\n"
    rows = "".join(f"Claimants,Dartford,2025-04,{sex},12,count,public\n" for sex in ("F", "Male"))
    rows += "Claimants,Dartford,2025-05,Persons,30,count,public\n"
    rows += "Claimants (women),Dartford,2025-05,Female,14,count,public\n"
    result = take(partners, "indicators", file(tmp_path, text + rows))
    assert [(problem.row, problem.column) for problem in result.problems] == [
        (2, "Sex"),
        (3, "Sex"),
    ]
    assert [row[4] for row in figures(partners)] == [30, 14]


def test_two_unknown_areas_are_not_two_figures_of_one(partners: Store, tmp_path: Path) -> None:
    rows = (f"Burglary,{name},2025-04,{n},{TERMS}" for n, name in enumerate(("Dartfrod", "Keny")))
    result = take(partners, "indicators", long(tmp_path, *rows))
    assert {problem.column for problem in result.problems} == {"Area"}


def test_marks_of_footnotes_are_no_part_of_names(partners: Store, tmp_path: Path) -> None:
    rows = (f"Burglary [1],Dartford*,2025-04,12,{TERMS}", f"Burglary,Dartford,2025-05,13,{TERMS}")
    assert take(partners, "indicators", long(tmp_path, *rows)).accepted == 2
    with partners.reading() as session:
        assert session.scalars(select(Indicator.name)).all() == ["Burglary"]


def test_an_import_is_undone_with_what_it_made(partners: Store, tmp_path: Path) -> None:
    path = long(tmp_path, f"Burglary,Dartford,2025-04,12,{TERMS}")
    result = take(partners, "indicators", path)
    assert take(partners, "indicators", path).unchanged == 1
    with partners.writing() as session:
        undo(session, result.batch or 0, now=NOW)
    with partners.reading() as session:
        assert session.scalar(select(func.count(Indicator.id))) == 0
        assert session.scalar(select(func.count(Population.id))) == 3


STREET = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
STREET += "Crime type,Last outcome category,Context\n"


def crime(month: str, lsoa: str, kind: str) -> str:
    return f",{month},Kent Police,Kent Police,0.2,51.4,On or near High Street,E01,{lsoa},{kind},,\n"


def test_street_crime_is_counted_by_borough(partners: Store, tmp_path: Path) -> None:
    rows = [
        crime("2025-04", "Dartford 001A", "Burglary"),
        crime("2025-04", "Dartford 002B", "Burglary"),
        crime("2025-05", "Dartford 001A", "Robbery"),
        crime("2025-04", "Gravesham 001A", "Robbery"),
        crime("2025-04", "Ashford 001A", "Robbery"),  # no area of ours
        crime("2025-04", "", "Burglary"),  # nobody knows where
    ]
    path = file(tmp_path, STREET + "".join(rows), "2025-04-kent-street.csv")
    result = take(partners, "indicators", path)
    assert result.rejected == 0
    assert "left out" in result.warnings[0]
    with partners.reading() as session:
        query = select(Indicator.name, Observation).join(Indicator)
        counts = {
            (name, row.area, f"{row.first_day:%Y-%m}"): row.value
            for name, row in session.execute(query)
        }
    assert counts == {
        ("Burglary", "Dartford", "2025-04"): 2,
        ("Burglary", "Dartford", "2025-05"): 0,  # the file holds that month there
        ("Burglary", "Gravesham", "2025-04"): 0,
        ("Robbery", "Dartford", "2025-04"): 0,
        ("Robbery", "Dartford", "2025-05"): 1,
        ("Robbery", "Gravesham", "2025-04"): 1,
    }


def test_street_crime_is_counted_by_ward_where_wards_are_drawn(
    partners: Store, tmp_path: Path
) -> None:
    """All crimes lie at 0.2, 51.4: in Bean, whose square is around it, and not in Brent."""
    x, y = from_lonlat(0.2, 51.4)
    with partners.writing() as session:
        for name, east in (("Bean", 0), ("Brent", 500)):
            square = shapely.box(x - 200 + east, y - 200, x + 200 + east, y + 200)
            places.add(session, PlaceKind.WARD, name, square)
    rows = [crime("2025-04", "Dartford 001A", "Burglary")] * 3
    rows.append(crime("2025-05", "Dartford 001A", "Robbery"))
    result = take(partners, "indicators", file(tmp_path, STREET + "".join(rows)))
    assert "no crime of any type lies in Brent in 2025-04 and 1 more" in result.warnings[0]
    by_ward = {row[0:4:2] + row[4:5] for row in figures(partners) if row[1] == "ward"}
    april, may = date(2025, 4, 1), date(2025, 5, 1)
    assert by_ward == {
        *{("Bean", april, 3), ("Bean", april, 0), ("Bean", may, 0), ("Bean", may, 1)},
        *{("Brent", april, 0), ("Brent", may, 0)},
    }


def test_an_area_is_known_by_its_name_before_a_mark_in_brackets_and_by_its_code(
    store: Store, tmp_path: Path
) -> None:
    with store.writing() as session:
        square = shapely.box(0, 0, 1, 1)
        name = "Dartford (synthetic demo)"
        places.add(session, PlaceKind.BOROUGH, name, square, code="E07000107")
        places.add(session, PlaceKind.NEIGHBOUR, "Gravesham", square)
    assert take(store, "populations", file(tmp_path, PEOPLE, "people.csv")).accepted == 3
    text = "Indicator,Area,Code,Period,Value,Unit,Class\n"
    rows = (
        "dartford,",
        "Borough of Dartford,E07000107",
        "Gravesham,E07000107",
        "Atlantis,E07000999",
    )
    text += "".join(f"Burglary,{row},2025-0{n},1,count,public\n" for n, row in enumerate(rows, 1))
    result = take(store, "indicators", file(tmp_path, text))
    assert {row[0] for row in figures(store)} == {name}  # and no second Dartford
    problems = {(problem.row, problem.column) for problem in result.problems}
    assert problems == {(4, "Code"), (5, "Area")}


FLY_TIPPING = {
    "a column a kind": "Year,ONS Code,LA Name,Region,Total Incidents,Land Type - Highway\n"
    '2023-24,E07000107,Dartford,South East,"2,019",1999\n'
    "2023-24,E07000110,Maidstone,South East,7,8\n",
    "a row a kind": "Year,LA name,ONS code,Land type,Incidents\n"
    '2023/24,Dartford,E07000107,All,"2,019"\n2023/24,Dartford,E07000107,Highway,1999\n'
    "2023/24,Maidstone,E07000110,Highway,8\n",
}


@pytest.mark.parametrize("text", FLY_TIPPING.values(), ids=FLY_TIPPING)
def test_defras_fly_tipping_goes_in_as_it_is_downloaded(
    partners: Store, tmp_path: Path, text: str
) -> None:
    """Counts such as 1999 look like years: they make no row the header."""
    notes = "Fly-tipping incidents in England\nSource: WasteDataFlow\n\n"
    result = take(partners, "indicators", file(tmp_path, notes + text))
    assert result.rejected == 0
    assert "1 rows of councils" in result.warnings[0]
    year = (date(2023, 4, 1), 12)
    assert {row[:5] for row in figures(partners)} == {
        ("Dartford", "borough", *year, 2_019),
        ("Dartford", "borough", *year, 1_999),
    }


def test_what_the_file_does_not_say_may_be_said_beside_it(store: Store, tmp_path: Path) -> None:
    """As the ONS's estimates have the year in their title alone."""
    text = "Code,Name,Geography,All ages\nE07000107,Dartford,Non-metropolitan District,120000\n"
    options = ImportOptions(constants={"year": "2024"})
    with store.writing() as session:
        import_file(session, "populations", file(tmp_path, text), options, now=NOW)
        (row,) = session.scalars(select(Population))
        assert (row.area, row.year, row.people) == ("Dartford", 2024, 120_000)
        options = ImportOptions(constants={"colour": "red"})
        with pytest.raises(FileRefusedError, match="no field 'colour'"):
            import_file(session, "populations", file(tmp_path, text), options, now=NOW)


def test_a_street_file_with_a_bad_cell_is_not_counted(partners: Store, tmp_path: Path) -> None:
    text = STREET + crime("2025-04", "Dartford 001A", "Burglary")
    text += crime("2025-4x", "Dartford 001A", "Burglary")
    with pytest.raises(FileRefusedError, match=r"row 3, column Month: '2025-4x'"):
        take(partners, "indicators", file(tmp_path, text))


def test_street_crime_elsewhere_is_refused(partners: Store, tmp_path: Path) -> None:
    text = STREET + crime("2025-04", "Leeds 001A", "Burglary")
    with pytest.raises(FileRefusedError, match="Dartford, Gravesham"):
        take(partners, "indicators", file(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "first", "months"),
    [
        ("April 2025", date(2025, 4, 1), 1),
        ("Apr-25", date(2025, 4, 1), 1),
        ("Quarter ending June 2025", date(2025, 4, 1), 3),
        ("1 April 2025 to 30 June 2025", date(2025, 4, 1), 3),
        ("12 months to March 2025", date(2024, 4, 1), 12),
        ("2024-25", date(2024, 4, 1), 12),
        ("2024", date(2024, 1, 1), 12),
    ],
)
def test_periods_are_read_as_publishers_write_them(text: str, first: date, months: int) -> None:
    assert read_period(text) == Period(first, months)


SHARES = "percent,more,public,,Kent Police,Share of cases"


@pytest.mark.parametrize(
    ("cells", "accepted"),
    [
        (("0.45", "0.5"), 0),  # 45% and 50% of an old workbook, or under one in a hundred?
        (("0.45%", "0.5%"), 2),
        (("45", "0.5"), 2),
        (("0", "0"), 2),
        (("1", "n/a"), 1),
    ],
)
def test_percentages_that_may_be_fractions_are_asked_about(
    partners: Store, tmp_path: Path, cells: tuple[str, str], accepted: int
) -> None:
    rows = [f"Solved,Dartford,2025-0{n},{cell},{SHARES}" for n, cell in enumerate(cells, 4)]
    result = take(partners, "indicators", long(tmp_path, *rows))
    assert (result.accepted, result.rejected) == (accepted, 2 - accepted)
    if result.rejected:
        assert "Write each with its sign, 45% or 0.45%" in result.problems[0].message


WIDE = "Monthly crime bulletin,,,,\nIndicator,Area,Unit,Class,Apr-25,May-25,June 2025\n"


def test_a_wide_table_with_a_column_a_month(partners: Store, tmp_path: Path) -> None:
    text = WIDE + "Burglary,Dartford,count,public,12,<5,n/a\nBurglary,Kent,,,204,210p,199\n"
    result = take(partners, "indicators", file(tmp_path, text))
    assert (result.accepted, result.rejected) == (6, 0)
    months = [date(2025, month, 1) for month in (4, 5, 6)]
    assert figures(partners) == [
        ("Dartford", "borough", months[0], 1, 12, None),
        ("Dartford", "borough", months[1], 1, None, 5),
        ("Dartford", "borough", months[2], 1, None, None),
        ("Kent", "county", months[0], 1, 204, None),
        ("Kent", "county", months[1], 1, 210, None),
        ("Kent", "county", months[2], 1, 199, None),
    ]


def test_a_wide_table_with_a_column_an_area(partners: Store, tmp_path: Path) -> None:
    text = "Crime type,Year,Dartford,Gravesham,Unit,Class\nRobbery,2024/25,90,81,count,public\n"
    take(partners, "indicators", file(tmp_path, text))
    assert [(row[0], row[2], row[3], row[4]) for row in figures(partners)] == [
        ("Dartford", date(2024, 4, 1), 12, 90),
        ("Gravesham", date(2024, 4, 1), 12, 81),
    ]


def test_a_bad_cell_of_a_wide_table_is_named_where_it_stands(
    partners: Store, tmp_path: Path
) -> None:
    text = (
        WIDE + "Burglary,Dartford,count,public,12,many,14\nBurglary,Dover,,,1,2,3\np: provisional"
    )
    result = take(partners, "indicators", file(tmp_path, text))
    assert result.accepted == 2
    named = {(problem.row, problem.column) for problem in result.problems}
    assert {(3, "May-25"), (4, "Area")} <= named
    assert {row for row, _ in named} == {3, 4, 5}


def test_merged_headings_over_a_wide_table_are_refused(partners: Store, tmp_path: Path) -> None:
    text = ",Dartford,,Gravesham,\nIndicator,2023/24,2024/25,2023/24,2024/25\nRobbery,1,2,3,4\n"
    with pytest.raises(FileRefusedError, match=r"'2023/24' stands in the header twice"):
        take(partners, "indicators", file(tmp_path, text))


def test_a_break_is_kept_with_its_reason(partners: Store, tmp_path: Path) -> None:
    text = "Indicator,Area,Period,Value,Unit,Class,Break reason\n"
    text += "Burglary,Dartford,2025-04,12,count,public,re-categorised\n"
    take(partners, "indicators", file(tmp_path, text))
    with partners.reading() as session:
        (row,) = session.scalars(select(Observation))
    assert (row.is_break, row.break_reason) == (True, "re-categorised")


def test_street_crime_by_its_own_name_takes_no_other_file(partners: Store, tmp_path: Path) -> None:
    crimes = file(tmp_path, STREET + crime("2025-04", "Dartford 001A", "Burglary"))
    assert take(partners, "police", crimes).accepted == 1
    with pytest.raises(FileRefusedError, match="no file of police"):
        take(partners, "police", long(tmp_path, f"Burglary,Dartford,2025-04,12,{TERMS}"))


def test_a_figure_of_a_boundary_that_moved_is_named(partners: Store, tmp_path: Path) -> None:
    old, new = shapely.box(0, 0, 10, 10), shapely.box(0, 0, 20, 10)
    with partners.writing() as session:
        dated = {"valid_from": date(2019, 5, 2), "valid_to": date(2023, 5, 3)}
        places.add(session, PlaceKind.WARD, "Bridge", old, **dated)
        places.add(session, PlaceKind.WARD, "Bridge", new, valid_from=date(2023, 5, 4))
    path = long(
        tmp_path,
        f"Burglary,Bridge,2023-04,12,{TERMS}",
        f"Burglary,Bridge,2023-05,13,{TERMS}",
        f"Burglary,Bridge,2023-06,14,{TERMS}",
        f"Burglary,Bridge,2018-06,15,{TERMS}",
    )
    result = take(partners, "indicators", path)
    assert [(problem.row, problem.column) for problem in result.problems] == [
        (3, "Area"),
        (5, "Area"),
    ]
    assert "changed its boundary on 2023-05-04, within this period" in result.problems[0].message
    assert "the first holds from 2019-05-02" in result.problems[1].message


def test_populations_with_a_name_and_a_kind_of_area(store: Store, tmp_path: Path) -> None:
    """As the mid-year estimates have them: the column Geography is no name there."""
    people = (
        "Code,Name,Geography,Year,All ages\nE07000107,Dartford,Non-metropolitan District,2023,"
        '"118,820"\nE10000016,Kent,County,2023,"1,610,300"\nE12000008,South East,Region,2023,1\n'
    )
    result = take(store, "populations", file(tmp_path, people))
    assert (result.accepted, result.rejected) == (2, 1)
    with store.reading() as session:
        rows = session.scalars(select(Population).order_by(Population.id)).all()
        assert [(row.area_kind, row.area, row.people) for row in rows] == [
            ("borough", "Dartford", 118_820),
            ("county", "Kent", 1_610_300),
        ]


def test_populations_with_a_column_a_year(store: Store, tmp_path: Path) -> None:
    text = "Code,Name,Geography,2023,2024\nE07000107,Dartford,Dartford,118000,119500\n"
    result = take(store, "populations", file(tmp_path, text))
    assert (result.accepted, result.rejected) == (2, 0)
    with store.reading() as session:
        rows = session.scalars(select(Population).order_by(Population.year)).all()
    assert [(row.area, row.year, row.people) for row in rows] == [
        ("Dartford", 2023, 118_000),
        ("Dartford", 2024, 119_500),
    ]
