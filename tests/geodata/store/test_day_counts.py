"""Counts of days, kept by triggers, are those of the record after any history of changes."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from geodata.frames.day_counts import Amounts, by_day, incident_days
from geodata.models import Incident, Report
from geodata.rules.days import LONDON
from geodata.store import day_counts
from geodata.store.engine import Store

HOUR = timedelta(hours=1)
HERE = shapely.Point(553_000, 174_000)
# Both nights on which the clocks change, and midnight in summer and winter, are among these.
MOMENTS = st.one_of(
    st.integers(0, 96).map(lambda hours: datetime(2025, 3, 28, tzinfo=UTC) + hours * HOUR),
    st.integers(0, 96).map(lambda hours: datetime(2025, 10, 24, tzinfo=UTC) + hours * HOUR),
    st.sampled_from(
        [
            datetime(2025, 7, 1, 22, 59, tzinfo=UTC),
            datetime(2025, 7, 1, 23, tzinfo=UTC),
            datetime(2025, 12, 31, 23, 30, tzinfo=UTC),
        ]
    ),
)
CYLINDERS = st.sampled_from([None, 0, 1, 12])
WHICH = st.integers(0, 9)
CHANGE = st.one_of(
    st.tuples(st.just("incident"), MOMENTS, CYLINDERS),
    st.tuples(st.just("report"), MOMENTS),
    st.tuples(st.just("move"), WHICH, MOMENTS),
    st.tuples(st.just("move report"), WHICH, MOMENTS),
    st.tuples(st.just("count"), WHICH, CYLINDERS),
    st.tuples(st.just("merge"), WHICH, WHICH),
    st.tuples(st.just("part"), WHICH),
    st.tuples(st.just("undo"), WHICH),
    st.tuples(st.just("withdraw"), WHICH),
)


def incident(number: int, at: datetime, cylinders: int | None) -> Incident:
    return Incident(
        key=f"K{number}",
        geometry=HERE,
        first_reported_at=at,
        last_reported_at=at,
        reports=1,
        cylinders=cylinders,
        state="open",
    )


def report(number: int, at: datetime) -> Report:
    return Report(
        reference=f"R{number}",
        reported_at=at,
        recorded_at=at,
        geometry=HERE,
        source="public",
        channel="web",
        charger_band="none",
    )


def change(session: Session, number: int, act: str, *details: object) -> None:
    """One change of a row, as services, imports and their undoing make them."""
    model = Report if act in {"move report", "withdraw"} else Incident
    rows = list(session.scalars(select(model).order_by(model.id)))
    row = rows[details[0] % len(rows)] if rows and isinstance(details[0], int) else None
    match act:
        case "incident":
            session.add(incident(number, *details))  # type: ignore[arg-type]
        case "report":
            session.add(report(number, *details))  # type: ignore[arg-type]
        case _ if row is None:
            return
        case "move":
            row.first_reported_at = details[1]
        case "move report":
            row.reported_at = details[1]
        case "count":
            row.cylinders = details[1]
        case "merge":
            row.merged_into_id = rows[details[1] % len(rows)].id  # type: ignore[operator]
        case "part":
            row.merged_into_id = None
        case "undo" if not [one for one in rows if one.merged_into_id == row.id]:
            session.delete(row)
        case "withdraw":
            session.delete(row)
    session.flush()


def by_hand(session: Session) -> dict[date, Amounts]:
    days: dict[date, Amounts] = defaultdict(Amounts)
    for row in session.scalars(select(Incident).where(Incident.merged_into_id.is_(None))):
        cylinders = row.cylinders or 0
        day = row.first_reported_at.astimezone(LONDON).date()
        days[day] += Amounts(1, int(cylinders > 0), cylinders)
    for row in session.scalars(select(Report)):
        days[row.reported_at.astimezone(LONDON).date()] += Amounts(reports=1)
    return dict(sorted(days.items()))


@given(history=st.lists(CHANGE, max_size=25))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_days_hold_what_the_record_holds_after_any_history(
    store: Store, history: list[tuple[object, ...]]
) -> None:
    with store.writing() as session:
        for number, (act, *details) in enumerate(history):
            change(session, number, str(act), *details)
        slow = by_hand(session)
        assert by_day(session) == slow
        days = [day for day, amounts in slow.items() if amounts.incidents]
        assert incident_days(session) == (days, sum(slow[day].incidents for day in days))
        for since in list(slow)[:2]:
            within = {day: amounts for day, amounts in slow.items() if since <= day}
            assert by_day(session, since, max(slow)) == within
        assert day_counts.differing(session.connection()) == []
        session.rollback()


def test_counts_that_went_wrong_are_told_and_made_anew(store: Store) -> None:
    noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
    with store.writing() as session:
        session.add_all([incident(1, noon, 3), report(1, noon), report(2, noon)])
        session.flush()
        session.execute(text("UPDATE day_count SET reports = 7"))
        session.add(report(3, noon + timedelta(days=1)))
        session.flush()
        connection = session.connection()
        assert day_counts.differing(connection) == [date(2026, 6, 1)]
        day_counts.rebuild(connection)
        assert day_counts.differing(connection) == []
        assert by_day(session) == {
            date(2026, 6, 1): Amounts(1, 1, 3, 2),
            date(2026, 6, 2): Amounts(reports=1),
        }
