"""Cells that strangers write: each is read, or refused in our own words, and never takes long.

``HOTSPOTS_FUZZ=20000`` gives each test so many examples instead of a few dozen.
"""

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geodata.core.grid_references import GridReferenceError, format_gridref, parse_gridref
from geodata.files.problems import FileRefusedError
from geodata.importers.values import parse_pounds, parse_whole
from geodata.importers.when.clocks import at_time, has_own_time, is_time
from geodata.importers.when.time_forms import fault_of
from geodata.importers.when.times import read_times
from geodata.importers.where.geometry import read_wkt
from geodata.importers.where.number_texts import as_number, as_numbers, as_pair
from geodata.people.personal_data import taken_out
from tests.fuzzing import fuzzed


def column(text: str) -> pd.Series:
    return pd.Series([text], dtype=object)


READERS: dict[str, Callable[[str], object]] = {
    "number": as_number,
    "numbers": lambda text: as_numbers(column(text)),
    "pair": as_pair,
    "time": lambda text: read_times(column(text), column="When", order="dmy"),
    "fault": fault_of,
    "clock": lambda text: (is_time(column(text)), has_own_time(column(text))),
    "day and clock": lambda text: at_time(column(text), column("18:05")),
    "whole": lambda text: parse_whole(column(text)),
    "pounds": lambda text: parse_pounds(column(text)),
    "personal": taken_out,
    "wkt": lambda text: read_wkt([text]),
}

# Each once took minutes, or ended the process. A pattern is a beginning, what recurs, and an end.
KEPT = [
    ("1", " ", "x"),
    ("", "1", ""),
    ("", "a", ""),
    ("", "-", ""),
    ("", "a.", ""),
    ("2026-01-01 18:05", " ", "x"),
    ("2026-01-01", " ", "18"),
    ("", "T ,", ""),
    ("TQ", "1", "x"),
    ("51.4", " ", ";"),
    ("born 1", "1 ", "x"),
    ("", "GEOMETRYCOLLECTION (", ""),
    ("", '{"coordinates": [1', ""),
]


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("pattern", KEPT)
def test_a_long_cell_comes_to_an_end(name: str, pattern: tuple[str, str, str]) -> None:
    first, recurring, last = pattern
    # With n² steps, as once, the run would not come to its end.
    READERS[name](first + recurring * (100_000 // len(recurring)) + last)


texts = st.one_of(
    st.text(max_size=60),
    st.text("0123456789-+.,:;/ TZNSEWnsew°'\"′″()APMapm£eEinfaJQ", max_size=40),
)


@pytest.mark.parametrize("name", READERS)
@fuzzed
@given(text=texts)
@example(text="9" * 5_000)
@example(text="\x00")
@example(text="1e999")
def test_any_cell_is_read_or_left_without_an_exception(name: str, text: str) -> None:
    READERS[name](text)


@fuzzed
@given(texts)
def test_the_two_readers_of_numbers_agree(text: str) -> None:
    alone, together = as_number(text.strip()), as_numbers(column(text.strip())).iloc[0]
    if np.isfinite(alone) and np.isfinite(together):
        assert alone == together


@fuzzed
@given(texts)
@example("T\u212a 12 34")  # Kelvin's sign is a K without case
@example("\u017fQ 12 34")  # as the long s is an S
@example("TQ ¹² ³⁴")
def test_any_text_is_a_grid_reference_within_the_letters_or_refused(text: str) -> None:
    try:
        east, north, side = parse_gridref(text)
    except GridReferenceError:
        return
    assert -1_000_000 <= east < 1_500_000
    assert -500_000 <= north < 2_000_000
    assert side in {1, 10, 100, 1_000, 10_000}


@fuzzed
@given(st.integers(0, 6_999), st.integers(0, 12_999))
def test_a_grid_reference_names_the_square_that_holds_its_point(x: int, y: int) -> None:
    east, north, side = parse_gridref(format_gridref(x * 100, y * 100))
    assert side == 100
    assert (east - 50, north - 50) == (x * 100, y * 100)


@fuzzed
@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001 - made aware below
def test_an_instant_that_is_written_is_the_instant_that_is_read(moment: datetime) -> None:
    moment = moment.replace(microsecond=0, tzinfo=UTC)
    forms = ("%Y-%m-%dT%H:%M:%SZ", "%d/%m/%Y %H:%M:%S Z", "%d %B %Y %H:%M:%S UTC")
    written = pd.Series([moment.strftime(form) for form in forms])
    assert (read_times(written, column="When", order="dmy").instants == moment).all()


@fuzzed
@given(texts)
def test_a_day_that_is_read_lies_in_a_year_of_four_digits(text: str) -> None:
    try:
        instant = read_times(column(text), column="When", order="dmy").instants.iloc[0]
    except FileRefusedError:
        return
    assert pd.isna(instant) or 1 <= instant.year <= 9999


@fuzzed
@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_pair_that_is_written_is_the_pair_that_is_read(lat: float, lon: float) -> None:
    assert as_pair(f"{lat:.6f}, {lon:.6f}") == (float(f"{lat:.6f}"), float(f"{lon:.6f}"), False)
