"""A crew and a resident choose a language once: no page that an entry leads to is in another."""

from collections.abc import Iterator

import pytest
import shapely
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from geodata.store.engine import Store
from tests.web.conftest import SignIn
from tests.web.languages.pseudo import english_left, pseudo_language
from tests.web.reporting import report
from web.clock import utc_now
from web.services.reporting.intake import NewReport, take_report

OWN = (
    "Testford",
    "West",
    "English",
    "contractor-1",
    "contractor",
    "OpenStreetMap",
    "TQ5300074000",
    "TQ",
    "GPX",
    "CSV",
    "XLSX",
    "kB",
    "am",
    "pm",
)


@pytest.fixture
def job(council: Store) -> str:
    with council.writing() as session:
        new = NewReport(shapely.Point(553_000, 174_000), "public", "web", utc_now())
        return take_report(session, new, now=utc_now()).incident_key


@pytest.fixture
def crew(council: Store, signed_in: SignIn) -> Iterator[FlaskClient]:
    with pseudo_language(council):
        client = signed_in("contractor")
        client.get("/contractor/?lang=ar")
        yield client


def led_to(client: FlaskClient, address: str, **data: object) -> TestResponse:
    """The page that a form leads to."""
    return client.post(address, data=data, follow_redirects=True)


def check(pages: dict[str, TestResponse], *own: str) -> None:
    assert {at: page.status_code for at, page in pages.items() if page.status_code >= 500} == {}
    assert [at for at, page in pages.items() if '<html lang="ar"' not in page.text] == []
    left = {at: english_left(page.text, *own, *OWN) for at, page in pages.items()}
    assert {at: words for at, words in left.items() if words} == {}


def test_every_page_of_a_crew_stays_in_its_language(crew: FlaskClient, job: str) -> None:
    at, answer = f"/contractor/jobs/{job}", "/contractor/worklist-answer"
    done = {"outcome": "cleared", "occurred_at": "", "no_photo_reason": "Dark"}
    pages = {
        "round": crew.get("/contractor/round"),
        "offline": crew.get("/contractor/offline"),
        "nothing entered": led_to(crew, at),
        "saved": led_to(crew, at, **done, idempotency_key="k" * 24),
        "board": crew.get("/contractor/"),
        "job": crew.get(at),
        "no file": led_to(crew, answer),
        "answers": crew.get(answer),
    }
    check(pages, job, "Dark")


def test_a_resident_s_entries_stay_in_their_language(council: Store, client: FlaskClient) -> None:
    with pseudo_language(council):
        client.get("/report?lang=ar")
        reference = report(client, more={"description": "", "email": "jo@example.org"})
        track = f"/track/{reference}"
        pages = {
            "receipt": client.get(f"{track}/receipt"),
            "still there": led_to(client, f"{track}/still-there"),
            "follow": led_to(client, "/follow", ward="0", email="jo@example.org"),
            "not followed": led_to(client, "/follow", ward="", email="jo"),
            "stop of nobody": led_to(client, "/track/stop/none"),
            "removed": led_to(client, f"{track}/remove-details"),
            "gone": led_to(client, "/report/none/more"),
            "nowhere": client.get("/report/nothing/here/at/all"),
        }
        check(pages, reference, "jo@example.org")
