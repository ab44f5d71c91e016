r"""Storm and SIGKILL at full size, by hand: several minutes, so no part of the suite.

The drafts are filled in beforehand, so that the server dies while reports are being sent.

    python -m tests.benchmarks.under_fire --visitors 500 --kills 250
    python -m tests.benchmarks.under_fire --visitors 200 --at-once 200 --kills 0
    python -m tests.benchmarks.under_fire --url postgresql+psycopg://… --kills 20 \
        --kill "pg_ctlcluster 15 fire restart -m immediate"

Prints what was shown, what is stored, and whether they are the same.
"""

import argparse
import shlex
import subprocess
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geodata import places
from geodata.core.vocabulary import PlaceKind
from geodata.models import Incident, Report
from geodata.reports import drafts
from geodata.store.engine import open_store
from tests.web.visitors import killable_site, report_under_fire
from web.services.common.placing import Spot
from web.services.reporting.answers import QUESTIONS, Answers


def draft(session: Session, number: int) -> str:
    """The key of a report that only has to be sent; half of them lie on one spot."""
    x = 553_000.0 + (number % 2) * number
    answers = Answers(spot=Spot(x, 174_000.0, 10.0, "pin"), email="jo@example.org", done=QUESTIONS)
    return drafts.start(session, answers.to_document(), now=datetime.now(UTC)).key


def _restart(command: str) -> None:
    subprocess.run(shlex.split(command), check=True, capture_output=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=500)
    parser.add_argument("--at-once", type=int, default=8)
    parser.add_argument("--kills", type=int, default=250)
    parser.add_argument("--url", help="an empty store; a new GeoPackage where none is given")
    parser.add_argument("--kill", help="what kills and starts the database, not the server")
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    url = chosen.url or f"sqlite:///{folder}/fire.gpkg"
    store = open_store(url, create=True)
    with store.writing() as session:
        area = shapely.box(552_000, 173_000, 556_000, 176_000)
        places.add(session, PlaceKind.BOROUGH, "Testford", area)
        keys = [draft(session, number) for number in range(chosen.visitors)]
    store.close()
    began = time.monotonic()
    with killable_site(url) as site:
        shown, killed = report_under_fire(
            site,
            lambda visitor, number: visitor.send(f"/report/{keys[number]}/check"),
            chosen.visitors,
            at_once=chosen.at_once,
            kills=chosen.kills,
            seed=1,
            kill=(lambda: _restart(chosen.kill)) if chosen.kill else None,
        )
    store = open_store(url)
    with store.reading() as session:
        stored = set(session.scalars(select(Report.reference)))
        counted = session.scalar(select(func.sum(Incident.reports)))
    store.close()
    print(f"{killed} kills in {time.monotonic() - began:.0f} s")
    print(f"{len(shown)} receipts shown, {len(set(shown))} different; {len(stored)} reports stored")
    print(f"incidents count {counted} reports")
    print(f"lost: {sorted(set(shown) - stored)}; more than shown: {sorted(stored - set(shown))}")


if __name__ == "__main__":
    main()
