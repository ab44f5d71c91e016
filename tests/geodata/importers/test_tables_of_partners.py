"""Tables as partners send them: each figure read as its publisher means it, or refused in words."""

import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from geodata.files.problems import FileRefusedError
from geodata.importers.partners.published_values import PublishedValue, read_value
from geodata.importers.partners.single_days import settle_days
from geodata.importers.when.periods import Period, month_begun, month_ended, read_period
from geodata.store.engine import Store
from tests.geodata.importers.test_importing_indicators import PEOPLE, figures, file, take

LONG = "Indicator,Area,Period,Value,Unit,Class\n"
TERMS = "count,public"


@pytest.fixture
def partners(geopackage: Store, tmp_path: Path) -> Store:
    """One store is enough: a file is read before anything of it is stored."""
    take(geopackage, "populations", file(tmp_path, PEOPLE, "people.csv"))
    return geopackage


@pytest.mark.parametrize(
    "heads",
    [
        "Indicator,Area,Unit,Class,2024,,2025,\n,,,,Jan,Feb,Jan,Feb\n",
        "Indicator,Area,Unit,Class,2024/25,\n,,,,Number,Rate\n",
    ],
)
def test_a_month_under_a_merged_year_is_no_figure_of_the_year(
    partners: Store, tmp_path: Path, heads: str
) -> None:
    path = file(tmp_path, f"{heads}Burglary,Dartford,count,public,1,2,3,4\n")
    with pytest.raises(FileRefusedError):
        take(partners, "indicators", path)
    assert figures(partners) == []


def test_marks_and_footnotes_of_headings_are_read(partners: Store, tmp_path: Path) -> None:
    """And a column of neither is named, so that none is lost without a word."""
    text = "Indicator [note 1],Area,Unit,Class,2023/24 [note 2],2024/25 [p],% change\n"
    result = take(
        partners, "indicators", file(tmp_path, f'{text}Thefts,Dartford,{TERMS},"1,100",12,10%\n')
    )
    assert [row[2:5] for row in figures(partners)] == [
        (date(2023, 4, 1), 12, 1100),
        (date(2024, 4, 1), 12, 12),
    ]
    assert "'% change'" in result.warnings[0]
    later = "Thefts,Dartford,2024/25,13,,\n"  # what was provisional gives way
    assert take(partners, "indicators", file(tmp_path, LONG + later)).rejected == 0


def test_a_row_of_sums_is_named_as_one(partners: Store, tmp_path: Path) -> None:
    rows = f"Thefts,Dartford,2025-04,1,{TERMS}\nThefts,Total,2025-04,3,{TERMS}\n"
    result = take(partners, "indicators", file(tmp_path, LONG + rows))
    assert [(p.row, p.column, p.message) for p in result.problems] == [
        (3, "Area", "sums areas up and is none: leave the row out")
    ]


def test_councils_are_areas_and_a_force_is_no_county(partners: Store, tmp_path: Path) -> None:
    names = ["Dartford Borough Council", "Kent County Council", "Gravesham BC", "Kent Police"]
    rows = [f"Thefts,{name},2025-04,1,{TERMS}\n" for name in names]
    result = take(partners, "indicators", file(tmp_path, LONG + "".join(rows)))
    assert [row[:2] for row in figures(partners)] == [
        ("Dartford", "borough"),
        ("Kent", "county"),
        ("Gravesham", "borough"),
    ]
    assert [problem.row for problem in result.problems] == [5]


def test_a_series_whose_first_row_is_at_fault_is_not_begun_by_another(
    partners: Store, tmp_path: Path
) -> None:
    rows = f"Thefts,Dartford,2025-04,1,furlongs,public\nThefts,Kent,2025-04,1,{TERMS}\n"
    result = take(partners, "indicators", file(tmp_path, LONG + rows))
    assert (result.accepted, [problem.row for problem in result.problems]) == (0, [2, 3])
    assert "first row of this indicator" in result.problems[1].message


def test_a_quarter_that_is_not_the_sum_of_its_months_is_named(
    partners: Store, tmp_path: Path
) -> None:
    months = "".join(f"Thefts,Dartford,2025-0{n},1,{TERMS}\n" for n in (4, 5, 6))
    assert take(partners, "indicators", file(tmp_path, LONG + months)).warnings == []
    quarter = "Thefts,Dartford,2025-04 to 2025-06,{},,\nThefts,Kent,2025-04 to 2025-06,7,,\n"
    result = take(partners, "indicators", file(tmp_path, LONG + quarter.format(9)))
    [warning] = result.warnings
    assert warning.startswith(
        "Thefts, Dartford, April 2025 to June 2025 is 9, and its months add up to 3"
    )


