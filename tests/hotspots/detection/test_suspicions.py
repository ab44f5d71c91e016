"""Hotspots that may be none are asked about, with evidence; real ones are left alone."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.core.errors import CRSError, FrameError, ParameterError
from hotspots.detection.suspicions import (
    ONE_CHANNEL,
    ONE_COORDINATE,
    ONE_MINUTE,
    SuspicionParams,
    suspicions,
)


def borough(n: int = 300, *, spot: int = 20, seed: int = 1) -> tuple[gpd.GeoDataFrame, np.ndarray]:
    """Reports at all hours by three channels; the first ``spot`` are of one hotspot."""
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0, 5_000, (n, 2))
    xy[:spot] = 2_000 + rng.normal(0, 15, (spot, 2))
    at = pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(
        rng.uniform(0, 300 * 86_400, n), unit="s"
    )
    reports = gpd.GeoDataFrame(
        {
            "reported_at": at,
            "incident_id": range(n),
            "channel": rng.choice(["web", "phone", "crew"], n),
        },
        geometry=gpd.points_from_xy(*xy.T),
        crs=27700,
    )
    return reports, np.where(np.arange(n) < spot, 0, -1)


def kinds(reports: gpd.GeoDataFrame, label: np.ndarray) -> list[str]:
    return suspicions(reports, label)["kind"].tolist()


@pytest.mark.parametrize("seed", range(20))
def test_a_hotspot_that_is_told_of_like_the_rest_raises_no_question(seed: int) -> None:
    assert kinds(*borough(seed=seed)) == []


def test_a_depot_is_known_by_its_one_coordinate() -> None:
    reports, label = borough()
    reports.loc[:16, "geometry"] = gpd.points_from_xy([2_000.04] * 17, [2_000.0] * 17)
    (row,) = suspicions(reports, label).to_dict("records")
    assert (row["kind"], row["count"], row["total"]) == (ONE_COORDINATE, 17, 20)
    assert "17 of 20 incidents lie at exactly 2000, 2000" in row["sentence"]


def test_many_reports_of_one_dump_at_its_place_are_one() -> None:
    reports, label = borough(spot=20)
    reports.loc[:16, "geometry"] = gpd.points_from_xy([2_000.0] * 17, [2_000.0] * 17)
    reports.loc[:16, "incident_id"] = 7
    assert kinds(reports, label) == []  # 4 incidents in all, one of them there


def test_a_keen_reporter_is_known_by_the_one_channel() -> None:
    reports, label = borough()
    reports["channel"] = np.where(label == 0, "email", reports["channel"])
    (row,) = suspicions(reports, label).to_dict("records")
    assert (row["kind"], row["count"], row["elsewhere"]) == (ONE_CHANNEL, 20, 0.0)
    # A habit of nobody else counts as 1 in 21; 20 times running, 4 channels tried.
    assert row["p_value"] == pytest.approx(4 * (1 / 21) ** 20)


def test_a_channel_that_all_use_is_nobody_s_habit() -> None:
    reports, label = borough()
    assert kinds(reports.assign(channel="import"), label) == []


def test_a_keen_reporter_is_known_by_the_hour_round_midnight_too() -> None:
    reports, label = borough()
    days = pd.Timestamp("2026-01-05T23:55", tz="Europe/London") + pd.to_timedelta(
        np.arange(20) * 1440 + np.tile([0, 9], 10), unit="min"
    )
    reports.loc[:19, "reported_at"] = days.tz_convert("UTC")
    (row,) = suspicions(reports, label).to_dict("records")
    assert (row["kind"], row["count"]) == (ONE_MINUTE, 20)
    assert "from 23:45 to 00:05" in row["sentence"]  # the first window that holds 23:55 to 00:04


def test_few_reports_raise_no_question() -> None:
    reports, label = borough(spot=7)
    reports.loc[:6, "geometry"] = gpd.points_from_xy([2_000.0] * 7, [2_000.0] * 7)
    assert kinds(reports, label) == []


def test_a_borough_that_is_all_one_hotspot_can_be_compared_with_nothing() -> None:
    reports, label = borough(n=20, spot=20)
    assert kinds(reports.assign(channel="email"), label) == []


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(random) -> None:
    reports, label = borough(n=80)
    reports["channel"] = np.where(label == 0, "email", reports["channel"])
    order = list(range(80))
    random.shuffle(order)
    pd.testing.assert_frame_equal(
        suspicions(reports, label), suspicions(reports.iloc[order], label[order])
    )


def test_faults_of_the_frame_are_said() -> None:
    reports, label = borough()
    with pytest.raises(FrameError, match="channel missing"):
        suspicions(reports.drop(columns="channel"), label)
    with pytest.raises(FrameError, match="one a row"):
        suspicions(reports, label[:-1])
    with pytest.raises(CRSError):
        suspicions(reports.to_crs(4326), label)
    with pytest.raises(ParameterError, match="min_share"):
        SuspicionParams(min_share=0.3)


def test_no_reports_are_no_question() -> None:
    reports, label = borough()
    assert suspicions(reports.iloc[:0], label[:0]).empty
