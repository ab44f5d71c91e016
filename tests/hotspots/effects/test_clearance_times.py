"""Clearance figures by hand and against a brute-force twin."""

import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.core.errors import CRSError, FrameError
from hotspots.effects.clearance_times import (
    clearance_figures,
    curves_by,
    figures_by,
)
from hotspots.effects.due_jobs import due_jobs

MONDAY = pd.Timestamp("2026-11-02T00:00Z")
PERIOD = {"start": MONDAY, "end": MONDAY + pd.Timedelta(days=30)}
NOW = MONDAY + pd.Timedelta(days=60)


def job(
    told_h: float,
    closed_h: float | None,
    outcome: str | None = "cleared",
    *,
    due_h: float = 48,
    x: float = 0,
    stood_h: float = 0,
    reports: int = 1,
) -> dict[str, object]:
    """Hours from Monday; ``due_h`` after being told."""
    return {
        "told_at": MONDAY + pd.Timedelta(hours=told_h),
        "due_at": MONDAY + pd.Timedelta(hours=told_h + due_h),
        "closed_at": pd.NaT if closed_h is None else MONDAY + pd.Timedelta(hours=closed_h),
        "outcome": None if closed_h is None else outcome,
        "stood_h": stood_h,
        "reports": reports,
        "x": x,
    }


def frame(*jobs: dict[str, object]) -> gpd.GeoDataFrame:
    table = pd.DataFrame(list(jobs))
    for name in ("told_at", "due_at", "closed_at"):
        table[name] = pd.to_datetime(table[name], utc=True)
    return gpd.GeoDataFrame(
        table.drop(columns="x"),
        geometry=gpd.points_from_xy(table["x"], [0.0] * len(table)),
        crs=27700,
    )


def test_figures_by_hand() -> None:
    figures = clearance_figures(
        frame(
            job(0, 24, reports=3),  # in time
            job(0, 60),  # 12 h late, within no 48 h
            job(0, 60, stood_h=20),  # in time net of 20 h: due at 68 h
            job(0, None),  # open: missed
            job(0, 30, "not_found"),  # attended, not cleared
            job(0, 30, "not_our_land"),  # not the contractor's
            job(0, 30, "duplicate", reports=2),
            job(24 * 29, None, due_h=48),  # falls due after the period
        ),
        **PERIOD,
        as_of=NOW,
    )
    assert figures.fell_due == 7
    assert (figures.in_target.met, figures.in_target.of) == (1, 5)
    assert (figures.in_target_net.met, figures.in_target_net.of) == (2, 5)
    assert (figures.attended.met, figures.attended.of) == (2, 5)
    assert (figures.in_48_h.met, figures.in_48_h.of) == (1, 5)
    assert (figures.not_found.met, figures.not_found.of) == (1, 4)
    assert figures.missed_open == 1
    # 24 and 30 h, then two at 60 h of five: after 30 h 3/5 are left, after 60 h 1/5.
    assert (figures.median_h, figures.p90_h) == (60, np.inf)
    # Net the third took 40 h: after it 2/5 are left.
    assert figures.median_net_h == 40
    assert figures.reports_each == 10 / 7


def test_what_is_open_and_not_yet_due_is_neither_met_nor_missed() -> None:
    jobs = frame(job(0, None), job(0, 20))
    before = clearance_figures(jobs, **PERIOD, as_of=MONDAY + pd.Timedelta(hours=40))
    assert before.fell_due == 0
    after = clearance_figures(jobs, **PERIOD, as_of=MONDAY + pd.Timedelta(hours=48))
    assert (after.in_target.met, after.in_target.of) == (1, 2)


def test_the_future_is_not_seen() -> None:
    then = MONDAY + pd.Timedelta(hours=50)
    jobs = [job(0, 24), job(1, 90), job(2, None), job(80, 81), job(100, None)]
    early = [job(0, 24), job(1, None), job(2, None)]
    assert clearance_figures(frame(*jobs), **PERIOD, as_of=then) == clearance_figures(
        frame(*early), **PERIOD, as_of=then
    )


