import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.files.problems import FileRefusedError
from geodata.importers.times import Order, read_times


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
        ("2026-03-29 01:30", "2026-03-29T01:00:00Z"),  # does not exist: moved to 02:00 BST
        ("2026-10-25 01:30", "2026-10-25T00:30:00Z"),  # happens twice: the first, still BST
    ],
)
def test_a_time_is_read_as_londons_clock_unless_it_names_its_zone(text: str, utc: str) -> None:
    assert parsed(text) == [utc]


@pytest.mark.parametrize("text", ["", "soon", "2026-02-30", "31/31/2026", "2026-01-01 25:00"])
def test_what_is_no_time_is_left_empty(text: str) -> None:
    assert parsed("2026-01-23", text, order="dmy")[1] is None


def test_one_value_settles_the_order_of_the_column() -> None:
    assert parsed("03/04/2026", "23/04/2026")[0] == "2026-04-02T23:00:00Z"
    assert parsed("03/04/2026", "04/23/2026")[0] == "2026-03-04T00:00:00Z"


def test_an_order_that_nothing_settles_is_asked_for() -> None:
    with pytest.raises(FileRefusedError, match="--dates dmy"):
        parsed("03/04/2026", "05/06/2026")
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
    with pytest.raises(FileRefusedError, match=f"2026-04-03 or 2026-03-04.*--dates {order}"):
        read_times(column, column="Date")
    kept = read_times(column, column="Date", order=order).instants  # the user says: as they stand
    assert [f"{at:%Y-%m-%d}" for at in kept.dt.tz_convert("Europe/London")] == [
        "2026-04-03",
        "2026-01-13",
    ]


def test_dates_beside_texts_are_no_half_conversion_where_one_has_a_later_day() -> None:
    column = pd.Series(["2026-04-03 00:00:00", "2026-04-23 00:00:00", "13/01/2026"])
    assert read_times(column, column="Date").instants.notna().all()
