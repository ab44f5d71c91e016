"""What a request may hold: files, keys of rows, letters, and where it wants to be sent on."""

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient

from geodata.media import picture_workers
from geodata.media.picture_workers import BusyError
from geodata.store.engine import Store
from tests.pictures import encoded, picture
from tests.web.conftest import PASSWORD, SignIn
from tests.web.page import Page
from tests.web.reporting import begin
from web.auth.addresses import own_address
from web.extensions import limiter
from web.server.request_bounds import LARGEST_KEY, row_key

ROLES = ("admin", "contractor", "partner")
"""An admin is let in where officers and members are; others are answered by what is their own."""
NOT_LET_IN = (401, 403)
"""Who is not let in reaches no page that could read the next value."""
HOSTILE_KEYS = ("2147483648", "99999999999999999999", "9" * 5_000)


def status_of(client: FlaskClient, address: str, **options: object) -> int:
    """A file that is answered is closed."""
    limiter.reset()
    with client.get(address, **options) as answer:
        return answer.status_code


def test_nine_hundred_files_are_refused_before_one_is_opened(
    client: FlaskClient, council: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = begin(client)

    def open_one() -> None:
        raise AssertionError("a picture was opened")

    monkeypatch.setattr("web.forms.sent_photos.picture_workers", open_one)
    part = (
        b'--x\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n\r\n'
        + encoded(picture())
        + b"\r\n"
    )
    answer = client.post(
        f"/report/{key}/photos",
        data=part * 900 + b"--x--\r\n",
        content_type="multipart/form-data; boundary=x",
    )
    assert answer.status_code == 413


def test_a_busy_desk_says_so_and_takes_the_photo_later(
    client: FlaskClient, council: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, pool = begin(client), picture_workers.picture_workers()

    def busy(_: bytes) -> None:
        raise BusyError("Many photos are being read at this moment: send it again in a minute")

    def send() -> object:
        data = {"photos": [(io.BytesIO(encoded(picture())), "a.jpg")]}
        return client.post(f"/report/{key}/photos", data=data)

    with monkeypatch.context() as patch:
        patch.setattr(pool, "clean", busy)
        answer = send()
    assert answer.status_code == 503
    assert "send it again in a minute" in answer.text
    assert send().status_code == 302


@pytest.mark.parametrize("role", ROLES)
def test_no_key_that_no_row_can_have_is_a_fault_of_ours(
    app: Flask, signed_in: SignIn, role: str
) -> None:
    client, faults, requests_made = signed_in(role, may_read_enforcement=True), [], 0
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or not rule.arguments or rule.endpoint == "static":
            continue
        for value in (*HOSTILE_KEYS[1:], "a%00b", "%ff%fe"):
            address = rule.rule
            for name in rule.arguments:
                for kind in ("", "int:", "path:"):
                    address = address.replace(f"<{kind}{name}>", value)
            requests_made += 1
            status = status_of(client, address)
            if status in NOT_LET_IN:
                break
            if status >= 500:
                faults.append((address[:60], status))
    assert requests_made > 100
    assert faults == []


@pytest.mark.parametrize("role", ROLES)
def test_no_value_in_a_query_is_a_fault_of_ours(app: Flask, signed_in: SignIn, role: str) -> None:
    client, faults = signed_in(role, may_read_enforcement=True), []
    names = "run against at_least page months ring first second order replaces ward campaign place"
    names += " words lon lat accuracy_m number day before user grid_ref longitude latitude view_m"
    names += " budget next after since kind state hours radius_m"
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.arguments or "/assets" in rule.rule:
            continue
        for value in (*HOSTILE_KEYS, "a\x00b", "nan", "-1"):
            query = dict.fromkeys(names.split(), value)
            status = status_of(client, rule.rule, query_string=query)
            if status in NOT_LET_IN:
                break
            if status >= 500 and rule.endpoint != "health.ready":  # it says that no tick was
                faults.append((rule.rule, value[:20], status))
    assert faults == []


@pytest.mark.parametrize("store", ["geopackage"], indirect=True)
def test_host_that_can_be_none_is_a_fault_of_the_request(client: FlaskClient) -> None:
    """A part of a name has 63 letters at most (RFC 1035, 2.3.4)."""
    for address in ("/", "/sitemap.xml", "/api/tables", "/nowhere"):
        assert status_of(client, address, headers={"Host": "x" * 64}) == 400


@pytest.mark.parametrize("store", ["geopackage"], indirect=True)
def test_name_that_is_longer_than_a_disk_keeps_is_no_fault_of_ours(
    council: Store, signed_in: SignIn
) -> None:
    """Each page that puts what was sent on a disk: 300 letters, where file systems keep 255."""
    client = signed_in("admin", may_read_enforcement=True)
    pages = ("/contractor/worklist-answer", "/officer/partnership/tables", "/enforcement/evidence")
    for address in pages:
        sent = {"file": (io.BytesIO(b"a,b\n1,2\n"), "x" * 300 + ".csv"), "kind": "indicators"}
        answer = client.post(address, data=sent)
        assert answer.status_code in (200, 400), address


@pytest.mark.parametrize("store", ["geopackage"], indirect=True)
def test_no_day_of_the_calendars_ends_is_a_fault_of_ours(app: Flask, signed_in: SignIn) -> None:
    """The day before the first and the day after the last are no days of Python's."""
    client, faults = signed_in("admin", may_read_enforcement=True), []
    names = ["first", "last", "since", "until", "day", "from", "to", "on", "as_of", "month"]
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.arguments or "/assets" in rule.rule:
            continue
        for value in ("0001-01-01", "9999-12-31", "9999-12"):
            query = dict.fromkeys(names, value)
            status = status_of(client, rule.rule, query_string=query)
            if status >= 500 and rule.endpoint != "health.ready":
                faults.append((rule.rule, value, status))
    assert faults == []


@pytest.mark.parametrize(
    "target",
    [
        *("//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "/\n/e.x"),
        *(
            "https://evil.example/",
            "javascript:alert(1)",
            "/a\r\nSet-Cookie: x=1",
            " //evil.example",
        ),
        *("/\x00", "/a\\b", "", "officer", "/\u2028"),
    ],
)
def test_signing_in_leads_to_no_address_that_a_browser_could_read_as_another_site(
    app: Flask, signed_in: SignIn, target: str
) -> None:
    assert own_address(target) is None


def test_signing_in_leads_to_a_page_of_ours(app: Flask, signed_in: SignIn) -> None:
    signed_in("officer")
    answer = app.test_client().post(
        "/sign-in",
        query_string={"next": "/officer/incidents?ward=3&page=2"},
        data={"name": "officer-1", "password": PASSWORD},
    )
    assert answer.location == "/officer/incidents?ward=3&page=2"


def test_the_largest_key_is_postgresqls() -> None:
    assert row_key(str(LARGEST_KEY)) == 2_147_483_647
    assert [row_key(text) for text in ("2147483648", "-1", "x", "", None)] == [None] * 5


HEADERS = [
    ("Range", "bytes=9999999999999999999999-"),
    ("If-None-Match", '"' * 5_000),
    ("If-Modified-Since", "Thu, 99 Foo 99999999999"),
    ("Accept-Language", "x" * 9_000 + ";q=nan"),
    ("Cookie", "hotspots=" + "x" * 50_000),
    ("Host", "evil.example:99999999"),
    ("Host", "[::1"),
    ("Content-Length", "-1"),
    ("X-Forwarded-For", "\x7f" * 300),
]


@pytest.mark.parametrize(("name", "value"), HEADERS)
@pytest.mark.parametrize("address", ["/", "/static/site.css", "/report", "/health"])
def test_a_malformed_header_is_no_fault_of_ours(
    client: FlaskClient, address: str, name: str, value: str
) -> None:
    assert status_of(client, address, headers={name: value}) < 500


@pytest.mark.parametrize("value", ["a\x00b", "\x00", "a\x0bb", "\x7f"])
def test_a_control_character_is_refused_at_its_field(client: FlaskClient, value: str) -> None:
    answer = client.post("/sign-in", data={"name": value, "password": "x"})
    page = Page.of(answer)
    assert answer.status_code == 400
    assert "“User name” held a character that cannot be shown or kept" in page.text
    assert not set(value) & set("\x00\x0b\x7f") & set(answer.text)


@pytest.mark.parametrize("store", ["geopackage"], indirect=True)
def test_a_control_character_that_no_form_reads_is_named(
    council: Store, signed_in: SignIn, client: FlaskClient
) -> None:
    moderated = signed_in("officer").post("/officer/moderation/marked", data={"decision": "\x00"})
    for answer, name in (
        (client.post("/report", data={"site": "a\x0bb"}), "site"),
        (client.get("/", query_string={"site": "a\x1bb"}), "site"),
        (client.post("/sign-in", data={"si\x00te": "a"}), "site"),
        (moderated, "decision"),
    ):
        assert answer.status_code == 400, answer.request.path
        assert f"“{name}” holds a character that cannot be shown" in Page.of(answer).text
    text = client.post("/sign-in", data={"name": "a\tb\r\n", "password": "x"}).text
    assert "cannot be shown" not in text  # a tab and the end of a line are of a text
    machine = client.post("/open311/v2/requests.json", data={"api_key": "a\x00b"})
    assert (machine.status_code, "“api_key” holds" in machine.text) == (400, True)


@pytest.mark.parametrize("store", ["geopackage"], indirect=True)
def test_a_control_character_costs_nobody_what_else_they_wrote(
    council: Store, signed_in: SignIn
) -> None:
    form = {"name": "White\x0bspace", "url": "https://jobs.example.com/x", "services": "a, b"}
    answer = signed_in("manager").post("/admin/systems/new/open311", data=form)
    assert answer.status_code == 400
    assert "“What do you call it?” held a character" in Page.of(answer).text
    for kept in ("Whitespace", "https://jobs.example.com/x", "a, b"):
        assert f'value="{kept}"' in answer.text
