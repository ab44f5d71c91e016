"""Histories linked against a twin that looks at every incident for every report."""

import math
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.linking.incidents import LinkingParams, link_reports
from hotspots.linking.linkable_reports import is_linkable, near_places

START = pd.Timestamp("2026-05-01T00:00+00:00")
OUTCOMES = ("cleared", "duplicate", "not_found", "no_access")

places = st.tuples(st.integers(-60, 60), st.integers(-40, 40))
seen = st.tuples(places, st.integers(0, 30), st.integers(0, 9), st.sampled_from([0, 5, 30]))
visits = st.tuples(st.integers(0, 99), st.integers(0, 35), st.sampled_from(OUTCOMES))
swept = st.tuples(places, st.integers(0, 35), st.sampled_from(OUTCOMES))


def linked_one_by_one(
    reports: list[Any], answered: list[Any], around: list[Any], is_job_per_report: bool
) -> tuple[list[int], dict[int, tuple[int, str]]]:
    """METHOD.md section 1 as it is written, in days and metres, without any index."""
    events: list[tuple[int, int, str, int, Any]] = []
    for row, (place, day, late, accuracy) in enumerate(reports):
        events.append((day, 0, "", row, (place, day - late, accuracy)))
    for row, day, outcome in answered:
        known = max(day, reports[row][1])
        events.append((known, 1, outcome, row, day))
    for place, day, outcome in around:
        events.append((day, 1, outcome, -1, (place, day)))
    joined, incidents = [-1] * len(reports), {}

    def close(incident: dict[str, Any], day: int, outcome: str) -> None:
        at = day + (1 if outcome == "not_found" else 0)
        if at < incident["closed"]:
            incident |= {"closed": at, "cleared": day, "outcome": outcome}

    # At one instant reports come first, by id; then clearances, by outcome.
    for day, kind, outcome, row, what in sorted(events, key=lambda event: event[: 4 - event[1]]):
        if kind == 0:
            place, observed, accuracy = what
            fits = []
            for name, incident in incidents.items():
                apart = math.dist(place, incident["place"])
                reach = min(25 + accuracy + incident["accuracy"], 60) + 1e-6
                is_open = observed <= incident["closed"] and day - incident["last"] <= 7
                if apart <= reach and is_open:
                    fits.append((observed < incident["first"], apart, incident["first"], name))
            if not fits:
                first = {"place": place, "accuracy": accuracy, "first": day, "last": day}
                incidents[row] = first | {"closed": math.inf, "outcome": None, "jobs": 1}
                joined[row] = row
                continue
            joined[row] = min(fits)[3]
            incident = incidents[joined[row]]
            incident |= {"last": day, "jobs": incident["jobs"] + 1}
            if incident["outcome"] == "not_found" and observed > incident["cleared"]:
                incident |= {"closed": math.inf, "outcome": None}
        elif outcome == "no_access":
            continue
        elif row >= 0:
            incident = incidents[joined[row]]
            incident["jobs"] -= 1
            if incident["jobs"] <= 0 or not is_job_per_report:
                close(incident, what, outcome)
        else:
            place, at = what
            for incident in incidents.values():
                near = math.dist(place, incident["place"])
                if incident["first"] <= at and near <= min(25 + incident["accuracy"], 60) + 1e-6:
                    close(incident, at, outcome)
    closed = {
        name: (incident["cleared"], incident["outcome"])
        for name, incident in incidents.items()
        if incident["outcome"]
    }
    return joined, closed


def day(numbers: list[int]) -> pd.DatetimeIndex:
    return START + pd.to_timedelta(numbers, unit="D")


def report_frame(reports: list[Any]) -> gpd.GeoDataFrame:
    place, reported, late, accuracy = zip(*reports, strict=True)
    return gpd.GeoDataFrame(
        {
            "report_id": range(len(reports)),
            "reported_at": day(reported),
            "observed_at": day(np.subtract(reported, late)),
            "accuracy_m": np.array(accuracy, dtype=float),
        },
        geometry=gpd.points_from_xy(*zip(*place, strict=True)),
        crs=27700,
    )


def clearance_frame(answered: list[Any], around: list[Any]) -> gpd.GeoDataFrame:
    clearances = [*answered, *around]
    xy = np.full((len(clearances), 2), np.nan)
    xy[len(answered) :] = np.reshape([place for place, _, _ in around], (-1, 2))
    return gpd.GeoDataFrame(
        {
            "report_id": pd.array([row for row, _, _ in answered] + [None] * len(around), "Int64"),
            "cleared_at": day([at for _, at, _ in clearances]),
            "outcome": pd.Series([outcome for _, _, outcome in clearances], dtype=object),
        },
        geometry=gpd.points_from_xy(*xy.T),
        crs=27700,
    )


@settings(max_examples=120, deadline=None)
@given(
    st.lists(seen, min_size=1, max_size=14),
    st.lists(visits, max_size=8),
    st.lists(swept, max_size=3),
    st.booleans(),
)
def test_a_history_is_linked_as_by_looking_at_every_incident_for_every_report(
    reports: list[Any], answers: list[Any], around: list[Any], is_job_per_report: bool
) -> None:
    answered = [(row % len(reports), at, outcome) for row, at, outcome in answers]
    joined, closed = linked_one_by_one(reports, answered, around, is_job_per_report)
    params = LinkingParams(is_job_per_report=is_job_per_report)
    linked = link_reports(report_frame(reports), clearance_frame(answered, around), params)
    assert linked.membership.tolist() == joined
    ended = linked.incidents[linked.incidents["outcome"].notna()].set_index("incident_id")
    cleared = ((ended["cleared_at"] - START) / pd.Timedelta(days=1)).astype(int)
    assert closed == {name: (cleared[name], ended.loc[name, "outcome"]) for name in ended.index}


@given(st.lists(st.tuples(places, st.integers(0, 40)), max_size=25), st.integers(0, 9))
def test_nobody_who_has_company_is_taken_for_alone(rows: list[Any], window: int) -> None:
    x, y, at = np.array([(*place, day) for place, day in rows], dtype=float).reshape(-1, 3).T
    apart = np.hypot(x[:, None] - x, y[:, None] - y)
    soon = np.abs(at[:, None] - at) <= window
    met = ((apart <= 50) & soon).sum(axis=1) > 1
    linkable = is_linkable(x, y, at.astype(np.int64), reach_m=50, window_us=window)
    assert not (met & ~linkable).any()
    around = np.array([[0.0, 0.0], [100.0, 0.0]])
    near = (np.hypot(x[:, None] - around[:, 0], y[:, None] - around[:, 1]) <= 25).any(axis=1)
    assert not (near & ~near_places(x, y, around, reach_m=25)).any()


def test_most_of_a_thin_map_is_alone() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.uniform(0, 10_000, (2, 2_000))
    at = rng.integers(0, 1_000, 2_000)
    # 9 cells of 50 m in 10⁸ m², 3 of 7 in 1,000 days: 0.01 others are expected.
    assert is_linkable(x, y, at, reach_m=50, window_us=7).sum() < 80


@pytest.mark.parametrize("scale", [1e-3, 1e9])
def test_odd_scales_are_no_overflow(scale: float) -> None:
    x, y = scale * np.random.default_rng(2).uniform(0, 1, (2, 50))
    at = np.random.default_rng(3).integers(0, 2**60, 50)
    x, y, at = (np.append(axis, axis[0]) for axis in (x, y, at))
    assert is_linkable(x, y, at, reach_m=1e-9, window_us=0)[[0, -1]].all()
