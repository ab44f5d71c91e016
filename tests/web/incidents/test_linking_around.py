"""What a change can have changed, linked anew, against everything linked anew."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.importers import batches
from geodata.models import Clearance, ImportBatch, Incident, Report
from geodata.store.engine import Store
from web.services.incidents.linking import relink, relink_around
from web.services.incidents.linking_scope import Touched, touched_by

START = datetime(2026, 6, 1, 8, tzinfo=UTC)
NOW = START + timedelta(days=60)
COUNTS: dict[str, Any] = dict.fromkeys(("read", "accepted", "rejected", "unchanged"), 0)
COUNTS["warnings"] = []
OUTCOMES = ("cleared", "not_found", "not_our_land", "no_access")


class History:
    """Reports and clearances that come in batches, and go as they came: the last one first."""

    def __init__(self, session: Session, seed: int) -> None:
        self.session = session
        self.rng = np.random.default_rng(seed)
        self.count = 0
        self.batches: list[int] = []

    def add_batch(self) -> Touched:
        """Some reports, older and newer than those that are here, and what was cleared."""
        batch = ImportBatch(kind="reports", file_name="a.csv", sha256="", imported_at=NOW, **COUNTS)
        self.session.add(batch)
        self.session.flush()
        self.batches.append(batch.id)
        fresh = [self.report() for _ in range(self.rng.integers(1, 6))]
        self.session.add_all(fresh)
        self.session.flush()
        known = self.session.scalars(select(Report)).all()
        for _ in range(self.rng.integers(0, 4)):
            self.session.add(self.clearance(known[self.rng.integers(len(known))]))
        self.session.flush()
        return self.touched(batch.id)

    def take_out(self) -> Touched:
        """The last batch."""
        batch = self.batches.pop()
        touched = self.touched(batch)
        batches.undo(self.session, batch, now=NOW)
        return touched

    def touched(self, batch: int) -> Touched:
        places = batches.places_cleared_by(self.session, batch)
        return touched_by(self.session, batches.reports_of_batch(self.session, batch), places)

    def report(self) -> Report:
        self.count += 1
        east = self.rng.choice([0, 90, 180, 2_000, 4_000])
        x, y = 553_000 + self.rng.uniform(0, 60, 2)
        return Report(
            reference=f"R{self.rng.integers(10**6):06}-{self.count}",
            reported_at=START + timedelta(hours=float(self.rng.uniform(0, 24 * 30))),
            recorded_at=NOW,
            geometry=shapely.Point(x + east, y - 379_000),
            accuracy_m=float(self.rng.choice([0, 5, 40])),
            source=str(self.rng.choice(["public", "crew"])),
            channel=str(self.rng.choice(["import", "web"])),
            charger_band="unknown",
            batch_id=self.batches[-1],
        )

    def clearance(self, report: Report) -> Clearance:
        """Of a report, or of the place where it lies."""
        at = report.reported_at + timedelta(hours=float(self.rng.uniform(0, 200)))
        of_place = self.rng.random() < 0.3
        return Clearance(
            batch_id=self.batches[-1],
            report_id=None if of_place else report.id,
            geometry=report.geometry if of_place else None,
            outcome=str(self.rng.choice(OUTCOMES)),
            occurred_at=at,
            recorded_at=NOW,
        )


def stored(session: Session) -> dict[str, tuple[Any, ...]]:
    """Every incident with what linking says of it, and the reports in it."""
    session.expire_all()
    members: dict[int | None, set[str]] = {}
    for reference, incident in session.execute(select(Report.reference, Report.incident_id)):
        members.setdefault(incident, set()).add(reference)
    incidents = session.scalars(select(Incident).where(Incident.merged_into_id.is_(None)))
    return {
        i.key: (
            members.get(i.id),
            i.state,
            i.closed_at,
            i.first_reported_at,
            i.last_reported_at,
            i.due_at,
            i.reports,
            (i.geometry.x, i.geometry.y),
        )
        for i in incidents
    }


@pytest.mark.parametrize("seed", range(2))
def test_after_any_change_the_incidents_are_those_of_linking_everything(
    store: Store, seed: int
) -> None:
    with store.session(is_writer=True) as session:
        history = History(session, seed)
        for step in range(20):
            is_undo = step % 4 == 3
            touched = history.take_out() if is_undo else history.add_batch()
            relink_around(session, touched, now=NOW)
            ours = stored(session)
            with session.begin_nested() as trial:
                relink(session, now=NOW)
                assert ours == stored(session), f"step {step}"
                trial.rollback()
