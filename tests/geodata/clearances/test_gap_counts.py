"""Outcomes counted by how late they reached us: the database's sums are those of a loop."""

from datetime import UTC, datetime, timedelta

import numpy as np

from geodata.clearances.time_gaps import GapCount, gap_counts
from geodata.models import Clearance
from geodata.store.engine import Store

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
SKEW, HOUR, MOMENT = timedelta(minutes=5), timedelta(hours=1), timedelta(milliseconds=1)
CEILINGS = [-SKEW - MOMENT, SKEW, 12 * HOUR, 48 * HOUR]
# On each edge, and a millisecond to both sides of it.
GAPS = [edge + step * MOMENT for edge in CEILINGS for step in (-1, 0, 1)] + [timedelta(days=9)]


def outcome(rng: np.random.Generator, gap: timedelta) -> Clearance:
    received = NOON + timedelta(minutes=int(rng.integers(-120, 120)))
    counts_at = received if rng.random() < 0.5 else received - gap
    return Clearance(
        outcome="cleared",
        recorded_at=received,
        occurred_at=counts_at,
        device_at=None if counts_at == received - gap and rng.random() < 0.5 else received - gap,
        time_accepted_at=NOON if rng.random() < 0.3 else None,
        voided_at=NOON if rng.random() < 0.1 else None,
    )


def in_a_loop(rows: list[Clearance], start: datetime, end: datetime) -> list[GapCount]:
    counts = [[0, 0, 0] for _ in range(5)]
    for row in rows:
        if row.voided_at is not None or not start <= row.recorded_at < end:
            continue
        told_at = row.device_at or row.occurred_at
        band = sum(row.recorded_at - told_at > ceiling for ceiling in CEILINGS)
        is_as_told = abs(row.occurred_at - told_at) <= SKEW
        counts[band][0] += 1
        counts[band][1] += is_as_told
        counts[band][2] += is_as_told and row.time_accepted_at is not None
    return [GapCount(*three) for three in counts]


def test_bands_of_gaps_hold_what_a_loop_finds_in_them(store: Store) -> None:
    rng = np.random.default_rng(3)
    start, end = NOON - HOUR, NOON + HOUR
    with store.writing() as session:
        rows = [outcome(rng, gap) for gap in GAPS for _ in range(12)]
        session.add_all(rows)
        session.flush()
        counts = gap_counts(session, start=start, end=end, ceilings=CEILINGS)
        expected = in_a_loop(rows, start, end)
    assert counts == expected
    assert min(count.outcomes for count in counts) > 0
