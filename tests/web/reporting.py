"""Walking through the public's report with a client, as a browser without JavaScript does."""

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

INSIDE = "TQ 5300 7400"  # 553005, 174005: in the ward West of the test council
QUICK = {
    "spot": {"landmark": ""},
    "what": {"charger_band": "11_to_50", "cylinders": "3"},
    "hazards": {"from_vehicle": "unknown"},
    "when": {"seen": "now", "clean": "unknown"},
    "photos": {"go_on": "yes"},
    "more": {"description": "", "email": ""},
}


def begin(client: FlaskClient, **data: str) -> str:
    """The key of a new draft."""
    answer = client.post("/report", data=data)
    assert answer.status_code == 302
    return str(answer.location.split("/")[2])


def answer(client: FlaskClient, key: str, question: str, **data: object) -> TestResponse:
    """What comes of answering one question."""
    return client.post(f"/report/{key}/{question}", data=data or QUICK[question])


def fill(client: FlaskClient, key: str, *, words: str = INSIDE, **changed: dict) -> None:
    """Answer every question that is asked, quickly but for those that are given."""
    step = answer(client, key, "place", words=words)
    while not step.location.endswith("/check"):
        question = step.location.rsplit("/", 1)[1]
        step = answer(client, key, question, **changed.get(question, QUICK.get(question)))


def send(client: FlaskClient, key: str, *, tries: int = 1) -> str:
    """The reference on the receipt; whoever is told that the service is busy presses again."""
    sent = client.post(f"/report/{key}/check", data={"website": ""})
    for _ in range(tries - 1):
        if sent.status_code == 503:
            sent = client.post(f"/report/{key}/check", data={"website": ""})
    assert sent.status_code == 302, sent.text
    assert sent.location.endswith("/receipt"), sent.location
    return str(sent.location.split("/")[2])


def report(client: FlaskClient, **options: object) -> str:
    """A whole report; its reference."""
    key = begin(client)
    fill(client, key, **options)
    return send(client, key)
