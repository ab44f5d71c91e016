"""Forms and uploads with anything in them: a page says what is wrong, and nothing of ours breaks.

The fields are read from the pages themselves, so that a new form is tried without a word here.
"""

import io
from functools import cache
from html.parser import HTMLParser

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from geodata.demo import PASSWORD as DEMO_PASSWORD
from geodata.models import Incident, PosterSite
from geodata.store.engine import Store
from tests.fuzzing import fuzzed
from tests.pictures import encoded, picture
from tests.web.browsing import DEMO_NOW
from tests.web.conftest import SignIn, make_app
from tests.web.every_page import ENDS_SESSIONS, LONG_WORK
from tests.web.reporting import begin
from web.extensions import limiter

ROLES = ("admin", "contractor", "partner", "member")
ODD = (
    "",
    " ",
    "-1",
    "0",
    "1e400",
    "nan",
    "9" * 400,
    "31/02/2026",
    "2026-02-30",
    "25:61",
    "TQ 99999 99999",
    "POINT EMPTY",
    "51.4, 0.2",
    "<script>",
    "=cmd|' /C calc'!A0",
    "\ud800".encode("utf-8", "replace").decode(),
    "a\r\nSet-Cookie: x=y",
    "ﷺ" * 300,
)
NAMES = (
    "a.csv",
    "a.xlsx",
    "a.ods",
    "a.geojson",
    "a.gpkg",
    "a.zip",
    "a.jpg",
    "a.webp",
    "a.kml",
    "a",
)
STARTS = (
    b"",
    b"PK\x03\x04",
    b"SQLite format 3\x00",
    b"\xff\xd8\xff\xe0",
    b"RIFF\xff\xff\xff\xffWEBPVP8L",
    b'{"type": "FeatureCollection", "features": [',
    b'{"type": "Polygon", "coordinates": [[[0, 51], [1e999, 51], [0, 52]]]}',
    b"name,easting,northing\n",
    b"\xef\xbb\xbfref;Date\n1;31.02.2026\n",
)


class Fields(HTMLParser):
    """The fields of a page's forms: their names, the values offered, and which take files."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.values: dict[str, set[str]] = {}
        self.files: set[str] = set()
        self._select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        got = {name: value or "" for name, value in attrs}
        name = got.get("name", "")
        if tag == "select":
            self._select = name
        if tag == "option" and self._select:
            self.values[self._select].add(got.get("value", ""))
        if tag in {"input", "select", "textarea"} and name:
            self.values.setdefault(name, set()).update({got["value"]} if "value" in got else ())
            if got.get("type") == "file":
                self.files.add(name)


@cache
def addresses(app: Flask) -> tuple[str, ...]:
    """Pages that show a form and take it, without a key in their address."""
    rules = app.url_map.iter_rules()
    return tuple(
        sorted(
            rule.rule
            for rule in rules
            if {"GET", "POST"} <= (rule.methods or set())
            and not rule.arguments
            and rule.endpoint not in ENDS_SESSIONS
            and rule.rule not in LONG_WORK
        )
    )


def files() -> st.SearchStrategy[tuple[bytes, str]]:
    jpeg = encoded(picture())
    content = st.builds(lambda start, rest: start + rest, st.sampled_from(STARTS), st.binary())
    cut = st.integers(0, len(jpeg)).map(lambda at: jpeg[:at])
    return st.tuples(content | cut, st.sampled_from(NAMES))


def send(client: FlaskClient, address: str, data: st.DataObject) -> None:
    """Fill in a page's form anyhow, and look at the answer."""
    limiter.reset()
    shown = client.get(address)
    if shown.mimetype != "text/html" or shown.status_code != 200:
        return
    form = Fields(shown.text)
    sent: dict[str, object] = {}
    for name in sorted(form.values):
        if name in form.files:
            content, file_name = data.draw(files(), label=f"{name} (file)")
            sent[name] = (io.BytesIO(content), file_name)
        else:
            offered = st.sampled_from(sorted(form.values[name]) or [""])
            sent[name] = data.draw(
                offered | st.sampled_from(ODD) | st.text(max_size=30), label=name
            )
    answer = client.post(address, data=sent, content_type="multipart/form-data")
    assert answer.status_code < 500 or answer.status_code == 503, answer.text
    answer.close()


@pytest.mark.parametrize("role", ROLES)
def test_any_form_with_anything_in_it_is_answered(app: Flask, signed_in: SignIn, role: str) -> None:
    client = signed_in(role, may_read_enforcement=True)

    @fuzzed
    @given(address=st.sampled_from(addresses(app)), data=st.data())
    def answered(address: str, data: st.DataObject) -> None:
        send(client, address, data)

    answered()


def addresses_of_things(store: Store) -> list[str]:
    """Forms that take files of one thing, whose key their address holds."""
    with store.reading() as session:
        incident = select(Incident.key).where(Incident.state == "open").order_by(Incident.id)
        hung = select(PosterSite.code).where(PosterSite.campaign_id.is_not(None))
        return [
            f"/contractor/jobs/{session.scalars(incident).first()}",
            f"/posters/sites/{session.scalars(hung).first()}",
        ]


def test_any_form_of_one_thing_with_any_file_is_answered(demo_store: Store) -> None:
    with time_machine.travel(DEMO_NOW, tick=False):
        client = make_app(demo_store).test_client()
        signed = client.post("/sign-in", data={"name": "admin", "password": DEMO_PASSWORD})
        assert signed.status_code == 302
        things = addresses_of_things(demo_store)
        for address in things:
            assert Fields(client.get(address).text).files, address

        @fuzzed
        @given(address=st.sampled_from(things), data=st.data())
        def answered(address: str, data: st.DataObject) -> None:
            send(client, address, data)

        answered()


@pytest.mark.parametrize("question", ["place", "what", "when", "photos", "more"])
def test_any_answer_to_a_question_of_the_report_is_answered(
    app: Flask, client: FlaskClient, question: str, council: object
) -> None:
    @fuzzed
    @given(data=st.data())
    def answered(data: st.DataObject) -> None:
        limiter.reset()
        # A report of its own: a page shows again what was refused, and would draw otherwise.
        send(client, f"/report/{begin(client)}/{question}", data)

    answered()
