"""The server as the public meets it: behind nginx, by the file that the manual prints."""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from geodata.accounts import users
from geodata.store.engine import open_store
from tests.passwords import hashed
from tests.web.nginx import HOST, NGINX, ProxiedSite, behind_nginx, configuration

pytestmark = pytest.mark.nginx
PASSWORD = "a long enough password"


@pytest.fixture(scope="module")
def proxied(
    geopackage_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ProxiedSite]:
    """A site with one officer; the server trusts the proxy at 127.0.0.1 alone."""
    folder = tmp_path_factory.mktemp("nginx")
    url = f"sqlite:///{shutil.copy(geopackage_template, folder / 'store.gpkg')}"
    store = open_store(url)
    with store.writing() as session:
        users.add(session, "sam", hashed(PASSWORD), "officer", now=datetime.now(UTC))
    store.close()
    settings = {
        "DATABASE_URL": url,
        "BASE_URL": f"https://{HOST}",
        "SECRET_KEY": "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0",
        "TRUSTED_PROXIES": "1",
        "PROXY_ADDRESSES": "127.0.0.1",
    }
    environ = {f"HOTSPOTS_{name}": value for name, value in settings.items()}
    with behind_nginx(folder, environ) as site:
        yield site


def remaining(site: ProxiedSite, address: str, **options: Any) -> int:
    """How many looks at a report's state an address has left this minute, after one more."""
    answer = site.ask("/track", from_address=address, **options)
    return int(answer.headers["X-RateLimit-Remaining"])


def test_the_manuals_file_is_one_that_nginx_accepts(tmp_path: Path) -> None:
    conf = configuration(tmp_path, 1, 2, 3)
    subprocess.run([NGINX, "-t", "-q", "-p", tmp_path, "-c", conf, "-e", "/dev/null"], check=True)


LIES = {"X_Forwarded_For": "192.0.2.9", "Forwarded": "for=192.0.2.9", "X_Real_IP": "192.0.2.9"}


def test_each_visitor_counts_alone_whatever_they_say_of_themselves(proxied: ProxiedSite) -> None:
    first = remaining(proxied, "127.0.1.1")
    assert remaining(proxied, "127.0.1.2") == first
    assert remaining(proxied, "127.0.1.1", **LIES) == first - 1


def test_who_reaches_the_server_itself_is_believed_nothing(proxied: ProxiedSite) -> None:
    headers = {"X_Forwarded_For": "192.0.2.20", "X_Forwarded_Proto": "https"}
    first = remaining(proxied, "127.0.1.3")
    assert remaining(proxied, "127.0.1.3", port=proxied.server, **headers) == first - 1
    direct = proxied.ask("/track", from_address="127.0.1.3", port=proxied.server, **headers)
    assert direct.headers["Strict-Transport-Security"] is None


def test_a_request_that_cannot_be_read_is_answered(proxied: ProxiedSite) -> None:
    with socket.create_connection(("127.0.0.1", proxied.server), timeout=10) as visitor:
        visitor.sendall(b"GET /report HTTP/1.1\r\nHost : a.uk\r\n\r\n")  # RFC 9112, 5.1: no space
        assert visitor.recv(12) == b"HTTP/1.0 400"


def test_https_ends_at_the_proxy_and_is_known_behind_it(proxied: ProxiedSite) -> None:
    page = proxied.ask("/sign-in", X_Forwarded_Proto="http", X_Forwarded_Host="evil.example")
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert 'href="https://canisters.example.gov.uk/feed.atom"' in feed(proxied)


def feed(site: ProxiedSite) -> str:
    answer = site.ask("/feed.atom", X_Forwarded_Host="evil.example", X_Forwarded_Prefix="/evil")
    return str(answer.text)  # type: ignore[attr-defined]


def test_the_proxys_log_holds_no_address_that_is_a_key(proxied: ProxiedSite) -> None:
    answer = proxied.ask("/follow/stop/a-secret-token?key=a-secret-key", Referer="https://a-secret")
    log, request_id = proxied.folder / "canisters.log", str(answer.getheader("X-Request-ID"))
    ends_at = time.monotonic() + 10
    while request_id not in log.read_text() and time.monotonic() < ends_at:
        time.sleep(0.05)  # nginx writes its line when the answer is gone
    (line,) = (line for line in log.read_text().splitlines() if request_id in line)
    assert "secret" not in log.read_text()
    assert " GET 404 " in line


def test_plain_http_is_sent_on_to_https(proxied: ProxiedSite) -> None:
    answer = proxied.ask("/report?site=A1", port=proxied.http)
    assert answer.status == 301
    assert answer.headers["Location"] == "https://canisters.example.gov.uk/report?site=A1"


def test_signing_in_gives_a_secure_cookie_and_stays_on_the_site(proxied: ProxiedSite) -> None:
    page = proxied.ask("/sign-in")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)  # type: ignore[attr-defined]
    assert token is not None
    form = urlencode({"name": "sam", "password": PASSWORD, "csrf_token": token[1]})
    answer = proxied.ask(
        "/sign-in",
        method="POST",
        body=form.encode(),
        Cookie=cookie_of(page.headers["Set-Cookie"])[0],
        Content_Type="application/x-www-form-urlencoded",
    )
    assert answer.status == 302
    assert answer.headers["Location"] in {
        "/officer/hotspots",
        "https://canisters.example.gov.uk/officer/hotspots",
    }
    cookie, traits = cookie_of(answer.headers["Set-Cookie"])
    assert cookie.startswith("__Host-")  # browsers keep it only if no other host can have set it
    assert (traits["path"], traits["domain"]) == ("/", "")
    assert traits["secure"]
    assert traits["httponly"]


def cookie_of(header: str) -> tuple[str, SimpleCookie]:
    (morsel,) = SimpleCookie(header).values()
    return f"{morsel.key}={morsel.value}", morsel  # type: ignore[return-value]


@pytest.mark.parametrize(("megabytes", "status"), [(20, 400), (59, 400), (61, 413)])
def test_a_body_is_taken_up_to_the_sites_own_bound(
    proxied: ProxiedSite, megabytes: int, status: int
) -> None:
    # 400: it arrived whole, and has no token against forged forms.
    field = b"website=" + b"x" * (megabytes * 1024 * 1024 - 8)
    answer = proxied.ask(
        "/report", method="POST", body=field, Content_Type="application/octet-stream"
    )
    assert answer.status == status
