"""Three words of what3words find a place where the council has a key."""

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from pyproj import Transformer
from sqlalchemy import select

from geodata.models import Report
from geodata.store.engine import Store
from tests.web import reporting
from tests.web.conftest import SignIn
from tests.web.exchange.little_server import HOSTS, LittleServer, Said, little_server
from tests.web.page import Page

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
WORDS = "filled.count.soap"
KEY = "K-what3words-of-the-council"
X, Y = 553_000.0, 174_000.0  # in the ward West of the test council
BAD = {"error": {"code": "BadWords", "message": "Invalid or non-existent 3 word address"}}
pytestmark = pytest.mark.usefixtures("_this_morning")


@pytest.fixture
def _this_morning() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


def at(x: float, y: float) -> Said:
    """An answer as https://developer.what3words.com/public-api/docs shows it."""
    lon, lat = Transformer.from_crs(27700, 4326, always_xy=True).transform(x, y)
    place = {"country": "GB", "coordinates": {"lng": lon, "lat": lat}, "words": WORDS}
    return Said(200, json.dumps(place).encode())


@pytest.fixture
def makers() -> Iterator[LittleServer]:
    with little_server(lambda _: at(X, Y)) as server:
        yield server


@pytest.fixture
def site(council: Store, app: Flask, makers: LittleServer, monkeypatch: pytest.MonkeyPatch) -> None:
    config = replace(
        app.config["HOTSPOTS"],
        what3words_key=KEY,
        what3words_url=makers.address,
        private_hosts=",".join(HOSTS),
    )
    monkeypatch.setitem(app.config, "HOTSPOTS", config)


def newest(store: Store) -> Report:
    with store.reading() as session:
        return session.scalars(select(Report).order_by(Report.id.desc()).limit(1)).one()


def by_the_public(client: FlaskClient, _: SignIn) -> None:
    key = reporting.begin(client)
    reporting.fill(client, key, words=f"By the bins https://w3w.co/{WORDS}")
    reporting.send(client, key)


def by_a_partner(_: FlaskClient, signed_in: SignIn) -> None:
    warden = signed_in("partner")
    places = Page.of(warden.get(f"/partner?words=///{WORDS}"))
    form = places.link(f"///{WORDS}")
    key = Page.of(warden.get(form)).value("key")
    assert warden.post(form, data={"charger_band": "none", "key": key}).status_code == 302


def by_telephone(_: FlaskClient, signed_in: SignIn) -> None:
    call = {"words": WORDS, "charger_band": "none", "key": "k" * 20}
    assert signed_in("officer").post("/officer/telephone", data=call).status_code == 302


@pytest.mark.parametrize("reported", [by_the_public, by_a_partner, by_telephone])
@pytest.mark.usefixtures("site")
def test_three_words_find_the_place_on_every_form(
    council: Store,
    client: FlaskClient,
    signed_in: SignIn,
    makers: LittleServer,
    reported: Callable[[FlaskClient, SignIn], None],
) -> None:
    reported(client, signed_in)
    report = newest(council)
    assert (round(report.geometry.x), round(report.geometry.y)) == (X, Y)
    assert report.accuracy_m == 3  # the side of a square
    (heard,) = makers.heard  # asked once, though the page asks again
    assert (heard.method, heard.path) == ("GET", "/v3/convert-to-coordinates")
    assert heard.query == {"words": WORDS}  # nothing else: not the key, not who asks
    assert heard.headers["x-api-key"] == KEY


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Said(400, json.dumps(BAD).encode()), f"what3words knows no “///{WORDS}”: check the three"),
        (Said(401, b'{"error": {"code": "InvalidKey"}}'), "what3words does not answer now"),
        (Said(400, b"no JSON"), "what3words does not answer now"),
        (Said(200, b'{"coordinates": {}}'), "what3words does not answer now"),
        (Said(200, b'{"coordinates": {"lat": 48.86, "lng": 2.29}}'), "not a place in Great Brit"),
    ],
)
@pytest.mark.usefixtures("site")
def test_what_cannot_be_read_is_told_with_what_to_do_and_asked_anew(
    client: FlaskClient,
    signed_in: SignIn,
    makers: LittleServer,
    caplog: pytest.LogCaptureFixture,
    answer: Said,
    words: str,
) -> None:
    makers.play = lambda _: answer
    with caplog.at_level(logging.INFO):
        key = reporting.begin(client)
        reporting.answer(client, key, "place", words=f"///{WORDS}")
    page = Page.of(client.get(f"/report/{key}/place"))
    assert words in page.errors["words"]
    assert page.value("words") == f"///{WORDS}"
    assert KEY not in caplog.text
    assert words in signed_in("partner").get(f"/partner?words=///{WORDS}").text
    call = {"words": f"///{WORDS}", "charger_band": "none", "key": "k" * 20}
    refused = signed_in("officer").post("/officer/telephone", data=call)
    assert words.casefold() in Page.of(refused).errors["words"].casefold()


@pytest.mark.usefixtures("site")
def test_a_place_in_other_words_asks_nobody(client: FlaskClient, makers: LittleServer) -> None:
    key = reporting.begin(client)
    reporting.fill(client, key, words=reporting.INSIDE)
    assert makers.heard == []


def test_without_a_key_nobody_is_asked(
    council: Store, client: FlaskClient, signed_in: SignIn
) -> None:
    words = "We cannot look up what3words: write a postcode"
    key = reporting.begin(client)
    reporting.answer(client, key, "place", words=f"///{WORDS}")
    assert words in Page.of(client.get(f"/report/{key}/place")).errors["words"]
    assert client.get(f"/report/{key}/choose?words=///{WORDS}").location.endswith("/place")
    warden = signed_in("partner")
    assert words in warden.get(f"/partner?words=///{WORDS}").text
    assert warden.get(f"/partner/report?words=///{WORDS}&number=0").location == "/partner"
    call = {"words": WORDS, "charger_band": "none", "key": "k" * 20}
    refused = signed_in("officer").post("/officer/telephone", data=call)
    assert words in Page.of(refused).errors["words"]
