"""Profiles of the week against incidents whose hours were planted."""

import numpy as np
import pandas as pd
import pytest

from hotspots.core.errors import FrameError, ParameterError
from hotspots.timing import TimingParams, hour_profiles

LONDON = "Europe/London"
LATER = "2030-01-01T00:00Z"
CLUB = {"nights": (0.05, 0.05, 0.05, 0.05, 0.3, 0.35, 0.15), "peak": 23.5}
SCHOOL = {"nights": (0.19, 0.19, 0.19, 0.19, 0.19, 0.03, 0.02), "peak": 19.0}


def planted(n: int, rng: np.random.Generator, nights=CLUB["nights"], peak=23.5) -> pd.DataFrame:
    """Incidents within 3.5 hours of the peak; clean some hours before, seen some hours after."""
    day = rng.choice(7, n, p=nights) + 7 * rng.integers(0, 104, n)
    hour = rng.triangular(peak - 3.5, peak, peak + 3.5, n)
    local = pd.Timestamp("2024-01-01") + pd.to_timedelta(day * 24 + hour, "h")
    zoned = local.floor("s").tz_localize(LONDON, ambiguous=True, nonexistent="shift_forward")
    dumped = zoned.tz_convert("UTC")
    return pd.DataFrame(
        {
            "dumped_at": dumped,
            "last_clean_at": dumped - pd.to_timedelta(rng.uniform(0.2, 8, n), "h"),
            "first_reported_at": dumped + pd.to_timedelta(rng.uniform(0.2, 10, n), "h"),
        }
    )


def share_of_hours(times: pd.Series) -> np.ndarray:
    local = times.dt.tz_convert(LONDON)
    return np.bincount(local.dt.day_of_week * 24 + local.dt.hour, minlength=168) / len(times)


def error(profile: np.ndarray, truth: np.ndarray) -> float:
    """Share of incidents that the profile has in the wrong hours."""
    return float(np.abs(profile - truth).sum() / 2)


def truth(**kind: object) -> np.ndarray:
    return share_of_hours(planted(200_000, np.random.default_rng(0), **kind)["dumped_at"])


def test_the_boroughs_profile_comes_near_the_planted_hours_and_report_times_do_not() -> None:
    dumps = planted(400, np.random.default_rng(1))
    profiles = hour_profiles(dumps, np.full(400, -1), as_of=LATER)
    assert error(profiles.borough, truth(**CLUB)) < 0.15
    assert error(share_of_hours(dumps["first_reported_at"]), truth(**CLUB)) > 0.6
    assert profiles.borough.sum() == pytest.approx(1)


def test_five_passes_are_nearer_than_the_usual_two() -> None:
    dumps = planted(400, np.random.default_rng(2))
    none = np.full(400, -1)
    by_passes = [
        error(hour_profiles(dumps, none, TimingParams(passes=n), as_of=LATER).borough, truth())
        for n in (1, 2, 5)
    ]
    assert by_passes[0] > by_passes[1] > by_passes[2]


def test_a_hotspot_with_hours_of_its_own_keeps_them_and_others_borrow() -> None:
    rng = np.random.default_rng(3)
    clubs = [planted(30, rng, **CLUB) for _ in range(6)]
    dumps = pd.concat([*clubs, planted(60, rng, **SCHOOL)], ignore_index=True)
    label = np.repeat(["a", "b", "c", "d", "e", "f", "school"], [30] * 6 + [60])
    profiles = hour_profiles(dumps, label, as_of=LATER)
    own = profiles.shares.loc["school"].to_numpy()
    assert error(own, truth(**SCHOOL)) < 0.4
    assert error(own, truth(**SCHOOL)) < error(profiles.borough, truth(**SCHOOL)) - 0.2
    for name in "abcdef":
        naive = share_of_hours(dumps.loc[label == name, "first_reported_at"])
        assert error(profiles.shares.loc[name].to_numpy(), truth(**CLUB)) < 0.35
        assert error(naive, truth(**CLUB)) > 0.6


def test_hotspots_that_differ_by_chance_alone_are_said_to_be_mostly_prior() -> None:
    dumps = planted(300, np.random.default_rng(4))
    profiles = hour_profiles(dumps, np.repeat(np.arange(20), 15), as_of=LATER)
    assert (profiles.evidence["prior_share_nights"] > 0.5).all()
    few = hour_profiles(dumps, np.repeat(np.arange(150), 2), as_of=LATER)
    assert few.evidence["prior_share_nights"].iloc[0] > 0.9


