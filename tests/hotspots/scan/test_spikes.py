"""Spikes where they were planted; none for a busy place or for a borough that reports more."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from hotspots.core.errors import CRSError, FrameError, ParameterError
from hotspots.scan.spikes import SpikeParams, scan_spikes
from tests.benchmarks.alerts import EVERYTHING, borough, new_alerts, spikes_at

AS_OF = pd.Timestamp("2026-11-01T12:00Z")
QUICK = SpikeParams(n_simulations=199)


def frame(xy: np.ndarray, days_ago: np.ndarray) -> gpd.GeoDataFrame:
    when = AS_OF - pd.to_timedelta(days_ago, unit="D")
    return gpd.GeoDataFrame(
        {"first_reported_at": when.floor("s")}, geometry=gpd.points_from_xy(*xy.T), crs=27700
    )


def a_year(n: int = 300, *, seed: int = 0, late: float = 0.0) -> gpd.GeoDataFrame:
    """Half at twenty sites, half anywhere; ``late`` more of them in the last four weeks."""
    rng = np.random.default_rng(seed)
    sites = rng.uniform(0, 8000, (20, 2))
    xy = np.where(
        rng.random((n, 1)) < 0.5,
        sites[rng.integers(0, 20, n)] + rng.normal(0, 10, (n, 2)),
        rng.uniform(0, 8000, (n, 2)),
    )
    days = np.where(rng.random(n) < late, rng.uniform(0.5, 28, n), rng.uniform(0.5, 360, n))
    return frame(xy, days)


def with_spike() -> gpd.GeoDataFrame:
    rng = np.random.default_rng(5)
    new = frame(rng.normal((4000, 3000), 10, (8, 2)), np.arange(1, 17, 2).astype(float))
    return pd.concat([a_year(), new], ignore_index=True)


def test_a_planted_spike_is_found_where_and_when_it_is() -> None:
    spikes = scan_spikes(with_spike(), QUICK, as_of=AS_OF)
    best = spikes.iloc[0]
    assert np.hypot(best.geometry.x - 4000, best.geometry.y - 3000) < 50
    assert best["incidents"] >= 7  # of the eight, those of the last two weeks
    assert best["p_value"] == 1 / 200
    # nothing of it is older than 15 days: it began in one of the last three weeks
    assert pd.Timestamp("2026-10-11") <= best["since"] <= pd.Timestamp("2026-10-25")


def test_neither_a_busy_place_nor_more_reporting_everywhere_raises_an_alarm() -> None:
    # A single look has a p-value up to 0.01 in one map of a hundred: of 20 maps, more than 2 have
    # with probability 0.1 %.
    alarms = [
        len(scan_spikes(a_year(seed=seed, late=0.3), QUICK, as_of=AS_OF)) > 0 for seed in range(20)
    ]
    assert sum(alarms) <= 2


def test_what_comes_later_and_the_order_of_rows_change_nothing() -> None:
    rows = with_spike()
    future = frame(np.full((20, 2), 7000.0), -np.arange(1, 21) / 24)
    more = pd.concat([rows, future], ignore_index=True).sample(frac=1, random_state=1)
    now, then = scan_spikes(rows, QUICK, as_of=AS_OF), scan_spikes(more, QUICK, as_of=AS_OF)
    pd.testing.assert_frame_equal(pd.DataFrame(now), pd.DataFrame(then))


def test_one_party_in_many_piles_is_no_spike() -> None:
    rng = np.random.default_rng(5)
    piles = frame(rng.normal((4000, 3000), 10, (8, 2)), np.full(8, 2.0))
    rows = pd.concat([a_year(), piles], ignore_index=True)
    assert len(scan_spikes(rows, QUICK, as_of=AS_OF)) == 0


@pytest.mark.parametrize("n", [0, 1, 2])
def test_hardly_any_incidents_are_no_spike(n: int) -> None:
    spikes = scan_spikes(a_year(n), QUICK, as_of=AS_OF)
    assert len(spikes) == 0
    assert spikes.crs == 27700
    assert "recurrence_interval_days" in spikes


def test_what_cannot_be_scanned_is_refused() -> None:
    with pytest.raises(CRSError, match="degrees"):
        scan_spikes(a_year().to_crs(4326), as_of=AS_OF)
    with pytest.raises(FrameError, match="zone"):
        scan_spikes(a_year(), as_of="2026-11-01")
    for wrong in (
        {"months": 1},
        {"longest_weeks": 25},
        {"max_radius_m": 0},
        {"n_simulations": 9},
        {"false_alerts_a_year": 0},
        {"false_alerts_a_year": 0.01},  # more seldom than 999 shuffles can tell
    ):
        with pytest.raises(ParameterError):
            SpikeParams(**wrong)


def test_all_incidents_at_one_place_are_no_spike() -> None:
    # With the days shuffled one place always has what it has: there is nothing to compare it with.
    for n in (3, 30):
        rows = frame(np.full((n, 2), 500.0), np.arange(1.0, n + 1))
        spikes = scan_spikes(rows, QUICK, as_of=AS_OF)
        assert len(spikes) == 0
        assert spikes.crs == 27700


def test_nightly_looks_raise_about_as_many_new_alerts_as_is_stated() -> None:
    """A hundred incidents a year, half at twenty busy sites; nothing begins and nothing ends."""
    rows = borough(np.random.default_rng(12), 100, 2)
    nights = [spikes_at(rows, 366 + night) for night in range(120)]
    # A sixth of one in so many nights: three or more have probability 0.1 %. With the limit at 18
    # a year there are as many. Whole years: `tests.benchmarks.alerts`.
    assert new_alerts(nights, SpikeParams().max_p_value) < 3
    assert new_alerts(nights, EVERYTHING.max_p_value) >= 3


def test_alerts_on_one_ground_are_one_until_four_quiet_weeks_have_passed() -> None:
    here, near, far = (0, 0, 0, 0.001), (290, 0, 0, 0.001), (301, 0, 0, 0.001)
    assert new_alerts([[here], [near], [here]], 0.01) == 1
    assert new_alerts([[here], [far]], 0.01) == 2
    assert new_alerts([[here], *[[]] * 27, [here]], 0.01) == 1
    assert new_alerts([[here], *[[]] * 28, [here]], 0.01) == 2
    assert new_alerts([[(0, 0, 0, 0.02)]], 0.01) == 0
