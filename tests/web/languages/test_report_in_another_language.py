"""A report, from the first page to its tracking, with no English left on any of its pages."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from geodata.store.engine import Store
from tests.web.languages.pseudo import english_left, pseudo_language
from tests.web.reporting import INSIDE, QUICK, begin

OWN = (
    "Testford",
    "TQ 5300 7400",
    "TQ5300074000",
    "West",
    "English",
)
WRONG = {  # an answer that each page refuses
    "place": {"words": "Nowhere Lane"},
    "spot": {"landmark": "x" * 300},
    "what": {"charger_band": "", "cylinders": "many"},
    "hazards": {},
    "when": {"seen": "earlier", "seen_on": "", "clean": "known", "clean_on": ""},
    "more": {"description": "Ask Sarah Jones", "email": "nobody"},
    "check": {"website": "x"},
}


@pytest.fixture
def reader(council: Store, client: FlaskClient) -> Iterator[FlaskClient]:
    with pseudo_language(council):
        client.get("/report?lang=ar")
        yield client


def test_no_page_of_a_report_says_a_word_of_english(reader: FlaskClient) -> None:
    left = {"/report": english_left(reader.get("/report").text, *OWN)}
    key = begin(reader)
    step = f"/report/{key}/place"
    reference = ""
    while not reference:
        question = step.rsplit("/", 1)[1]
        left[question] = english_left(reader.get(step).text, *OWN, key)
        if question in WRONG:
            refused = reader.post(step, data=WRONG[question], follow_redirects=True).text
            left[f"{question}, refused"] = english_left(
                refused,
                *OWN,
                "Nowhere Lane",
                "Ask Sarah Jones",
                "Sarah Jones",
                "nobody",
                "many",
                "x" * 300,
            )
        data = {"place": {"words": INSIDE}, "check": {"website": ""}}.get(question)
        sent = reader.post(step, data=data or QUICK[question])
        step = sent.location
        if step.endswith("/receipt"):
            reference = step.split("/")[2]
    for address in (step, f"/track/{reference}", f"/track/{reference}/remove-details", "/track"):
        left[address] = english_left(reader.get(address).text, *OWN, reference)
    assert {page: words for page, words in left.items() if words} == {}
