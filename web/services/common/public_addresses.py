"""Which addresses of the network are anybody's, and which are private: of a machine, an office.

A name is looked up once, every address that it has is judged, and the one that is judged is the
one that is called: a name that changes its address in between changes nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import SplitResult, urlsplit

from geodata.core.errors import RefusedError

LONGEST_URL = 500
"""Without its query, which this site writes itself."""
NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""Addresses of IPv6 whose last four bytes are one of IPv4 (RFC 6052)."""


UNICAST = ipaddress.ip_network("2000::/3")
"""All of IPv6 that is given out as anybody's (IANA): beyond lie old site-local addresses, and ways
to write one of IPv4, which ``ipaddress`` takes for anybody's."""
NOBODYS = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20")))
"""What the tables of ``ipaddress`` lack: protocols' own, the old relay of 6to4, documentation."""


@dataclass(frozen=True)
class Destination:
    """Where to call: the name for TLS and the header, and the one address that was judged."""

    host: str
    port: int
    address: str
    is_tls: bool


def check_url(url: str, private_hosts: Collection[str]) -> SplitResult:
    """The parts of an address that may be kept as one to call; nothing is looked up.

    Raises
    ------
    RefusedError
        It is none, not https, bears a password, or names a private address. Hosts that the
        operator allows may be private, and may be called by http.
    """
    try:
        parts = urlsplit(url.strip())
        host, _ = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise RefusedError(_no_address(url)) from None
    if (
        not host
        or parts.scheme not in {"http", "https"}
        or len(url.partition("?")[0]) > LONGEST_URL
    ):
        raise RefusedError(_no_address(url))
    if any(ord(char) <= 32 or ord(char) > 126 for char in url.strip()):
        raise RefusedError("the address has a space or a letter that no address may have")
    if parts.username is not None or parts.password is not None:
        raise RefusedError("the address bears a name or password: leave out what stands before @")
    if host in private_hosts:
        return parts
    if parts.scheme != "https":
        raise RefusedError(f"the address begins with http://: {host} must be called by https://")
    if is_private_literal(host):
        raise RefusedError(private_words(host, host))
    return parts


def is_private_literal(host: str) -> bool:
    """Whether a host is written as a private address, or is a name of this machine."""
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    if host.replace(".", "").isdigit() or host.startswith("0x"):
        # 127.1, 2130706433 and 0x7f000001 are all this machine to a resolver.
        return not (host.count(".") == 3 and _is_public_text(host))
    return ":" in host and not _is_public_text(host)


def _is_public_text(text: str) -> bool:
    try:
        return is_public(ipaddress.ip_address(text))
    except ValueError:
        return False


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is anybody's, also where one of IPv4 is hidden in one of IPv6.

    >>> [is_public(ipaddress.ip_address(each)) for each in ("93.184.216.34", "::ffff:10.0.0.1")]
    [True, False]
    """
    if isinstance(address, IPv6Address) and (hidden := _hidden(address)) is not None:
        return is_public(hidden)
    is_assigned = isinstance(address, IPv4Address) or address in UNICAST
    is_nobodys = any(address in network for network in NOBODYS)
    return is_assigned and address.is_global and not (address.is_multicast or is_nobodys)


def _hidden(address: IPv6Address) -> IPv4Address | None:
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour


def destination(url: str, private_hosts: Collection[str]) -> Destination:
    """Where a call goes: the name is looked up, and each of its addresses judged.

    Raises
    ------
    RefusedError
        As ``check_url``; or the name has a private address.
    OSError
        There is no such name.
    """
    parts = check_url(url, private_hosts)
    host = (parts.hostname or "").rstrip(".")
    is_tls = parts.scheme == "https"
    port = parts.port or (443 if is_tls else 80)
    entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]).partition("%")[0] for entry in entries]
    if host not in private_hosts:
        for address in addresses:
            if not is_public(ipaddress.ip_address(address)):
                raise RefusedError(private_words(host, address))
    return Destination(host, port, addresses[0], is_tls)


def private_words(host: str, address: str) -> str:
    """Why a private address is not called, and what to do where it is meant."""
    where = host if host == address else f"{host} ({address})"
    return (
        f"{where} is a private address: this site calls none, unless its operator sets "
        f"HOTSPOTS_PRIVATE_HOSTS={host}"
    )


def _no_address(url: str) -> str:
    return (
        f"{url.strip()[:60]!r} is no address of the web: write one such as "
        "https://jobs.example.com/hooks"
    )
