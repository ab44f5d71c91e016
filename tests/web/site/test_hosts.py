"""To which hosts a site answers: a stranger's is echoed into nothing that a cache could keep."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from geodata.store import settings
from geodata.store.engine import Store
from tests.web.conftest import CONFIG, make_app
from web.application import create_app
from web.config import Config
from web.server.hosts import is_own

one_store = pytest.mark.parametrize("store", ["geopackage"], indirect=True)
SITE = "https://canisters.testford.gov.uk"
ECHOING = (
    *("/", "/robots.txt", "/sitemap.xml", "/feed.atom"),
    *("/open-data", "/ogc", "/api/openapi.json"),
)
"""Whatever writes addresses in full, for somebody to follow later."""


def asked_as(client: FlaskClient, address: str, host: str) -> tuple[int, str]:
    answer = client.get(address, headers={"Host": host})
    return answer.status_code, answer.text


@pytest.fixture
def public(app: Flask, client: FlaskClient) -> FlaskClient:
    """A visitor of a site whose public address is set."""
    app.config["HOTSPOTS"] = replace(CONFIG, base_url=SITE)
    return client


@one_store
def test_a_strangers_host_reaches_no_answer(public: FlaskClient) -> None:
    for address in (*ECHOING, "/nowhere", "/sign-in"):
        status, text = asked_as(public, address, "evil.example")
        assert status == 400, address
        assert "does not answer to the host evil.example. Open https://canisters.test" in text
        assert "HOTSPOTS_BASE_URL" in text
        assert "://evil.example" not in text
        assert asked_as(public, address, "canisters.testford.gov.uk")[0] != 400, address


@one_store
def test_a_refusal_is_kept_by_no_cache_and_is_no_page(public: FlaskClient) -> None:
    answer = public.get("/", headers={"Host": "<b>.example"})
    assert answer.status_code == 400
    refused = public.get("/", headers={"Host": "evil.example"})
    assert refused.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in refused.headers


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [
        ("canisters.testford.gov.uk", True),
        ("CANISTERS.testford.gov.uk.:8443", True),
        ("www.testford.gov.uk", True),
        ("xn--mnchen-3ya.example", True),  # münchen.example, by RFC 3492
        ("localhost:8000", True),
        ("127.0.0.1:8000", True),
        ("[::1]:8000", True),
        ("192.168.1.4", False),
        ("testford.gov.uk", False),
        ("evil-canisters.testford.gov.uk", False),
        ("canisters.testford.gov.uk.evil.example", False),
        ("evil.example:443@canisters.testford.gov.uk", False),  # a browser sends no such host
        ("canisters.testford.gov.uk/evil.example", False),
        ("2130706433", False),  # 127.0.0.1 as one number: only what browsers send counts
        ("8.8.8.8", False),
        ("", False),
    ],
)
def test_whose_a_host_is(host: str, *, is_ours: bool) -> None:
    config = Config(base_url=SITE, other_hosts="www.testford.gov.uk, münchen.example")
    assert is_own(host, config) is is_ours


@one_store
def test_without_a_public_address_those_in_the_building_may_try_it(client: FlaskClient) -> None:
    for host in ("10.0.0.7:8000", "192.168.1.4", "[fd00::1]", "localhost"):
        assert asked_as(client, "/sitemap.xml", host)[0] == 200, host
    for host in ("evil.example", "8.8.8.8", "canisters.testford.gov.uk"):
        assert asked_as(client, "/sitemap.xml", host)[0] == 400, host


@one_store
def test_monitors_may_call_it_by_any_name(public: FlaskClient) -> None:
    for address in ("/health", "/health/live"):
        assert asked_as(public, address, "10.1.2.3")[0] == 200
    assert asked_as(public, "/metrics", "10.1.2.3")[0] == 404  # there is no token: none of ours


@one_store
def test_the_demo_is_shown_anywhere(council: Store) -> None:
    with council.writing() as session:
        settings.write(session, settings.IS_DEMO, True)
    client = create_app(Config(insecure_cookies=True), store=council).test_client()
    assert asked_as(client, "/", "demo.example")[0] == 200
    with council.writing() as session:
        settings.write(session, settings.IS_DEMO, False)
    assert asked_as(make_app(council).test_client(), "/", "demo.example")[0] == 400
