"""Ages of open work by hand."""

from datetime import UTC, datetime, timedelta

import shapely

from geodata.incidents.open_ages import ages_of_open
from geodata.models import Incident
from geodata.store.engine import Store

NOW = datetime(2026, 11, 6, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
BANDS = [24 * HOUR, 48 * HOUR, 168 * HOUR]


def incident(
    hours_ago: float, state: str = "open", closed_hours_ago: float | None = None
) -> Incident:
    at = NOW - hours_ago * HOUR
    return Incident(
        key=f"K{hours_ago}{state}",
        geometry=shapely.Point(553_000, 174_000),
        first_reported_at=at,
        last_reported_at=at,
        first_public_at=at,
        due_at=at + 48 * HOUR,
        closed_at=None if closed_hours_ago is None else NOW - closed_hours_ago * HOUR,
        reports=1,
        state=state,
    )


def test_open_work_is_counted_by_age_and_the_future_is_not_seen(store: Store) -> None:
    with store.writing() as session:
        assert ages_of_open(session, BANDS, now=NOW).counts == [0, 0, 0, 0]
        assert ages_of_open(session, BANDS, now=NOW).oldest is None
        session.add_all(
            [
                incident(24),  # exactly as old as the first band allows
                incident(10, "paused"),
                incident(24.5),
                incident(
                    100, "cleared", closed_hours_ago=-1
                ),  # closed an hour from now: open still
                incident(200),
                incident(30, "cleared", closed_hours_ago=1),
                incident(900, "lapsed"),  # nobody waits for it
                incident(-1),  # told of an hour from now
            ]
        )
        session.flush()
        ages = ages_of_open(session, BANDS, now=NOW)
    assert ages.counts == [2, 1, 1, 1]
    assert ages.oldest == 200 * HOUR
