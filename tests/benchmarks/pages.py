"""What one request of each page costs as the record grows: a table in Markdown, by hand.

    python -m tests.benchmarks.pages --sizes 1e4 1e5 --folder FOLDER

A store of so many reports over six years, six in ten at 400 places, is made in FOLDER, linked and
detected on once, which takes minutes at 1e5, and used again where it is there. Each page is asked
once to warm it up and once to be measured, in this process: seconds of processor, statements sent
to the store, bytes of the answer and bytes compressed. ``--pages /officer`` measures only addresses
that start so.
"""

import argparse
import gzip
import logging
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from flask.testing import FlaskClient

from geodata import detections, places
from geodata.core.vocabulary import PlaceKind
from geodata.importers.batches import ImportOptions
from geodata.people import users
from geodata.store.engine import Store, open_store
from hotspots.detection import DetectionParams
from tests.passwords import hashed
from tests.signing_key import SIGNING_KEY
from tests.statements import counted
from tests.taking_in import import_file
from web.application import create_app
from web.config import Config
from web.services.hotspots import detecting
from web.services.incidents import linking

NOW = datetime(2026, 6, 1, tzinfo=UTC)
WEST, SOUTH, SIDE_M, SITES = 550_000, 170_000, 8_500, 400
PASSWORD = "a long enough password"
PAGES = (
    "/",
    "/wards.geojson",
    "/officer/hotspots",
    "/officer/hotspots.geojson",
    "/officer/incidents.geojson",
    "/officer/surface.geojson",
    "/officer/hotspots/{hotspot}",
    "/officer/incidents",
    "/officer/performance?last=2026-06-01",
    "/officer/weeks",
    "/officer/interventions",
    "/contractor/",
    "/enforcement/",
    "/enforcement/notices",
    "/officer/partnership",
)


def reports(n: int) -> pd.DataFrame:
    """``n`` rows of an import: 60 % within 10 m or so of a site, cleared within five days."""
    rng = np.random.default_rng(1)
    sites = rng.uniform(0, SIDE_M, (SITES, 2))
    near = sites[rng.integers(0, SITES, n)] + rng.normal(0, 10, (n, 2))
    xy = np.where((rng.random(n) < 0.6)[:, None], near, rng.uniform(0, SIDE_M, (n, 2)))
    xy = np.clip(xy, 0, SIDE_M - 1)
    days = rng.uniform(0, 6 * 365, n)
    told = pd.Series(pd.Timestamp("2020-06-01") + pd.to_timedelta(days, unit="D")).dt.floor("min")
    cleared = told + pd.to_timedelta(rng.uniform(0.1, 5, n), unit="D")
    form = "%Y-%m-%dT%H:%M:%SZ"
    return pd.DataFrame(
        {
            "reference": [f"1-{i}" for i in range(n)],
            "reported_at": told.dt.strftime(form),
            "easting": (WEST + xy[:, 0]).round(1),
            "northing": (SOUTH + xy[:, 1]).round(1),
            "chargers": rng.integers(1, 90, n),
            "cleared_at": cleared.dt.strftime(form),
        }
    )


def fill(store: Store, n: int, folder: Path) -> None:
    """A borough of four wards, its reports, their incidents and a detection run."""
    path = folder / f"reports-{n}.csv"
    reports(n).to_csv(path, index=False)
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
        linking.relink(session, now=NOW)
    with store.writing() as session:
        detecting.run(session, DetectionParams(), as_of=NOW, now=NOW)


def filled(n: int, folder: Path) -> Store:
    path = folder / f"pages-{n}.gpkg"
    is_there = path.exists()
    store = open_store(f"sqlite:///{path}", create=not is_there)
    if not is_there:
        fill(store, n, folder)
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
    client.get(address).close()
    with counted(store) as sent:
        started = time.process_time()
        answer = client.get(address)
        body = answer.get_data()
        seconds = time.process_time() - started
    return Cost(answer.status_code, seconds, len(sent), len(body), len(gzip.compress(body, 6)))


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="+", type=float, default=[1e4, 1e5])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--pages", default="/")
    asked = parser.parse_args()
    logging.disable(logging.INFO)
    folder = asked.folder or Path(tempfile.mkdtemp())
    print("| page | reports | status | CPU s | queries | kB | kB gzip |")
    print("|---|---|---|---|---|---|---|")
    for size in asked.sizes:
        store = filled(int(size), folder)
        for page, c in costs(store, asked.pages):
            figures = (
                f"{c.seconds:.2f} | {c.statements} | {c.size / 1e3:.0f} | {c.compressed / 1e3:.0f}"
            )
            print(f"| `{page}` | {size:.0e} | {c.status} | {figures} |", flush=True)
        store.close()


if __name__ == "__main__":
    main()
