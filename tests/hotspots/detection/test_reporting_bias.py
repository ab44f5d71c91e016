"""A poster or a new form makes more dumps known, not more dumps: planted, and told apart."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from hotspots.detection.histories import hotspot_histories
from hotspots.scan import SpikeParams, scan_spikes
from hotspots.timing.channels import reporting_change

AS_OF = pd.Timestamp("2026-11-01T12:00Z")
PLACE = (4000.0, 3000.0)
QUICK = SpikeParams(n_simulations=199)


def reported(xy: np.ndarray, days_ago: np.ndarray, channels: list[str]) -> gpd.GeoDataFrame:
    when = AS_OF - pd.to_timedelta(days_ago, unit="D")
    columns = {"first_reported_at": when.floor("s"), "channels": channels}
    return gpd.GeoDataFrame(columns, geometry=gpd.points_from_xy(*xy.T), crs=27700)


def elsewhere(days: int, n: int) -> gpd.GeoDataFrame:
    """At twenty places, by phone and by the web alike, all along."""
    rng = np.random.default_rng(3)
    sites = rng.uniform(0, 8000, (20, 2))
    xy = sites[rng.integers(0, 20, n)] + rng.normal(0, 10, (n, 2))
    return reported(xy, rng.uniform(0.5, days, n), rng.choice(["phone", "web"], n).tolist())


def at_the_place(days_ago: np.ndarray, channels: list[str]) -> gpd.GeoDataFrame:
    xy = np.random.default_rng(4).normal(PLACE, 5, (len(days_ago), 2))
    return reported(xy, days_ago, channels)


def record(*, is_dumping: bool) -> gpd.GeoDataFrame:
    """Once in five weeks by phone; of late ten more, by a poster alone or by phone as well."""
    days = 1100
    before, late = np.arange(33.0, days, 35), np.linspace(1, 19, 10)
    by = "phone; poster 7" if is_dumping else "poster 7"
    rows = [elsewhere(days, days // 2), at_the_place(before, ["phone"] * len(before))]
    return pd.concat([*rows, at_the_place(late, [by] * 10)], ignore_index=True)


def is_spike_there(rows: gpd.GeoDataFrame) -> bool:
    spikes = scan_spikes(rows, QUICK, as_of=AS_OF)
    return bool((spikes.distance(shapely.Point(PLACE)) < 100).any())


def test_a_rise_that_only_a_new_poster_tells_of_is_no_spike() -> None:
    by_poster = record(is_dumping=False)
    assert is_spike_there(by_poster.drop(columns="channels"))  # nobody can tell, without channels
    assert not is_spike_there(by_poster)
    assert is_spike_there(record(is_dumping=True))


def history(rows: gpd.GeoDataFrame) -> pd.Series:
    spot = gpd.GeoDataFrame(geometry=[shapely.Point(PLACE).buffer(60)], crs=27700)
    return hotspot_histories(spot, rows, as_of=AS_OF).iloc[0]


def test_neither_class_nor_change_reads_a_new_poster_as_more_dumping() -> None:
    unknown = history(record(is_dumping=False).drop(columns="channels"))
    assert (unknown["change"], unknown["class"]) == ("spike", "intensifying")
    poster = history(record(is_dumping=False))
    assert poster["change"] not in ("spike", "trend up")
    assert poster["class"] not in ("new", "intensifying")
    assert poster["change_sentence"].startswith(
        "Reports by “poster 7” began or ended in the time compared; without them: "
    )
    dumping = history(record(is_dumping=True))
    assert (dumping["change"], dumping["class"]) == ("spike", "intensifying")
    assert "without them" not in dumping["change_sentence"]


def test_a_channel_that_ended_is_not_read_as_less_dumping() -> None:
    # A hotline tells of the place once a week, the web once in five weeks; the line is cut.
    days = np.arange(3.0, 1100, 7)
    hotline, web = days[days > 200], np.arange(4.0, 1100, 35)
    rows = pd.concat(
        [
            elsewhere(1100, 1100),
            at_the_place(hotline, ["hotline"] * len(hotline)),
            at_the_place(web, ["web"] * len(web)),
        ],
        ignore_index=True,
    )
    assert history(rows.drop(columns="channels"))["class"] == "diminishing"
    verdict = history(rows)
    assert verdict["class"] != "diminishing"
    assert "“hotline” began or ended" in verdict["class_sentence"]


def test_where_all_reporting_changed_at_once_the_verdict_stands_with_a_warning() -> None:
    # From an import to the council's own form on one day: nothing was in use all along.
    rows = record(is_dumping=True)
    is_late = rows["first_reported_at"] > AS_OF - pd.Timedelta(days=60)
    rows["channels"] = np.where(is_late, "web", "import")
    verdict = history(rows)
    assert verdict["change"] == "spike"
    assert verdict["change_sentence"].endswith(
        "But reports by “import” and “web” began or ended in the time compared: it may be more or "
        "less told of."
    )
    assert is_spike_there(rows)


@pytest.mark.parametrize(
    ("days_ago", "has_changed"),
    [
        (np.arange(1, 360, 9.0), False),
        (np.arange(1, 30, 9.0), True),  # 4 in 27 days: 49 would be expected in the 330 before
        (np.arange(330, 360, 9.0), True),
        (np.array([5.0, 6.0]), False),  # two are no channel to speak of
        (np.array([40.0, 130.0, 220.0]), False),  # a rare one: 2.3 in the 140 days before
    ],
)
def test_a_channel_has_changed_where_its_own_pace_does_not_explain_its_silence(
    days_ago: np.ndarray, *, has_changed: bool
) -> None:
    steady = at_the_place(np.arange(0, 361, 6.0), ["phone"] * 61)
    rows = pd.concat([steady, at_the_place(days_ago, ["app"] * len(days_ago))], ignore_index=True)
    change = reporting_change(rows, since=AS_OF - pd.Timedelta(days=360), as_of=AS_OF)
    assert (change is not None) == has_changed
    if change is not None:
        assert change.channels == ("app",)
        assert change.is_steady.sum() == 61


def test_without_channels_or_incidents_nothing_is_known_to_have_changed() -> None:
    rows = record(is_dumping=False)
    since = AS_OF - pd.Timedelta(days=365)
    assert reporting_change(rows.drop(columns="channels"), since=since, as_of=AS_OF) is None
    assert reporting_change(rows.iloc[:0], since=since, as_of=AS_OF) is None
    rows["channels"] = None  # never said: one channel, in use all along
    assert reporting_change(rows, since=since, as_of=AS_OF) is None
