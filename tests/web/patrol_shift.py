"""One evening's shift, as the tests of patrols ask for it."""

from datetime import UTC, datetime

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from web.clock import utc_now
from web.services.patrols import plan_requests

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TONIGHT = {
    "starts_at": datetime(2026, 11, 23, 20, tzinfo=UTC),
    "ends_at": datetime(2026, 11, 24, 0, tzinfo=UTC),
}
FORM = {
    "day": ["23", "11", "2026"],
    "start": "20:00",
    "end": "00:00",
    "teams": "2",
    "mode": "vehicle",
    "dwell_min": "15",
    "max_stops": "3",
}
TOLD = {"arrived": "11:30", "left": "11.50am", "seen": "yes", "key": "k" * 20}


def plan_waiting(client: FlaskClient) -> int:
    """What the background work does of shifts; how many it planned."""
    return plan_requests.plan_waiting(client.application.extensions["store"], clock=utc_now)


def ask(client: FlaskClient, address: str = "/patrols/new", **fields: object) -> TestResponse:
    """Ask for a shift and let it be planned: the answer of the page that waits for it."""
    answer = client.post(address, data=fields)
    assert answer.status_code == 302, answer.text
    plan_waiting(client)
    return client.get(answer.location)
