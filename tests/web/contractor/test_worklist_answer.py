"""The contractor sends the filled-in worklist back: preview, rejects, undo; on both stores."""

import csv
import io

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from geodata.incidents import open_incidents
from geodata.models import Clearance, ImportBatch
from geodata.store.engine import Store
from tests.web.conftest import SignIn
from tests.web.contractor.test_contractor import _at_noon, tell  # noqa: F401
from tests.web.page import Page

pytestmark = pytest.mark.usefixtures("_at_noon")
SEND = "/contractor/worklist-answer"


@pytest.fixture
def crew(signed_in: SignIn) -> FlaskClient:
    return signed_in("contractor")


@pytest.fixture
def keys(council: Store) -> list[str]:
    return [tell(council, 300 * n, 2) for n in range(3)]


def filled(crew: FlaskClient, answers: dict[str, dict[str, str]]) -> dict[str, object]:
    """The downloaded worklist with the cells of some jobs filled in, as a form sends it."""
    rows = list(csv.DictReader(io.StringIO(crew.get("/contractor/worklist.csv").text)))
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(row | answers.get(row["report_ref"], {}) for row in rows)
    return {"file": (io.BytesIO(text.getvalue().encode()), "worklist.csv")}


def held(page: Page) -> dict[str, str]:
    return {name: page.fields[name].values[0] for name in ("name", "content")}


def state(store: Store, key: str) -> str:
    with store.reading() as session:
        return str(open_incidents.by_key(session, key).state)


DONE = {"occurred_at": "2026-11-25 09:30", "outcome": "cleared", "sacks": "2"}
WRONG = {"occurred_at": "2026-11-25 09:30", "outcome": "@exploded"}


def test_the_preview_says_what_would_go_in_and_keeps_nothing(
    crew: FlaskClient, keys: list[str], council: Store
) -> None:
    page = Page.of(crew.post(SEND, data=filled(crew, {keys[0]: DONE, keys[1]: WRONG})))
    assert "1 new outcome of 3 rows." in page.text
    assert "is no known outcome" in page.text
    rejects = crew.post(f"{SEND}/rejects.csv", data=held(page)).text
    [row] = csv.DictReader(io.StringIO(rejects))
    assert (row["report_ref"], row["outcome"]) == (keys[1], "'@exploded")  # no formula runs
    assert state(council, keys[0]) == "open"
    with council.reading() as session:
        assert session.scalars(select(ImportBatch)).all() == []


def test_what_was_previewed_is_taken_in_and_taken_back(
    crew: FlaskClient, keys: list[str], council: Store
) -> None:
    page = Page.of(crew.post(SEND, data=filled(crew, {keys[0]: DONE, keys[1]: WRONG})))
    answer = crew.post(f"{SEND}/take-in", data=held(page))
    assert [state(council, key) for key in keys] == ["cleared", "open", "open"]
    assert "1 outcome of worklist.csv" in Page.of(crew.get(answer.location)).text
    back = crew.post(f"{answer.location}/take-back", follow_redirects=True)
    assert "1 outcome is taken back; its job is as it was before" in Page.of(back).text
    assert state(council, keys[0]) == "open"
    with council.reading() as session:
        assert session.scalars(select(Clearance)).all() == []


def test_somebody_elses_file_cannot_be_taken_back(
    crew: FlaskClient, signed_in: SignIn, keys: list[str], council: Store
) -> None:
    page = Page.of(crew.post(SEND, data=filled(crew, {keys[0]: DONE})))
    address = crew.post(f"{SEND}/take-in", data=held(page)).location
    officer = signed_in("officer")
    assert officer.get(address).status_code == 404
    assert officer.post(f"{address}/take-back").status_code == 404
    assert state(council, keys[0]) == "cleared"


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"report_ref,occurred_at\n,2026-11-25 09:30\n", "a.csv", "Some rows name no job"),
        (b"theirs,when\n1,2\n", "a.csv", "No column is known to hold"),  # a sentence has a capital
        (b"%PDF-1.4", "a.pdf", "is no CSV or XLSX"),
        (b"x" * (256 * 1024 + 1), "a.csv", "more than 256 kB"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_with_the_reason(
    crew: FlaskClient, keys: list[str], content: bytes, name: str, words: str
) -> None:
    answer = crew.post(SEND, data={"file": (io.BytesIO(content), name)})
    assert answer.status_code == 400
    assert words in Page.of(answer).errors["file"]


def test_without_a_file_the_page_asks_for_one(crew: FlaskClient) -> None:
    answer = crew.post(SEND, data={})
    assert Page.of(answer).errors["file"] == "Choose the file with your outcomes"
