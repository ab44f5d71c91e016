"""What a column of yes and no, and one of counts, may hold."""

import numpy as np
import pandas as pd
import pytest

from hotspots.core.errors import FrameError
from hotspots.core.frames import numbers, true_or_false


@pytest.mark.parametrize(
    "values",
    [
        pd.Series([True, False, None], dtype=object),
        pd.Series([True, False, None], dtype="boolean"),
        pd.Series([1, 0, None], dtype=object),
        pd.Series([1.0, 0.0, np.nan]),
    ],
)
def test_yes_no_and_unknown_are_read_however_they_are_kept(values: pd.Series) -> None:
    assert true_or_false(values, name="from_vehicle").tolist() == [True, False, pd.NA]


@pytest.mark.parametrize("odd", ["no", 0.5, 2])
def test_a_word_or_another_number_is_refused_with_its_value(odd: object) -> None:
    with pytest.raises(FrameError, match=f"'from_vehicle' holds {odd!r}: give True"):
        true_or_false(pd.Series([True, odd, None], dtype=object), name="from_vehicle")


@pytest.mark.parametrize(
    "values",
    [
        pd.Series([3, 0, None], dtype=object),
        pd.Series([3, 0, None], dtype="Int64"),
        pd.Series([3.0, 0.0, np.nan]),
    ],
)
def test_counts_are_read_however_they_are_kept(values: pd.Series) -> None:
    read = numbers(values, name="cylinders")
    assert read.tolist()[:2] == [3.0, 0.0]
    assert np.isnan(read.iloc[2])


@pytest.mark.parametrize("odd", ["many", "5", pd.Timestamp("2026-06-01")])
def test_text_and_times_are_no_counts(odd: object) -> None:
    for dtype in (object, None):
        with pytest.raises(FrameError, match=r"'cylinders' holds .*: give numbers"):
            numbers(pd.Series([odd, None], dtype=dtype), name="cylinders")


def test_a_column_of_nulls_alone_holds_no_counts() -> None:
    assert numbers(pd.Series([None, None], dtype=object), name="cylinders").isna().all()
    assert numbers(pd.Series([], dtype=object), name="cylinders").empty
