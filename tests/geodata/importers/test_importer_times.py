from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.files.problems import FileRefusedError
from geodata.importers.when.time_forms import fault_of
from geodata.importers.when.times import Order, read_times


def parsed(*texts: str, order: str | None = None) -> list[str | None]:
    column = pd.Series(texts, index=range(2, 2 + len(texts)))
    times = read_times(column, column="When", order=order).instants  # type: ignore[arg-type]
    return [None if pd.isna(t) else f"{t:%Y-%m-%dT%H:%M:%S}Z" for t in times]


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-01-23", "2026-01-23T00:00:00Z"),
        ("2026-07-23", "2026-07-22T23:00:00Z"),  # midnight of British summer time
        ("2026-07-23T18:05:30", "2026-07-23T17:05:30Z"),
        ("2026-07-23 18:05Z", "2026-07-23T18:05:00Z"),
        ("2026-07-23T18:05:00.000+02:00", "2026-07-23T16:05:00Z"),
        ("23/01/2026", "2026-01-23T00:00:00Z"),
        ("23.01.26 6:05 pm", "2026-01-23T18:05:00Z"),
        ("23 Jan 2026, 12.30am", "2026-01-23T00:30:00Z"),
        ("Friday 23rd January 2026 12:30pm", "2026-01-23T12:30:00Z"),
        ("20 Mawrth 2026", "2026-03-20T00:00:00Z"),  # March in Welsh
        ("3 Gorffennaf 2026 10:10", "2026-07-03T09:10:00Z"),  # July: ten letters
        ("2026-03-20 24:00", "2026-03-21T00:00:00Z"),  # ISO 8601: the midnight that ends its day
        ("31/12/2025 2400 hrs", "2026-01-01T00:00:00Z"),
        ("20/07/2026 12 noon", "2026-07-20T11:00:00Z"),
        ("2026-03-29 01:30", "2026-03-29T01:00:00Z"),  # does not exist: moved to 02:00 BST
        ("2026-10-25 01:30", "2026-10-25T00:30:00Z"),  # happens twice: the first, still BST
    ],
)
def test_a_time_is_read_as_londons_clock_unless_it_names_its_zone(text: str, utc: str) -> None:
    assert parsed(text) == [utc]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2026-02-30",
        "31/31/2026",
        "2026-01-01 25:00",
        "2026-01-01 24:01",
        "2026-01-01 midnight",
    ],
)
def test_what_is_no_time_is_left_empty(text: str) -> None:
    assert parsed("2026-01-23", text, order="dmy")[1] is None


def test_one_value_settles_the_order_of_the_column() -> None:
    assert parsed("03/04/2026", "23/04/2026")[0] == "2026-04-02T23:00:00Z"
    assert parsed("03/04/2026", "04/23/2026")[0] == "2026-03-04T00:00:00Z"


def test_an_order_that_nothing_settles_is_asked_for() -> None:
    with pytest.raises(FileRefusedError, match="months as words") as refusal:
        parsed("03/04/2026", "05/06/2026")
    assert "--dates dmy" in refusal.value.in_shell
    assert "--" not in str(refusal.value)  # a page shows this alone
    assert parsed("03/04/2026", order="mdy") == ["2026-03-04T00:00:00Z"]


def test_orders_that_contradict_are_refused_with_their_rows() -> None:
    with pytest.raises(FileRefusedError, match="rows 2 and 3"):
        parsed("23/04/2026", "04/23/2026")


@given(st.datetimes(pd.Timestamp("1990-01-01"), pd.Timestamp("2060-01-01")))
def test_a_time_with_its_zone_comes_back_as_itself(moment: pd.Timestamp) -> None:
    written = f"{moment:%Y-%m-%dT%H:%M:%S}"
    assert parsed(written + "Z") == [written + "Z"]


@pytest.mark.parametrize(("text", "order"), [("01/13/2026", "mdy"), ("13/01/2026", "dmy")])
def test_a_column_half_converted_by_a_spreadsheet_is_asked_about(text: str, order: Order) -> None:
    column = pd.Series(["2026-04-03 00:00:00", text], index=[2, 3])
    with pytest.raises(FileRefusedError, match="2026-04-03 or 2026-03-04") as refusal:
        read_times(column, column="Date")
    assert f"--dates {order}" in refusal.value.in_shell
    kept = read_times(column, column="Date", order=order).instants  # the user says: as they stand
    assert [f"{at:%Y-%m-%d}" for at in kept.dt.tz_convert("Europe/London")] == [
        "2026-04-03",
        "2026-01-13",
    ]


