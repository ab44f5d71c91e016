"""Which site a request is for, and what one site's session is to another."""

from dataclasses import replace

import pytest
from werkzeug.test import Client

from geodata.store.engine import open_store
from tests.web.house.houses import (
    EAST,
    NAMES,
    WEST,
    add_user,
    built,
    signed_in,
    store_of,
)
from web.house.dispatch import Dispatcher
from web.house.house_file import House, host_of


def test_each_council_answers_below_its_own_path(dispatcher: Dispatcher) -> None:
    client = Client(dispatcher)
    for path, name, other in (
        ("/westford/", NAMES[WEST], NAMES[EAST]),
        ("/eastham/", NAMES[EAST], NAMES[WEST]),
    ):
        page = client.get(path)
        assert page.status_code == 200
        assert name in page.text
        assert other not in page.text
    assert client.get("/eastham").location.endswith("/eastham/")
    assert client.get("/easthampton/").status_code == 404


@pytest.mark.parametrize("contact", ["", "security@house.example"])
def test_the_house_says_whom_to_tell_of_a_weakness_where_programs_look(
    house: House, contact: str
) -> None:
    with_contact = replace(house, config=replace(house.config, security_contact=contact))
    dispatcher = built(with_contact)
    answer = Client(dispatcher).get("/.well-known/security.txt")
    dispatcher.sites.close()
    assert answer.status_code == (200 if contact else 404)
    if contact:
        lines = answer.text.splitlines()
        assert lines[0] == f"Contact: mailto:{contact}"
        assert "Canonical: https://house.example/.well-known/security.txt" in lines


def test_links_and_files_stay_below_the_path(dispatcher: Dispatcher) -> None:
    client = Client(dispatcher)
    page = client.get("/westford/").text
    assert 'href="/westford/report"' in page
    with client.get("/westford/static/site.css") as sheet:
        assert sheet.status_code == 200
    for beginning in ('href="/report', 'src="/static', 'href="/static', 'action="/'):
        assert beginning not in page.replace('action="/westford', "")


def test_the_first_page_lists_councils_and_finds_whose_a_place_is(dispatcher: Dispatcher) -> None:
    client = Client(dispatcher)
    first = client.get("/").text
    assert NAMES[WEST] in first
    assert NAMES[EAST] in first
    # TQ 550 740 is easting 555,000: of the eastern borough. A reference in Wales is nobody's here.
    looked = client.get("/?place=TQ+550+740").text
    assert 'href="/eastham/report"' in looked
    assert 'href="/westford/report"' not in looked
    assert "No council here" in client.get("/?place=SH+600+540").text
    assert "We found no place" in client.get("/?place=Nowhere+at+all").text
    assert 'href="/westford/report"' in client.get("/?place=westford").text
    assert 'href="/eastham/report"' in client.get(f"/?place=ward+of+{EAST}").text
    missing = client.get("/no-such-council/report")
    assert missing.status_code == 404
    assert NAMES[WEST] in missing.text


def test_a_session_is_one_councils_alone(house: House, dispatcher: Dispatcher) -> None:
    west, east = house.site(WEST), house.site(EAST)
    for site in (west, east):  # one name, one password at both: still two accounts
        add_user(site, "jo", "admin")
    client = signed_in(dispatcher, west, "jo")
    assert client.get("/westford/account").status_code == 200
    assert client.get("/eastham/account").status_code == 302
    cookie = client.get_cookie("hotspots-e07000107", path="/westford")
    assert cookie is not None
    for name in ("hotspots-e07000109", "hotspots-e07000107", "hotspots"):
        client.set_cookie(name, cookie.value, path="/")
        answer = client.get("/eastham/account")
        assert answer.status_code == 302
        assert answer.location.startswith("/eastham/sign-in")


def test_keys_are_drawn_for_each_site_unless_it_has_its_own(house: House) -> None:
    keys = [site.config.secret_key for site in house.sites]
    assert len({*keys, house.config.secret_key}) == len(keys) + 1
    assert all(len(key) == 64 for key in keys)  # 256 bits in hexadecimal digits


