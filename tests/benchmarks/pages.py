"""What one request of each page costs as the record grows: a table in Markdown, by hand.

    python -m tests.benchmarks.pages --sizes 1e4 1e5 1e6 --folder FOLDER
    python -m tests.benchmarks.pages --sizes 1e4 1e5 --server postgresql+psycopg://…

A store of so many reports over six years, six in ten at 400 places, is made in FOLDER (or in
databases of a PostGIS server), linked and detected on once, which takes minutes at 1e5, and used
again where it is there. With ``--a-year 30000`` the record grows in length instead: as many reports
in each year. Each page is asked once to warm it up and once to be measured, in this process:
seconds of processor, statements sent to the store, bytes of the answer and bytes compressed.
The growth is the exponent of the seconds from the smallest size to the largest: 0 is a page that
costs the same, 1 one that costs ten times as much for ten times the record. ``--pages /officer``
measures only addresses that start so.
"""

import argparse
import gzip
import logging
import math
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from geodata import detections, places
from geodata.accounts import users
from geodata.core.vocabulary import PlaceKind
from geodata.importers.options import ImportOptions
from geodata.store.engine import Store, open_store
from hotspots.detection import DetectionParams
from tests.databases import address_of, new_database
from tests.passwords import hashed
from tests.signing_key import SIGNING_KEY
from tests.statements import counted
from tests.taking_in import import_file
from web.application import create_app
from web.config import Config
from web.services.clearing.kept_jobs import keep_changed
from web.services.detection import detecting

NOW = datetime(2026, 6, 1, tzinfo=UTC)
WEST, SOUTH, SIDE_M, SITES = 550_000, 170_000, 8_500, 400
PASSWORD = "a long enough password"
YEARS = 6
REPORT = "/officer/committee"
"""Sent, and so compiled."""
PAGES = (
    "/",
    "/figures.json",
    "/wards.geojson",
    "/officer/hotspots",
    "/officer/hotspots.geojson",
    "/officer/incidents.geojson",
    "/officer/surface.geojson",
    "/officer/hotspots/{hotspot}",
    "/officer/hotspots/{hotspot}/incidents.geojson",
    "/officer/borough",
    "/officer/incidents",
    "/officer/performance?last=2026-06-01",
    "/officer/performance?last=2026-06-01&by=week",
    "/officer/performance?last=2026-06-01&by=ward",
    "/officer/performance?last=2026-06-01&by=hotspot",
    "/officer/weeks",
    "/officer/interventions",
    "/contractor/",
    "/enforcement/",
    "/enforcement/notices",
    "/officer/partnership",
    REPORT,
)


def reports(n: int, years: float) -> pd.DataFrame:
    """``n`` rows of an import over the years up to now: 60 % within 10 m or so of a site, cleared
    within five days."""
    rng = np.random.default_rng(1)
    sites = rng.uniform(0, SIDE_M, (SITES, 2))
    near = sites[rng.integers(0, SITES, n)] + rng.normal(0, 10, (n, 2))
    xy = np.where((rng.random(n) < 0.6)[:, None], near, rng.uniform(0, SIDE_M, (n, 2)))
    xy = np.clip(xy, 0, SIDE_M - 1)
    days = rng.uniform(6, years * 365, n)
    reported_at = pd.Series(pd.Timestamp(NOW.date()) - pd.to_timedelta(days, unit="D")).dt.floor(
        "min"
    )
    cleared = reported_at + pd.to_timedelta(rng.uniform(0.1, 5, n), unit="D")
    form = "%Y-%m-%dT%H:%M:%SZ"
    return pd.DataFrame(
        {
            "reference": [f"1-{i}" for i in range(n)],
            "reported_at": reported_at.dt.strftime(form),
            "easting": (WEST + xy[:, 0]).round(1),
            "northing": (SOUTH + xy[:, 1]).round(1),
            "chargers": rng.integers(1, 90, n),
            "cleared_at": cleared.dt.strftime(form),
        }
    )


def fill(store: Store, n: int, years: float, folder: Path) -> None:
    """A borough of four wards, its reports, their incidents and a detection run."""
    path = folder / f"reports-{n}.csv"
    reports(n, years).to_csv(path, index=False)
    half = SIDE_M / 2
    with store.writing() as session:
        box = shapely.box(WEST, SOUTH, WEST + SIDE_M, SOUTH + SIDE_M)
        places.add(session, PlaceKind.BOROUGH, "Testford", box)
        for column in range(2):
            for row in range(2):
                x, y = WEST + column * half, SOUTH + row * half
                ward = shapely.box(x, y, x + half, y + half)
                places.add(session, PlaceKind.WARD, f"Ward {column}{row}", ward)
        users.add(
            session, "manager", hashed(PASSWORD), "manager", now=NOW, may_read_enforcement=True
        )
        users.add(session, "crew", hashed(PASSWORD), "contractor", now=NOW)
        import_file(session, "reports", path, ImportOptions(), now=NOW)
    with store.writing() as session:
        detecting.run(session, DetectionParams(), as_of=NOW - timedelta(hours=2), now=NOW)