def test_dates_beside_texts_are_no_half_conversion_where_one_has_a_later_day() -> None:
    column = pd.Series(["2026-04-03 00:00:00", "2026-04-23 00:00:00", "13/01/2026"])
    assert read_times(column, column="Date").instants.notna().all()


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        # 20 March 2026 is a Friday of winter time: London's clock is UTC's.
        ("20-Mar-26", "2026-03-20T00:00:00Z"),
        ("20 March 2026 18:05", "2026-03-20T18:05:00Z"),
        ("20Mar2026 18:05", "2026-03-20T18:05:00Z"),
        ("20/MAR/2026 1805", None),
        ("Fri 20 Mar 2026", "2026-03-20T00:00:00Z"),
        ("Friday, 20th of March 2026 at 6:05 pm", "2026-03-20T18:05:00Z"),
        ("March 20, 2026 10:10 PM", "2026-03-20T22:10:00Z"),
        ("Fri Mar 20 2026 18:05:00 GMT+0100 (Central European Time)", "2026-03-20T17:05:00Z"),
        ("Fri Mar 20 18:05:00 2026", "2026-03-20T18:05:00Z"),
        ("2026-Mar-20", "2026-03-20T00:00:00Z"),
        ("2026/03/20", "2026-03-20T00:00:00Z"),
        ("2026.03.20 18:05", "2026-03-20T18:05:00Z"),
        ("20.03.2026", "2026-03-20T00:00:00Z"),
        ("20260320", "2026-03-20T00:00:00Z"),
        ("20260320T180530Z", "2026-03-20T18:05:30Z"),
        ("20260320180530", "2026-03-20T18:05:30Z"),
        ("2026-03-20T18:05:30.123456+01:00", "2026-03-20T17:05:30Z"),
        ("2026-03-20 18:05:30,5+00", "2026-03-20T18:05:30Z"),
        ("20/03/2026 6.05pm", "2026-03-20T18:05:00Z"),
        ("20/03/26 6 pm", "2026-03-20T18:00:00Z"),
        ("20/03/2026 18:05 hrs", "2026-03-20T18:05:00Z"),
        ("Mardi 20 2026", None),
        ("20 Marble 2026", None),
        ("20 Mar 2026 18", None),  # 18 of what
        ("2026-W12-5", None),
        ("20032026", None),  # no month 20
    ],
)
def test_forms_that_people_and_programs_write_are_read_right(text: str, utc: str | None) -> None:
    assert parsed(text) == [utc]


FORMS = (
    *("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y%m%dT%H%M", "%Y.%m.%d %H.%M", "%Y-%b-%d %H:%M:%S"),
    *("%d-%b-%y %H:%M", "%d %B %Y %H:%M", "%a %d %b %Y %H:%M", "%A, %d of %B %Y at %I:%M %p"),
    *("%B %d, %Y %I:%M %p", "%a %b %d %H:%M:%S %Y", "%d %b '%y %I.%M%p", "%Y%m%d%H%M%S"),
    *("%d.%m.%Y %H:%M", "%d/%m/%y %I.%M %p", "%d-%m-%Y %H:%M:%S.000"),
)


@settings(max_examples=20)
@given(
    st.datetimes(pd.Timestamp("2002-01-01"), pd.Timestamp("2099-12-31")).map(
        lambda moment: moment.replace(second=0, microsecond=0)
    ),
    st.sampled_from(FORMS),
)
def test_one_moment_is_the_same_instant_in_every_form(moment: datetime, form: str) -> None:
    text = moment.strftime(form)
    assert parsed(text, order="dmy") == parsed(f"{moment:%Y-%m-%dT%H:%M:00}")


@settings(max_examples=25)
@given(st.integers(1_000_000_000, 4_102_444_799))
def test_seconds_and_milliseconds_since_1970_are_instants(seconds: int) -> None:
    utc = f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}Z"
    assert parsed(str(seconds), "") == [utc, None]
    assert parsed(f"{seconds}000") == [utc]


@settings(max_examples=25)
@given(st.integers(36_526, 73_049), st.integers(0, 1_439))
def test_excels_numbers_are_london_days_and_times(day: int, minute: int) -> None:
    wall = datetime(1899, 12, 30, tzinfo=UTC) + timedelta(days=day, minutes=minute)
    assert parsed(f"{day + minute / 1440:.5f}") == parsed(f"{wall:%Y-%m-%dT%H:%M:%S}")


def test_numbers_among_dates_are_not_guessed() -> None:
    assert parsed("2026-03-20", "46101")[1] is None
    assert parsed("1774029900", "1774029900000") == [None, None]
    assert parsed("0000000012") == [None]  # of 1970: a reference, and no time
    assert "not every row" in fault_of("1774029900")


def test_a_column_that_says_utc_is_read_as_utc() -> None:
    times = read_times(pd.Series(["2026-07-23 18:05"]), column="Created (UTC)")
    assert times.instants[0] == pd.Timestamp("2026-07-23T18:05Z")
    assert times.is_zoned.all()
