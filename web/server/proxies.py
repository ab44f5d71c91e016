"""Who really asked: the address and the scheme that trusted proxies report.

Each proxy adds the address that it was called from to the end of X-Forwarded-For, so with n
proxies the visitor's is the n-th from the end; what stands before it the visitor wrote. Headers
from anybody but a proxy are dropped. The host is the Host header, which proxies pass on;
X-Forwarded-Host, -Port and -Prefix and Forwarded are never believed: most proxies let a
visitor's own through.
"""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

from web.config import Config, ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

FOR, PROTO = "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO"
REPORTED = (
    FOR,
    PROTO,
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PREFIX",
    "HTTP_X_FORWARDED_BY",
    "HTTP_FORWARDED",
    "HTTP_X_REAL_IP",
)
SCHEMES = ("http", "https")


class TrustedProxies:
    """WSGI middleware that puts the visitor's address and scheme where the application looks."""

    def __init__(self, app: WSGIApplication, config: Config) -> None:
        self._app = app
        self._hops = config.trusted_proxies
        self._peers = networks(config.proxy_addresses)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        headers = {name: environ.pop(name, "") for name in REPORTED}
        if self._hops > 0 and self._is_proxy(environ.get("REMOTE_ADDR", "")):
            address = _address(self._reported(headers[FOR]))
            scheme = self._reported(headers[PROTO]).lower()
            if address:
                environ["REMOTE_ADDR"] = address
            if scheme in SCHEMES:
                environ["wsgi.url_scheme"] = scheme
        return self._app(environ, start_response)

    def _is_proxy(self, peer: str) -> bool:
        if not peer:  # a Unix socket: only this machine's proxy can open it
            return True
        try:
            address = ip_address(peer)
        except ValueError:
            return False
        return any(address in network for network in self._peers)

    def _reported(self, header: str) -> str:
        """The value of the outermost proxy; where inner ones pass it on unchanged, the first."""
        values = [value.strip() for value in header.split(",")]
        return values[-min(self._hops, len(values))]


def networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Addresses and networks, separated by commas.

    Raises
    ------
    ConfigError
        One of them is neither.
    """
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise ConfigError(
            f"proxy_addresses is {text!r} ({error}): write addresses or networks, "
            "such as 127.0.0.1, 172.18.0.0/16"
        ) from None


def _address(text: str) -> str:
    """An address without the port that some proxies add; empty where it is none."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ip_address(text))
    except ValueError:
        return ""


def visitor_of(address: str) -> str:
    """What counts as one visitor: an IPv4 address, or the /64 that one IPv6 subscriber is given.

    >>> visitor_of("192.0.2.7"), visitor_of("2001:db8:1:2:3::4")
    ('192.0.2.7', '2001:db8:1:2::/64')
    """
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return str(ip_network(f"{known}/64", strict=False)) if known.version == 6 else address
