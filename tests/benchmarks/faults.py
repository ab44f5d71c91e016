"""Killed in the middle of everything that writes, and looked at: nothing lost, doubled or half.

Each piece of work runs in a process of its own, which gets SIGKILL at a random moment, again and
again. After each kill the store must be sound (what ``hotspots check --store`` checks), and what
was done must be whole. A small sample runs in CI; the long version by hand, against either store:

    python -m tests.benchmarks.faults sqlite:////tmp/faults.gpkg --kills 200
    python -m tests.benchmarks.faults URL --kinds outcomes migrations
"""

import argparse
import os
import random
import shutil
import signal
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import shapely
from sqlalchemy import func, make_url, select

from geodata import places
from geodata.core.vocabulary import PlaceKind
from geodata.importers.options import ImportOptions
from geodata.models import Clearance, ImportBatch, OutboxMessage, Report, ReporterContact, User
from geodata.people import outbox
from geodata.people.audit import Actor
from geodata.store import backups
from geodata.store.engine import Store, open_store
from geodata.store.soundness import findings
from tests import old_stores
from tests.benchmarks.storm import half_done, submit
from tests.databases import address_of, drop_database, new_database
from web.services.background import ticking
from web.services.background.tick_settings import TickSettings
from web.services.detection import running
from web.services.imports.importing import take_in
from web.services.mail.letters import Sender
from web.services.reporting.intake import NewReport, take_report

START = datetime(2026, 11, 23, 3, tzinfo=UTC)
TICKING = TickSettings(Sender("Testford", "https://canisters.example"))
ROWS = 40
OLD_KEY = "the key of a site whose store is older"


@dataclass(frozen=True)
class Scene:
    """A store, and a folder for what lies beside it."""

    url: str
    folder: Path


def plant_borough(store: Store) -> None:
    """A borough, if there is none yet."""
    with store.writing() as session:
        if places.borough(session) is None:
            area = shapely.box(550_000, 170_000, 560_000, 180_000)
            places.add(session, PlaceKind.BOROUGH, "Testford", area)


