"""What it costs to write: imports, undoing them, linking and a report. Tables, by hand.

    python -m tests.benchmarks.writing --sizes 1e4 1e5
    python -m tests.benchmarks.writing --sizes 1e4 1e5 --server postgresql+psycopg://…

Of each size a store is filled by an import of so many reports, as ``hotspots import`` does it, and
then written to: a hundred reports more, and out again; a report, by all pages of its questionnaire
and by its last step alone; and the long import, out again. All is in seconds of this process's
processor (of PostGIS the server's own are not in it), so that busy neighbours matter little. The
lock is the longest turn as a writer. The peer of a report is Flask and SQLite's module alone: a
form of four fields, one row, one commit that reaches the disk.
"""

import argparse
import logging
import math
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import flask
import pytest
import shapely
from flask.testing import FlaskClient

from geodata import places
from geodata.core.vocabulary import PlaceKind
from geodata.importers.options import ImportOptions
from geodata.store.engine import Store, open_store
from tests.benchmarks.pages import NOW, SIDE_M, SOUTH, WEST, YEARS, reports
from tests.benchmarks.speed import our_linking
from tests.benchmarks.waiting import draft
from tests.databases import address_of, new_database
from tests.signing_key import SIGNING_KEY
from tests.web.reporting import QUICK, begin
from web.application import create_app
from web.config import Config
from web.services.imports import importing, loading, taking_out

FEW, TIMES = 100, 20


@dataclass
class Cost:
    """Seconds of processor, and of the longest turn of the writer's lock among them."""

    seconds: float
    lock: float = 0.0


@contextmanager
def measured(store: Store | None = None) -> Iterator[Cost]:
    """What runs inside, and its turns."""
    cost, writing = Cost(0.0), Store.writing

    @contextmanager
    def timed(self: Store, *, sees_unfinished: bool = False) -> Iterator[object]:
        with writing(self, sees_unfinished=sees_unfinished) as session:
            began = time.process_time()
            yield session
            cost.lock = max(cost.lock, time.process_time() - began)

    with pytest.MonkeyPatch.context() as patch:
        if store is not None:
            patch.setattr(Store, "writing", timed)
            patch.setattr(loading, "REST_S", 0)
        began = time.process_time()
        yield cost
        cost.seconds = time.process_time() - began


def new_store(folder: Path, n: int, server: str | None) -> Store:
    """An empty store of a borough of four wards."""
    file = f"sqlite:///{folder}/writing-{n}.gpkg"
    store = open_store(address_of(server, new_database(server)) if server else file, create=True)
    half = SIDE_M / 2
    with store.writing() as session:
        box = shapely.box(WEST, SOUTH, WEST + SIDE_M, SOUTH + SIDE_M)
        places.add(session, PlaceKind.BOROUGH, "Testford", box)
        for number in range(4):
            x, y = WEST + number % 2 * half, SOUTH + number // 2 * half
            ward = shapely.box(x, y, x + half, y + half)
            places.add(session, PlaceKind.WARD, f"Ward {number}", ward)
    return store


def take_in(store: Store, folder: Path, n: int, name: str) -> tuple[int, Cost]:
    """The batch of an import of ``n`` rows, and what it cost."""
    rows, path = reports(n, YEARS), folder / f"{name}-{n}.csv"
    rows.assign(reference=name + rows["reference"], easting=rows["easting"] + len(name)).to_csv(
        path, index=False
    )
    with measured(store) as cost:
        result = importing.take_in(store, "reports", path, ImportOptions(), now=NOW)
    return result.batch or 0, cost


def take_out(store: Store, batch: int) -> Cost:
    with measured(store) as cost:
        taking_out.undo(store, batch, now=NOW)
    return cost


