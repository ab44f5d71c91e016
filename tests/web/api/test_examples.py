"""The examples of docs/api.md do what they say."""

import io
import re
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import shapely
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from geodata.core.vocabulary import Scope
from geodata.store.engine import Store
from tests.pictures import encoded, picture
from tests.web.api.conftest import MakeKey
from web.services.reporting.intake import NewReport, take_report

GUIDE = Path(__file__).parents[3] / "docs" / "api.md"


def _job(store: Store, at: datetime) -> str:
    """The reference of a dump that was just reported."""
    with store.writing() as session:
        new = NewReport(shapely.Point(553_000, 174_000), "public", "web", at)
        return take_report(session, new, now=at).incident_key


def _commands(**real: str) -> Iterator[list[str]]:
    """The guide's commands, in which what is real here stands for what was made up there."""
    guide = GUIDE.read_text(encoding="utf-8")
    for made_up, value in real.items():
        assert made_up in guide
        guide = guide.replace(made_up, value)
    for block in re.findall(r"```sh\n(.*?)```", guide, re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            if words := shlex.split(line):
                yield words


def _run(client: FlaskClient, words: list[str], key: str) -> TestResponse:
    """A curl command, asked of the application."""
    program, *rest = (word.replace("$KEY", key) for word in words)
    assert program == "curl"
    headers, data, auth, address = [], None, None, ""
    parts: dict[str, Any] = {}
    query: dict[str, str] = {}
    given = iter(rest)
    for word in given:
        if word == "-H":
            headers.append(tuple(next(given).split(": ", 1)))
        elif word == "-d":
            data = next(given)
        elif word == "--data-urlencode":
            name, value = next(given).split("=", 1)
            query[name] = value
        elif word == "-G":
            continue  # what is given by --data-urlencode goes into the address
        elif word == "-F":
            name, value = next(given).removesuffix(";type=application/json").split("=", 1)
            shot = (io.BytesIO(encoded(picture(), "JPEG")), value[1:])
            parts[name] = shot if value.startswith("@") else value
        elif word == "-u":
            auth = tuple(next(given).split(":", 1))
        elif word == "-o":
            next(given)
        else:
            address = word
    url = urlsplit(address)
    return client.open(
        f"{url.path}?{url.query or urlencode(query)}",
        method="GET" if data is None and not parts else "POST",
        headers=headers,
        data=data or parts or None,
        auth=auth,
    )


def test_every_curl_example_is_answered(app: Flask, council: Store, make_key: MakeKey) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    done = (now - timedelta(hours=1)).isoformat()
    job = _job(council, now - timedelta(hours=2))
    real = {"7KQ2M9XH4T": job, "2026-11-29T11:05:00Z": done}
    key, commands = make_key(*Scope), list(_commands(**real))
    assert len(commands) >= 4
    for words in commands:
        answer = _run(app.test_client(), words, key)
        assert answer.status_code in {200, 201}, (words, answer.text)
