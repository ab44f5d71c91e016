"""Privacy notice, cookies page and accessibility statement say what the settings say."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from geodata.store.engine import Store
from tests.signing_key import SIGNING_KEY
from tests.web.page import Page
from web.application import create_app
from web.config import Config


@pytest.fixture
def visitor(council: Store) -> FlaskClient:
    config = Config(
        secret_key=SIGNING_KEY,
        insecure_cookies=True,
        retention_months=9,
        contact_email="canisters@testford.example",
        contact_phone="01632 960001",
        data_protection_email="dpo@testford.example",
        tile_url="https://tiles.example.org/{z}/{x}/{y}.png",
    )
    return create_app(config, store=council).test_client()


def test_the_privacy_notice_names_the_council_its_terms_and_its_officer(
    visitor: FlaskClient,
) -> None:
    page = visitor.get("/privacy").text
    for words in ("Testford", "9 months after", "24 hours", "14 days", "dpo@testford.example"):
        assert words in page
    assert "canisters@testford.example" in page
    assert "01632 960001" in page


def test_the_cookies_page_names_every_cookie_that_is_set(visitor: FlaskClient) -> None:
    begun = visitor.get("/report")
    names = {header.split("=")[0] for header in begun.headers.getlist("Set-Cookie")}
    assert names == {"hotspots"}
    assert "hotspots" in visitor.get("/cookies").text
    assert "https://tiles.example.org" in visitor.get("/cookies").text


def test_the_accessibility_statement_says_how_to_complain(visitor: FlaskClient) -> None:
    page = visitor.get("/accessibility").text
    for words in ("version 2.2", "partly\n  compliant", "Equality Advisory", "canisters@testford"):
        assert words in page


def test_without_settings_the_notices_still_read(client: FlaskClient) -> None:
    for path in ("/privacy", "/cookies", "/accessibility", "/security"):
        page = client.get(path)
        assert page.status_code == 200
        assert "None" not in page.text


def test_every_footer_link_leads_somewhere(client: FlaskClient) -> None:
    page = Page.of(client.get("/"))
    for path in ("/track", "/privacy", "/cookies", "/accessibility"):
        assert page.leads_to(path)
        assert client.get(path).status_code == 200


def test_without_a_security_contact_there_is_a_page_and_no_file(visitor: FlaskClient) -> None:
    assert "canisters@testford.example" in visitor.get("/security").text
    assert visitor.get("/.well-known/security.txt").status_code == 404


@pytest.mark.parametrize(
    ("contact", "line"),
    [
        ("safe@testford.example", "Contact: mailto:safe@testford.example"),
        ("https://testford.example/safe", "Contact: https://testford.example/safe"),
    ],
)
def test_the_security_contact_is_named_for_readers_and_for_programs(
    council: Store, contact: str, line: str
) -> None:
    config = Config(
        secret_key=SIGNING_KEY, insecure_cookies=True, base_url="https://c.testford.example/"
    )
    config = replace(config, security_contact=contact)
    visitor = create_app(config, store=council).test_client()
    answer = visitor.get("/.well-known/security.txt")
    assert answer.mimetype == "text/plain"
    lines = answer.text.splitlines()
    assert lines[0] == line
    assert "Canonical: https://c.testford.example/.well-known/security.txt" in lines
    fields = dict(each.split(": ", 1) for each in lines)
    left = datetime.fromisoformat(fields["Expires"]) - datetime.now(UTC)
    assert timedelta(days=30) < left < timedelta(days=365)
    assert contact in visitor.get("/security").text


@pytest.mark.parametrize("contact", ["safe", "http://testford.example", "a@b.example\nExpires: x"])
def test_what_is_no_contact_makes_no_file(council: Store, contact: str) -> None:
    config = Config(secret_key=SIGNING_KEY, insecure_cookies=True, security_contact=contact)
    visitor = create_app(config, store=council).test_client()
    assert visitor.get("/.well-known/security.txt").status_code == 404
