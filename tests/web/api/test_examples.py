"""The examples of docs/api.md do what they say."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from geodata.core.vocabulary import Scope
from tests.web.api.conftest import MakeKey

GUIDE = Path(__file__).parents[3] / "docs" / "api.md"


def _commands() -> Iterator[list[str]]:
    for block in re.findall(r"```sh\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            yield shlex.split(line)


def _run(client: FlaskClient, words: list[str], key: str) -> TestResponse:
    """A curl command, asked of the application."""
    program, *rest = (word.replace("$KEY", key) for word in words)
    assert program == "curl"
    headers, data, auth, address = [], None, None, ""
    given = iter(rest)
    for word in given:
        if word == "-H":
            headers.append(tuple(next(given).split(": ", 1)))
        elif word == "-d":
            data = next(given)
        elif word == "-u":
            auth = tuple(next(given).split(":", 1))
        elif word == "-o":
            next(given)
        else:
            address = word
    url = urlsplit(address)
    return client.open(
        f"{url.path}?{url.query}",
        method="GET" if data is None else "POST",
        headers=headers,
        data=data,
        auth=auth,
    )


def test_every_curl_example_is_answered(app: Flask, make_key: MakeKey) -> None:
    key, commands = make_key(*Scope), list(_commands())
    assert len(commands) >= 4
    for words in commands:
        answer = _run(app.test_client(), words, key)
        assert answer.status_code in {200, 201}, (words, answer.text)