def test_repeats_need_a_place_a_time_and_ripeness() -> None:
    week = 7 * 24
    figures = clearance_figures(
        frame(
            job(0, 10),  # another 20 m away after five days: a repeat within 7 and 28
            job(10 + 120, 140, x=20),  # nothing after it but its own past
            job(0, 10, x=500),  # another at the spot after ten days: within 28 only
            job(10 + 240, 260, x=500),
            job(0, 10, x=900),  # another 30 m away: too far
            job(50, 60, x=930),
            job(4 * week - 40, 4 * week - 30, x=2_000),  # cleared less than 28 days before as_of
        ),
        **PERIOD,
        as_of=MONDAY + pd.Timedelta(days=45),
    )
    assert (figures.repeats_7.met, figures.repeats_7.of) == (1, 7)
    assert (figures.repeats_28.met, figures.repeats_28.of) == (2, 6)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 600),
            st.one_of(st.none(), st.integers(0, 200)),
            st.sampled_from(["cleared", "not_found", "not_our_land"]),
            st.integers(0, 50),
        ),
        min_size=1,
        max_size=15,
    ),
    st.integers(0, 900),
)
def test_shares_equal_a_twin_that_counts_one_by_one(rows: list[tuple], as_of_h: int) -> None:
    figures = clearance_figures(
        frame(*(job(t, None if d is None else t + d, o, stood_h=s) for t, d, o, s in rows)),
        start=MONDAY,
        end=MONDAY + pd.Timedelta(hours=500),
        as_of=MONDAY + pd.Timedelta(hours=as_of_h),
    )
    met = of = net_met = net_of = 0
    for reported_h, took, outcome, stood in rows:
        due = reported_h + 48
        closed = None if took is None or reported_h + took > as_of_h else reported_h + took
        if reported_h > as_of_h or due >= 500 or due > as_of_h:
            continue
        if closed is not None and outcome == "not_our_land":
            continue
        is_cleared = closed is not None and outcome == "cleared"
        of += 1
        met += is_cleared and closed <= due
        if closed is not None or due + stood <= as_of_h:
            net_of += 1
            net_met += is_cleared and closed <= due + stood
    assert (figures.in_target.met, figures.in_target.of) == (met, of)
    assert (figures.in_target_net.met, figures.in_target_net.of) == (net_met, net_of)


HISTORIES = st.lists(
    st.tuples(
        st.integers(0, 2_000),
        st.one_of(st.none(), st.integers(1, 900)),
        st.sampled_from(["cleared", "not_found", "not_our_land"]),
        st.integers(0, 60),
        st.sampled_from("abc"),
    ),
    min_size=1,
    max_size=25,
)


def history(rows: list[tuple]) -> gpd.GeoDataFrame:
    return frame(*(job(t, None if d is None else t + d, o, x=x) for t, d, o, x, _ in rows))


@given(HISTORIES)
def test_repeats_equal_a_twin_that_looks_at_every_pair(rows: list[tuple]) -> None:
    as_of_h, day = 2_400, 24
    figures = clearance_figures(
        history(rows),
        start=MONDAY,
        end=MONDAY + pd.Timedelta(hours=1_500),
        as_of=MONDAY + pd.Timedelta(hours=as_of_h),
    )
    for days, share in ((7, figures.repeats_7), (28, figures.repeats_28)):
        met = of = 0
        for reported_h, took, outcome, x, _ in rows:
            if took is None or outcome != "cleared" or reported_h + 48 >= 1_500:
                continue
            closed = reported_h + took
            if closed > as_of_h or closed + days * day > as_of_h:
                continue
            of += 1
            met += any(
                closed < other <= closed + days * day and abs(at - x) <= 25
                for other, _, _, at, _ in rows
            )
        assert (share.met, share.of) == (met, of)


