"""A real ``hotspots serve`` behind a real nginx that runs the file of the operator's manual."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from pathlib import Path
from ssl import CERT_NONE, PROTOCOL_TLS_CLIENT, SSLContext
from tempfile import TemporaryFile
from typing import IO

NGINX = "/usr/sbin/nginx"
MANUAL = Path(__file__).resolve().parents[2] / "docs/operations.md"
COMMAND = "from web.cli import main; main()"
HOST = "canisters.example.gov.uk"
MAIN = """\
{user}
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/proxied;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {servers}
}}
"""


@dataclass(frozen=True)
class ProxiedSite:
    """Ports on loopback: nginx with and without TLS, and the servers themselves."""

    https: int
    http: int
    servers: tuple[int, ...]
    folder: Path
    processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    @property
    def server(self) -> int:
        """The only one, or the first."""
        return self.servers[0]

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        body: bytes | None = None,
        from_address: str = "127.0.0.1",
        port: int = 0,
        **headers: str,
    ) -> HTTPResponse:
        """One answer, read, from a visitor at an address of the loopback network."""
        names = {"Host": HOST} | {name.replace("_", "-"): value for name, value in headers.items()}
        port = port or self.https
        source = (from_address, 0)
        connection: HTTPConnection
        if port == self.https:
            connection = HTTPSConnection(
                "127.0.0.1", port, source_address=source, context=trusting(), timeout=30
            )
        else:
            connection = HTTPConnection("127.0.0.1", port, source_address=source, timeout=30)
        connection.request(method, path, body, names)
        answer = connection.getresponse()
        answer.text = answer.read().decode()  # type: ignore[attr-defined]
        connection.close()
        return answer


def trusting() -> SSLContext:
    context = SSLContext(PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, CERT_NONE
    return context


def documented(language: str) -> str:
    """The ready file of a language as the manual prints it."""
    (text,) = re.findall(rf"^```{language}\n(.*?)^```$", MANUAL.read_text(), re.M | re.S)
    return str(text)


def configuration(folder: Path, https: int, http: int, *servers: int) -> Path:
    """The manual's file with ports and certificate of a test, and what Debian puts around it."""
    _certify(folder)
    text = documented("nginx")
    server = f"127.0.0.1:{servers[0]}"
    if len(servers) > 1:
        text, server = _upstream(servers) + text, "canisters"
    tls, own_line = ("ssl", "    http2 on;\n") if _knows_http2_on() else ("ssl http2", "")
    for old, new in (
        ("listen 80;", f"listen 127.0.0.1:{http};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{https} {tls};"),
        ("    http2 on;\n", own_line),
        ("http://127.0.0.1:8000", f"http://{server}"),
        ("/etc/ssl/canisters", str(folder)),
        ("/var/log/nginx", str(folder)),
    ):
        assert old in text, f"the manual's nginx file has no {old!r}"
        text = text.replace(old, new)
    # Started by root, nginx works as nobody, who may not open a test's folder.
    user = "" if os.geteuid() else "user root;"
    path = folder / "nginx.conf"
    path.write_text(MAIN.format(user=user, folder=folder, servers=text))
    return path


def _upstream(servers: Sequence[int]) -> str:
    """The manual's block for several hosts, with those of a test."""
    block = documented("nginx-upstream")
    listed = re.findall(r"^    server .*;\n", block, re.M)
    assert listed, "the manual's upstream names no server"
    own = "".join(f"    server 127.0.0.1:{port};\n" for port in servers)
    return block.replace("".join(listed), own)


def _knows_http2_on() -> bool:
    shown = subprocess.run([NGINX, "-v"], capture_output=True, text=True, check=True).stderr
    version = tuple(int(part) for part in shown.strip().partition("/")[2].split(" ")[0].split("."))
    return version >= (1, 25, 1)


def _certify(folder: Path) -> None:
    kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    files = ("-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem"))
    command = ["openssl", "req", *kind, "-subj", f"/CN={HOST}", *files]
    subprocess.run(command, check=True, capture_output=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def behind_nginx(folder: Path, environ: dict[str, str], *, hosts: int = 1) -> Iterator[ProxiedSite]:
    """All servers, up and answering; ended afterwards."""
    ports = tuple(free_port() for _ in range(hosts))
    site = ProxiedSite(free_port(), free_port(), ports, folder)
    conf = configuration(folder, site.https, site.http, *ports)
    serve = [sys.executable, "-c", COMMAND, "serve", "--port"]
    with ExitStack() as stack:
        for port in ports:
            started = _running([*serve, str(port)], os.environ | environ, port)
            site.processes.append(stack.enter_context(started))
        command = [NGINX, "-p", str(folder), "-c", str(conf), "-e", str(folder / "start.log")]
        stack.enter_context(_running(command, dict(os.environ), site.https))
        yield site


@contextmanager
def _running(
    command: list[str], environ: dict[str, str], port: int
) -> Iterator["subprocess.Popen[bytes]"]:
    with TemporaryFile() as log:  # a pipe that nobody reads holds up who logs much
        process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=log)
        try:
            _wait_for(port, process, log)
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)


def _wait_for(port: int, process: "subprocess.Popen[bytes]", log: IO[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            log.seek(0)
            raise AssertionError(log.read().decode())
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"nothing listens on port {port} after 30 s")
