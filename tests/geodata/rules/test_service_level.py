"""The clearance clock against gov.uk's own list of bank holidays and the Summer Time Act's rule."""

import calendar
import json
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from geodata.core.errors import NotFoundError, RefusedError
from geodata.models import RuleRow
from geodata.rules.clearances.service_level import (
    Hazard,
    ServiceClock,
    ServiceLevel,
    packaged_clock,
    packaged_levels,
    service_clock,
)
from geodata.rules.clearances.working_days import WorkingDays
from geodata.store.engine import Store
from web.cli import hotspots

LONDON = ZoneInfo("Europe/London")
# gov.uk/bank-holidays, England and Wales, to 2028; 2029 and 2030 by the same acts (Easter 1 April
# and 21 April). Weekend days that have a substitute are left out: nobody works them anyway.
BANK_HOLIDAYS = {
    date(int(year), *map(int, day.split("/")[::-1]))
    for year, days in {
        2019: "1/1 19/4 22/4 6/5 27/5 26/8 25/12 26/12",
        2020: "1/1 10/4 13/4 8/5 25/5 31/8 25/12 28/12",
        2021: "1/1 2/4 5/4 3/5 31/5 30/8 27/12 28/12",
        2022: "3/1 15/4 18/4 2/5 2/6 3/6 29/8 19/9 26/12 27/12",
        2023: "2/1 7/4 10/4 1/5 8/5 29/5 28/8 25/12 26/12",
        2024: "1/1 29/3 1/4 6/5 27/5 26/8 25/12 26/12",
        2025: "1/1 18/4 21/4 5/5 26/5 25/8 25/12 26/12",
        2026: "1/1 3/4 6/4 4/5 25/5 31/8 25/12 28/12",
        2027: "1/1 26/3 29/3 3/5 31/5 30/8 27/12 28/12",
        2028: "3/1 14/4 17/4 1/5 29/5 28/8 25/12 26/12",
        2029: "1/1 30/3 2/4 7/5 28/5 27/8 25/12 26/12",
        2030: "1/1 19/4 22/4 6/5 27/5 26/8 25/12 26/12",
    }.items()
    for day in days.split()
}
FIRST, LAST = date(2019, 1, 1), date(2030, 12, 20)
EVERY_DAY = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]


def last_sunday(year: int, month: int) -> date:
    day = date(year, month, calendar.monthrange(year, month)[1])
    return day - timedelta(days=(day.weekday() + 1) % 7)


CLOCK_CHANGES = [last_sunday(year, month) for year in range(2019, 2031) for month in (3, 10)]
MOMENTS = st.integers(0, 12 * 365 * 86_400).map(
    lambda s: datetime(2019, 1, 1, tzinfo=UTC) + timedelta(seconds=s)
)
ODD_DAYS = sorted({*BANK_HOLIDAYS, *CLOCK_CHANGES, *(date(y, 2, 29) for y in (2020, 2024, 2028))})


def is_summer_time(day: date) -> bool:
    """At noon or later of a day."""
    return last_sunday(day.year, 3) <= day < last_sunday(day.year, 10)


def by_walking(day: date, hour: int, cut_off: int, working: bool, n: int) -> datetime:
    """The end of the last day, counted day by day, in UTC."""
    day += timedelta(days=1) if hour >= cut_off else timedelta(0)
    while n > 0:
        day += timedelta(days=1)
        if not working or (day.strftime("%a") not in {"Sat", "Sun"} and day not in BANK_HOLIDAYS):
            n -= 1
    end = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=UTC)
    return end - timedelta(hours=1) if is_summer_time(day) else end


def level(**changes: object) -> ServiceLevel:
    packaged = packaged_levels()[0]
    return ServiceLevel(**{**packaged.__dict__, **changes})


def due(moment: datetime, *hazards: str, **changes: object) -> datetime:
    return ServiceClock([level(**changes)], WorkingDays()).due(moment, hazards).at


def local(day: date, hour: int, minute: int = 0, fold: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute, fold=fold), LONDON)


@pytest.mark.parametrize("hour", [0, 9, 23])
def test_every_day_of_twelve_years_falls_due_as_counted_by_hand(hour: int) -> None:
    clock = packaged_clock()
    for day in EVERY_DAY:
        assert clock.due(local(day, hour, 59)).at == by_walking(day, hour, 24, True, 2), day


@pytest.mark.parametrize("calendar_", ["working", "calendar"])
def test_every_cut_off_holds_around_every_odd_day(calendar_: str) -> None:
    for odd in ODD_DAYS:
        for day in (odd - timedelta(days=1), odd):
            for cut_off in range(1, 25):
                rule = ServiceClock(
                    [level(calendar=calendar_, cut_off_hour=cut_off)], WorkingDays()
                )
                for hour in {cut_off - 1, cut_off % 24}:
                    if day in CLOCK_CHANGES and hour in {1, 2}:
                        continue  # a local hour that is missing or comes twice
                    due_at = rule.due(local(day, hour, 30)).at
                    working = calendar_ == "working"
                    assert due_at == by_walking(day, hour, cut_off, working, 2), (
                        day,
                        hour,
                        cut_off,
                    )


