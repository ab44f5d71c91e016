"""A synthetic borough holds the truth it was asked for."""

import numpy as np
import pandas as pd
import pytest
import shapely

from hotspots.core.errors import ParameterError
from hotspots.synthetic import PRESETS, SUMMER_PEAK, BoroughParams, synthetic_borough
from hotspots.synthetic.reports import synthetic_reports

LONDON = "Europe/London"


def far_from(count: int, expected: float) -> float:
    """How many standard deviations of a Poisson count it is off."""
    return abs(count - expected) / np.sqrt(expected)


def test_the_number_of_dumps_is_the_rate_times_the_days() -> None:
    borough = synthetic_borough(BoroughParams(days=1_000, incidents_per_day=2.0), seed=5)
    assert far_from(len(borough.incidents), 2_000) < 4


def test_follow_ups_multiply_the_dumps_as_a_branching_process_does() -> None:
    params = BoroughParams(days=4_000, incidents_per_day=1.0, near_repeat=0.5)
    # Each incident has 0.5 children, they again: 1 / (1 - 0.5) = 2 incidents for each one
    # that began.
    n = len(synthetic_borough(params, seed=2).incidents)
    assert n == pytest.approx(8_000, rel=0.1)


def test_planted_sites_get_their_shares_and_the_rest_spreads_evenly() -> None:
    borough = synthetic_borough(
        BoroughParams(days=3_000, incidents_per_day=2.0, sites=3, site_share=0.6), seed=8
    )
    counts = borough.incidents["site"].value_counts()
    total = len(borough.incidents)
    harmonic = 1 + 1 / 2 + 1 / 3
    for rank in (1, 2, 3):
        assert far_from(counts[rank - 1], total * 0.6 / rank / harmonic) < 4
    chance = borough.incidents[borough.incidents["site"] < 0].geometry
    west = (chance.x < 3_000).sum()
    assert far_from(west, len(chance) / 2) < 4


def test_dumps_of_a_site_lie_about_it() -> None:
    borough = synthetic_borough(PRESETS["clustered"], seed=4)
    at = borough.incidents[borough.incidents["site"] == 0].geometry
    site = borough.sites.geometry[0]
    # Rayleigh: mean distance is spread * sqrt(pi / 2)
    assert at.distance(site).mean() == pytest.approx(15 * np.sqrt(np.pi / 2), rel=0.15)


def test_planted_sites_keep_their_distance() -> None:
    xy = shapely.get_coordinates(synthetic_borough(seed=11).sites.geometry.to_numpy())
    distance = np.linalg.norm(xy[:, None] - xy[None], axis=2)[np.triu_indices(len(xy), 1)]
    assert distance.min() >= 300


def test_months_follow_their_factors() -> None:
    params = BoroughParams(days=365 * 8, incidents_per_day=3, months=SUMMER_PEAK)
    dumped = synthetic_borough(params, seed=3, start="2018-01-01").incidents["dumped_at"]
    per_month = dumped.dt.tz_convert(LONDON).dt.month.value_counts()
    assert per_month[8] / per_month[1] == pytest.approx(1.6 / 0.5, rel=0.15)


def test_an_intervention_takes_dumps_away_and_pushes_some_round_the_corner() -> None:
    params = BoroughParams(
        days=2_000,
        incidents_per_day=2.0,
        sites=1,
        site_share=0.5,
        intervention_day=1_000,
        effect=0.6,
        displaced=0.5,
    )
    borough = synthetic_borough(params, seed=6)
    start = pd.Timestamp("2024-01-01", tz=LONDON)
    day = (borough.incidents["dumped_at"].dt.tz_convert(LONDON) - start).dt.days
    at_site = borough.incidents["site"] == 0
    before, after = (at_site & (day < 1_000)).sum(), (at_site & (day >= 1_000)).sum()
    assert far_from(before, 1_000) < 4
    assert far_from(after, 400) < 4
    distance = borough.incidents.geometry.distance(borough.sites.geometry[0])
    ring = ~at_site & distance.between(150, 400)
    by_chance = 1_000 * np.pi * (400**2 - 150**2) / 6_000**2
    assert far_from((ring & (day >= 1_000)).sum(), 300 + by_chance) < 4
    assert far_from((ring & (day < 1_000)).sum(), by_chance) < 4


def test_nobody_reports_most_of_what_lies_in_the_east() -> None:
    borough = synthetic_borough(BoroughParams(days=3_000, reporting_bias=0.8), seed=9)
    x = borough.incidents.geometry.x
    # Kept share falls from 1 to 0.2: 0.8 on average in the west half, 0.4 in the east.
    assert (x < 3_000).sum() / (x >= 3_000).sum() == pytest.approx(2.0, rel=0.2)


def test_dumps_happen_at_night_and_are_told_of_by_day() -> None:
    incidents = synthetic_borough(PRESETS["seasonal"], seed=1).incidents
    reported_hours = incidents["first_reported_at"].dt.tz_convert(LONDON).dt.hour
    dumped = incidents["dumped_at"].dt.tz_convert(LONDON).dt.hour
    assert set(reported_hours) <= {7, 8, 9, 17, 18}
    assert set(dumped) <= {20, 21, 22, 23, 0, 1, 2, 3}
    assert (incidents["first_reported_at"] > incidents["dumped_at"]).all()


def test_the_same_seed_makes_the_same_borough_and_another_does_not() -> None:
    one, same, other = (synthetic_borough(seed=seed).incidents for seed in (7, 7, 8))
    pd.testing.assert_frame_equal(one, same)
    assert len(one) != len(other) or not one.geometry.equals(other.geometry)


def test_each_dump_has_its_reports_and_one_clearance() -> None:
    incidents = synthetic_borough(BoroughParams(days=3_000, incidents_per_day=2), seed=1).incidents
    reports, clearances = synthetic_reports(incidents, seed=1)
    each = reports.groupby("incident").size()
    assert len(each) == len(incidents) == len(clearances)
    assert each.mean() == pytest.approx(1.3, rel=0.03)
    first = reports.groupby("incident")["reported_at"].min()
    assert (first.to_numpy() == incidents["first_reported_at"].to_numpy()).all()
    hours = (clearances["cleared_at"] - incidents["first_reported_at"]).dt.total_seconds() / 3_600
    assert hours.median() == pytest.approx(22, rel=0.05)
    assert hours.quantile(0.9) == pytest.approx(46, rel=0.06)
    assert (clearances["outcome"] == "not_found").mean() == pytest.approx(0.06, abs=0.01)
    assert reports["reported_at"].is_monotonic_increasing


@pytest.mark.parametrize(
    "wrong", [{"site_share": 1.5}, {"near_repeat": 1.0}, {"site_share": 0.5}, {"months": (1.0,)}]
)
def test_impossible_boroughs_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ParameterError):
        BoroughParams(**wrong)  # type: ignore[arg-type]
