"""Regimes, bands and deadlines, against the law's own words and a calendar on paper."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.core.errors import RefusedError
from geodata.rules.days import LONDON, corresponding_day, last_day_beginning_with, local_day
from geodata.rules.enforcement.deadlines import deadlines, period_end, prosecution_limit
from geodata.rules.enforcement.penalties import (
    Amount,
    amount_at_issue,
    band_of_kind,
)
from geodata.rules.enforcement.regime import regime_at
from geodata.rules.tables import Row, packaged

LAW = packaged()
DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("when", "code"),
    [
        (date(1999, 12, 31), "none"),
        (date(2016, 5, 25), "none"),
        (date(2016, 5, 26), "psa2016"),
        (date(2023, 11, 7), "psa2016"),
        (date(2023, 11, 8), "class_c"),  # an hour that is not known is not the first minute
        (datetime(2016, 5, 25, 22, 59, tzinfo=UTC), "none"),  # 23:59 in London's summer
        (datetime(2016, 5, 25, 23, 0, tzinfo=UTC), "psa2016"),  # midnight there
        (datetime(2023, 11, 8, 0, 0, tzinfo=LONDON), "psa2016"),
        (datetime(2023, 11, 8, 0, 0, 59, tzinfo=LONDON), "psa2016"),
        (datetime(2023, 11, 8, 0, 1, tzinfo=UTC), "class_c"),  # winter: London's clock is UTC
        (date(2030, 1, 1), "class_c"),
    ],
)
def test_the_regime_is_that_of_the_incident(when: date | datetime, code: str) -> None:
    assert regime_at(LAW, when).code == code


def test_possession_is_an_offence_under_class_c_only() -> None:
    days = (date(2015, 1, 1), date(2020, 1, 1), date(2024, 1, 1))
    assert [regime_at(LAW, day).possession_offence for day in days] == [False, False, True]


@pytest.mark.parametrize(
    ("offence", "band"),  # DOMAIN.md section 3, in pounds
    [
        # One amount for everybody until 5 April 2006: £10, then £25, then £50.
        (date(1995, 12, 31), (10, 10, 10, 10)),
        (date(1996, 1, 1), (25, 25, 25, 25)),
        (date(2002, 3, 31), (25, 25, 25, 25)),
        (date(2002, 4, 1), (50, 50, 50, 50)),
        (date(2006, 4, 5), (50, 50, 50, 50)),
        (date(2006, 4, 6), (50, 80, 75, 50)),
        (date(2018, 3, 31), (50, 80, 75, 50)),
        (date(2018, 4, 1), (50, 150, 100, 50)),
        (date(2019, 3, 31), (50, 150, 100, 50)),
        (date(2019, 4, 1), (65, 150, 100, 50)),
        (date(2023, 7, 30), (65, 150, 100, 50)),
        (date(2023, 7, 31), (65, 500, 100, 50)),
    ],
)
def test_the_litter_band_is_that_of_the_offence(offence: date, band: tuple[int, ...]) -> None:
    limits = band_of_kind(LAW, "litter_fpn", offence)
    pence = (
        limits.min_pence,
        limits.max_pence,
        limits.default_pence,
        limits.least_discounted_pence,
    )
    assert pence == tuple(100 * pounds for pounds in band)


@given(DAYS)
def test_every_band_is_in_order(day: date) -> None:
    band = band_of_kind(LAW, "litter_fpn", day)
    assert band.least_discounted_pence <= band.min_pence <= band.default_pence <= band.max_pence
    breach = band_of_kind(LAW, "pspo_fpn", day)
    assert breach is not None
    assert breach.max_pence == 10_000


@pytest.mark.parametrize(
    ("offence", "limit"),
    [
        ("2026-01-15", "2026-07-15"),
        ("2026-08-31", "2027-02-28"),
        ("2023-08-31", "2024-02-29"),
        ("2023-08-30", "2024-02-29"),
        ("2023-08-29", "2024-02-29"),
        ("2023-08-28", "2024-02-28"),
        ("2024-02-29", "2024-08-29"),
        ("2026-03-31", "2026-09-30"),
        ("2026-05-31", "2026-11-30"),
        ("2026-12-31", "2027-06-30"),
        ("2026-07-01", "2027-01-01"),
    ],
)
def test_proceedings_begin_by_the_corresponding_day(offence: str, limit: str) -> None:
    assert prosecution_limit(LAW, date.fromisoformat(offence)).isoformat() == limit


@given(DAYS, st.integers(-24, 24))
def test_a_corresponding_day_has_its_number_or_ends_its_month(day: date, months: int) -> None:
    corresponding = corresponding_day(day, months)
    assert (corresponding.year * 12 + corresponding.month) - (day.year * 12 + day.month) == months
    next_day = corresponding + timedelta(days=1)
    assert corresponding.day == day.day or (corresponding.day < day.day and next_day.day == 1)


def test_the_two_ways_of_counting_differ_by_a_day() -> None:
    # Following 1 June, 14 days: 2 June is the 1st, 15 June the 14th; 16 June is free.
    # Beginning with 1 June, 28 days: 1 June is the 1st, 28 June the 28th.
    days = deadlines(LAW, date(2026, 5, 30), notice_on=date(2026, 6, 1), given_on=date(2026, 6, 1))
    assert days.last_day_to_pay == date(2026, 6, 15)
    assert days.earliest_proceedings == date(2026, 6, 16)
    assert days.keeper_representations_last_day == date(2026, 6, 28)


@given(DAYS, DAYS)
def test_deadlines_count_calendar_days_over_leap_years_and_clock_changes(
    notice: date, given_on: date
) -> None:
    days = deadlines(LAW, notice, notice_on=notice, given_on=given_on)
    assert days.last_day_to_pay.toordinal() - notice.toordinal() == 14
    assert days.earliest_proceedings.toordinal() - notice.toordinal() == 15
    assert days.keeper_representations_last_day.toordinal() - given_on.toordinal() == 27


def test_what_is_not_known_is_not_reckoned() -> None:
    days = deadlines(LAW, date(2026, 6, 1))
    assert (days.last_day_to_pay, days.earliest_proceedings) == (None, None)
    assert days.keeper_representations_last_day is None
    assert days.prosecution_limit == date(2026, 12, 1)


def test_three_years_of_an_order_end_the_day_before() -> None:
    assert period_end(LAW, "order_term", date(2024, 2, 1)) == date(2027, 1, 31)
    assert period_end(LAW, "order_challenge", date(2024, 2, 1)) == date(2024, 3, 13)  # 42nd day


def test_one_day_beginning_with_is_the_day_itself() -> None:
    assert last_day_beginning_with(date(2026, 6, 1), 1) == date(2026, 6, 1)


def test_a_naive_instant_has_no_day() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        local_day(datetime(2026, 6, 1, 12))  # noqa: DTZ001 - that is the fault


def amounts(**values: object) -> object:
    given = {"action": "litter_fpn", "amount_pence": 15_000, "decision": "D1"} | values
    return LAW.with_rows([("council_amount", Row(date(2024, 4, 1), None, given, "D1"))])


def test_an_amount_is_the_councils_of_the_day_of_issue() -> None:
    rules = amounts(discount_pence=10_000, discount_days=10)
    kinds = ("litter_fpn", "keeper_penalty")
    for kind in kinds:
        amount = amount_at_issue(
            rules, kind, offence_on=date(2024, 3, 31), issued_on=date(2024, 4, 1)
        )
        assert amount == Amount(15_000, 10_000, 10, "the council's amount (D1)")
        before = amount_at_issue(
            rules, kind, offence_on=date(2024, 3, 31), issued_on=date(2024, 3, 31)
        )
        assert before.pence == 10_000  # the law's default


@pytest.mark.parametrize(
    ("values", "offence", "words"),
    [
        ({"amount_pence": 50_001}, date(2026, 1, 1), "£500.01 is outside"),
        ({"amount_pence": 50_000}, date(2023, 7, 30), "£65.00 to £150.00"),
        ({"amount_pence": 6_499}, date(2026, 1, 1), "£64.99 is outside"),
        ({"discount_pence": 4_999}, date(2026, 1, 1), "under the least, £50.00"),
        ({"discount_pence": 15_001}, date(2026, 1, 1), "is more than £150.00"),
    ],
)
def test_an_amount_the_law_did_not_allow_is_refused(
    values: dict, offence: date, words: str
) -> None:
    with pytest.raises(RefusedError, match=words):
        amount_at_issue(
            amounts(**values), "litter_fpn", offence_on=offence, issued_on=date(2026, 1, 2)
        )


def test_breach_of_an_order_asks_what_the_order_names_and_never_over_the_most() -> None:
    days = {"offence_on": date(2026, 1, 1), "issued_on": date(2026, 1, 1)}
    assert amount_at_issue(LAW, "pspo_fpn", order_pence=8_000, **days).pence == 8_000
    with pytest.raises(RefusedError, match=r"£100\.01 is outside"):
        amount_at_issue(LAW, "pspo_fpn", order_pence=10_001, **days)
    with pytest.raises(RefusedError, match="neither the council's table nor the order"):
        amount_at_issue(LAW, "pspo_fpn", **days)


def test_a_warning_asks_no_money() -> None:
    day = date(2026, 1, 1)
    assert amount_at_issue(LAW, "cpw", offence_on=day, issued_on=day) is None
