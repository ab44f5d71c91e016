"""Jobs of a period: what is read of the record says the same as the whole record does."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
import shapely

from geodata.frames.clearance_frame import clocked_incidents
from geodata.models import Incident
from geodata.store.engine import Store
from hotspots.effects.clearance_times import clearance_figures, open_ages

NOW = datetime(2026, 6, 1, tzinfo=UTC)
FIRST, LAST = NOW - timedelta(days=120), NOW - timedelta(days=60)


def random_incident(rng: np.random.Generator, number: int) -> Incident:
    """Told of within 300 days before now or a little after; some open, lapsed or never public."""
    told = NOW - timedelta(hours=int(rng.integers(-100, 300 * 24)))
    state = str(rng.choice(["open", "paused", "cleared", "not_found", "not_our_land", "lapsed"]))
    is_public, has_end = rng.random() < 0.9, state not in {"open", "paused", "lapsed"}
    return Incident(
        key=f"K{number}",
        geometry=shapely.Point(553_000 + int(rng.integers(0, 60)), 174_000),
        first_reported_at=told,
        last_reported_at=told,
        first_public_at=told if is_public else None,
        due_at=told + timedelta(hours=48) if is_public else None,
        closed_at=told + timedelta(hours=int(rng.integers(1, 1_200))) if has_end else None,
        reports=1,
        state=state,
    )


@pytest.mark.parametrize("seed", range(5))
def test_a_periods_jobs_hold_what_its_figures_need_and_not_the_whole_record(
    store: Store, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    with store.writing() as session:
        session.add_all(random_incident(rng, number) for number in range(150))
    with store.reading() as session:
        whole = clocked_incidents(session, now=NOW)
        part = clocked_incidents(session, now=NOW, due_from=FIRST, due_before=LAST)
    is_due = (whole["due_at"] >= FIRST) & (whole["due_at"] < LAST)
    is_open = (whole["closed_at"].isna() & (whole["outcome"] != "lapsed")) | (
        whole["closed_at"] > NOW
    )
    cleared = whole[is_due & (whole["outcome"] == "cleared")]
    follows = [
        any(
            closed < told <= closed + timedelta(days=28) and abs(place.x - at.x) <= 25
            for closed, place in zip(cleared["closed_at"], cleared.geometry, strict=True)
        )
        for told, at in zip(whole["told_at"], whole.geometry, strict=True)
    ]
    needed = set(whole["key"][is_due | is_open | np.array(follows)])
    assert needed <= set(part["key"])
    assert len(part) < len(whole)
    kept = whole[whole["key"].isin(part["key"])].reset_index(drop=True)
    assert part.astype(str).equals(kept.astype(str))
    period = {"start": FIRST, "end": LAST, "as_of": NOW}
    assert repr(clearance_figures(part, **period)) == repr(clearance_figures(whole, **period))
    assert open_ages(part, as_of=NOW).equals(open_ages(whole, as_of=NOW))