def client_of(store: Store) -> FlaskClient:
    app = create_app(Config(secret_key=SIGNING_KEY, insecure_cookies=True), store=store)
    app.config.update(WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    return app.test_client()


def last_step(store: Store) -> Cost:
    """One report of ``TIMES``, from its last page's button to the address of its receipt."""
    client, chance = client_of(store), random.Random(1)
    with store.writing() as session:
        keys = [draft(session, chance) for _ in range(TIMES + 1)]

    def send(key: str) -> None:
        answer = client.post(f"/report/{key}/check", data={"website": ""})
        assert answer.location.endswith("/receipt"), answer.location

    send(keys.pop())
    return each(lambda: send(keys.pop()))


def questionnaire(store: Store) -> Cost:
    """One report of ``TIMES``: each page looked at and sent, and the receipt."""
    client, chance = client_of(store), random.Random(2)

    def fill_in() -> None:
        client.get("/report")
        page = f"/report/{begin(client)}/place"
        while not page.endswith("/receipt"):
            assert client.get(page).status_code == 200, page
            question = page.rsplit("/", 1)[1]
            form = {"place": {"words": grid_reference(chance)}, "check": {"website": ""}} | QUICK
            page = client.post(page, data=form[question]).location
        assert client.get(page).status_code == 200

    fill_in()
    return each(fill_in)


def grid_reference(chance: random.Random) -> str:
    """Somewhere in the borough, to 10 m."""
    return f"TQ {5_010 + chance.randrange(830)} {7_010 + chance.randrange(830)}"


def bare_insert(folder: Path) -> Cost:
    """The peer."""
    database = sqlite3.connect(folder / "bare.db", isolation_level=None)
    for line in (
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",
        "CREATE TABLE report (id INTEGER PRIMARY KEY, at TEXT, x REAL, y REAL, words TEXT)",
    ):
        database.execute(line)
    app = flask.Flask("bare")

    @app.post("/report")
    def take() -> object:
        row = [flask.request.form[name] for name in ("at", "x", "y", "words")]
        database.execute("BEGIN IMMEDIATE")
        database.execute("INSERT INTO report (at, x, y, words) VALUES (?, ?, ?, ?)", row)
        database.execute("COMMIT")
        return flask.redirect("/receipt")

    client, form = app.test_client(), {"at": "now", "x": "1", "y": "2", "words": "a few"}
    client.post("/report", data=form)
    return each(lambda: client.post("/report", data=form))


def each(act: Callable[[], object]) -> Cost:
    with measured() as cost:
        for _ in range(TIMES):
            act()
    return Cost(cost.seconds / TIMES)


def link_alone(n: int) -> Cost:
    run = our_linking(n)
    with measured() as cost:
        run()
    return cost


def costs(folder: Path, n: int, server: str | None) -> dict[str, Cost]:
    store = new_store(folder, n, server)
    batch, long = take_in(store, folder, n, "a")
    of_size = {"import of all": long}
    take_in(store, folder, FEW, "warm")
    few, of_size[f"import of {FEW} more"] = take_in(store, folder, FEW, "few")
    of_size[f"undo of these {FEW}"] = take_out(store, few)
    of_size["a report, last step"] = last_step(store)
    of_size["a report, all its pages"] = questionnaire(store)
    of_size["linking all, without a store"] = link_alone(n)
    of_size["undo of all"] = take_out(store, batch)
    store.close()
    return of_size


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="+", type=float, default=[1e4, 1e5])
    parser.add_argument("--server", help="address of a PostGIS server's database")
    options = parser.parse_args()
    logging.disable(logging.INFO)
    folder = Path(tempfile.mkdtemp())
    kind = "PostGIS" if options.server else "GeoPackage"
    peer = bare_insert(folder)
    print(f"Bare Flask and SQLite: {peer.seconds * 1e3:.2f} ms a report.\n")
    print("| what | store | reports | CPU s | longest lock, CPU s | rows a CPU s | × bare |")
    print("|---|---|---|---|---|---|---|")
    by_size = {int(size): costs(folder, int(size), options.server) for size in options.sizes}
    for n, of_size in by_size.items():
        for what, cost in of_size.items():
            n_rows = FEW if str(FEW) in what else n
            rate = "" if what.startswith("a report") else f"{n_rows / cost.seconds:,.0f}"
            ratio = f"{cost.seconds / peer.seconds:.0f}" if what.startswith("a report") else ""
            line = f"| {what} | {kind} | {n:.0e} | {cost.seconds:.3f} | {cost.lock:.3f}"
            print(f"{line} | {rate} | {ratio} |", flush=True)
    small, large = min(by_size), max(by_size)
    if small < large:
        print("\n| what | growth |\n|---|---|")
        for what, cost in by_size[small].items():
            times = by_size[large][what].seconds / cost.seconds
            print(f"| {what} | {math.log(times) / math.log(large / small):+.2f} |")


if __name__ == "__main__":
    main()
