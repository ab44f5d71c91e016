"""Outcomes recorded, corrected, sent late and sent twice, on both stores."""

import io
from datetime import UTC, datetime, timedelta

import pytest
import shapely
from PIL import Image
from sqlalchemy import func, select

from geodata import clearances
from geodata.core.errors import NotFoundError, RefusedError
from geodata.incidents import incident_events, open_incidents
from geodata.media import photos
from geodata.media.pictures import clean
from geodata.models import Clearance, Incident, IncidentEvent
from geodata.store.engine import Store
from web.services import clearing
from web.services.clearing import NewClearance, Recorded, incident_file, record
from web.services.incidents import casework
from web.services.incidents.linking import relink
from web.services.reporting.intake import NewReport, TakenReport, take_report

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


def at(hours: float) -> datetime:
    return MONDAY + timedelta(hours=hours)


def tell(store: Store, x: float = 0, hours: float = 0, **rest: object) -> TakenReport:
    new = NewReport(
        position=shapely.Point(553_000 + x, 174_000),
        source="public",
        channel="web",
        reported_at=at(hours),
        **rest,  # type: ignore[arg-type]
    )
    with store.writing() as session:
        return take_report(session, new, now=at(hours))


def done(store: Store, taken: TakenReport, outcome: str = "cleared", **rest: object) -> Recorded:
    hours, told_at = rest.pop("hours", 5), rest.pop("told_at", None)
    values = {"no_photo_reason": "Phone broken", "land_owner": "A farmer"} | rest
    new = NewClearance(taken.incident_id, outcome, at(hours), **values)
    with store.writing() as session:
        return record(session, new, now=at(hours if told_at is None else told_at))


def state(store: Store, key: str) -> tuple[str, datetime | None]:
    with store.reading() as session:
        incident = open_incidents.by_key(session, key)
        return incident.state, incident.closed_at


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(made, "JPEG")
    return made.getvalue()


@pytest.mark.parametrize("outcome", ["cleared", "not_found", "not_our_land"])
def test_a_closing_outcome_closes_at_the_crews_own_time(council: Store, outcome: str) -> None:
    taken = tell(council)
    recorded = done(council, taken, outcome, hours=5, told_at=9)
    assert recorded.state == outcome
    assert state(council, taken.incident_key) == (outcome, at(5))
    with council.reading() as session:
        row = session.scalars(select(Clearance)).one()
        assert (row.occurred_at, row.recorded_at) == (at(5), at(9))


def test_no_access_stops_the_clock_and_specialist_does_not(council: Store) -> None:
    locked, needles = tell(council), tell(council, 500)
    assert done(council, locked, "no_access").state == "paused"
    assert done(council, needles, "specialist").state == "open"
    assert done(council, locked, "cleared", hours=9).state == "cleared"
    with council.reading() as session:
        stood = incident_events.pauses(session, [locked.incident_id, needles.incident_id])
    assert stood == {locked.incident_id: [(at(5), at(9))]}


def test_the_same_as_a_job_that_nobody_names_stays_open_for_an_officer_to_join(
    council: Store,
) -> None:
    first, again = tell(council), tell(council, 500)
    recorded = done(council, again, "duplicate")
    assert (recorded.state, state(council, again.incident_key)) == ("open", ("open", None))
    with council.reading() as session:
        unnamed = incident_file.incident_file(session, again.incident_key, now=at(9))
        left = incident_file.recent(session, state="to_join", ward_id=None, now=at(9), limit=9)
    assert unnamed.is_to_join
    assert [job.key for job in left] == [again.incident_key]
    assert any("same as another job" in step.words for step in unnamed.story)
    done(council, again, "duplicate", duplicate_of=first.incident_key)
    with council.reading() as session:
        assert open_incidents.by_key(session, again.incident_key).key == first.incident_key
        assert not incident_file.recent(session, state="to_join", ward_id=None, now=at(9), limit=9)


