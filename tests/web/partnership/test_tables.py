"""Officers add a partner's table: a look first, then in, then back out; both stores."""

import csv
import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from geodata.models import AuditEntry, ImportBatch, Indicator, Observation
from geodata.store.engine import Store
from tests.web.conftest import SignIn
from tests.web.page import Page
from tests.web.partnership.tables import add_people
from web.partnership import tables

ADDRESS = "/officer/partnership/tables"
GOOD = (
    "Indicator,Area,Unit,Class,Better,Apr-25,May-25\n"
    "Burglary,Gravesham,count,public,less,12,<5\n"
    "Burglary,Kent,,,,204,n/a\n"
)
BAD = GOOD + "Burglary,Atlantis,,,,3,4\n"


@pytest.fixture
def officer(signed_in: SignIn, council: Store) -> FlaskClient:
    add_people(council)
    return signed_in("officer")


def sent(text: str, kind: str = "indicators", name: str = "crime.csv") -> dict[str, object]:
    return {"kind": kind, "file": (io.BytesIO(text.encode()), name)}


def stored(council: Store) -> int:
    with council.reading() as session:
        return session.scalar(select(func.count(Observation.id))) or 0


def look(officer: FlaskClient, text: str, **sends: str) -> tuple[Page, dict[str, str]]:
    page = Page.of(officer.post(ADDRESS, data=sent(text, **sends)))
    forms = [form for form in hidden(page) if "content" in form]
    return page, forms[0] if forms else {}


def hidden(page: Page) -> list[dict[str, str]]:
    """The hidden fields of each form."""
    return [
        {
            each.get("name", ""): each.get("value", "")
            for each in form.iter("input")
            if each.get("type") == "hidden"
        }
        for form in page.main.iter("form")
    ]


def test_the_look_says_what_would_go_in_and_keeps_nothing(
    officer: FlaskClient, council: Store
) -> None:
    page, _ = look(officer, BAD)
    assert "4 new figures of 6 read; 2 would be refused" in page.text
    (problem,) = page.table("Cells that cannot go in").rows
    assert (problem["Row"], problem["Column"], problem["Holds"]) == ("4", "Area", "Atlantis")
    taken_for = page.table("What each column is taken for").rows[0]
    assert (taken_for["Column"], taken_for["Taken for"]) == ("Indicator", "indicator")
    assert stored(council) == 0


def test_what_the_file_does_not_say_is_chosen_and_goes_with_it(
    officer: FlaskClient, council: Store
) -> None:
    chosen = {"indicator": "Overdoses", "unit": "count", "disclosure": "exempt 2"}
    text = "Area,Month,Figure\nGravesham,2025-04,12\n"
    page = Page.of(officer.post(ADDRESS, data=sent(text) | chosen))
    (form,) = [form for form in hidden(page) if "content" in form]
    officer.post(f"{ADDRESS}/take-in", data=form)
    with council.reading() as session:
        row, value = session.execute(select(Indicator, Observation.value).join(Observation)).one()
        assert (row.name, row.unit, row.disclosure, row.paragraph, value) == (
            *("Overdoses", "count", "exempt", 2),
            12,
        )


def test_a_table_goes_in_as_one_batch_and_comes_out_again(
    officer: FlaskClient, council: Store
) -> None:
    _, form = look(officer, GOOD)
    page = Page.of(officer.post(f"{ADDRESS}/take-in", data=form, follow_redirects=True))
    assert "4 figures are taken in." in page.text
    assert stored(council) == 4
    (row,) = page.table("Taken in so far").rows
    assert "officer-1" in row["By"]
    with council.reading() as session:
        batch = session.scalars(select(ImportBatch)).one()
    back = officer.post(f"{ADDRESS}/{batch.id}/take-back", follow_redirects=True)
    assert "4 figures are taken back." in Page.of(back).text
    assert stored(council) == 0
    with council.reading() as session:
        query = select(AuditEntry.act).where(AuditEntry.entity == "partner_table")
        acts = session.scalars(query.order_by(AuditEntry.id)).all()
    assert acts == ["import", "undo_import"]