def test_evidence_counts_the_vague() -> None:
    dumps = planted(8, np.random.default_rng(5))
    dumps.loc[:2, "last_clean_at"] = pd.NaT
    label = np.array([7, 7, 7, 7, -1, -1, 9, np.nan])
    profiles = hour_profiles(dumps, label, as_of=LATER)
    assert profiles.evidence.index.tolist() == [7, 9]
    assert profiles.evidence["incidents"].tolist() == [4, 1]
    assert profiles.evidence["known"].tolist() == [1, 1]
    assert profiles.evidence["vague_share"].tolist() == [0.75, 0.0]
    assert profiles.vague_share == 3 / 8


def test_nothing_after_as_of_is_seen() -> None:
    dumps = planted(300, np.random.default_rng(6))
    label = np.arange(300) % 4
    as_of = pd.Timestamp("2025-02-01T00:00Z")
    past = (dumps["first_reported_at"] <= as_of).to_numpy()
    with_future = hour_profiles(dumps, label, as_of=as_of)
    without = hour_profiles(dumps[past], label[past], as_of=as_of)
    pd.testing.assert_frame_equal(with_future.shares, without.shares)
    pd.testing.assert_frame_equal(with_future.evidence, without.evidence)


def test_the_order_of_rows_does_not_matter() -> None:
    dumps = planted(200, np.random.default_rng(7))
    label = np.arange(200) % 3
    turned = np.random.default_rng(8).permutation(200)
    one = hour_profiles(dumps, label, as_of=LATER)
    other = hour_profiles(dumps.iloc[turned], label[turned], as_of=LATER)
    pd.testing.assert_frame_equal(one.shares, other.shares, rtol=1e-9)


def test_without_known_hours_the_week_is_even_and_all_of_it_prior() -> None:
    dumps = planted(5, np.random.default_rng(9)).drop(columns="last_clean_at")
    profiles = hour_profiles(dumps, np.zeros(5, int), as_of=LATER)
    assert profiles.borough == pytest.approx(np.full(168, 1 / 168))
    assert profiles.shares.loc[0].to_numpy() == pytest.approx(np.full(168, 1 / 168))
    assert profiles.evidence.loc[0].tolist() == [5, 0, 1.0, 1.0, 1.0]
    assert profiles.vague_share == 1


def test_a_column_of_nulls_is_as_none_whatever_its_type() -> None:
    dumps = planted(6, np.random.default_rng(9)).drop(columns="last_clean_at")
    nulls = dumps.assign(last_clean_at=None, first_seen_at=np.nan)
    assert hour_profiles(nulls, np.zeros(6, int), as_of=LATER).vague_share == 1


def test_no_incidents_and_no_hotspots() -> None:
    none = planted(0, np.random.default_rng(1))
    profiles = hour_profiles(none, np.empty(0), as_of=LATER)
    assert profiles.shares.shape == (0, 168)
    assert np.isnan(profiles.vague_share)
    outside = hour_profiles(planted(3, np.random.default_rng(1)), [-1, -1, -1], as_of=LATER)
    assert len(outside.evidence) == 0


def test_frames_that_cannot_be_read_are_refused() -> None:
    dumps = planted(3, np.random.default_rng(1))
    with pytest.raises(FrameError, match="one a row"):
        hour_profiles(dumps, [1, 2], as_of=LATER)
    with pytest.raises(FrameError, match="aware"):
        naive = dumps.assign(last_clean_at=dumps["last_clean_at"].dt.tz_localize(None))
        hour_profiles(naive, [1, 2, 2], as_of=LATER)
    with pytest.raises(FrameError, match="first_reported_at"):
        hour_profiles(dumps.drop(columns="first_reported_at"), [1, 2, 2], as_of=LATER)
    with pytest.raises(FrameError, match="as_of"):
        hour_profiles(dumps, [1, 2, 2], as_of="2026-01-01")


@pytest.mark.parametrize("wrong", [{"passes": 0}, {"longest_h": 0}, {"longest_h": 200}])
def test_settings_without_meaning_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ParameterError):
        TimingParams(**wrong)  # type: ignore[arg-type]
