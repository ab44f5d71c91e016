"""The one door to other machines: the mail server, and the provider of single sign-on.

Each caller says which hosts the settings name; a connection to any other is refused, whatever an
answer or a redirect names. The database's own driver makes its connection by itself.
"""

from __future__ import annotations

import smtplib
from collections.abc import Collection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from requests import Session


class RefusedHostError(OSError):
    """Somebody named a host that the settings do not; the message says which."""


def host_of(address: str) -> str:
    """The host of a web address in small letters; empty where there is none."""
    return (urlsplit(address).hostname or "").lower()


def to_mail_server(host: str, port: int, *, timeout_s: float) -> smtplib.SMTP:
    """A connection to the council's mail server.

    Raises
    ------
    smtplib.SMTPException, OSError
        It does not answer.
    """
    return smtplib.SMTP(host, port, timeout=timeout_s)


def to_web(hosts: Collection[str]) -> Session:
    """Web requests to these hosts alone. ``requests`` is an extra, loaded where it is needed."""
    import requests

    session: Session = bound(requests.Session(), hosts)
    return session


def bound(session: Any, hosts: Collection[str]) -> Any:
    """The same session of ``requests``, with every request and redirect held against the hosts."""
    import requests.adapters

    class ToNamedHosts(requests.adapters.HTTPAdapter):
        def send(self, request: Any, *args: Any, **options: Any) -> Any:
            if (host := host_of(request.url)) not in hosts:
                raise RefusedHostError(
                    f"{host} is no host that the settings name: add it to HOTSPOTS_SSO_HOSTS if "
                    "the sign-in service needs it"
                )
            return super().send(request, *args, **options)

    for scheme in ("https://", "http://"):
        session.mount(scheme, ToNamedHosts())
    return session
