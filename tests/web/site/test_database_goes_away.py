"""A database server that is restarted in the midst of a page: try again, and nothing is lost."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, func, select, text
from werkzeug.test import TestResponse

from geodata.models import Report
from geodata.store.engine import Store, open_store
from tests.web.conftest import found_council, make_app
from tests.web.page import Page
from tests.web.reporting import begin, fill

CUT_OFF = text(
    "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@contextmanager
def cut_off_at(store: Store, server: Store, number: int) -> Iterator[list[int]]:
    """Lets the server end all connections before a statement; a list with the statements sent."""
    sent: list[int] = []

    def cut(*_: Any) -> None:
        sent.append(len(sent) + 1)
        if len(sent) == number:
            with server.engine.connect() as connection:
                connection.execute(CUT_OFF)

    event.listen(store.engine, "before_cursor_execute", cut)
    try:
        yield sent
    finally:
        event.remove(store.engine, "before_cursor_execute", cut)


def at_every_statement(
    store: Store, client: FlaskClient, address: str, data: dict[str, str] | None = None
) -> list[TestResponse]:
    """The answers of a page whose server goes away at its first statement, its second, …"""
    answers = []
    url = store.engine.url.render_as_string(hide_password=False)
    with closing(open_store(url)) as server:
        for number in count(1):
            with cut_off_at(store, server, number) as sent:
                answer = client.open(address, method="POST" if data else "GET", data=data)
            answers.append(answer)
            if len(sent) < number:
                return answers
    raise AssertionError


@pytest.mark.postgis
def test_what_was_entered_can_be_sent_again_wherever_the_database_went_away(
    postgis: Store,
) -> None:
    found_council(postgis)
    client = make_app(postgis).test_client()
    key = begin(client)
    fill(client, key)

    read = at_every_statement(postgis, client, f"/report/{key}/check")
    sent = at_every_statement(postgis, client, f"/report/{key}/check", {"website": "", "note": "x"})

    assert {answer.status_code for answer in read} == {200, 503}
    assert {answer.status_code for answer in sent} == {302, 503}
    refused = [answer for answer in sent if answer.status_code == 503]
    assert len(refused) > 5
    assert {answer.headers["Retry-After"] for answer in refused} == {"5"}
    assert {Page.of(answer).value("note") for answer in refused} == {"x"}
    with postgis.reading() as session:
        assert session.scalar(select(func.count()).select_from(Report)) == 1
