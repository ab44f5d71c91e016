"""Privacy notice, cookies page and accessibility statement say what the settings say."""

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
    for path in ("/privacy", "/cookies", "/accessibility"):
        page = client.get(path)
        assert page.status_code == 200
        assert "None" not in page.text


def test_every_footer_link_leads_somewhere(client: FlaskClient) -> None:
    page = Page.of(client.get("/"))
    for path in ("/track", "/privacy", "/cookies", "/accessibility"):
        assert page.leads_to(path)
        assert client.get(path).status_code == 200