def test_the_refused_rows_come_as_a_file(officer: FlaskClient) -> None:
    _, form = look(officer, BAD)
    text = officer.post(f"{ADDRESS}/rejects.csv", data=form).text
    assert text.count("Atlantis") == 2
    assert "is no area that is known here" in text


def test_no_cell_of_the_refused_rows_runs_as_a_formula(officer: FlaskClient) -> None:
    _, form = look(officer, BAD.replace("Atlantis", "=cmd|' /C calc'!A0"))
    text = officer.post(f"{ADDRESS}/rejects.csv", data=form).text
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert cells.count("'=cmd|' /C calc'!A0") == 2
    assert not [cell for cell in cells if cell.startswith("=")]


def test_a_file_that_cannot_be_understood_is_refused_with_its_reason(officer: FlaskClient) -> None:
    merged = ",Gravesham,,Kent,\nIndicator,2023/24,2024/25,2023/24,2024/25\nRobbery,1,2,3,4\n"
    answer = officer.post(ADDRESS, data=sent(merged))
    assert answer.status_code == 400
    assert "stands in the header twice" in Page.of(answer).errors["file"]
    wrong = officer.post(ADDRESS, data=sent(GOOD, name="crime.pdf"))
    assert "no CSV, XLSX or ODS" in Page.of(wrong).errors["file"]
    assert officer.post(ADDRESS, data=sent(GOOD, kind="reports")).status_code == 400


