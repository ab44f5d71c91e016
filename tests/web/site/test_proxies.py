"""Whose word counts for an address and a scheme, header by header."""

from typing import Any

import pytest
from flask import Flask

from tests.web.reporting import begin
from web.config import Config, ConfigError
from web.server.proxies import TrustedProxies, networks

FIRST, SECOND, VISITOR = "10.0.0.1", "10.0.0.2", "203.0.113.7"


def seen(hops: int, peer: str = FIRST, trusted: str = "10.0.0.0/8", **headers: str) -> list[str]:
    """Address and scheme as the application sees them; it must see no header of a proxy."""
    environ: dict[str, Any] = {"REMOTE_ADDR": peer, "wsgi.url_scheme": "http", "HTTP_HOST": "a.uk"}
    environ |= {f"HTTP_{name}": value for name, value in headers.items()}
    kept: dict[str, Any] = {}

    def app(environ: dict[str, Any], _: object) -> list[bytes]:
        kept.update(environ)
        return []

    config = Config(trusted_proxies=hops, proxy_addresses=trusted)
    TrustedProxies(app, config)(environ, lambda *_: None)  # type: ignore[arg-type, return-value]
    assert not [name for name in kept if "FORWARDED" in name or "REAL_IP" in name]
    assert kept["HTTP_HOST"] == "a.uk"
    return [kept["REMOTE_ADDR"], kept["wsgi.url_scheme"]]


@pytest.mark.parametrize(
    ("hops", "written", "address"),
    [
        (1, VISITOR, VISITOR),
        (1, f"192.0.2.66, {VISITOR}", VISITOR),  # what stands before it, the visitor wrote
        (2, f"192.0.2.66, {VISITOR}, {SECOND}", VISITOR),
        (2, VISITOR, VISITOR),  # the outer proxy was passed by: the inner one's word stands
        (1, f"{VISITOR}:51234", VISITOR),
        (1, "[2001:db8::7]:51234", "2001:db8::7"),
        (1, "2001:db8::7", "2001:db8::7"),
        (1, "unknown", FIRST),
        (1, "", FIRST),
        (0, VISITOR, FIRST),
    ],
)
def test_the_address_is_what_the_outermost_trusted_proxy_added(
    hops: int, written: str, address: str
) -> None:
    assert seen(hops, X_FORWARDED_FOR=written)[0] == address


@pytest.mark.parametrize(
    ("hops", "written", "scheme"),
    [
        (1, "https", "https"),
        (1, "http, https", "https"),
        (2, "https, http", "https"),
        (2, "https", "https"),
        (1, "gopher", "http"),
        (0, "https", "http"),
    ],
)
def test_the_scheme_is_what_the_outermost_trusted_proxy_said(
    hops: int, written: str, scheme: str
) -> None:
    assert seen(hops, X_FORWARDED_PROTO=written)[1] == scheme


def test_who_is_no_proxy_is_not_believed() -> None:
    headers = {"X_FORWARDED_FOR": "192.0.2.66", "X_FORWARDED_PROTO": "https"}
    assert seen(1, peer=VISITOR, **headers) == [VISITOR, "http"]


def test_a_proxy_on_a_unix_socket_is_believed() -> None:
    assert seen(1, peer="", X_FORWARDED_FOR=VISITOR)[0] == VISITOR


def test_other_headers_of_proxies_are_dropped() -> None:
    others = ("FORWARDED", "X_REAL_IP", "X_FORWARDED_HOST", "X_FORWARDED_PREFIX")
    assert seen(1, **dict.fromkeys(others, "evil.example")) == [FIRST, "http"]


def test_a_network_that_is_none_is_refused_with_its_value() -> None:
    with pytest.raises(ConfigError, match=r"proxy_addresses is 'nginx'"):
        networks("nginx")


def test_two_hundred_people_behind_one_address_can_all_report(app: Flask) -> None:
    assert len({begin(app.test_client()) for _ in range(200)}) == 200


def test_a_flood_from_one_address_is_slowed_and_others_are_not(app: Flask) -> None:
    flood = [app.test_client().post("/report").status_code for _ in range(310)]
    assert flood == [302] * 300 + [429] * 10
    elsewhere = app.test_client().post("/report", environ_base={"REMOTE_ADDR": "192.0.2.1"})
    assert elsewhere.status_code == 302