@settings(max_examples=40)
@given(HISTORIES)
def test_parts_equal_the_whole_without_the_other_parts_due_times(rows: list[tuple]) -> None:
    jobs = history(rows)
    period = PERIOD | {"end": MONDAY + pd.Timedelta(hours=1_500)}
    parts = pd.Series([row[-1] for row in rows], jobs.index)
    by_part = figures_by(due_jobs(jobs, **period, as_of=NOW), parts)
    for name, figures in by_part.items():
        alone = jobs.assign(due_at=jobs["due_at"].where(parts == name))
        assert repr(figures) == repr(clearance_figures(alone, **period, as_of=NOW))
    together = clearance_figures(jobs, **period, as_of=NOW)
    assert sum(figures.fell_due for figures in by_part.values()) == together.fell_due


def test_curves_by_hand() -> None:
    jobs = frame(
        job(0, 10),
        job(0, 20, "not_found"),
        job(0, 20, "not_our_land"),  # counts neither way
        job(0, 30, "lapsed"),  # neither done nor open
        job(0, None),
        job(0, 5),
        job(0, 5, "duplicate"),
    )
    parts = pd.Series(["a", "a", "a", "a", "a", "b", "c"], jobs.index)
    curves = curves_by(due_jobs(jobs, **PERIOD, as_of=NOW), parts)
    assert {name: curve.jobs for name, curve in curves.items()} == {"a": 3, "b": 1}
    within = [curves["a"].done_within(hours) for hours in (0, 9.9, 10, 19, 20, 48, 5_000)]
    assert within == pytest.approx([0, 0, 1 / 3, 1 / 3, 2 / 3, 2 / 3, 2 / 3])
    assert curves["b"].done_within(5) == 1


@settings(max_examples=40)
@given(HISTORIES)
def test_curves_equal_a_twin_that_goes_hour_by_hour(rows: list[tuple]) -> None:
    as_of_h = 1_600
    jobs = history(rows)
    parts = pd.Series([row[-1] for row in rows], jobs.index)
    until = {"as_of": MONDAY + pd.Timedelta(hours=as_of_h)}
    curves = curves_by(due_jobs(jobs, **PERIOD, **until), parts)
    figures = figures_by(due_jobs(jobs, **PERIOD, **until), parts)
    for name in "abc":
        watched = [
            (took if is_over else as_of_h - reported_h, is_over)
            for reported_h, took, outcome, _, part in rows
            for is_over in [took is not None and reported_h + took <= as_of_h]
            if part == name
            and reported_h + 48 < 30 * 24
            and not (is_over and outcome == "not_our_land")
        ]
        if not watched:
            assert name not in curves
            continue
        left, half_at = 1.0, math.inf
        for hour in range(as_of_h + 1):
            at_risk = sum(hours >= hour for hours, _ in watched)
            left *= 1 - sum(watched_one == (hour, True) for watched_one in watched) / (at_risk or 1)
            assert curves[name].done_within(hour) == pytest.approx(1 - left)
            half_at = min(half_at, hour) if left <= 0.5 + 1e-12 else half_at
        assert (curves[name].jobs, figures[name].median_h) == (len(watched), half_at)


def test_frames_that_cannot_be_read_are_refused() -> None:
    jobs = frame(job(0, 1))
    with pytest.raises(FrameError, match="stood_h"):
        clearance_figures(jobs.drop(columns="stood_h"), **PERIOD, as_of=NOW)
    with pytest.raises(CRSError):
        clearance_figures(jobs.set_crs(4326, allow_override=True), **PERIOD, as_of=NOW)
    naive = jobs.assign(closed_at=jobs["closed_at"].dt.tz_localize(None))
    with pytest.raises(FrameError, match="'closed_at' is datetime64"):
        clearance_figures(naive, **PERIOD, as_of=NOW)


def test_where_every_job_is_open_the_column_of_ends_needs_no_zone() -> None:
    # As pandas reads a column of nulls: naive, or of no type at all.
    for nothing in ([pd.NaT], [None]):
        jobs = frame(job(0, 1)).assign(closed_at=nothing, outcome=None)
        assert clearance_figures(jobs, **PERIOD, as_of=NOW).missed_open == 1


def test_an_empty_frame_gives_nothing() -> None:
    figures = clearance_figures(frame(job(0, 1)).iloc[:0], **PERIOD, as_of=NOW)
    assert (figures.fell_due, figures.in_target.of) == (0, 0)
    assert math.isnan(figures.reports_each)
