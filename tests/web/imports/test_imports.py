"""Officers take files in by a page: a look first, then in, then out again; both stores."""

import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from geodata.models import AuditEntry, ImportBatch, Report
from geodata.store.engine import Store
from tests.web.conftest import SignIn
from tests.web.page import Page
from web.services.imports import held_imports, import_work

ADDRESS = "/officer/imports"
TWO = "ref,Date,Easting,Northing\na-1,2026-05-01,552100,174000\na-2,2026-05-02,552300,174000\n"
BAD = TWO + "a-3,2026-05-03,nowhere,174000\n"


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    """Where the files of one test wait."""
    config = app.config["HOTSPOTS"]
    app.config["HOTSPOTS"] = replace(config, import_folder=str(tmp_path / "held"))
    return tmp_path / "held"


@pytest.fixture
def officer(signed_in: SignIn, folder: Path) -> FlaskClient:
    assert not folder.exists()
    return signed_in("officer")


def send(client: FlaskClient, text: str, name: str = "crm.csv", kind: str = "reports") -> str:
    """The address of what would become of a file."""
    file = (io.BytesIO(text.encode()), name)
    answer = client.post(ADDRESS, data={"kind": kind, "file": file})
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def stored(council: Store) -> int:
    with council.reading() as session:
        return session.scalar(select(func.count(Report.id))) or 0


def test_a_file_is_looked_at_taken_in_and_undone(
    officer: FlaskClient, council: Store, folder: Path
) -> None:
    at = send(officer, BAD)
    page = Page.of(officer.get(at))
    assert page.summary == {"Rows read": "3", "New": "2", "Here already": "0", "Refused": "1"}
    (problem,) = page.table("Cells that do not go in").rows
    assert (problem["Row"], problem["Holds"]) == ("4", "nowhere, 174000")
    assert "Date '2026-05-01' is Friday 1 May 2026" in page.text
    assert page.table("Row 1 as it goes in").rows
    assert stored(council) == 0

    taken = Page.of(officer.post(f"{at}/take-in", follow_redirects=True))
    assert taken.summary["Taken in"] == "2"
    assert stored(council) == 2
    with officer.get(f"{at}/rejected.csv") as answer:
        rejects = answer.text
    assert "nowhere" in rejects
    assert "a-1" not in rejects
    assert not list(folder.glob("*/file/*"))  # what is in the store lies nowhere else

    (row,) = Page.of(officer.get(ADDRESS)).table("Imports so far, newest first").rows
    assert "officer-1" in row["By"]
    undone = officer.post(f"{ADDRESS}/1/undo", follow_redirects=True)
    assert "2 rows are taken out" in Page.of(undone).text
    assert stored(council) == 0
    with council.reading() as session:
        query = select(AuditEntry.act).where(AuditEntry.entity == "import").order_by(AuditEntry.id)
        assert session.scalars(query).all() == ["import", "undo_import"]
        assert session.scalars(select(ImportBatch.user_id)).one() is not None
    again = officer.post(f"{ADDRESS}/1/undo", follow_redirects=True)
    assert "was undone on" in Page.of(again).text


def test_a_waiting_file_is_its_senders_alone_and_private(
    officer: FlaskClient, signed_in: SignIn, folder: Path
) -> None:
    at = send(officer, TWO)
    manager = signed_in("manager")
    for address in (at, f"{at}/rejected.csv"):
        assert manager.get(address).status_code == 404
    assert manager.post(f"{at}/take-in").status_code == 404
    for path in (folder, *folder.rglob("*")):
        assert not path.stat().st_mode & 0o077, path
    assert officer.post(f"{at}/drop").status_code == 302
    assert not list(folder.iterdir())
    assert officer.get(at).status_code == 404
    assert officer.get(f"{ADDRESS}/file/..%2f..%2fetc").status_code == 404


