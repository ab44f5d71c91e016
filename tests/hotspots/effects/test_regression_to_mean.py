"""The fall of the chosen: planted rates, hand arithmetic, and Chicago's next quarters."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hotspots.core.errors import ParameterError, TooFewError
from hotspots.effects.regression_to_mean import expected_fall


def test_the_worst_of_planted_places_fall_as_foretold() -> None:
    rng = np.random.default_rng(1)
    foretold, happened = [], []
    for _ in range(30):
        rates = rng.gamma(0.5, 2.0, 2_000)
        first, then = rng.poisson(rates), rng.poisson(rates)
        worst = np.argsort(-first, kind="stable")[:20]
        foretold.append(expected_fall(first, worst).fall)
        happened.append(1 - then[worst].sum() / first[worst].sum())
    assert np.mean(foretold) == pytest.approx(np.mean(happened), abs=0.02)
    assert np.mean(happened) > 0.2


def test_gamma_rates_are_weighed_by_hand() -> None:
    # Planted shape 2 and mean 1 over many places: a count of 5 expects (2 + 5) / (2 / 1 + 1).
    counts = np.random.default_rng(2).negative_binomial(2, 2 / 3, 100_000)
    five = int(np.flatnonzero(counts == 5)[0])
    fall = expected_fall(counts, np.array([five]))
    assert fall.shape == pytest.approx(2, rel=0.05)
    assert fall.expected[0] == pytest.approx(7 / 3, rel=0.03)
    assert fall.fall == pytest.approx(1 - 7 / 15, abs=0.02)


def test_places_that_do_not_differ_fall_to_the_mean() -> None:
    counts = np.random.default_rng(3).poisson(1.0, 20_000)
    worst = np.argsort(-counts)[:5]
    assert expected_fall(counts, worst).expected == pytest.approx(np.ones(5), abs=0.3)


def test_a_growing_borough_lifts_what_is_expected() -> None:
    counts = np.array([0] * 50 + [1] * 10 + [6, 9])
    even = expected_fall(counts, np.array([60, 61]))
    grown = expected_fall(counts, np.array([60, 61]), borough_ratio=1.5)
    assert grown.expected == pytest.approx(1.5 * even.expected)


@pytest.mark.shared_data
def test_chicagos_worst_cells_fell_by_what_was_foretold(shared_data: Path) -> None:
    requests = pd.read_csv(shared_data / "chicago_sanitation.csv.gz")
    is_own = ~requests["Status"].str.contains("Dup") & requests["X_Coordinate"].notna()
    requests = requests[is_own & requests["Creation_Date"].between("2011", "2014-10")]
    feet = requests[["X_Coordinate", "Y_Coordinate"]].to_numpy()
    cell = [*np.floor(feet * 0.3048006 / 100).astype(int).T]
    quarters = pd.crosstab(cell, pd.PeriodIndex(requests["Creation_Date"], freq="Q")).to_numpy()
    foretold, happened = [], []
    for now, then in zip(quarters.T[:-1], quarters.T[1:], strict=True):
        worst = np.argsort(-now, kind="stable")[:20]
        ratio = then.sum() / now.sum()
        foretold.append(expected_fall(now, worst, borough_ratio=ratio).fall)
        happened.append(1 - then[worst].sum() / now[worst].sum())
    assert np.mean(happened) == pytest.approx(0.6, abs=0.05)
    assert np.mean(foretold) == pytest.approx(np.mean(happened), abs=0.05)


def test_input_without_meaning_is_refused() -> None:
    with pytest.raises(TooFewError):
        expected_fall(np.array([0, 0, 3]), np.array([0]))
    with pytest.raises(TooFewError):
        expected_fall(np.array([0, 0, 3]), np.array([], dtype=int))
    with pytest.raises(ParameterError):
        expected_fall(np.array([0.5, 2]), np.array([1]))
    with pytest.raises(ParameterError):
        expected_fall(np.array([1, 2]), np.array([1]), borough_ratio=0)
