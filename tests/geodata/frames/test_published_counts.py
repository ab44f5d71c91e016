"""The counts of a period are those of its incidents taken one by one, on both stores."""

from datetime import UTC, datetime, timedelta

import numpy as np
import shapely

from geodata.frames.published_incidents import PublishedCounts, published_counts
from geodata.models import Incident
from geodata.store.engine import Store

SINCE, UNTIL = datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
STATES = ("open", "cleared", "not_found", "not_our_land", "duplicate")


def _incident(n: int, rng: np.random.Generator) -> Incident:
    """Of May to July; half of them due some hours before or after they were closed, or never."""
    reported = datetime(2026, 5, 20, tzinfo=UTC) + timedelta(hours=int(rng.integers(1_200)))
    closed = reported + timedelta(hours=int(rng.integers(96)))
    state = STATES[rng.integers(len(STATES))]
    return Incident(
        id=n + 1,
        key=f"I{n}",
        geometry=shapely.Point(554_000, 174_000),
        first_seen_at=reported,
        first_reported_at=reported,
        last_reported_at=reported,
        due_at=reported + timedelta(hours=48) if rng.random() < 0.8 else None,
        closed_at=None if state == "open" else closed,
        merged_into_id=1 if n and rng.random() < 0.1 else None,
        state=state,
        reports=1,
    )


def test_the_counts_of_a_month_are_those_of_its_incidents_one_by_one(store: Store) -> None:
    rng = np.random.default_rng(3)
    rows = [_incident(n, rng) for n in range(150)]
    kept = [row for row in rows if row.merged_into_id is None]
    due = [
        row
        for row in kept
        if row.due_at and SINCE <= row.due_at < UNTIL and row.state not in STATES[3:]
    ]
    cleared = [row for row in due if row.state == "cleared"]
    in_time = [
        row for row in cleared if row.closed_at and row.due_at and row.closed_at <= row.due_at
    ]
    reported = [row for row in kept if SINCE <= row.first_reported_at < UNTIL]
    expected = PublishedCounts(len(reported), len(due), len(cleared), len(in_time))
    assert 0 < expected.in_time < expected.cleared < expected.due
    with store.writing() as session:
        session.add_all(rows)
    with store.reading() as session:
        assert published_counts(session, SINCE, UNTIL, not_ours=STATES[3:]) == expected
