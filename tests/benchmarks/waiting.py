"""How long a report waits while the heavy work runs beside it: several minutes, by hand.

``hotspots serve`` runs as a process of its own, and so does each piece of work. Reports are sent at
a steady pace all the while, each filled in beforehand; what is timed is the last step, from the
button to the receipt. Run it for either store:

    python -m tests.benchmarks.waiting
    python -m tests.benchmarks.waiting --url postgresql+psycopg://user:password@127.0.0.1/empty
"""

import argparse
import itertools
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from ssl import SSLContext
from urllib.parse import urlencode
from urllib.request import urlopen

import numpy as np
import shapely
from sqlalchemy.orm import Session

from geodata import places
from geodata.core.vocabulary import PlaceKind
from geodata.reports import drafts
from geodata.store.engine import Store, open_store
from tests.signing_key import SIGNING_KEY
from tests.web.visitors import Visitor
from web.services.common.placing import Spot
from web.services.reporting.answers import QUESTIONS, Answers

PATIENCE_S = 60
SIDE_M, SPOTS, YEARS = 10_000, 3_000, 6
WEST, SOUTH = 550_000, 170_000
HOTSPOTS = (sys.executable, "-c", "from web.cli import main; main()")


class Reporters:
    """Send reports at a steady pace, and remember how long each waited."""

    def __init__(
        self, site: str, keys: Iterator[str], per_s: float, *, tls: SSLContext | None = None
    ) -> None:
        self.site, self.keys, self.per_s, self.tls = site, keys, per_s, tls
        self.waits_s: list[float] = []
        self.health_s: list[float] = []
        self.refused = 0

    @contextmanager
    def sending(self) -> Iterator[None]:
        is_over, threads = threading.Event(), list[threading.Thread]()
        clock = threading.Thread(target=self._start, args=(is_over, threads))
        clock.start()
        try:
            yield
        finally:
            is_over.set()
            clock.join()
            for thread in threads:
                thread.join()

    def _start(self, is_over: threading.Event, threads: list[threading.Thread]) -> None:
        while not is_over.wait(1 / self.per_s):
            # A report does not wait for the one before it: else a stop would be met by one alone.
            for work in (self._send, self._ask_health):
                threads.append(threading.Thread(target=work))
                threads[-1].start()

    def _send(self) -> None:
        visitor, at = (
            Visitor(self.site, tls=self.tls),
            f"{self.site}/report/{next(self.keys)}/check",
        )
        began = time.monotonic()
        try:
            with visitor.opener.open(at, timeout=PATIENCE_S) as page:
                token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.read().decode())
            began = time.monotonic()
            body = urlencode({"website": "", "csrf_token": token[1] if token else ""}).encode()
            with visitor.opener.open(at, body, timeout=PATIENCE_S) as receipt:
                assert receipt.url.endswith("/receipt"), receipt.url
        except OSError:  # 503, or no answer at all
            self.refused += 1
        self.waits_s.append(time.monotonic() - began)

    def _ask_health(self) -> None:
        began = time.monotonic()
        at = f"{self.site}/health"
        with suppress(OSError), urlopen(at, timeout=PATIENCE_S, context=self.tls):
            pass
        self.health_s.append(time.monotonic() - began)

    def line(self, name: str, took_s: float) -> str:
        waits, health = np.array(self.waits_s or [np.nan]), np.array(self.health_s or [np.nan])
        return (
            f"| {name} | {took_s:.0f} | {len(self.waits_s)} | {np.quantile(waits, 0.5):.2f} | "
            f"{np.quantile(waits, 0.99):.2f} | {waits.max():.2f} | {self.refused} | "
            f"{health.max():.2f} |"
        )


def draft(session: Session, chance: random.Random) -> str:
    """The key of a report that only has to be sent."""
    x, y = WEST + chance.uniform(100, SIDE_M - 100), SOUTH + chance.uniform(100, SIDE_M - 100)
    answers = Answers(spot=Spot(x, y, 10.0, "pin"), done=QUESTIONS)
    return drafts.start(session, answers.to_document(), now=datetime.now(UTC)).key