@pytest.mark.parametrize(
    ("text", "first", "months"),
    [
        ("01/04/2025", date(2025, 4, 1), 1),
        ("04/2025", date(2025, 4, 1), 1),
        ("1-Apr-25", date(2025, 4, 1), 1),
        ("FY 2024/25", date(2024, 4, 1), 12),
        ("YE Mar 2025", date(2024, 4, 1), 12),
        ("Year ending 31 March 2025", date(2024, 4, 1), 12),
        ("Q4 2024/25", date(2025, 1, 1), 3),
        ("Jan - Mar 2025", date(2025, 1, 1), 3),
        ("Jan'25", date(2025, 1, 1), 1),
        ("Jan ’25", date(2025, 1, 1), 1),
        ("Mar. 2025", date(2025, 3, 1), 1),
        ("FY24/25", date(2024, 4, 1), 12),
        ("FY11-12", date(2011, 4, 1), 12),
        ("24/25", date(2024, 4, 1), 12),
        ("Y/E 31/03/2025", date(2024, 4, 1), 12),
        ("Year to March 2025", date(2024, 4, 1), 12),
        ("01/04/2024 – 31/03/2025", date(2024, 4, 1), 12),
        ("Q1 24/25", date(2024, 4, 1), 3),
        ("Q1 FY24/25", date(2024, 4, 1), 3),
        ("24/25 Q4", date(2025, 1, 1), 3),
        ("Q/E Jun-24", date(2024, 4, 1), 3),
        ("Quarter 2 2024/25", date(2024, 7, 1), 3),
        ("Q1 (Apr-Jun) 2024/25", date(2024, 4, 1), 3),
        ("Q1 (Jan-Mar) 2024", date(2024, 1, 1), 3),
    ],
)
def test_periods_as_spreadsheets_and_reports_write_them(
    text: str, first: date, months: int
) -> None:
    assert read_period(text) == Period(first, months)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("04/01/2025", "no period"),  # the fourth of January, or an American first of April
        ("13/2025", "no period"),
        ("Oct - Mar 2025", "ends before it begins"),
        ("Q1 2025", "calendar's or the financial"),
        ("Year ending 15 March 2025", "part of a month"),
        ("201112", "no period"),  # December 2011, or 2011/12
        ("11/12", "no period"),  # a financial year, a month or a day
        ("24/26", "no period"),
        ("Q1 (Jan-Mar) 2024/25", "does not agree with itself"),
        ("31/03/2025", "no period"),  # by itself: of a month, a quarter or a year
    ],
)
def test_periods_that_may_be_two_things_are_asked_about(text: str, words: str) -> None:
    reading = read_period(text)
    assert isinstance(reading, str)
    assert words in reading


@pytest.mark.parametrize(
    ("text", "below"),
    [("≤5", 6), ("5 or fewer", 6), ("1-4", 5), ("1 to 4", 5), ("fewer than five", 5), ("–", None)],
)
def test_small_counts_in_other_words(text: str, below: int | None) -> None:
    assert read_value(text, "count") == PublishedValue(below=below)


def test_a_number_may_begin_with_its_point() -> None:
    assert read_value(".5", "per_1000") == PublishedValue(0.5)


@pytest.mark.parametrize("text", ["3-7", "2 to 9", "~1200", "12,04", "1.2k", "[c]", "0 [low]"])
def test_what_is_no_number_is_never_guessed(text: str) -> None:
    assert isinstance(read_value(text, "count"), str)


ENDS = {
    # the other periods say which: months follow each other, or quarters do
    ("31/03/2025", "30/04/2025", "31/07/2025"): [
        (date(2025, 3, 1), 1),
        (date(2025, 4, 1), 1),
        (date(2025, 7, 1), 1),
    ],
    ("30/06/2024", "2024-09-30", "31-Dec-24"): [
        (date(2024, 4, 1), 3),
        (date(2024, 7, 1), 3),
        (date(2024, 10, 1), 3),
    ],
    ("Quarter ending June 2024", "30 September 2024"): [
        (date(2024, 4, 1), 3),
        (date(2024, 7, 1), 3),
    ],
    ("Jan'25", "30/06/2024"): [(date(2025, 1, 1), 1), (date(2024, 6, 1), 1)],
    ("2023/24", "31/03/2025"): [(date(2023, 4, 1), 12), (date(2024, 4, 1), 12)],
    ("01/04/2024", "01/07/2024", "01/10/2024", "Q4 24/25"): [
        (date(2024, 4, 1), 3),
        (date(2024, 7, 1), 3),
        (date(2024, 10, 1), 3),
        (date(2025, 1, 1), 3),
    ],
    ("2024-04-01", "2025-04-01"): [(date(2024, 4, 1), 1), (date(2025, 4, 1), 1)],
}


@pytest.mark.parametrize(("texts", "periods"), ENDS.items())
def test_what_one_day_stands_for_is_said_by_the_other_periods(
    texts: tuple[str, ...], periods: list[tuple[date, int]]
) -> None:
    read = settle_days(texts, {text: read_period(text) for text in texts})
    assert [read[text] for text in texts] == [Period(*each) for each in periods]


