"""The log: lines of JSON with the request's id, and nothing about a person."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from flask.testing import FlaskClient

from tests.signing_key import SIGNING_KEY
from web.application import create_app
from web.config import Config
from web.server import logs

PERSON = "sarah.jones@example.org"


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What a process that logs JSON writes."""
    written = io.StringIO()
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    monkeypatch.setattr("sys.stderr", written)
    logs.configure("json")
    yield written
    root.handlers, root.level = before, level
    logging.getLogger("web").setLevel(logging.NOTSET)
    structlog.reset_defaults()


def read(lines: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def test_an_answer_is_a_line_with_its_route_and_never_its_address(
    lines: io.StringIO, client: FlaskClient
) -> None:
    answer = client.get(f"/track/SECRETREF?mail={PERSON}", headers={"X-Request-ID": "proxy-1234"})
    (line,) = [each for each in read(lines) if each["event"] == "answered"]
    assert line["request_id"] == answer.headers["X-Request-ID"] == "proxy-1234"
    assert (line["method"], line["route"], line["status"]) == (
        "GET",
        "/track/<reference>",
        answer.status_code,
    )
    assert isinstance(line["ms"], int)
    assert "SECRETREF" not in lines.getvalue()
    assert "sarah" not in lines.getvalue()


@pytest.mark.parametrize("forged", ["short", 'x" ,"level":"info', "a" * 65, "line one two"])
def test_an_id_that_could_forge_a_line_is_replaced(client: FlaskClient, forged: str) -> None:
    given = client.get("/health", headers={"X-Request-ID": forged}).headers["X-Request-ID"]
    assert given != forged
    assert len(given) == 32


def test_a_failure_is_written_by_where_it_happened_and_not_by_what_it_said(
    lines: io.StringIO, client: FlaskClient, app, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError(f"cannot read {PERSON}, Temple Hill")

    monkeypatch.setattr("web.server.health.read_session", fail)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setitem(app.config, "TESTING", False)
    assert client.get("/health").status_code == 500
    failed, answered = read(lines)
    assert failed["error"] == "ValueError"
    assert str(failed["at"][-1]).endswith(" fail")
    assert failed["request_id"] == answered["request_id"]
    assert "Temple Hill" not in lines.getvalue()


def test_a_librarys_sentence_loses_its_addresses(lines: io.StringIO) -> None:
    logging.getLogger("some.library").warning("no such reader: %s", PERSON)
    (line,) = read(lines)
    assert line["event"] == "no such reader: [removed]"
    assert (line["level"], line["logger"]) == ("warning", "some.library")


def test_what_succeeds_every_second_is_no_news(lines: io.StringIO, client: FlaskClient) -> None:
    client.get("/health/live")
    assert read(lines) == []


def test_metrics_are_absent_without_a_token_and_closed_without_the_right_one(
    client: FlaskClient, council
) -> None:
    assert client.get("/metrics").status_code == 404
    config = Config(secret_key=SIGNING_KEY, insecure_cookies=True, metrics_token="m" * 40)
    other = create_app(config, store=council).test_client()
    assert other.get("/metrics").status_code == 401
    assert other.get("/metrics", headers={"Authorization": "Bearer m"}).status_code == 401
    other.get("/health")
    text = other.get("/metrics", headers={"Authorization": f"Bearer {'m' * 40}"}).text
    counted = (
        'hotspots_request_seconds_count{endpoint="health.check",method="GET",status="200"} 1.0'
    )
    assert counted in text
    assert "hotspots_mails_waiting 0" in text