def test_signing_in_leads_to_no_other_council(house: House, dispatcher: Dispatcher) -> None:
    west = house.site(WEST)
    add_user(west, "jo", "officer")
    client = Client(dispatcher)
    for wanted, led in (
        ("/westford/officer/incidents", "/westford/officer/incidents"),
        ("/eastham/", "/westford/officer/hotspots"),
        ("/westford/../eastham/", "/westford/officer/hotspots"),
        ("/westford/%2e%2e/eastham/", "/westford/officer/hotspots"),
        ("/westfordx", "/westford/officer/hotspots"),
    ):
        data = {"name": "jo", "password": "a long enough password"}
        answer = client.post("/westford/sign-in", query_string={"next": wanted}, data=data)
        assert answer.location == led, wanted


def test_cookies_over_https_say_whose_they_are(house: House) -> None:
    west = house.site(WEST)
    for site, name, path in (
        (west, "__Secure-hotspots-e07000107", "/westford"),
        (replace(west, host="west.example", prefix=""), "__Host-hotspots-e07000107", "/"),
    ):
        config = replace(site.config, insecure_cookies=False, other_hosts="west.example")
        secure = replace(site, config=config)
        other = replace(house, sites=(secure,))
        add_user(secure, f"jo{len(path)}", "admin")
        client = Client(built(other))
        answer = client.post(
            f"{secure.prefix}/sign-in",
            base_url="https://west.example",
            data={"name": f"jo{len(path)}", "password": "a long enough password"},
        )
        (cookie,) = answer.headers.getlist("Set-Cookie")
        assert cookie.startswith(name + "=")
        assert f"Path={path}" in [part.strip() for part in cookie.split(";")]
        assert "Secure" in cookie


def test_a_host_of_its_own_is_nobody_elses(house: House) -> None:
    west, east = house.site(WEST), house.site(EAST)
    config = replace(west.config, base_url="https://west.example")
    own = replace(west, host="west.example", prefix="", config=config)
    dispatcher = built(replace(house, sites=(own, east)))
    client = Client(dispatcher)
    assert NAMES[WEST] in client.get("/", base_url="http://WEST.example:8000/").text
    assert client.get("/eastham/", base_url="http://west.example/").status_code == 404
    assert NAMES[EAST] in client.get("/eastham/", base_url="http://house.example/").text
    assert client.get("/eastham/", base_url="http://other.example/").status_code == 400
    assert "find your council" in client.get("/", base_url="http://other.example/").text


@pytest.mark.parametrize(
    ("header", "host"),
    [
        ("Canisters.Example:8000", "canisters.example"),
        ("canisters.example.", "canisters.example"),
        ("[::1]:8000", "[::1]"),
        ("", ""),
    ],
)
def test_a_host_is_compared_without_port_and_case(header: str, host: str) -> None:
    assert host_of(header) == host


def test_only_so_many_applications_are_held(house: House) -> None:
    dispatcher = built(house, most_open=1)
    client = Client(dispatcher)
    for path, code in (("/westford/", WEST), ("/eastham/", EAST), ("/westford/", WEST)):
        assert client.get(path).status_code == 200
        assert dispatcher.sites.codes() == [code]


def test_a_store_that_cannot_be_opened_closes_one_site_alone(house: House) -> None:
    path = house.path.parent / f"{WEST}.gpkg"
    path.write_bytes(b"not a store at all")
    client = Client(built(house))
    answer = client.get("/westford/report")
    assert answer.status_code == 503
    assert NAMES[WEST] in answer.text
    assert client.get("/eastham/").status_code == 200


def test_a_store_of_another_version_waits_for_its_upgrade(house: House) -> None:
    with store_of(house.site(WEST)) as store, store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0023'")
    client = Client(built(house))
    assert client.get("/westford/").status_code == 503
    with open_store(
        house.site(WEST).config.database_url, migrates=False
    ).engine.connect() as connection:
        left = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    assert left == "0023"  # a visitor migrates nothing
