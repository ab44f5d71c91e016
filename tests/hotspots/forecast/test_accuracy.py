"""Hit rate, PAI and PEI by hand; intervals that hold what they must."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.forecast.accuracy import Caught, accuracy_table, log_densities, ranked_hits

OBSERVED, PREDICTED = np.array([6, 7, 3, 2, 1, 0]), np.array([8, 4, 4, 2, 1, 0])


def table(hits: list[list[int]], best: list[list[int]], totals: list[int], share: float):
    caught = Caught(np.array(hits), np.array(best), np.array(totals))
    return accuracy_table({"ours": caught}, [share], n_bootstrap=200, seed=1).iloc[0]


def test_the_indices_of_six_equal_cells() -> None:
    # METHOD.md, last table: the first cell holds 6 of 19 in a sixth of the area; 7 were possible.
    order = np.arange(6)
    hits, best = (ranked_hits(s, OBSERVED, [1], order).tolist() for s in (PREDICTED, OBSERVED))
    row = table([hits], [best], [19], 1 / 6)
    assert row["pai"] == pytest.approx(1.894737, abs=1e-6)  # (6 / 19) / (1 / 6)
    assert row["pei"] == pytest.approx(0.857143, abs=1e-6)  # 6 / 7


def test_equal_scores_are_searched_in_the_order_of_the_tie_break() -> None:
    assert ranked_hits(PREDICTED, OBSERVED, [2], np.array([0, 2, 1, 3, 4, 5])).tolist() == [9]


def test_no_cell_searched_catches_nothing() -> None:
    assert ranked_hits(PREDICTED, OBSERVED, [0], np.arange(6)).tolist() == [0]


def test_months_are_pooled_by_their_dumps() -> None:
    row = table([[1], [9]], [[2], [10]], [10, 90], 0.01)
    assert row["hit_rate"] == pytest.approx(0.10)  # 10 of 100, not the mean of 0.1 and 0.1
    assert row["pei"] == pytest.approx(10 / 12)


def test_the_interval_of_months_that_are_all_alike_is_a_point() -> None:
    row = table([[3]] * 5, [[6]] * 5, [12] * 5, 0.01)
    assert (row["low"], row["hit_rate"], row["high"]) == (0.25, 0.25, 0.25)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(20, 60)), min_size=1, max_size=12))
def test_the_interval_lies_within_the_worst_and_the_best_month(
    months: list[tuple[int, int]],
) -> None:
    row = table([[h] for h, _ in months], [[t] for _, t in months], [t for _, t in months], 0.05)
    rates = [h / t for h, t in months]
    assert min(rates) - 1e-12 <= row["low"] <= row["high"] <= max(rates) + 1e-12


def test_the_log_density_of_a_cell_holds_one_part_in_a_hundred_of_flat_ground() -> None:
    # 0.99 x 3 / 4 + 0.01 / 4, and for the cell that was ruled out 0.01 / 4 alone
    logs = log_densities(np.array([3.0, 1.0, 0.0, -5.0]), np.array([0, 3]))
    np.testing.assert_allclose(logs, np.log([0.745, 0.0025]))


def test_scores_of_nothing_are_flat() -> None:
    np.testing.assert_allclose(log_densities(np.zeros(4), np.array([2])), np.log(0.25))
