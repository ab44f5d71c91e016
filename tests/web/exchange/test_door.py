"""What may be called: nothing private, by no spelling, no redirect and no change of a name."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address

import pytest

from geodata.core.errors import RefusedError
from tests.web.exchange.little_server import HOSTS, LittleServer, Said
from web.services.common import outgoing
from web.services.common.outgoing import Call, NoAnswerError, to_system
from web.services.common.public_addresses import check_url, destination, is_public

PRIVATE = [  # IANA's registries of special-purpose addresses, and ways to hide one in another
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.168.1.1",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "fec0::1",
    "::127.0.0.1",
    "::ffff:0:7f00:1",
    "64:ff9b:1::7f00:1",
    "4000::1",
    "192.0.0.8",  # RFC 7600
    "192.88.99.1",  # RFC 7526
    "3fff::1",  # RFC 9637
]


@pytest.mark.parametrize("address", PRIVATE)
def test_special_addresses_are_not_anybodys(address: str) -> None:
    assert not is_public(ip_address(address))


def test_addresses_of_the_internet_are_anybodys() -> None:
    for address in ("93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"):
        assert is_public(ip_address(address))


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://127.0.0.1/x", "private address"),
        ("https://[::1]/x", "private address"),
        ("https://[::ffff:10.0.0.1]/x", "private address"),
        ("https://localhost/x", "private address"),
        ("https://LOCALHOST./x", "private address"),
        ("https://db.internal/x", "private address"),
        ("https://2130706433/x", "private address"),
        ("https://0x7f000001/x", "private address"),
        ("https://127.1/x", "private address"),
        ("http://jobs.example.com/x", "by https://"),
        ("https://user:pw@jobs.example.com/x", "before @"),
        ("ftp://jobs.example.com/x", "no address of the web"),
        ("file:///etc/passwd", "no address of the web"),
        ("https:///x", "no address of the web"),
        ("https://jobs.example.com:99999/", "no address of the web"),
        ("https://jobs.example.com/a b", "a space or a letter"),
        ("https://jobs.example.com/a\r\nHost: evil", "a space or a letter"),
        ("jobs.example.com", "no address of the web"),
    ],
)
def test_addresses_that_may_not_be_entered(url: str, why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        check_url(url, frozenset())


def _resolves(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Each look-up gives the next answer, the last for ever; what was looked up."""
    names: list[str] = []

    def look_up(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        names.append(host)
        addresses = answers[min(len(names), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return names


def test_name_with_a_private_address_among_others_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _resolves(monkeypatch, ["93.184.216.34", "10.0.0.7"])
    with pytest.raises(RefusedError, match=r"jobs\.example\.com \(10\.0\.0\.7\)"):
        to_system(Call("https://jobs.example.com/"), frozenset())


def test_name_that_changes_after_it_was_judged_is_called_where_it_was_judged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = _resolves(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])
    called: list[tuple[str, int]] = []

    def connect(where: tuple[str, int], **_: object) -> None:
        called.append(where)
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(NoAnswerError, match="cannot be reached"):
        to_system(Call("https://jobs.example.com/hook"), frozenset())
    assert (names, called) == (["jobs.example.com"], [("93.184.216.34", 443)])


def test_host_that_the_operator_allows_is_called_by_http(other: LittleServer) -> None:
    where = destination(other.address, HOSTS)
    assert (where.address, where.is_tls) == ("127.0.0.1", False)
    with pytest.raises(RefusedError, match="by https://"):
        destination(other.address, frozenset({"localhost"}))


def test_redirect_is_not_followed(other: LittleServer) -> None:
    other.play = lambda _: Said(302, headers={"Location": f"{other.address}/secret"})
    answer = to_system(Call(f"{other.address}/hook"), HOSTS)
    assert (answer.status, answer.moved_to) == (302, f"{other.address}/secret")
    assert [each.path for each in other.heard] == ["/hook"]


def test_answer_that_is_too_long_is_not_read_whole(other: LittleServer) -> None:
    other.play = lambda _: Said(200, b"x" * 10_001)
    with pytest.raises(NoAnswerError, match="longer than 10,000 bytes"):
        to_system(Call(other.address), HOSTS, most_bytes=10_000)


@contextmanager
def _dripping() -> Iterator[str]:
    """Sends a byte every 30 ms and no end: each comes in time, and the answer never."""
    listener = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def drip() -> None:
        client, _ = listener.accept()
        with client:
            client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            while not ended.wait(0.03):
                try:
                    client.sendall(b"x")
                except OSError:
                    return

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        ended.set()
        thread.join()
        listener.close()


def test_slow_answer_ends_with_its_time() -> None:
    with _dripping() as address, pytest.raises(NoAnswerError, match=r"within 0\.3 seconds"):
        to_system(Call(address), HOSTS, timeout_s=0.3)


def test_answer_that_drips_after_a_slow_connection_ends_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connect = socket.create_connection

    def connect_slowly(*where: object, **terms: object) -> socket.socket:
        made = connect(*where, **terms)
        time.sleep(0.3)  # the time of the whole is over before there is anything to shut
        return made

    monkeypatch.setattr(socket, "create_connection", connect_slowly)
    with _dripping() as address, pytest.raises(NoAnswerError, match=r"within 0\.2 seconds"):
        to_system(Call(address), HOSTS, timeout_s=0.2)


def test_query_that_this_site_writes_may_be_as_long_as_it_needs() -> None:
    """An address of 450 letters and 60 service codes of 8 are each as the form takes them."""
    base = "https://jobs.example.com/" + "a" * 425
    check_url(f"{base}?service_code={'canister,' * 60}", frozenset())
    with pytest.raises(RefusedError, match="no address of the web"):
        check_url(base + "a" * 51, frozenset())


def test_machine_that_is_gone_is_said_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(NoAnswerError, match=r"127\.0\.0\.1 cannot be reached"):
        to_system(Call(f"http://127.0.0.1:{port}/"), HOSTS)


def test_name_that_nobody_has_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(NoAnswerError, match=r"no machine of the name gone\.example"):
        to_system(Call("https://gone.example/"), frozenset())


def test_the_whole_door_has_a_limit_of_time() -> None:
    assert 0 < outgoing.TIMEOUT_S <= 30