def test_columns_and_categories_are_chosen_on_the_page(officer: FlaskClient) -> None:
    text = (
        "Category,When seen,Easting,Northing\nTyres,2026-05-01,552100,174000\n"
        "Gas canisters,2026-05-02,552300,174000\nGas canisters,2026-05-03,552500,174000\n"
    )
    at = send(officer, text)
    (fault,) = Page.of(officer.get(at)).error_summary
    assert "hold “reported at”: choose that below for the one that does" in fault.text
    page = Page.of(officer.post(at, data={"field-1": "reported_at"}, follow_redirects=True))
    assert "Tick below which values mean canisters" in page.error_summary[0].text
    assert [name for name in page.fields if name.startswith("value-")] == ["value-0"]
    assert "Gas canisters: 2" in page.text
    chosen = {"value-0": "0", "field-1": "reported_at"}
    page = Page.of(officer.post(at, data=chosen, follow_redirects=True))
    assert page.summary["New"] == "2"
    assert page.summary["Left out by your choice"] == "1"


def test_a_feeds_file_says_added_changed_unchanged_and_gone(
    officer: FlaskClient, council: Store
) -> None:
    feed = {"is_feed": "1", "feed": "crm"}
    for text, wanted in (
        (TWO, {"New": "2", "Changed": "0", "Here already": "0", "Gone from the feed": "0"}),
        (
            TWO.replace("a-1", "a-3").replace("552300", "552350"),
            {"New": "1", "Changed": "1", "Here already": "0", "Gone from the feed": "1"},
        ),
    ):
        at = send(officer, text)
        page = Page.of(officer.post(at, data=feed, follow_redirects=True))
        assert page.summary.items() >= wanted.items()
        officer.post(f"{at}/take-in")
    assert "a-1" in page.text
    assert stored(council) == 3
    refused = officer.post(send(officer, TWO), data=feed | {"feed": "of Jo Smith"})
    assert refused.status_code == 400


def test_a_large_file_is_looked_at_and_taken_in_by_the_background_work(
    officer: FlaskClient, council: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_work, "SMALL_BYTES", 10)
    at = send(officer, TWO)

    def work() -> int:
        return import_work.do_waiting(council, folder, clock=lambda: datetime.now(UTC))

    waits = officer.get(at)
    assert waits.headers["Refresh"]
    assert "is being looked at" in Page.of(waits).heading
    assert work() == 1
    assert Page.of(officer.get(at)).summary["New"] == "2"
    officer.post(f"{at}/take-in")
    assert stored(council) == 0
    (held,) = held_imports.every(folder)
    assert held_imports.claim(held, datetime.now(UTC))
    assert work() == 0  # another has it
    held_imports.tell(held, datetime.now(UTC), 1, 2)
    assert "1 of 2 rows are written" in Page.of(officer.get(at)).text
    held_imports.tell(held, datetime.now(UTC) - timedelta(hours=1))
    assert "was not taken in" in Page.of(officer.get(at)).heading
    officer.post(f"{at}/again")
    assert work() == 1
    assert Page.of(officer.get(at)).summary["Taken in"] == "2"
    assert stored(council) == 2


def test_a_role_takes_in_its_own_kinds(officer: FlaskClient, signed_in: SignIn) -> None:
    def kinds(client: FlaskClient) -> set[str]:
        return set(re.findall(r'<option[^>]* value="(\w+)"', client.get(ADDRESS).text))

    own = kinds(officer)
    assert "reports" in own
    assert not own & {"places", "orders", "actions"}
    assert {"places", "orders", "actions"} <= kinds(signed_in("manager", may_read_enforcement=True))
    file = (io.BytesIO(TWO.encode()), "a.csv")
    assert officer.post(ADDRESS, data={"kind": "places", "file": file}).status_code == 400
    assert signed_in("contractor").get(ADDRESS).status_code == 403


def test_what_is_too_much_is_refused_before_it_is_read(
    officer: FlaskClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held_imports, "MOST_BYTES", 20)
    file = (io.BytesIO(TWO.encode()), "a.csv")
    answer = officer.post(ADDRESS, data={"kind": "reports", "file": file})
    assert "larger than" in Page.of(answer).errors["file"]
    assert not list(folder.iterdir())
    assert (
        "Choose the file" in Page.of(officer.post(ADDRESS, data={"kind": "reports"})).errors["file"]
    )


def test_a_file_is_deleted_after_a_day(officer: FlaskClient, folder: Path) -> None:
    send(officer, TWO)
    now = datetime.now(UTC)
    assert held_imports.sweep(folder, now + timedelta(hours=23)) == 0
    assert held_imports.sweep(folder, now + timedelta(hours=25)) == 1
    assert not list(folder.iterdir())
