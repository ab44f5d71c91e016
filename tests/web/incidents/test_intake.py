"""Reports taken in one by one, on both stores."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import shapely
from sqlalchemy import func, select

from geodata.core.errors import NotFoundError, RefusedError
from geodata.incidents import open_incidents
from geodata.models import ContractPeriod, Incident, IncidentEvent, Report
from geodata.store.engine import Store
from web.services.reporting.intake import NewReport, TakenReport, take_report

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
TWO_WORKING_DAYS = datetime(2026, 11, 25, 23, 59, 59, tzinfo=UTC)


def new_report(x: float = 0, hours: float = 0, **rest: object) -> NewReport:
    values: dict[str, object] = {
        "position": shapely.Point(553_000 + x, 174_000),
        "source": "public",
        "channel": "web",
        "reported_at": MONDAY + timedelta(hours=hours),
    }
    return NewReport(**{**values, **rest})  # type: ignore[arg-type]


def take(store: Store, new: NewReport) -> TakenReport:
    with store.writing() as session:
        return take_report(session, new, now=max(new.reported_at, MONDAY))


def incident(store: Store, key: str) -> Incident:
    with store.reading() as session:
        return open_incidents.by_key(session, key)


def test_a_first_report_opens_an_incident_in_its_ward_and_starts_the_clock(council: Store) -> None:
    with council.writing() as session:
        session.add(ContractPeriod(contractor="FCC", valid_from=MONDAY.date()))
    taken = take(council, new_report(charger_band="11_to_50", cylinders=2, landmark="Bay 114"))
    assert (taken.is_new, taken.has_opened) == (True, True)
    assert taken.due_at == TWO_WORKING_DAYS
    assert taken.due_rule == "service-level-1"
    row = incident(council, taken.incident_key)
    assert (row.state, row.reports, row.chargers, row.cylinders) == ("open", 1, 25, 2)
    assert (row.landmark, row.contractor) == ("Bay 114", "FCC")
    with council.reading() as session:
        assert session.get_one(Incident, row.id).ward_id is not None
        events = session.scalars(select(IncidentEvent)).all()
    assert [event.kind for event in events] == ["opened"]
    assert events[0].details["due_at"] == TWO_WORKING_DAYS.isoformat()


def test_a_second_report_joins_and_does_not_move_the_clock(council: Store) -> None:
    first = take(council, new_report(charger_band="11_to_50"))
    second = take(council, new_report(20, hours=30, charger_band="up_to_10", cylinders=3))
    assert second.incident_key == first.incident_key
    assert second.reference != first.reference
    assert second.due_at == first.due_at
    row = incident(council, first.incident_key)
    assert (row.reports, row.chargers, row.cylinders) == (2, 25, 3)


def test_a_crews_find_starts_no_clock_until_the_public_tells(council: Store) -> None:
    crew_report = take(council, new_report(source="crew", channel="crew"))
    assert crew_report.due_at is None
    told_of = take(council, new_report(hours=1))
    assert told_of.incident_key == crew_report.incident_key
    assert told_of.due_at == TWO_WORKING_DAYS
    assert incident(council, crew_report.incident_key).proactive_reports == 1


def test_needles_told_of_later_shorten_the_clock_from_then(council: Store) -> None:
    take(council, new_report())
    second = take(council, new_report(hours=3, has_needles=True))
    assert second.due_at == MONDAY + timedelta(hours=7)
    assert second.due_rule == "service-level-1 needles"


def test_the_same_form_sent_twice_is_one_report(council: Store) -> None:
    first = take(council, new_report(idempotency_key="k1"))
    again = take(council, new_report(idempotency_key="k1"))
    assert not again.is_new
    assert (again.reference, again.due_at) == (first.reference, first.due_at)
    with council.reading() as session:
        assert session.scalar(select(func.count()).select_from(Report)) == 1


def test_a_reporter_may_point_at_an_incident_out_of_reach(council: Store) -> None:
    first = take(council, new_report())
    second = take(council, new_report(80, hours=1, joins_incident_id=first.incident_id))
    assert second.incident_key == first.incident_key
    with council.reading() as session:
        pinned = session.scalars(select(Report.is_pinned)).all()
    assert pinned == [True, True]


def test_an_unknown_incident_is_refused_with_nothing_stored(council: Store) -> None:
    with pytest.raises(NotFoundError, match="999"):
        take(council, new_report(joins_incident_id=999))
    with council.reading() as session:
        assert session.scalar(select(func.count()).select_from(Report)) == 0


@pytest.mark.parametrize("field", ["reported_at", "first_seen_at", "last_clean_at"])
def test_a_time_in_the_future_is_refused(council: Store, field: str) -> None:
    new = new_report(**{field: MONDAY + timedelta(minutes=6)})
    with pytest.raises(RefusedError, match="future"), council.writing() as session:
        take_report(session, new, now=MONDAY)


def test_reports_at_once_are_one_incident_and_none_is_lost(council: Store) -> None:
    """Twenty at one spot, each sent twice by an impatient finger."""
    answers: list[TakenReport] = []
    barrier = threading.Barrier(8)

    def send(worker: int) -> None:
        barrier.wait()
        mine = [
            take(council, new_report(n % 5, idempotency_key=f"k{n // 2}"))
            for n in range(worker, 40, 8)
        ]
        answers.extend(mine)

    threads = [threading.Thread(target=send, args=(worker,)) for worker in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 40
    assert sum(answer.is_new for answer in answers) == 20
    assert len({answer.incident_key for answer in answers}) == 1
    with council.reading() as session:
        assert session.scalar(select(func.count()).select_from(Report)) == 20
        assert session.scalars(select(Incident.reports)).all() == [20]
