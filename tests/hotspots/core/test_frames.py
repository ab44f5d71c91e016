"""What a column of yes and no may hold."""

import numpy as np
import pandas as pd
import pytest

from hotspots.core.errors import FrameError
from hotspots.core.frames import true_or_false


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
