"""A detection run in the store: what it saves, and who a hotspot is from run to run."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from geodata.models import DetectionRun, Hotspot, HotspotSuccession, Incident
from geodata.store.engine import Store
from hotspots.detection import DetectionParams
from tests.web.desk import scattered, store_incidents, weekly
from web.services.detection import detecting

JULY = datetime(2026, 7, 31, tzinfo=UTC)


def codes(store: Store, as_of: datetime, months: int) -> list[str]:
    params = DetectionParams(months=months, n_simulations=199)
    with store.writing() as session:
        return list(detecting.run(session, params, as_of=as_of, now=as_of).hotspots["code"])


def test_a_hotspot_that_a_run_missed_comes_back_as_itself(council: Store) -> None:
    store_incidents(
        council,
        [(553_000, 174_000, weekly(9, JULY - timedelta(days=3))), *scattered(JULY)],
        now=JULY,
    )
    assert codes(council, JULY, 12) == ["H-0001"]
    assert codes(council, JULY + timedelta(days=60), 1) == []
    assert codes(council, JULY + timedelta(days=70), 12) == ["H-0001"]


def test_a_place_stays_itself_however_long_between_the_runs(council: Store) -> None:
    # Two a month for two years; the runs' windows of a year overlap by three months only.
    fortnightly = [JULY - timedelta(days=3 + 14 * k) for k in range(52)]
    store_incidents(council, [(553_000, 174_000, fortnightly), *scattered(JULY)], now=JULY)
    assert codes(council, JULY - timedelta(days=270), 12) == ["H-0001"]
    assert codes(council, JULY, 12) == ["H-0001"]


def test_a_place_whose_incidents_have_all_left_the_window_is_known_by_its_ground(
    council: Store,
) -> None:
    """Quiet for fifteen months, then again 36 m further along the same car park."""
    ago = JULY - timedelta(days=450)
    spots = [
        (553_000, 174_000, weekly(12, ago)),
        (553_036, 174_000, weekly(12, JULY - timedelta(days=3))),
    ]
    scattered_long = scattered(JULY) + scattered(ago)
    store_incidents(council, spots + scattered_long, now=JULY)
    assert codes(council, ago + timedelta(days=1), 12) == ["H-0001"]
    assert codes(council, JULY - timedelta(days=90), 12) == []
    assert codes(council, JULY, 12) == ["H-0001"]


def test_two_hotspots_are_two_and_the_run_can_be_repeated_from_its_record(council: Store) -> None:
    recent = JULY - timedelta(days=3)
    spots = [(553_000, 174_000, weekly(12, recent)), (555_000, 174_500, weekly(8, recent))]
    store_incidents(council, spots + scattered(JULY), now=JULY)
    assert codes(council, JULY, 12) == ["H-0001", "H-0002"]
    assert codes(council, JULY, 12) == ["H-0001", "H-0002"]
    with council.reading() as session:
        first, again = session.scalars(select(DetectionRun).order_by(DetectionRun.id))
        assert first.data_fingerprint == again.data_fingerprint
        assert first.params == again.params
        assert not session.scalars(select(HotspotSuccession)).all()
        assert first.incidents == len(session.scalars(select(Incident.id)).all())


def test_a_store_without_a_borough_cannot_be_tested_for_chance(store: Store) -> None:
    with store.writing() as session, pytest.raises(ValueError, match="no borough"):
        detecting.run(session, DetectionParams(), as_of=JULY, now=JULY)


def test_a_run_keeps_the_evidence_and_the_history_of_each_hotspot(council: Store) -> None:
    store_incidents(
        council,
        [(553_000, 174_000, weekly(9, JULY - timedelta(days=3))), *scattered(JULY)],
        now=JULY,
    )
    with council.writing() as session:
        detecting.run(session, DetectionParams(n_simulations=199), as_of=JULY, now=JULY)
    with council.reading() as session:
        hotspot = session.scalars(select(Hotspot)).one()
        # a record of twelve months cannot compare three with the twelve before
        assert hotspot.hotspot_class == "insufficient data"
        assert hotspot.evidence["class_sentence"].startswith("Insufficient data: 9 nights")
        # nine weekly nights, all within the last three months: Jeffreys' mean of one place
        assert hotspot.evidence["nights_a_month"] == pytest.approx(9.5 / 3)
        assert hotspot.evidence["rate_sentence"].startswith("About 3.2 nights a month now (likely")
        # one a week: some four in thirty days, drawn to what the ground around would have
        assert 1 < hotspot.evidence["next_month"] < 6
        assert hotspot.evidence["next_month_sentence"].startswith("Expect about")
        assert hotspot.evidence["rate_ratio_low"] < hotspot.evidence["rate_ratio"]
        assert hotspot.evidence["null"] == "its surroundings"
        assert hotspot.evidence["vehicle_share"] is None
        assert len(hotspot.evidence["hour_shares"]) == 168
        assert hotspot.evidence["hot_hours"].startswith("Hours not known")
