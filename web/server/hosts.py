"""Which hosts a site answers to.

Feeds, the sitemap, previews and links that are handed on begin with the host that was asked for. A
stranger who sends another one would have a cache, or whoever reads what it kept, led to a machine
of theirs; and a page of theirs whose name they let point here could read what this network sees.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request

from web.config import Config

WRITTEN = re.compile(r"([\w.-]+|\[[0-9A-Fa-f:.]+\])(:\d{0,5})?")
OWN_NAMES = frozenset({"localhost"})
ASKED_BY_MACHINES = ("/health", "/metrics")
"""Monitors and load balancers call the address of the machine, and read no link."""


def bind_hosts(app: Flask) -> None:
    """Let the application answer to its own hosts alone."""
    app.before_request(refuse_other_hosts)


def refuse_other_hosts() -> None:
    """400, in plain text: a page would begin its links with the host that is none of ours."""
    config: Config = current_app.config["HOTSPOTS"]
    if is_own(request.host, config) or request.path.startswith(ASKED_BY_MACHINES):
        return
    words = f"This site does not answer to the host {request.host[:100]}. {_advice(config)}\n"
    abort(Response(words, 400, {"Cache-Control": "no-store"}, mimetype="text/plain"))


def _advice(config: Config) -> str:
    address = f"Open {config.base_url} instead.\n" if config.base_url else "\n"
    return (
        f"{address}Whoever runs it names its public address in the setting base_url "
        "(HOTSPOTS_BASE_URL), and other hosts of it in other_hosts (HOTSPOTS_OTHER_HOSTS)."
    )


def is_own(host: str, config: Config) -> bool:
    """Whether a site with these settings is at a host; its port says nothing.

    >>> is_own("canisters.example.gov.uk:443", Config(base_url="https://canisters.example.gov.uk"))
    True
    >>> is_own("192.168.1.4:8000", Config()), is_own("canisters.example.gov.uk", Config())
    (True, False)
    """
    name = name_of(f"//{host}") if WRITTEN.fullmatch(host) else ""
    if name in OWN_NAMES | _listed(config.other_hosts) | {name_of(config.base_url)} - {""}:
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return False
    # Until the site has a public address, those within the building try it by the machine's own.
    return address.is_loopback or (not config.base_url and address.is_private)


def name_of(address: str) -> str:
    """The host of an address as browsers send it: small letters, no dot at its end, in ASCII."""
    try:
        name = (urlsplit(address).hostname or "").rstrip(".")
        return name if name.isascii() else name.encode("idna").decode()
    except ValueError:  # a bracket without its other, or a part longer than 63 letters
        return ""


def _listed(hosts: str) -> set[str]:
    return {name_of(f"//{host}") for host in hosts.replace(",", " ").split()}
