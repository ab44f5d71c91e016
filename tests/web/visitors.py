"""People who report over real HTTP and, when the server dies, press the button again."""

import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPException
from http.cookiejar import CookieJar
from os import kill
from pathlib import Path
from ssl import SSLContext
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPSHandler, build_opener

from tests.web.reporting import QUICK

PATIENCE_S = 600
LONGEST_LIFE_S = 0.6
"""A killed server had answered for at most so long: a few pages."""
GONE = (502, 504)
"""What a proxy answers for a server that died."""
TRY_AGAIN = 503
"""What the site answers while its database is away, with what was entered and a button."""
ANSWERS = QUICK | {
    "nearby": {"choice": "none"},
    "more": {"description": "", "email": "jo@example.org"},
    "check": {"website": ""},
}


class Visitor:
    """One browser without JavaScript: cookies, forms with their token, redirects followed."""

    def __init__(
        self, site: str, *, tls: SSLContext | None = None, tries_again: Collection[int] = GONE
    ) -> None:
        self.site, self.tries_again = site, tries_again
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()), HTTPSHandler(context=tls))
        self.opener.addheaders = [("Referer", site)]
        self.token = ""

    def ask(self, address: str, data: dict[str, str] | None = None) -> str:
        """The address where it ends; asked again while nobody answers."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            body = None if data is None else urlencode(data | {"csrf_token": self.token}).encode()
            try:
                with self.opener.open(self.site + address, body, timeout=20) as answer:
                    page = answer.read().decode()
            except HTTPError as error:
                if error.code in self.tries_again:
                    continue
                raise AssertionError(f"{address}: {error.code} {error.read().decode()}") from error
            except (URLError, HTTPException, OSError):
                time.sleep(0.02)
                continue
            match = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
            self.token = match[1] if match else self.token
            return answer.url[len(self.site) :]
        raise TimeoutError(f"{address} did not answer for {PATIENCE_S} s")

    def fill(self, words: str) -> str:
        """Answer every question but the last; the address of the check."""
        self.ask("/report")
        at = self.ask("/report", {})
        while not at.endswith("/check"):
            question = at.rsplit("/", 1)[1]
            at = self.ask(at, {"words": words} if question == "place" else ANSWERS[question])
        return at

    def report(self, words: str) -> str:
        """The reference on the receipt that was shown."""
        return self.send(self.fill(words))

    def send(self, check: str) -> str:
        """Send what is filled in; the reference on the receipt that was shown."""
        self.ask(check)
        receipt = self.ask(check, ANSWERS["check"])
        assert receipt.endswith("/receipt"), receipt
        return receipt.split("/")[2]


class KillableSite:
    """A site whose server can be killed at any moment and comes back."""

    def __init__(self, url: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        self.starter = subprocess.Popen(
            [sys.executable, "-m", "tests.web.killable_server", url, str(port)],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.start()

    def start(self) -> None:
        assert self.starter.stdin is not None
        assert self.starter.stdout is not None
        self.starter.stdin.write("start\n")
        self.starter.stdin.flush()
        self.server = int(self.starter.stdout.readline())

    def kill(self) -> None:
        """SIGKILL: nothing is finished, flushed or said."""
        kill(self.server, signal.SIGKILL)

    def close(self) -> None:
        self.kill()
        assert self.starter.stdin is not None
        assert self.starter.stdout is not None
        self.starter.stdin.close()
        self.starter.wait(timeout=20)
        self.starter.stdout.close()


@contextmanager
def killable_site(url: str) -> Iterator[KillableSite]:
    site = KillableSite(url)
    try:
        yield site
    finally:
        site.close()


def report_under_fire(
    site: KillableSite,
    visit: Callable[[Visitor, int], str],
    visitors: int,
    *,
    at_once: int,
    kills: int,
    seed: int,
    kill: Callable[[], None] | None = None,
) -> tuple[list[str], int]:
    """Let visitors report while the server is killed again and again, up to ``kills`` times.

    ``visit`` does what one visitor does, given their number; the reference on their receipt.
    ``kill`` kills something else, such as the database below, and starts it again.

    Returns
    -------
    references, killed
        Of every receipt that was shown; how often the server was killed.
    """
    is_over = threading.Event()
    killed = 0
    chance = random.Random(seed)

    def visitor() -> Visitor:
        return Visitor(site.address, tries_again=GONE if kill is None else (*GONE, TRY_AGAIN))

    def kill_site() -> None:
        site.kill()
        site.start()

    def fire() -> None:
        nonlocal killed
        while killed < kills and not is_over.wait(chance.uniform(0.01, LONGEST_LIFE_S)):
            (kill or kill_site)()
            killed += 1
            visitor().ask("/health")

    shooter = threading.Thread(target=fire)
    shooter.start()
    try:
        with ThreadPoolExecutor(at_once) as pool:
            references = list(pool.map(lambda n: visit(visitor(), n), range(visitors)))
    finally:
        is_over.set()
        shooter.join()
    return references, killed
