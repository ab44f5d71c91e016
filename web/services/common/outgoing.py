"""The one door to other machines: the mail server, single sign-on, systems to exchange data with.

Each caller says which hosts are meant; a connection to any other is refused, whatever an answer or
a redirect names. The database's own driver makes its connection by itself.
"""

from __future__ import annotations

import contextlib
import http.client
import smtplib
import socket
import ssl
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from web.services.common.public_addresses import Destination, destination

if TYPE_CHECKING:
    from requests import Session

TIMEOUT_S = 15.0
MOST_BYTES = 5_000_000
REDIRECTS = frozenset({301, 302, 303, 307, 308})


class RefusedHostError(OSError):
    """Somebody named a host that the settings do not; the message says which."""


class NoAnswerError(Exception):
    """Another system did not answer, or not in time, or with more than may be read."""


@dataclass(frozen=True)
class Call:
    """One request to another system."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True)
class Answer:
    """What another system said."""

    status: int
    body: bytes
    moved_to: str = ""

    @property
    def is_right(self) -> bool:
        return 200 <= self.status < 300


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


def to_system(
    call: Call,
    private_hosts: Collection[str],
    *,
    timeout_s: float = TIMEOUT_S,
    most_bytes: int = MOST_BYTES,
) -> Answer:
    """Call an address that somebody entered: none that is private, and no redirect is followed.

    Parameters
    ----------
    private_hosts
        Hosts that the operator allows to be private, and to be called without TLS.
    timeout_s
        For the answer as a whole, however slowly its bytes come.

    Raises
    ------
    RefusedError
        The address may not be called, by ``public_addresses``; the message says why.
    NoAnswerError
        There was none in time, or it is longer than may be read.
    """
    deadline = Deadline(timeout_s)
    try:
        where = destination(call.url, private_hosts)
        with deadline, _connection(where, deadline) as connection:
            answer = _exchanged(connection, call, most_bytes)
    except (OSError, http.client.HTTPException) as error:
        if deadline.is_over:
            raise NoAnswerError(_late(host_of(call.url), timeout_s)) from error
        raise NoAnswerError(_reason(error, host_of(call.url), timeout_s)) from error
    if deadline.is_over:  # what has no length would look whole where it was cut off
        raise NoAnswerError(_late(where.host, timeout_s))
    return answer


class Deadline:
    """Shuts a connection when its time is over: each byte may come in time, all of them late."""

    def __init__(self, timeout_s: float) -> None:
        self.timeout_s, self.is_over = timeout_s, False
        self.sock: socket.socket | None = None
        self._timer = threading.Timer(timeout_s, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Deadline:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def watch(self, sock: socket.socket) -> None:
        """Shut this connection at the end, or now where the end came while it was made."""
        self.sock = sock
        if self.is_over:
            self._end()

    def _end(self) -> None:
        self.is_over = True
        if self.sock is not None:
            with contextlib.suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


@contextmanager
def _connection(where: Destination, deadline: Deadline) -> Iterator[http.client.HTTPConnection]:
    """A connection to the address that was judged, and to no other that its name may have."""
    timeout_s = deadline.timeout_s
    sock = socket.create_connection((where.address, where.port), timeout=timeout_s)
    try:
        if where.is_tls:
            sock = ssl.create_default_context().wrap_socket(
                sock, server_hostname=where.host, do_handshake_on_connect=False
            )
        deadline.watch(sock)
        if isinstance(sock, ssl.SSLSocket):
            sock.do_handshake()  # which somebody may drip as slowly as an answer
        connection = http.client.HTTPConnection(where.host, where.port, timeout=timeout_s)
        connection.sock = sock
        yield connection
    finally:
        sock.close()


def _exchanged(connection: http.client.HTTPConnection, call: Call, most_bytes: int) -> Answer:
    parts = urlsplit(call.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {"User-Agent": "canister-hotspots", "Connection": "close", **call.headers}
    connection.request(call.method, target, body=call.body, headers=headers)
    response = connection.getresponse()
    body = response.read(most_bytes + 1)
    if len(body) > most_bytes:
        raise NoAnswerError(f"the answer is longer than {most_bytes:,} bytes")
    moved_to = response.headers.get("Location", "") if response.status in REDIRECTS else ""
    return Answer(response.status, body, moved_to[:200])


def _reason(error: Exception, host: str, timeout_s: float) -> str:
    if isinstance(error, socket.gaierror):
        return f"there is no machine of the name {host}"
    if isinstance(error, TimeoutError):
        return _late(host, timeout_s)
    if isinstance(error, ssl.SSLError):
        return f"{host} has no certificate that can be trusted ({error.reason})"
    if isinstance(error, OSError) and error.strerror:
        return f"{host} cannot be reached ({error.strerror})"
    return f"{host} ended the call without an answer that can be read"


def _late(host: str, timeout_s: float) -> str:
    return f"{host} did not answer within {timeout_s:g} seconds"


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