@given(
    MOMENTS,
    MOMENTS,
    st.integers(1, 24),
    st.integers(1, 5),
    st.sets(st.sampled_from(list(Hazard))),
)
def test_a_later_report_never_falls_due_sooner(
    one: datetime, other: datetime, cut_off: int, days: int, hazards: set[Hazard]
) -> None:
    first, second = sorted((one, other))
    assert due(first, *hazards, cut_off_hour=cut_off, days=days) <= due(
        second, *hazards, cut_off_hour=cut_off, days=days
    )


@given(
    MOMENTS,
    st.sets(st.sampled_from(list(Hazard))),
)
def test_a_hazard_only_ever_shortens_and_the_due_time_lies_ahead(
    reported_at: datetime, hazards: set[Hazard]
) -> None:
    assert reported_at < due(reported_at, *hazards) <= due(reported_at)


@pytest.mark.parametrize("day", CLOCK_CHANGES)
def test_four_hours_are_four_real_hours_when_the_clocks_change(day: date) -> None:
    reported_at = local(day, 0, 30)  # half an hour before or an hour and a half before the change
    assert due(reported_at, "needles") - reported_at.astimezone(UTC) == timedelta(hours=4)
    shown = due(reported_at, "needles").astimezone(LONDON)
    assert (shown.hour, shown.minute) == ((5, 30) if day.month == 3 else (3, 30))


def test_the_hour_that_comes_twice_is_two_instants() -> None:
    day = date(2026, 10, 25)
    first, second = local(day, 1, 30), local(day, 1, 30, fold=1)
    assert due(second, "leaking") - due(first, "leaking") == timedelta(hours=1)


def test_a_council_may_close_a_day_and_open_another() -> None:
    friday, monday = date(2026, 11, 27), date(2026, 11, 30)
    overrides = WorkingDays({date(2026, 11, 28): True, monday: False})
    clock = ServiceClock(packaged_levels(), overrides)
    # From Friday: Saturday is the first working day, Monday is none, Tuesday is the second.
    assert clock.due(local(friday, 9)).at == datetime(2026, 12, 1, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    "changes",
    [
        {"days": 0},
        {"calendar": "lunar"},
        {"cut_off_hour": 0},
        {"cut_off_hour": 25},
        {"day_ends": time(1, 30)},
        {"hazard_hours": {"tigers": 4}},
        {"hazard_hours": {"needles": 0}},
    ],
)
def test_a_rule_that_means_nothing_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(RefusedError):
        level(**changes)


def test_the_version_in_force_on_the_day_of_report_decides() -> None:
    old = level(version="old", valid_to=date(2026, 6, 30))
    new = level(version="new", valid_from=date(2026, 7, 1), days=1)
    clock = ServiceClock([old, new], WorkingDays())
    # 23:30 UTC on 30 June is half past midnight on 1 July in London.
    assert clock.due(datetime(2026, 6, 30, 22, 30, tzinfo=UTC)).rule == "old"
    assert clock.due(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)).rule == "new"
    with pytest.raises(NotFoundError, match="1 January 2027"):
        ServiceClock([old], WorkingDays()).due(datetime(2027, 1, 1, 12, tzinfo=UTC))


def rule_row(table: str, values: dict[str, object], **rest: object) -> RuleRow:
    return RuleRow(
        table_name=table,
        values=values,
        source="Decision 12",
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        **rest,
    )


def test_the_stores_own_rows_count_until_they_are_withdrawn(store: Store) -> None:
    reported_at = datetime(2026, 11, 23, 9, tzinfo=UTC)  # a Monday
    own = {
        "version": "own-1",
        "days": 1,
        "calendar": "working",
        "cut_off_hour": 24,
        "day_ends": "17:00",
        "hazard_hours": {},
        "pauses": {},
    }
    with store.writing() as session:
        row = rule_row("service_level", own, valid_from=date(2026, 1, 1))
        closed = rule_row("working_days", {"is_working": False}, valid_from=date(2026, 11, 24))
        session.add_all([row, closed])
        session.flush()
        due_at = service_clock(session).due(reported_at, {"needles"})
        # Tuesday is closed, so the first working day is Wednesday; needles have no hours here.
        assert (due_at.rule, due_at.at) == ("own-1", datetime(2026, 11, 25, 17, tzinfo=UTC))
        row.withdrawn_at = reported_at
        session.flush()
        assert service_clock(session).due(reported_at).rule == "service-level-1"


def test_the_command_says_when_and_by_which_rule(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HOTSPOTS_DATABASE_URL", raising=False)
    arguments = ["due", "--reported-at", "2026-04-02T16:30:00+01:00", "--json"]
    answer = CliRunner().invoke(hotspots, arguments)
    # Thursday; Good Friday, the weekend and Easter Monday do not count: Tuesday, Wednesday.
    assert json.loads(answer.stdout) == {
        "due_at": "2026-04-08T22:59:59+00:00",
        "due_local": "2026-04-08T23:59:59+01:00",
        "rule": "service-level-1",
        "elapsed_hours": 151.4997,  # 6 days 7 h 29 min 59 s
    }
    hazard = CliRunner().invoke(hotspots, [*arguments, "--hazard", "needles"])
    assert json.loads(hazard.stdout)["elapsed_hours"] == 4


def test_the_command_refuses_a_store_that_is_named_and_not_there(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("HOTSPOTS_DATABASE_URL", f"sqlite:///{tmp_path}/none.gpkg")
    answer = CliRunner().invoke(hotspots, ["due", "--reported-at", "2026-04-02T16:30Z"])
    assert answer.exit_code != 0