def report(store: Store, number: int) -> int:
    """Store a report whose reporter asked for mails; its incident."""
    place = shapely.Point(550_100 + 90 * (number % 100), 170_100 + 90 * (number // 100))
    at = START + timedelta(minutes=number)
    with store.writing() as session:
        taken = take_report(session, NewReport(place, "public", "web", at), now=at)
        outbox.queue(
            session,
            f"fault:{number}",
            kind="receipt",
            recipient="jo@example.org",
            subject="Thank you",
            body="We have your report.",
            now=at,
        )
    return taken.incident_id


def outcome(store: Store, _: Scene, number: int) -> None:
    submit(store, report(store, number), f"outcome-{number}")


def import_(store: Store, scene: Scene, number: int) -> None:
    path = scene.folder / f"import-{number}.csv"
    lines = [f"{number}-{row},2026-05-01,{550_050 + 200 * row},179000\n" for row in range(ROWS)]
    path.write_text("ref,Date,Easting,Northing\n" + "".join(lines))
    take_in(store, "reports", path, ImportOptions(), now=START)


def tick(store: Store, _: Scene, number: int) -> None:
    report(store, number)
    # Each an hour after the one before it, whose lease ended when it was killed.
    ticking.tick(store, TICKING, clock=lambda: START + timedelta(hours=number))


def detection(store: Store, _: Scene, number: int) -> None:
    running.run_apart(store, Actor(None, START + timedelta(hours=number)))


def backup(store: Store, scene: Scene, number: int) -> None:
    backups.back_up(store, scene.folder / f"copy-{number}.gpkg")


def migration(_: Store, scene: Scene, number: int) -> None:
    open_store(_old(scene, number).read_text(), site_key=OLD_KEY)


def prepare_migration(scene: Scene, number: int) -> None:
    """Another store of an older version, with addresses that the migration seals."""
    if scene.url.startswith("sqlite"):
        path = scene.folder / f"old-{number}.gpkg"
        url = f"sqlite:///{path}"
        template = scene.folder / "old.template"
        if not template.exists():
            old_stores.make_file(template)
        shutil.copy(template, path)
    else:
        url = address_of(scene.url, new_database(scene.url))
        old_stores.make_database(url)
    _old(scene, number).write_text(url)


def _old(scene: Scene, number: int) -> Path:
    """Where it is written which store is to be migrated."""
    return scene.folder / f"old-{number}.url"


def migrated(url: str) -> list[str]:
    """What is wrong with a store whose migration was cut off, once it is opened again."""
    store = open_store(url, site_key=OLD_KEY)
    try:
        with store.engine.connect() as connection:
            faults = [finding.sentence for finding in findings(connection)]
        with store.reading() as session:
            emails = session.scalars(select(User.email).order_by(User.id)).all()
            tokens = session.scalars(select(ReporterContact.token)).all()
        if (emails, tokens) != ([old_stores.PLANTED, None], [old_stores.TOKEN]):
            faults.append(f"{emails} and {tokens} are not what stood in the old store")
        return faults
    finally:
        store.close()


WORK: dict[str, Callable[[Store, Scene, int], None]] = {
    "outcomes": outcome,
    "imports": import_,
    "ticks": tick,
    "detections": detection,
    "backups": backup,
    "migrations": migration,
}
PREPARED: dict[str, Callable[[Scene, int], None]] = {"migrations": prepare_migration}


def faults_left(store: Store, scene: Scene) -> list[str]:
    """What is half done, doubled or damaged, in a sentence each."""
    with store.engine.connect() as connection:
        sentences = [finding.sentence for finding in findings(connection)]
    if torn := half_done(store):
        sentences.append(f"{torn} incidents contradict their clearances")
    with store.reading() as session:
        per_key = select(Clearance.idempotency_key).group_by(Clearance.idempotency_key)
        doubled = per_key.where(Clearance.idempotency_key.is_not(None)).having(func.count() > 1)
        sentences += [f"{key} is recorded twice" for key in session.scalars(doubled)]
        members = select(func.count()).where(Report.batch_id == ImportBatch.id).scalar_subquery()
        half = select(ImportBatch.id).where(ImportBatch.accepted != members)
        sentences += [f"batch {key} is not whole" for key in session.scalars(half)]
        unlinked = select(Report.reference).where(Report.incident_id.is_(None))
        sentences += [f"report {key} is in no incident" for key in session.scalars(unlinked)]
        reports = select(func.count()).where(Report.channel == "web").scalar_subquery()
        mails = select(func.count()).where(OutboxMessage.dedupe_key.startswith("fault:"))
        if (lost := session.scalar(select(reports - mails.scalar_subquery()))) != 0:
            sentences.append(f"{lost} reports more than mails about them")
    for copy in scene.folder.glob("copy-*.gpkg"):
        sentences += [f"{copy.name}: {finding.sentence}" for finding in backups.look(copy)]
        copy.unlink()
    for old in scene.folder.glob("old-*.url"):
        sentences += migrated(old.read_text())
        _remove(old)
    return sentences


def _remove(old: Path) -> None:
    url = make_url(old.read_text())
    if url.get_backend_name() == "postgresql":
        drop_database(old.read_text().replace(f"/{url.database}", "/postgres"), str(url.database))
    for path in old.parent.glob(f"{old.stem}.*"):
        path.unlink()


def _begin(kind: str, scene: Scene, number: int) -> int:
    """Begin the work in a new process, which stands still when it is done."""
    if prepare := PREPARED.get(kind):
        prepare(scene, number)
    child = os.fork()
    if child == 0:
        try:
            WORK[kind](open_store(scene.url), scene, number)
            os.kill(os.getpid(), signal.SIGSTOP)
        finally:
            os._exit(1)
    return child


def _end(child: int) -> None:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def fire(kind: str, scene: Scene, *, kills: int, first: int = 0, seed: int = 13) -> list[str]:
    """Kill a kind of work so many times, looking after each; what was wrong, at the first fault.

    Parameters
    ----------
    first
        Number of the first piece of work; each has its own.
    """
    chance, began = random.Random(seed), time.monotonic()
    child = _begin(kind, scene, first)
    _, status = os.waitpid(child, os.WUNTRACED)
    assert os.WIFSTOPPED(status), f"{kind} fail even where nobody kills them"
    took = time.monotonic() - began
    _end(child)
    for number in range(first + 1, first + 1 + kills):
        child = _begin(kind, scene, number)
        time.sleep(chance.uniform(0, took))
        _end(child)
        store = open_store(scene.url)
        faults = faults_left(store, scene)
        store.close()
        if faults:
            return faults
    return []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--kinds", nargs="+", choices=[*WORK], default=[*WORK])
    given = parser.parse_args()
    store = open_store(given.url, create=True)
    plant_borough(store)
    is_file = store.is_embedded
    store.close()
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene(given.url, Path(folder))
        for at, kind in enumerate(WORK):
            if kind not in given.kinds or (kind == "backups" and not is_file):
                continue
            began = time.monotonic()
            faults = fire(kind, scene, kills=given.kills, first=1_000 * at)
            verdict = "; ".join(faults) or "sound after each"
            print(
                f"{kind}: {given.kills} kills in {time.monotonic() - began:.0f} s: {verdict}",
                flush=True,
            )


if __name__ == "__main__":
    main()
