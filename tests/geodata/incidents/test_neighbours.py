"""Reports near others in place and time: every one that a loop finds, and few besides."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import shapely

from geodata.incidents import neighbours
from geodata.models import Report
from geodata.store.engine import Store

MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
REACH_M, WITHIN = 120.0, timedelta(days=7)


def report(number: int, x: float, y: float, day: float) -> Report:
    at = MONDAY + timedelta(days=day)
    return Report(
        reference=f"R{number}",
        reported_at=at,
        recorded_at=at,
        geometry=shapely.Point(550_000 + x, 170_000 + y),
        source="public",
        channel="web",
        charger_band="none",
    )


def test_near_finds_all_that_a_loop_finds_and_nothing_that_is_far(store: Store) -> None:
    rng = np.random.default_rng(3)
    rows = np.column_stack([rng.uniform(0, 2_000, (200, 2)), rng.uniform(0, 60, 200)])
    at = pd.DataFrame(rows[:12], columns=["x", "y", "day"])
    since = pd.Timestamp(MONDAY) + pd.to_timedelta(at["day"], unit="D")
    until = since + pd.Timedelta(days=1)
    around = at.assign(x=at["x"] + 550_000, y=at["y"] + 170_000, since=since, until=until)
    with store.writing() as session:
        reports = [report(n, *row) for n, row in enumerate(rows.tolist())]
        session.add_all(reports)
        session.flush()
        ids = np.array([each.id for each in reports])
        near = neighbours.near(session, around, reach_m=REACH_M, within=WITHIN)
        ever = neighbours.near(session, around, reach_m=REACH_M)
        assert neighbours.near(session, around.iloc[:0], reach_m=REACH_M) == set()
    apart = np.abs(rows[:, None, :2] - rows[None, :12, :2]).max(axis=2)
    later = rows[:, None, 2] - rows[None, :12, 2]
    days = WITHIN / timedelta(days=1)
    is_near, is_then = apart <= REACH_M, (later >= -days) & (later <= 1 + days)
    assert set(ids[is_near.any(axis=1)]) <= ever
    assert set(ids[(is_near & is_then).any(axis=1)]) <= near < ever
    assert ever <= set(ids[(apart <= 3 * REACH_M).any(axis=1)])
