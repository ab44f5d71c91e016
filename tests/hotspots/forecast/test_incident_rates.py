"""Rates with a half-life: an even stream keeps its rate, the future is not seen."""

import numpy as np
import pandas as pd
import pytest

from hotspots.core.errors import ParameterError
from hotspots.forecast.incident_rates import incident_rates

AS_OF = pd.Timestamp("2026-11-01T00:00Z")


def dumps(days_ago: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"first_reported_at": AS_OF - pd.to_timedelta(days_ago, unit="D")})


def test_an_even_stream_has_its_own_rate() -> None:
    every_other_day = np.arange(1, 6_000, 2.0)
    rate = incident_rates(dumps(every_other_day), np.zeros(3_000), as_of=AS_OF)
    assert rate[0] == pytest.approx(0.5, rel=1e-3)


def test_what_is_one_half_life_older_counts_half() -> None:
    rate = incident_rates(
        dumps(np.array([0.0, 30.0])), np.array([1, 2]), as_of=AS_OF, half_life_days=30
    )
    assert rate[1] == pytest.approx(2 * rate[2])


def test_the_future_and_what_is_at_no_hotspot_change_nothing() -> None:
    one = incident_rates(dumps(np.array([5.0])), np.array([1]), as_of=AS_OF)
    more = incident_rates(dumps(np.array([5.0, -1.0, 3.0])), np.array([1, 1, -1]), as_of=AS_OF)
    pd.testing.assert_series_equal(one, more)


def test_a_half_life_of_nothing_is_refused() -> None:
    with pytest.raises(ParameterError, match="half_life_days is 0"):
        incident_rates(dumps(np.array([5.0])), np.array([1]), as_of=AS_OF, half_life_days=0)
