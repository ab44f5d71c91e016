"""While somebody holds the writer's lock: health and pages answer, and nothing entered is lost."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from flask import Flask
from flask.testing import FlaskClient

from geodata.core.errors import BusyStoreError
from geodata.store.engine import Store
from tests.web.page import Page
from tests.web.reporting import begin
from web.server.serving import THREADS, make_server


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The application under the server of ``hotspots serve``."""
    server = make_server(app, "127.0.0.1", 0)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    with suppress(OSError):  # another pull woke it meanwhile, and it is closed already
        server.trigger.pull_trigger(server.close)
    server.task_dispatcher.shutdown()
    thread.join(10)


def seconds(url: str) -> float:
    begun = time.monotonic()
    with urlopen(url, timeout=20) as answer:
        assert answer.status == 200
    return time.monotonic() - begun


def test_health_and_pages_answer_while_writers_wait(address: str, council: Store) -> None:
    statuses: list[int] = []

    def post() -> None:
        with urlopen(Request(address + "/report", urlencode({"site": ""}).encode())) as answer:
            statuses.append(answer.status)

    senders = [threading.Thread(target=post) for _ in range(3 * THREADS)]
    with council.writing() as session:
        session.connection()
        for sender in senders:
            sender.start()
        time.sleep(0.5)
        assert seconds(address + "/health") < 2
    for sender in senders:
        sender.join()
    assert statuses == [200] * 3 * THREADS


def test_what_was_entered_comes_back_to_be_sent_again(
    client: FlaskClient, council: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = begin(client)
    path = f"/report/{key}/more"
    entered = {"description": 'Behind the "old" <gate>,\nby the wall', "email": ""}
    with monkeypatch.context() as patch:
        patch.setattr(council._queue, "turn", busy)
        answer = client.post(path, data=entered)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"  # and not when the limit of this page ends
    assert int(answer.headers["X-RateLimit-Reset"]) - time.time() > 5
    page = Page.of(answer)
    assert page.heading == "The service is busy"
    assert page.actions == [path]
    kept = {name: page.value(name) for name in entered}
    assert kept == entered
    assert client.post(path, data=kept).status_code == 302


def test_who_sends_too_much_is_told_when_the_limit_ends(client: FlaskClient) -> None:
    answers = [client.post("/sign-in", data={}) for _ in range(31)]  # 30 in a minute are taken
    assert [answer.status_code for answer in answers[-2:]] == [400, 429]
    wait_s = int(answers[-1].headers["Retry-After"])
    assert 0 <= int(answers[-1].headers["X-RateLimit-Reset"]) - time.time() - wait_s <= 1
    assert wait_s > 5


def busy() -> None:
    raise BusyStoreError("others write")


def test_a_password_is_not_written_into_the_page(
    client: FlaskClient, council: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(council._queue, "turn", busy)
    answer = client.post("/sign-in", data={"name": "sam", "password": "a long enough password"})
    assert answer.status_code == 503
    assert "a long enough password" not in answer.text


def test_a_form_is_shown_while_somebody_writes(
    signed_in, council: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = signed_in("officer")
    monkeypatch.setattr(council._queue, "turn", busy)
    for path in ("/officer/hotspots/detection/parameters", "/officer/interventions/new"):
        assert officer.get(path).status_code == 200
        assert officer.post(path).status_code == 503
