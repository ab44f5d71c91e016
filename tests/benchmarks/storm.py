"""A crew's server in a bad hour: sent twice, sent at once, and killed at random points.

Run it against a store of either kind; it makes its own incidents and leaves them there:

    python -m tests.benchmarks.storm sqlite:////tmp/storm.gpkg --submissions 500 --kills 20
"""

import argparse
import random
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import shapely
from sqlalchemy import func, select

from geodata.models import Clearance, Incident
from geodata.store.engine import Store, open_store
from web.services.clearing import NewClearance, record
from web.services.reporting.intake import NewReport, take_report

TOLD_AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


def make_incidents(store: Store, n: int) -> list[int]:
    """Open incidents, too far apart to be one, or one with those that are there."""
    ids = []
    with store.writing() as session:
        first = session.scalar(select(func.count()).select_from(Incident)) or 0
        for k in range(first, first + n):
            place = shapely.Point(552_000 + 200 * (k % 50), 173_000 + 200 * (k // 50))
            new = NewReport(place, "public", "web", TOLD_AT)
            ids.append(take_report(session, new, now=TOLD_AT).incident_id)
    return ids


def submit(store: Store, incident_id: int, key: str) -> bool:
    """One outcome under a form's key; whether it was new."""
    at = TOLD_AT + timedelta(hours=1)
    new = NewClearance(incident_id, "cleared", at, idempotency_key=key, no_photo_reason="Storm")
    with store.writing() as session:
        recorded = record(session, new, now=at)
    return recorded.is_new


def at_once(store: Store, ids: Sequence[int], *, times: int, workers: int) -> int:
    """Send each incident's outcome several times from many threads; how many were new."""
    work = [(incident, f"storm-{incident}") for incident in ids] * times
    random.Random(0).shuffle(work)
    news: list[bool] = []

    def send(worker: int) -> None:
        mine = [submit(store, *item) for item in work[worker::workers]]
        news.extend(mine)

    threads = [threading.Thread(target=send, args=(worker,)) for worker in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(news) == len(work), "a submission was lost"
    return sum(news)


def receipts_until_killed(url: str, ids: Sequence[int], after_s: float) -> list[str]:
    """Keys whose receipt another process showed before it was killed without warning."""
    command = [sys.executable, "-m", "tests.benchmarks.storm", url, "--write", *map(str, ids)]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    shown = [writer.stdout.readline().strip()]  # it is at work
    time.sleep(after_s)
    writer.kill()
    rest, _ = writer.communicate()
    return [key for key in (*shown, *rest.splitlines()) if key.startswith("kill-")]


def write(store: Store, ids: Sequence[int]) -> None:
    for incident in ids:
        key = f"kill-{incident}"
        submit(store, incident, key)
        print(key, flush=True)


def stored_keys(store: Store) -> list[str]:
    with store.reading() as session:
        return [key for key in session.scalars(select(Clearance.idempotency_key)) if key]


def half_done(store: Store) -> int:
    """Incidents whose state and clearances contradict each other: a write torn in two."""
    has_outcome = select(Clearance.incident_id)
    with store.reading() as session:
        closed = select(func.count()).where(
            Incident.state == "cleared", Incident.id.not_in(has_outcome)
        )
        opened = select(func.count()).where(Incident.state == "open", Incident.id.in_(has_outcome))
        return (session.scalar(closed) or 0) + (session.scalar(opened) or 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--submissions", type=int, default=200)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--write", nargs="*", type=int)
    given = parser.parse_args()
    store = open_store(given.url, create=True)
    if given.write is not None:
        write(store, given.write)
        return
    ids = make_incidents(store, given.submissions)
    begun = time.perf_counter()
    new = at_once(store, ids, times=2, workers=16)
    took = time.perf_counter() - begun
    print(f"{2 * len(ids)} submissions at once in {took:.1f} s: {new} of {len(ids)} are new")
    assert new == len(ids)
    rng = random.Random(1)
    for kill in range(given.kills):
        more = make_incidents(store, given.submissions)
        shown = receipts_until_killed(given.url, more, rng.uniform(0, 1))
        lost = set(shown) - set(stored_keys(store))
        print(f"kill {kill + 1}: {len(shown)} receipts shown, {len(lost)} lost")
        assert not lost
        assert half_done(store) == 0
    store.close()


if __name__ == "__main__":
    main()