def filled(n: int, years: float, folder: Path, server: str | None) -> Store:
    """The store of a size, made where it is not there, with each month's jobs kept as by a tick."""
    name = f"pages-{n}-{years:.2f}".replace(".", "_")
    if server is None:
        path = folder / f"{name}.gpkg"
        is_there = path.exists()
        store = open_store(f"sqlite:///{path}", create=not is_there)
    else:
        store = open_store(address_of(server, new_database(server)))
        is_there = False
    if not is_there:
        fill(store, n, years, folder)
    keep_changed(store)
    return store


@dataclass(frozen=True)
class Cost:
    """What one request of a page cost."""

    status: int
    seconds: float
    statements: int
    size: int
    compressed: int


def cost(client: FlaskClient, store: Store, address: str) -> Cost:
    _ask(client, address).close()
    with counted(store) as sent:
        started = time.process_time()
        answer = _ask(client, address)
        body = answer.get_data()
        seconds = time.process_time() - started
    return Cost(answer.status_code, seconds, len(sent), len(body), len(gzip.compress(body, 6)))


def _ask(client: FlaskClient, address: str) -> TestResponse:
    if address == REPORT:
        days = {"first": "2025-06-01", "last": "2026-05-31", "audience": "public"}
        return client.post(address, data=days)
    return client.get(address)


def costs(store: Store, start: str) -> Iterator[tuple[str, Cost]]:
    """Each page's cost for whoever may see it."""
    app = create_app(Config(secret_key=SIGNING_KEY, insecure_cookies=True), store=store)
    app.config.update(WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    clients = {name: app.test_client() for name in ("manager", "crew")}
    for name, client in clients.items():
        client.post("/sign-in", data={"name": name, "password": PASSWORD})
    with store.reading() as session:
        run = detections.latest_run(session)
        spots = detections.hotspots_of(session, run.id) if run else []
    for page in PAGES:
        if not page.startswith(start) or ("{hotspot}" in page and not spots):
            continue
        client = clients["crew" if page.startswith("/contractor") else "manager"]
        yield page, cost(client, store, page.format(hotspot=spots[0][1].code if spots else ""))


def growth(small: Cost, large: Cost, times: float) -> float:
    """The exponent; what takes less than a hundredth of a second is noise."""
    seconds = [max(each.seconds, 0.01) for each in (small, large)]
    return math.log(seconds[1] / seconds[0]) / math.log(times)


def print_table(options: argparse.Namespace, folder: Path) -> None:
    """One row a page and size, as they are measured; then the growth of each page."""
    print("| page | store | reports | status | CPU s | queries | kB | kB gzip |")
    print("|---|---|---|---|---|---|---|---|")
    costs_by_page: dict[str, list[Cost]] = {}
    for size in options.sizes:
        years = size / options.a_year if options.a_year else YEARS
        store = filled(int(size), years, folder, options.server)
        kind = "GeoPackage" if store.is_embedded else "PostGIS"
        for page, c in costs(store, options.pages):
            costs_by_page.setdefault(page, []).append(c)
            amounts = f"{c.seconds:.3f} | {c.statements} | {c.size / 1e3:.0f}"
            row = f"| `{page}` | {kind} | {size:.0e} | {c.status} | {amounts}"
            print(f"{row} | {c.compressed / 1e3:.0f} |", flush=True)
        store.close()
    if len(options.sizes) > 1:
        print("\n| page | growth |\n|---|---|")
        for page, of_page in costs_by_page.items():
            times = options.sizes[-1] / options.sizes[0]
            print(f"| `{page}` | {growth(of_page[0], of_page[-1], times):+.2f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="+", type=float, default=[1e4, 1e5])
    parser.add_argument("--a-year", type=float, help="reports a year; without it, six years")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--server", help="address of a PostGIS server's database")
    parser.add_argument("--pages", default="/")
    options = parser.parse_args()
    logging.disable(logging.INFO)
    print_table(options, options.folder or Path(tempfile.mkdtemp()))


if __name__ == "__main__":
    main()
