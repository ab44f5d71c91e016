"""What hotspots' incidents add up to: the database adds as one would by hand."""

from datetime import UTC, datetime, timedelta

import numpy as np
import shapely

from geodata import detections
from geodata.detections import MemberTotals, RunRecord
from geodata.models import Incident
from geodata.store.engine import Store

NOW = datetime(2026, 6, 1, tzinfo=UTC)
SINCE = NOW - timedelta(days=28)
ZEROS = dict.fromkeys(("centre_x", "centre_y", "radius_m", "area_m2", "expected"), 0.0)
REST = {"reports": 0, "nights": 0, "p_value": 0.0, "q_value": 0.0, "reason": "", "evidence": {}}


def random_incident(rng: np.random.Generator, number: int) -> Incident:
    reported_at = NOW - timedelta(days=int(rng.integers(0, 60)))
    return Incident(
        key=f"K{number}",
        geometry=shapely.Point(553_000, 174_000),
        first_reported_at=reported_at,
        last_reported_at=reported_at,
        reports=1,
        from_vehicle=[None, False, True][rng.integers(3)],
        cylinders=[None, 0, 7][rng.integers(3)],
        state=str(rng.choice(["open", "paused", "cleared", "not_found"])),
    )


def by_hand(incidents: list[Incident]) -> MemberTotals:
    own = [one for one in incidents if one.merged_into_id is None]
    return MemberTotals(
        recent=len([1 for one in own if one.first_reported_at > SINCE]),
        from_vehicles=len([1 for one in own if one.from_vehicle]),
        known_vehicles=len([1 for one in own if one.from_vehicle is not None]),
        cylinders=sum(one.cylinders or 0 for one in own),
        open_jobs=len([1 for one in own if one.state in {"open", "paused"}]),
    )


def test_the_database_adds_up_each_hotspots_incidents_as_by_hand(store: Store) -> None:
    rng = np.random.default_rng(7)
    with store.writing() as session:
        rows = [random_incident(rng, number) for number in range(80)]
        session.add_all(rows)
        session.flush()
        rows[3].merged_into_id = rows[4].id
        record = RunRecord(NOW, NOW, {}, "", "", 80, {})
        run, other = (detections.save_run(session, record) for _ in range(2))
        places = [detections.new_identity(session, name, NOW) for name in ("West", "East")]
        for rank, (place, start) in enumerate(zip(places, (0, 30), strict=True)):
            outline = shapely.Point(553_000, 174_000).buffer(50)
            shape = {"rank": rank, "geometry": outline, "incidents": 30} | ZEROS | REST
            members = {row.id for row in rows[start : start + 30]}
            detections.save_hotspot(session, run, place.id, members, **shape)
            detections.save_hotspot(session, other, place.id, {rows[70].id}, **shape)
        totals = detections.member_totals(session, run.id, since=SINCE)
        expected = {places[0].id: by_hand(rows[:30]), places[1].id: by_hand(rows[30:60])}
    assert totals == expected