@pytest.mark.parametrize(
    "texts",
    [
        ("31/03/2025",),
        ("31/03/2024", "31/03/2025"),  # a month of each year, or the years
        ("30/06/2024", "30/09/2024"),  # one gap of three months is none of a pattern
        ("30/06/2024", "30/09/2024", "31/03/2025"),
        ("Q1 24/25", "31/07/2024", "31/08/2024"),  # months behind a quarter
        ("2024/25", "Q1 24/25", "30/09/2024"),
        ("01/04/2024", "01/07/2024", "01/10/2024"),  # quarters as a spreadsheet has them, or months
    ],
)
def test_a_day_that_nothing_explains_is_refused(texts: tuple[str, ...]) -> None:
    read = settle_days(texts, {text: read_period(text) for text in texts})
    for text in texts:
        if month_ended(text) or month_begun(text):
            assert "is one day" in str(read[text])


def test_quarters_by_their_last_day_go_in_as_quarters_and_a_lone_day_is_refused_by_its_cell(
    partners: Store, tmp_path: Path
) -> None:
    """Of two series of one file: the days of one say nothing of those of the other."""
    ends = ("30/06/2024", "30/09/2024", "31/12/2024")
    rows = "".join(f"Thefts,Dartford,{day},{n},{TERMS}\n" for n, day in enumerate(ends, 7))
    alone = f"Robbery,Dartford,31/03/2025,5,{TERMS}\n"
    result = take(partners, "indicators", file(tmp_path, LONG + rows + alone))
    assert figures(partners) == [
        ("Dartford", "borough", date(2024, 4, 1), 3, 7, None),
        ("Dartford", "borough", date(2024, 7, 1), 3, 8, None),
        ("Dartford", "borough", date(2024, 10, 1), 3, 9, None),
    ]
    (problem,) = result.problems
    assert (problem.row, problem.column, problem.value) == (5, "Period", "31/03/2025")
    assert "of a month, of a quarter or of a year?" in problem.message
    assert any("stand for the quarters that end on them" in each for each in result.warnings)


def test_days_head_the_columns_of_a_wide_table(partners: Store, tmp_path: Path) -> None:
    head = "Indicator,Area,Unit,Class,30/06/2024,30/09/2024,31/12/2024\n"
    result = take(
        partners, "indicators", file(tmp_path, head + "Thefts,Dartford,count,public,7,8,9\n")
    )
    assert (result.accepted, result.rejected) == (3, 0)
    assert [row[2:5] for row in figures(partners)] == [
        (date(2024, 4, 1), 3, 7),
        (date(2024, 7, 1), 3, 8),
        (date(2024, 10, 1), 3, 9),
    ]


def merged_workbook(path: Path) -> Path:
    """A title, then districts merged beside their months; one figure merged too; and a footnote."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in (
        ("Thefts by district (synthetic)",),
        ("Area", "Indicator", "Period", "Value", "Unit", "Class"),
        ("Dartford", "Thefts", "2025-04", 7, "count", "public"),
        (None, "Thefts", "2025-05", 8, "count", "public"),
        (None, "Thefts", "2025-06", 9, "count", "public"),
        ("Kent", "Thefts", "2025-04", 70, "count", "public"),
        (None, "Thefts", "2025-05", None, "count", "public"),
    ):
        sheet.append(row)
    for cells in ("A1:F1", "A3:A5", "A6:A7", "D6:D7"):
        sheet.merge_cells(cells)
    workbook.save(path)
    return path


@pytest.mark.parametrize("ending", [".xlsx", ".ods"])
def test_a_district_merged_over_its_rows_is_that_of_each_and_a_figure_is_that_of_none(
    partners: Store, tmp_path: Path, ending: str
) -> None:
    path = merged_workbook(tmp_path / "merged.xlsx")
    if ending == ".ods":
        path = merged_open_document(tmp_path / "merged.ods")
    result = take(partners, "indicators", path)
    assert [(area, first.month, value) for area, _, first, _, value, _ in figures(partners)] == [
        ("Dartford", 4, 7),
        ("Dartford", 5, 8),
        ("Dartford", 6, 9),
        ("Kent", 4, 70),
    ]
    (problem,) = result.problems
    assert (problem.row, problem.column) == (7, "Value")


def merged_open_document(path: Path) -> Path:
    """The same as LibreOffice writes it."""

    def row(*cells: str | None, down: dict[int, int] | None = None) -> str:
        spans = down or {}
        drawn = (
            "<table:covered-table-cell/>"
            if cell is None
            else f'<table:table-cell table:number-columns-spanned="1" '
            f'table:number-rows-spanned="{spans.get(n, 1)}"><text:p>{cell}</text:p>'
            "</table:table-cell>"
            for n, cell in enumerate(cells)
        )
        return f"<table:table-row>{''.join(drawn)}</table:table-row>"

    rows = "".join(
        (
            row("Thefts by district (synthetic)"),
            row("Area", "Indicator", "Period", "Value", "Unit", "Class"),
            row("Dartford", "Thefts", "2025-04", "7", "count", "public", down={0: 3}),
            row(None, "Thefts", "2025-05", "8", "count", "public"),
            row(None, "Thefts", "2025-06", "9", "count", "public"),
            row("Kent", "Thefts", "2025-04", "70", "count", "public", down={0: 2, 3: 2}),
            row(None, "Thefts", "2025-05", None, "count", "public"),
        )
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="Thefts">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path