def write_file(path: Path, rows: int, seed: int) -> Path:
    """A file of reports of past years, many of a spot."""
    chance = random.Random(seed)
    spots = [
        (chance.uniform(100, SIDE_M - 100), chance.uniform(100, SIDE_M - 100)) for _ in range(SPOTS)
    ]
    until = datetime.now(UTC) - timedelta(days=30)
    with path.open("w") as file:
        file.write("ref,reported_at,easting,northing,canisters\n")
        for number in range(rows):
            x, y = chance.choice(spots)
            at = until - timedelta(days=chance.uniform(0, 365 * YEARS))
            file.write(f"{path.stem}-{number},{at.isoformat()},{WEST + x:.0f},{SOUTH + y:.0f},9\n")
    return path


def run(url: str, *words: object) -> None:
    """A command of the program, as a process of its own."""
    done = subprocess.run(
        [*HOTSPOTS, *map(str, words)],
        env=environment(url),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"hotspots {' '.join(map(str, words))}: {done.stdout}{done.stderr}")


def environment(url: str) -> dict[str, str]:
    return os.environ | {
        "HOTSPOTS_DATABASE_URL": url,
        "HOTSPOTS_SECRET_KEY": SIGNING_KEY,
        "HOTSPOTS_INSECURE_COOKIES": "1",
    }


@contextmanager
def served(url: str) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [*HOTSPOTS, "serve", "--port", str(port)],
        env=environment(url),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    site = f"http://127.0.0.1:{port}"
    try:
        Visitor(site).ask("/health")
        yield site
    finally:
        server.terminate()
        server.wait(timeout=60)


def works(url: str, folder: Path, rows: int) -> dict[str, Callable[[], object]]:
    """What runs beside the reports; a server's own backup is its administrator's."""
    copy = folder / "copy.gpkg"
    all_of_them: dict[str, Callable[[], object]] = {
        "nothing": lambda: time.sleep(20),
        "a detection": lambda: run(url, "detect"),
        f"an import of {rows:,} rows": lambda: run(
            url, "import", "reports", write_file(folder / "more.csv", rows, 2)
        ),
    }
    if url.startswith("sqlite"):
        all_of_them["a backup"] = lambda: run(url, "backup", copy)
        all_of_them["a rehearsed restore"] = lambda: run(url, "restore", copy, "--check-only")
    return all_of_them


def fill(store: Store, n_drafts: int) -> list[str]:
    chance = random.Random(3)
    with store.writing() as session:
        area = shapely.box(WEST, SOUTH, WEST + SIDE_M, SOUTH + SIDE_M)
        places.add(session, PlaceKind.BOROUGH, "Testford", area)
        return [draft(session, chance) for _ in range(n_drafts)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="an empty store; a new GeoPackage where none is given")
    parser.add_argument("--before", type=int, default=40_000, help="reports there are already")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--per-s", type=float, default=4)
    parser.add_argument("--drafts", type=int, default=6_000)
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    url = chosen.url or f"sqlite:///{folder}/waiting.gpkg"
    store = open_store(url, create=True)
    keys = iter(fill(store, chosen.drafts))
    store.close()
    run(url, "import", "reports", write_file(folder / "before.csv", chosen.before, 1))
    print("| beside | took s | reports | p50 s | p99 s | longest s | refused | health, longest s |")
    print("|---|---|---|---|---|---|---|---|")
    with served(url) as site:
        warm = Reporters(site, itertools.islice(keys, 10), chosen.per_s)
        for _ in range(5):
            warm._send()
        for name, work in works(url, folder, chosen.rows).items():
            reporters, began = Reporters(site, keys, chosen.per_s), time.monotonic()
            with reporters.sending():
                work()
            print(reporters.line(name, time.monotonic() - began), flush=True)


if __name__ == "__main__":
    main()
