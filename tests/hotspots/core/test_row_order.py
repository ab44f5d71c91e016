"""Rows are ordered as NumPy's own lexical sort orders them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hotspots.core.row_order import row_order


@given(arrays(np.int64, st.tuples(st.just(3), st.integers(0, 40)), elements=st.integers(0, 3)))
def test_rows_go_by_the_first_key_and_then_by_the_others(keys: np.ndarray) -> None:
    assert row_order(*keys).tolist() == np.lexsort(keys[::-1]).tolist()
