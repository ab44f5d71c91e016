"""A real little server on this machine that plays another system, and notes what it was sent."""

import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

HOSTS = frozenset({"127.0.0.1"})
"""What an operator sets to let this site call a machine of their own."""


@dataclass(frozen=True)
class Heard:
    """One request as it arrived; headers in small letters."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass
class Said:
    """One answer."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


Play = Callable[[Heard], Said]


@dataclass
class LittleServer:
    """Its address, what it heard, and how it answers, which a test may change."""

    address: str
    play: Play
    heard: list[Heard] = field(default_factory=list)


@contextmanager
def little_server(play: Play = lambda _: Said()) -> Iterator[LittleServer]:
    """Serves until the block ends."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def _answer(self) -> None:
            parts = urlsplit(self.path)
            heard = Heard(
                self.command,
                parts.path,
                {name: values[-1] for name, values in parse_qs(parts.query).items()},
                {name.lower(): value for name, value in self.headers.items()},
                self.rfile.read(int(self.headers.get("Content-Length", 0))),
            )
            made.heard.append(heard)
            reply = made.play(heard)
            self.send_response(reply.status)
            for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        do_GET = do_POST = _answer

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = LittleServer(f"http://127.0.0.1:{server.server_address[1]}", play)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
