"""What the program may call, and that nothing but one door calls anything."""

import ast
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from web.config import Config, weaknesses
from web.services.common import outgoing
from web.services.common.outgoing import RefusedHostError, to_web

ROOT = Path(__file__).parents[3]
DOOR = ROOT / "web/services/common/outgoing.py"
CALLS = {"SMTP", "SMTP_SSL", "urlopen", "create_connection", "HTTPConnection", "HTTPSConnection"}
BY_REQUESTS = {"get", "post", "put", "request", "Session", "head", "delete"}


def callers(tree: ast.AST) -> Iterator[str]:
    """What in a module would open a connection."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner, name = ast.unparse(node.func.value), node.func.attr
            if name in CALLS or (owner == "requests" and name in BY_REQUESTS):
                yield f"{owner}.{name}"
        elif isinstance(node, ast.ImportFrom):
            yield from (name.name for name in node.names if name.name in CALLS)


def test_connections_are_made_in_one_place() -> None:
    files = [
        path for room in ("hotspots", "geodata", "web") for path in (ROOT / room).rglob("*.py")
    ]
    calls_by_file = {path: [*callers(ast.parse(path.read_text()))] for path in files}
    assert {path for path, calls in calls_by_file.items() if calls} == {DOOR}


class Elsewhere(http.server.BaseHTTPRequestHandler):
    """Sends everybody on to another name of this machine."""

    def do_GET(self) -> None:
        self.send_response(302)
        self.send_header("Location", f"http://localhost:{self.server.server_address[1]}/secret")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def elsewhere() -> Iterator[str]:
    server = http.server.HTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("hosts", [set(), {"127.0.0.2"}, {"127.0.0.1"}])
def test_a_host_that_nobody_named_is_refused_also_behind_a_redirect(
    elsewhere: str, hosts: set[str]
) -> None:
    refused = "localhost" if "127.0.0.1" in hosts else "127.0.0.1"
    with to_web(hosts) as session, pytest.raises(RefusedHostError, match=f"^{refused} is no host"):
        session.get(f"{elsewhere}/begin", timeout=5)


def test_the_host_of_an_address_is_the_one_that_is_called() -> None:
    assert outgoing.host_of("https://Named.Example@evil.example:8443/x") == "evil.example"
    assert outgoing.host_of("https://NAMED.example/x") == "named.example"


DATABASES = [
    ("sqlite:///x.gpkg", False),
    ("postgresql://u:p@127.0.0.1/d", False),
    ("postgresql://u:p@/d?host=/run/postgresql", False),
    ("postgresql://u:p@db.example/d", True),
    ("postgresql+psycopg://u:p@db.example/d?sslmode=prefer", True),
    ("postgresql://u:p@/d?host=db.example", True),
    ("postgresql://u:p@db.example/d?sslmode=require", False),
    ("postgresql://u:p@db.example/d?sslmode=verify-full", False),
]


@pytest.mark.parametrize(("address", "is_open"), DATABASES)
def test_a_database_on_the_network_without_tls_is_a_risk(address: str, is_open: bool) -> None:
    risks = [risk for risk in weaknesses(Config(database_url=address)) if "sslmode" in risk]
    assert bool(risks) == is_open
    assert not any(":p@" in risk for risk in risks)
