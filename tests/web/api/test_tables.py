"""Tables for Excel and Power BI: who reads which, what stands in their cells, the dictionary."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from importlib.util import find_spec

import pandas as pd
import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from geodata.core.vocabulary import Scope
from geodata.indicators import indicator_list
from geodata.models import Observation
from geodata.store.engine import Store
from tests.web.api.conftest import MakeKey
from tests.web.desk import scattered, store_incidents
from web.services.api import tables
from web.services.api.table_files import MOST_ROWS, as_csv, as_xlsx
from web.services.api.tables import TABLES, Column, Table

Keyed = Callable[..., FlaskClient]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PUBLISHED = {"figures", "indicators", "enforcement"}
ROWS = Table(
    "rows",
    "Rows",
    Scope.READ_PUBLIC,
    (Column("name", "string"), Column("reported_at", "datetime"), Column("has_glass", "boolean")),
    lambda _, __: [],
)
SUMMER = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)


@pytest.fixture
def officer(keyed: Keyed, council: Store) -> FlaskClient:
    store_incidents(council, scattered(NOW, 5), now=NOW)
    return keyed(Scope.READ_OFFICER)


def test_key_opens_the_tables_of_its_scope(
    keyed: Keyed, client: FlaskClient, officer: FlaskClient
) -> None:
    public, jobs = keyed(Scope.READ_PUBLIC), keyed(Scope.JOBS_READ)
    for name in TABLES:
        address = f"/api/tables/{name}.csv"
        assert client.get(address).status_code == 401
        assert jobs.get(address).status_code == 403
        assert public.get(address).status_code == (200 if name in PUBLISHED else 403), name
        assert officer.get(address).status_code == 200, name
    listed = {each["name"] for each in public.get("/api/tables").json["tables"]}
    assert listed == PUBLISHED
    assert {each["name"] for each in officer.get("/api/tables").json["tables"]} == set(TABLES)


def test_key_stands_in_the_address_or_is_the_password(
    app: Flask, officer: FlaskClient, make_key: MakeKey
) -> None:
    key, excel, address = make_key(Scope.READ_OFFICER), app.test_client(), "/api/tables/reports.csv"
    assert excel.get(address, query_string={"key": key}).status_code == 200
    assert excel.get(address, auth=("excel", key)).status_code == 200
    assert excel.get("/api/incidents", query_string={"key": key}).status_code == 401


def test_csv_and_workbook_say_the_same_and_what_it_means(officer: FlaskClient) -> None:
    frame = pd.read_csv(io.BytesIO(officer.get("/api/tables/incidents.csv").data))
    assert list(frame["key"]) == [f"K{n:04}" for n in range(5)]
    assert frame["easting"].tolist() == [552_100 + 127 * n for n in range(5)]
    assert frame["first_reported_at"][0] == "2026-11-20T07:00:00Z"
    book = load_workbook(io.BytesIO(officer.get("/api/tables/incidents.xlsx").data))
    head, *rows = book["incidents"].values
    assert list(head) == list(frame.columns)
    assert [row[0] for row in rows] == list(frame["key"])
    assert rows[0][head.index("first_reported_at")].isoformat() == "2026-11-20T07:00:00"
    meanings = {row[0]: row[2] for row in book["Dictionary"].values}
    assert set(meanings) == {"Column", *head}
    assert "EPSG:27700" in meanings["easting"]
    assert "London" in meanings["due_at"]


def test_cell_that_a_spreadsheet_would_run_is_shown() -> None:
    """What OWASP names as the beginnings of formulas; a number below zero is none."""
    names = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"]
    rows = [(name, SUMMER, False) for name in names]
    cells = [row[0] for row in csv.reader(io.StringIO(as_csv(ROWS, rows).decode("utf-8-sig")))][1:]
    assert cells == [f"'{name}" for name in names]
    sheet = load_workbook(io.BytesIO(as_xlsx(ROWS, rows)))["rows"]
    assert {cell.data_type for (cell,) in sheet.iter_rows(min_row=2, max_col=1)} == {"s"}


def test_workbook_holds_any_text_and_times_as_in_london() -> None:
    book = load_workbook(io.BytesIO(as_xlsx(ROWS, [("a\x00b\x1fc", SUMMER, True)])))
    name, moment, has_glass = list(book["rows"].values)[1]
    assert (name, has_glass) == ("abc", True)
    assert moment.isoformat() == "2026-07-02T00:30:00"


def test_days_narrow_a_table(officer: FlaskClient) -> None:
    """The dumps were told of on 20 and 8 November, 27, 15 and 3 October."""
    text = officer.get("/api/tables/incidents.csv?first=2026-10-15&last=2026-11-08").text
    assert [row[0] for row in csv.reader(text.splitlines())][1:] == ["K0001", "K0002", "K0003"]
    for query in ("first=yesterday", "last=2026-02-30", "colour=red"):
        answer = officer.get(f"/api/tables/incidents.csv?{query}")
        assert answer.status_code == 400
        assert answer.json["faults"][0]["where"] == f"query.{query.partition('=')[0]}"


def test_table_that_is_too_long_is_refused_with_what_to_do(
    officer: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "BATCH", 2)
    monkeypatch.setitem(MOST_ROWS, "csv", 4)
    answer = officer.get("/api/tables/incidents.csv")
    assert answer.status_code == 409
    assert "more than 4 rows" in answer.json["detail"]
    assert "first=" in answer.json["detail"]


def test_unknown_table_or_format_is_named_with_what_there_is(officer: FlaskClient) -> None:
    assert "incidents" in officer.get("/api/tables/nothing.csv").json["detail"]
    assert "xlsx" in officer.get("/api/tables/incidents.doc").json["detail"]


def test_every_column_has_a_meaning_and_none_is_of_a_person() -> None:
    columns = {column.name for table in TABLES.values() for column in table.columns}
    assert all(len(column.meaning) > 5 for table in TABLES.values() for column in table.columns)
    assert not columns & {
        "email",
        "phone",
        "description",
        "landmark",
        "note",
        "recipient",
        "user_id",
    }


def test_parquet_has_types_or_says_that_it_is_not_installed(officer: FlaskClient) -> None:
    answer = officer.get("/api/tables/incidents.parquet")
    if find_spec("pyarrow") is None:
        assert answer.status_code == 404
        assert "arrow" in answer.json["detail"]
    else:
        frame = pd.read_parquet(io.BytesIO(answer.data))
        assert frame["first_reported_at"][0] == pd.Timestamp("2026-11-20T07:00:00Z")
        assert frame["has_glass"].dtype == bool


def test_partners_exempt_figures_leave_by_no_table(officer: FlaskClient, council: Store) -> None:
    terms = {"unit": "count", "polarity": "less", "source": "A force", "definition": None}
    indicators = [
        {"key": "open", "name": "Open", "disclosure": "public", "paragraph": None, **terms},
        {"key": "secret", "name": "Secret", "disclosure": "exempt", "paragraph": 7, **terms},
    ]
    with council.writing() as session:
        for key in indicator_list.ensure(session, indicators).values():
            session.add(
                Observation(
                    indicator_id=key,
                    area_kind="borough",
                    area="Testford",
                    first_day=date(2026, 1, 1),
                    months=12,
                    value=5.0,
                    is_provisional=False,
                    is_break=False,
                )
            )
    address = "/api/tables/indicators.csv"
    frame = pd.read_csv(io.BytesIO(officer.get(address).data))
    assert frame[["indicator", "value"]].values.tolist() == [["Open", 5.0]]
    assert len(officer.get(f"{address}?first=2026-12-31").text.splitlines()) == 2
    assert len(officer.get(f"{address}?first=2027-01-01").text.splitlines()) == 1