def bad_book() -> bytes:
    """A partner's workbook: merged cells, marks, percentages, footnotes, a total, odd rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["Recorded crime and detections"],
        ["Indicator", "Area", "Unit", "Class", "Month", "Figure", "Data to"],
        ["Burglary [1]", "Gravesham", "count", "public", datetime(2025, 4, 1), "1,204 [p]", None],  # noqa: DTZ001
        [None, "Kent", "count", "public", "Apr 2025", 9_000, None],
        ["Robbery*", "Gravesham", "count", "public", "Apr 2025", "<5", None],
        ["Robbery", "Kent", None, None, "Apr 2025", "n/a", None],
        ["Detected", "Gravesham", "percent", "public", "Apr 2025", 0.45, None],
        ["Detected", "Kent", "per 1,000", "public", "Apr 2025", 4.5, None],
        ["Detected", "Atlantis", None, None, "Apr 2025", "12%", None],
        ["Detected", "Kent", None, None, "May 2025", "12%", "2025-05-20"],
        ["Total", "Kent", "count", "public", "Apr 2025", 99, None],
        ["[1] From 2024 with attempts"],
    ):
        sheet.append(row)
    sheet.merge_cells("A1:G1")
    sheet.merge_cells("A3:A4")
    sheet["F7"].number_format = "0%"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_partner_s_workbook_is_read_rightly_or_refused_by_the_cell(
    officer: FlaskClient, council: Store
) -> None:
    sends = {"kind": "indicators", "file": (io.BytesIO(bad_book()), "crime.xlsx")}
    page = Page.of(officer.post(ADDRESS, data=sends))
    problems = page.table("Cells that cannot go in").rows
    named = {(row["Row"], row["Column"]): row["What is wrong"] for row in problems}
    for cell, words in {
        ("8", "Unit"): "differs from the series, which has percent",
        ("9", "Area"): "no area that is known here",
        ("10", "Data to"): "half covered",
        ("11", "Indicator"): "does not say of what",
    }.items():
        assert words in named[cell]
    assert {row for row, _ in named} == {"8", "9", "10", "11", "12"}
    form = next(form for form in hidden(page) if "content" in form)
    officer.post(f"{ADDRESS}/take-in", data=form)
    with council.reading() as session:
        rows = session.execute(
            select(Indicator.name, Observation.area, Observation).join(Observation)
        )
        held = {(name, area): (o.value, o.below, o.is_provisional) for name, area, o in rows}
    assert held == {
        ("Burglary", "Gravesham"): (1204, None, True),
        ("Burglary", "Kent"): (9000, None, False),  # its name is merged with the row above
        ("Robbery", "Gravesham"): (None, 5, False),
        ("Robbery", "Kent"): (None, None, False),
        ("Detected", "Gravesham"): (45, None, False),
    }
    refused = officer.post(f"{ADDRESS}/rejects.csv", data=form).text
    for lost in ("4.5", "Atlantis", "2025-05-20", "99", "with attempts"):
        assert lost in refused


def test_populations_are_taken_in_too(officer: FlaskClient) -> None:
    text = "Area,Area type,Year,Population\nMedway,borough,2025,280000\n"
    page, form = look(officer, text, kind="populations")
    assert "1 new figure of 1 read" in page.text
    assert officer.post(f"{ADDRESS}/take-in", data=form).status_code == 302


def street_crime(rows: int) -> str:
    head = "Crime ID,Month,Reported by,Falls within,LSOA code,LSOA name,Crime type,Context\n"
    return head + "".join(
        f"{n:064},2025-04,Kent Police,Kent Police,E01,Gravesham 001A,Robbery,\n"
        for n in range(rows)
    )


@pytest.mark.parametrize("rows", [3, 3_000])
def test_street_crime_goes_in_by_the_page_however_long(
    officer: FlaskClient, council: Store, rows: int
) -> None:
    page, form = look(officer, street_crime(rows), kind="police")
    assert "1 new figure of 1 read" in page.text
    officer.post(f"{ADDRESS}/take-in", data=form)
    with council.reading() as session:
        assert session.scalars(select(Observation.value)).all() == [rows]


def test_a_table_that_is_too_large_is_refused(officer: FlaskClient) -> None:
    answer = officer.post(ADDRESS, data=sent(GOOD + "x" * 300_000))
    assert "more than 256 kB" in Page.of(answer).errors["file"]


def test_only_batches_of_figures_are_taken_back_here(officer: FlaskClient, council: Store) -> None:
    with council.writing() as session:
        batch = ImportBatch(
            kind="reports",
            file_name="reports.csv",
            sha256="0" * 64,
            imported_at=tables.utc_now(),
            read=1,
            accepted=1,
            rejected=0,
            unchanged=0,
            warnings=[],
        )
        session.add(batch)
        session.flush()
        key = batch.id
    assert officer.post(f"{ADDRESS}/{key}/take-back").status_code == 404


@pytest.mark.parametrize("role", ["contractor", "partner"])
def test_others_add_no_tables(signed_in: SignIn, role: str) -> None:
    client = signed_in(role)
    assert client.get(ADDRESS).status_code == 403
    assert client.post(ADDRESS, data=sent(GOOD)).status_code == 403


SHEET = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
    "<office:spreadsheet><table:table table:name='Table_1'>{}</table:table></office:spreadsheet>"
    "</office:body></office:document-content>"
)


def test_an_open_document_goes_in_as_the_government_publishes_it(
    officer: FlaskClient, council: Store
) -> None:
    rows = [["Indicator [note 1]", "Area", "Period", "Value", "Unit", "Class"]]
    rows.append(["Thefts", "Gravesham", "Q1 2025/26", "1,204", "count", "public"])
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f"<table:table-cell office:value-type='string'><text:p>{text}</text:p>"
            "</table:table-cell>"
            for text in row
        )
        + "</table:table-row>"
        for row in rows
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", SHEET.format(cells))
    sends = {"kind": "indicators", "file": (io.BytesIO(content.getvalue()), "crime.ods")}
    (form,) = [f for f in hidden(Page.of(officer.post(ADDRESS, data=sends))) if "content" in f]
    officer.post(f"{ADDRESS}/take-in", data=form)
    with council.reading() as session:
        (figure,) = session.scalars(select(Observation))
    assert (figure.first_day, figure.months, figure.value) == (date(2025, 4, 1), 3, 1204)