def test_cleared_needs_a_photo_or_a_reason(council: Store) -> None:
    taken = tell(council)
    with pytest.raises(RefusedError, match="photo"):
        done(council, taken, no_photo_reason=None)
    done(council, taken, no_photo_reason=None, pictures=[clean(picture())])
    with council.reading() as session:
        row = session.scalars(select(Clearance)).one()
        assert len(photos.of_owner(session, clearance_id=row.id)) == 1


def test_not_our_land_needs_an_owner_and_counts_may_not_be_negative(council: Store) -> None:
    taken = tell(council)
    with pytest.raises(RefusedError, match="whose land"):
        done(council, taken, "not_our_land", land_owner=" ")
    with pytest.raises(RefusedError, match="-1 is below 0"):
        done(council, taken, cylinders=-1)


def test_an_outcome_sent_twice_is_one(council: Store) -> None:
    taken = tell(council)
    first = done(council, taken, idempotency_key="k")
    again = done(council, taken, idempotency_key="k", told_at=8)
    assert (first.is_new, again.is_new) == (True, False)
    assert again.clearance_id == first.clearance_id
    with council.reading() as session:
        assert session.scalar(select(func.count()).select_from(Clearance)) == 1


def test_a_wrong_entry_is_corrected_by_a_new_one(council: Store) -> None:
    taken = tell(council)
    wrong = done(council, taken, "cleared")
    right = done(council, taken, "no_access", hours=5, told_at=6, replaces_id=wrong.clearance_id)
    assert right.state == "paused"
    with council.reading() as session:
        assert len(clearances.all_of(session, taken.incident_id)) == 2
        stands = clearances.standing(session, taken.incident_id)
        assert [row.outcome for row in stands] == ["no_access"]
    with pytest.raises(RefusedError, match="corrected already"):
        done(council, taken, "cleared", replaces_id=wrong.clearance_id)
    with pytest.raises(NotFoundError, match="no entry 99"):
        done(council, taken, "cleared", replaces_id=99)


def test_a_wrong_no_access_stops_no_clock(council: Store) -> None:
    taken = tell(council)
    wrong = done(council, taken, "no_access", hours=5)
    done(council, taken, "cleared", hours=6, replaces_id=wrong.clearance_id)
    with council.reading() as session:
        assert incident_events.pauses(session, [taken.incident_id]) == {
            taken.incident_id: [(at(5), at(5))]
        }


def test_a_report_within_a_day_of_not_found_reopens_with_the_first_clock(council: Store) -> None:
    taken = tell(council)
    done(council, taken, "not_found", hours=5)
    again = tell(council, hours=28)
    assert again.has_reopened
    assert (again.incident_key, again.due_at) == (taken.incident_key, taken.due_at)
    done(council, taken, "not_found", hours=30)
    later = tell(council, hours=55)  # 25 h after
    assert later.has_opened


def test_still_there_reopens_within_a_week_with_the_first_clock(council: Store) -> None:
    taken = tell(council)
    done(council, taken, hours=5)
    with council.writing() as session:
        clearing.reopen(session, taken.incident_id, now=at(100))
    assert state(council, taken.incident_key) == ("open", None)
    with council.writing() as session:
        relink(session, now=at(101))
    assert state(council, taken.incident_key) == ("open", None)
    done(council, taken, hours=110)
    with council.writing() as session, pytest.raises(RefusedError, match="7 days"):
        clearing.reopen(session, taken.incident_id, now=at(110 + 169))
    with council.reading() as session:
        assert session.get_one(Incident, taken.incident_id).due_at == taken.due_at


def test_a_late_outcome_leaves_what_was_reported_after_it_a_new_dump(council: Store) -> None:
    taken = tell(council)
    after = tell(council, hours=8)
    assert after.incident_key == taken.incident_key  # nobody knew yet
    done(council, taken, hours=5, told_at=12)
    assert state(council, taken.incident_key) == ("cleared", at(5))
    with council.reading() as session:
        assert open_incidents.by_key(session, after.reference).key == after.reference
    assert state(council, after.reference)[0] == "open"


