"""Comparison sites and placebos, and a planted intervention judged with all of it."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from hotspots.core.errors import FrameError, ParameterError
from hotspots.effects import FEWER, judge_effect
from hotspots.effects.comparison_sites import comparison_sites, placebo_distribution
from hotspots.effects.displacement import BeforeAfter
from hotspots.synthetic import PRESETS, synthetic_borough


def test_sites_most_like_the_treated_are_taken_once() -> None:
    counts = np.array([20, 19, 12, 3, 13, 11, 0])
    treated = np.array([1, 0, 1, 0, 0, 0, 0])
    # 20 takes 19 and 13; 12 takes 11 and 3 of what is left.
    assert comparison_sites(counts, treated, n=2).tolist() == [1, 3, 4, 5]
    assert comparison_sites(counts, treated, n=1).tolist() == [1, 4]


def test_there_may_be_fewer_than_asked_for_or_none() -> None:
    assert comparison_sites(np.array([3, 2]), np.array([1, 0]), n=5).tolist() == [1]
    assert comparison_sites(np.array([3]), np.array([1]), n=1).tolist() == []
    assert comparison_sites(np.array([]), np.array([]), n=1).tolist() == []


def test_placebos_are_those_of_going_through_every_site_and_date() -> None:
    counts = np.random.default_rng(1).poisson(2.0, (6, 20))
    treated = np.array([False] * 5 + [True])
    placebos = placebo_distribution(
        counts, treated, start=9, length=4, selection=3, least_selected=7
    )
    expected = []
    for site in range(5):
        for date in range(7, 17):
            own = counts[site]
            if own[date - 7 : date - 4].sum() >= 7:
                ratio = (own[date : date + 4].sum() + 0.5) / (own[date - 4 : date].sum() + 0.5)
                borough = counts.sum(axis=0)
                ratio /= (borough[date : date + 4].sum() + 0.5) / (
                    borough[date - 4 : date].sum() + 0.5
                )
                expected.append(ratio)
    assert np.sort(placebos.ratios) == pytest.approx(np.sort(expected))
    low = sum(ratio <= placebos.ratio for ratio in expected)
    assert placebos.p_value == pytest.approx((1 + low) / (1 + len(expected)))


def test_a_site_that_only_regresses_is_one_of_many() -> None:
    # Sites alike; the treated one was chosen for a lucky stretch and nothing was done. p is then
    # uniform: 60 trials at 5 % give 3; more than 9 has probability 0.1 %.
    rng = np.random.default_rng(2)
    low = 0
    for _ in range(60):
        counts = rng.poisson(2.0, (30, 60))
        site = int(counts[:, 24:30].sum(axis=1).argmax())
        placebos = placebo_distribution(
            counts, np.arange(30) == site, start=40, length=10, selection=6, least_selected=15
        )
        low += placebos.p_value <= 0.05
    assert low <= 9


def test_a_planted_intervention_with_displacement_is_found() -> None:
    # 60 % of the first site's incidents go from day 365 on; 30 % of these turn up 150 to 400 m off.
    borough = synthetic_borough(PRESETS["intervention"], seed=2, start="2024-01-01")
    incidents, sites = borough.incidents, borough.sites
    is_after = incidents["dumped_at"] >= pd.Timestamp("2024-12-31", tz="Europe/London")

    def counted(near: pd.Series) -> BeforeAfter:
        return BeforeAfter(int((near & ~is_after).sum()), int((near & is_after).sum()))

    to_first = incidents.distance(sites.geometry[0])
    nearest = gpd.GeoSeries(incidents.geometry).apply(sites.geometry[1:].distance).min(axis=1)
    ring = to_first.between(100, 400) & (nearest > 100)
    other_ring = nearest.between(100, 400) & (to_first > 400)
    effect = judge_effect(
        counted(to_first <= 60), counted(nearest <= 60), counted(ring), counted(other_ring)
    )
    assert effect.verdict == FEWER
    assert effect.low < 0.4 < effect.high
    assert effect.quotient < 0
    assert "Around the sites" in effect.sentence


def test_input_without_meaning_is_refused() -> None:
    table, one = np.ones((3, 20), int), np.array([True, False, False])
    fitting = {"start": 10, "length": 5, "selection": 3, "least_selected": 1}
    with pytest.raises(FrameError):
        placebo_distribution(table, one[:2], **fitting)
    with pytest.raises(FrameError):
        placebo_distribution(table, one & False, **fitting)
    for wrong in ({"start": 7}, {"start": 16}, {"length": 0}, {"least_selected": 0}):
        with pytest.raises(ParameterError):
            placebo_distribution(table, one, **(fitting | wrong))
    with pytest.raises(ParameterError):
        comparison_sites(np.array([1, 2]), np.array([1, 0]), n=0)