@pytest.mark.parametrize(("hours", "stored"), [(-3, 12), (90, 12)])
def test_a_telephones_wrong_clock_is_kept_beside_a_time_that_can_be(
    council: Store, hours: float, stored: float
) -> None:
    taken = tell(council)
    done(council, taken, hours=hours, told_at=12)
    assert state(council, taken.incident_key) == ("cleared", at(stored))
    with council.reading() as session:
        event = session.scalars(
            select(IncidentEvent).where(IncidentEvent.kind == "clearance")
        ).one()
    assert event.details["device_at"] == at(hours).isoformat()


def test_merging_keeps_the_earliest_public_clock_and_outlives_relinking(council: Store) -> None:
    first, second = tell(council, 100), tell(council, 0, hours=2)
    with council.writing() as session:
        casework.merge(
            session,
            first.incident_id,
            second.incident_key,
            reason="One and the same",
            user_id=None,
            now=at(3),
        )
        relink(session, now=at(4))
    with council.reading() as session:
        incident = open_incidents.by_key(session, first.reference)
        assert incident.key == second.incident_key
        assert (incident.reports, incident.first_public_at) == (2, at(0))
        kinds = {e.kind for e in incident_events.history(session, incident.id)}
        assert "merged" in kinds


def test_a_duplicate_of_another_hands_its_reports_over_and_closes_nothing(council: Store) -> None:
    first, second = tell(council), tell(council, 100, hours=1)
    recorded = done(council, second, "duplicate", duplicate_of=first.incident_key)
    assert (recorded.incident_key, recorded.state) == (first.incident_key, "open")
    with council.writing() as session:
        relink(session, now=at(9))
    assert state(council, second.reference) == ("open", None)


def test_splitting_keeps_the_reference_and_starts_a_clock_of_its_own(council: Store) -> None:
    first, second = tell(council), tell(council, 10, hours=30)
    with council.writing() as session:
        opened = casework.split(
            session,
            first.incident_id,
            {first.reference},
            reason="Two piles",
            user_id=None,
            now=at(31),
        )
        assert opened.key == second.reference
        relink(session, now=at(32))
    with council.reading() as session:
        one = open_incidents.by_key(session, first.reference)
        two = open_incidents.by_key(session, second.reference)
        assert (one.first_public_at, two.first_public_at) == (at(0), at(30))
        assert two.due_at == at(30).replace(hour=23, minute=59, second=59) + timedelta(days=2)
    with council.writing() as session, pytest.raises(RefusedError, match="at least one"):
        casework.split(
            session, first.incident_id, {"NONE"}, reason="None of these", user_id=None, now=at(33)
        )


def test_moving_changes_the_ward_and_outlives_relinking(council: Store) -> None:
    taken = tell(council)
    with council.writing() as session:
        before = session.get_one(Incident, taken.incident_id).ward_id
        casework.move(
            session,
            taken.incident_id,
            shapely.Point(555_000, 174_000),
            reason="Pin was wrong",
            user_id=None,
            now=at(1),
        )
        relink(session, now=at(2))
    with council.reading() as session:
        row = session.get_one(Incident, taken.incident_id)
        assert row.ward_id != before
        assert row.geometry.x == 555_000


def test_pausing_knows_its_reasons_and_outlives_relinking(council: Store) -> None:
    taken = tell(council)
    with council.writing() as session:
        with pytest.raises(RefusedError, match="choose what stops the clock: The crew could not"):
            casework.pause(session, taken.incident_id, reason="lunch", user_id=None, now=at(1))
        casework.pause(session, taken.incident_id, reason="police", user_id=None, now=at(1))
        relink(session, now=at(2))
    assert state(council, taken.incident_key) == ("paused", None)
    with council.writing() as session:
        casework.resume(session, taken.incident_id, reason="Gone", user_id=None, now=at(3))
        with pytest.raises(RefusedError, match="not paused"):
            casework.resume(session, taken.incident_id, reason="", user_id=None, now=at(3))
    assert state(council, taken.incident_key) == ("open", None)


def test_whose_land_it_is_names_no_person(council: Store) -> None:
    key = done(council, tell(council), "not_our_land", land_owner="Mr Patel, the shop").clearance_id
    with council.reading() as session:
        assert session.get_one(Clearance, key).land_owner == "[removed], the shop"
