"""Linking by example: what joins, what opens an incident, what closes one."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from hotspots.core.errors import CRSError, FrameError, ParameterError
from hotspots.linking.incidents import LinkingParams, find_open_incident, link_reports

START = pd.Timestamp("2026-05-01T00:00+00:00")


def at(days: float) -> pd.Timestamp:
    return START + pd.Timedelta(days=days)


def reports(*rows: tuple[float, float], ids: str = "ABCDEFGH", **columns: list) -> gpd.GeoDataFrame:
    """One report a row: (metres east, days after the start)."""
    return gpd.GeoDataFrame(
        {
            "report_id": list(ids[: len(rows)]),
            "reported_at": pd.to_datetime([at(days) for _, days in rows], utc=True),
            **columns,
        },
        geometry=[shapely.Point(east, 0) for east, _ in rows],
        crs=27700,
    )


def clearances(*rows: tuple[str | None, float, str], **columns: list) -> pd.DataFrame:
    """One clearance a row: (report answered, days after the start, outcome)."""
    return pd.DataFrame(
        {
            "report_id": pd.Series([row[0] for row in rows], dtype="object"),
            "cleared_at": pd.to_datetime([at(row[1]) for row in rows], utc=True),
            "outcome": [row[2] for row in rows],
            **columns,
        }
    )


def groups(frame: gpd.GeoDataFrame, *rest: object, **named: object) -> str:
    return "".join(link_reports(frame, *rest, **named).membership)


def test_report_at_exactly_the_radius_joins_and_one_beyond_it_does_not() -> None:
    assert groups(reports((0, 0), (25, 1), (-25.01, 1))) == "AAC"


def test_distance_is_from_the_first_report_so_a_chain_does_not_drift() -> None:
    assert groups(reports((0, 0), (20, 1), (40, 2))) == "AAC"


def test_window_runs_from_the_last_report() -> None:
    # 0 → 6 → 12: each gap is 6 days; 12 → 19.1 is more than 7.
    assert groups(reports((0, 0), (0, 6), (0, 12), (0, 19.1))) == "AAAD"


def test_gap_of_exactly_the_window_still_links() -> None:
    assert groups(reports((0, 0), (0, 7))) == "AA"


def test_stated_accuracy_of_both_points_widens_the_radius_up_to_its_cap() -> None:
    # 25 + 10 + 10 = 45 m; 25 + 10 + 500 m is capped at 60 m.
    assert groups(reports((0, 0), (45, 1), accuracy_m=[10, 10])) == "AA"
    assert groups(reports((0, 0), (46, 1), accuracy_m=[10, 10])) == "AB"
    assert groups(reports((0, 0), (60, 1), accuracy_m=[10, 500])) == "AA"
    assert groups(reports((0, 0), (61, 1), accuracy_m=[10, 500])) == "AB"
    assert groups(reports((0, 0), (30, 1), accuracy_m=[np.nan, 5])) == "AA"


def test_nearest_open_incident_wins() -> None:
    assert groups(reports((0, 0), (40, 0), (24, 1))) == "ABB"


def test_equally_near_incidents_are_told_apart_by_age_then_by_id() -> None:
    assert groups(reports((0, 0.5), (40, 0), (20, 1))) == "ABB"
    assert groups(reports((0, 0), (40, 0), (20, 1), ids="ZBC")) == "ZBB"


def test_report_after_a_clearance_is_a_new_dump() -> None:
    assert groups(reports((0, 0), (0, 2)), clearances(("A", 1, "cleared"))) == "AB"


def test_report_at_the_moment_of_clearance_speaks_of_what_was_cleared() -> None:
    assert groups(reports((0, 0), (0, 1)), clearances(("A", 1, "cleared"))) == "AA"


def test_clearance_of_a_later_report_closes_the_whole_incident() -> None:
    assert groups(reports((0, 0), (0, 1), (0, 3)), clearances(("B", 2, "cleared"))) == "AAC"


def test_where_each_report_is_a_job_the_last_of_them_closes_the_incident() -> None:
    jobs = LinkingParams(is_job_per_report=True)
    seen, done = reports((0, 0), (0, 1), (0, 3)), clearances(("A", 2, "cleared"))
    assert groups(seen, done) == "AAC"
    assert groups(seen, done, jobs) == "AAA"  # B's job is still open
    both = clearances(("A", 2, "cleared"), ("B", 2.5, "cleared"))
    assert groups(seen, both, jobs) == "AAC"


def test_report_filed_late_joins_the_incident_that_was_open_when_it_was_seen() -> None:
    seen = reports((0, 0), (0, 2), observed_at=[at(0), at(0.5)])
    assert groups(seen, clearances(("A", 1, "cleared"))) == "AA"


def test_report_filed_late_prefers_the_old_incident_to_one_opened_since() -> None:
    # C was seen before the clearance of day 1, when B was not there yet, though B is nearer.
    seen = reports((0, 0), (10, 2), (10, 3), observed_at=[at(0), at(2), at(0.5)])
    assert groups(seen, clearances(("A", 1, "cleared"))) == "ABA"


def test_clearance_filed_before_the_report_it_answers_still_closes_it() -> None:
    assert groups(reports((0, 1), (0, 2)), clearances(("A", 0.5, "cleared"))) == "AB"


def test_not_found_is_reopened_within_its_grace_and_closes_after_it() -> None:
    visit = clearances(("A", 1, "not_found"))
    assert groups(reports((0, 0), (0, 1.9)), visit) == "AA"
    assert groups(reports((0, 0), (0, 2.1)), visit) == "AB"
    # Reopened on day 1.9, it takes a report on day 5 too.
    linked = link_reports(reports((0, 0), (0, 1.9), (0, 5)), visit)
    assert "".join(linked.membership) == "AAA"
    assert linked.incidents["outcome"].isna().all()


def test_clearance_within_the_grace_of_not_found_takes_its_place() -> None:
    visits = clearances(("A", 1, "not_found"), ("A", 1.5, "cleared"))
    linked = link_reports(reports((0, 0), (0, 1.7)), visits)
    assert "".join(linked.membership) == "AB"
    assert linked.incidents["outcome"].tolist()[0] == "cleared"


@pytest.mark.parametrize("outcome", ["no_access", "specialist_needed"])
def test_visit_that_left_the_dump_there_closes_nothing(outcome: str) -> None:
    assert groups(reports((0, 0), (0, 2)), clearances(("A", 1, outcome))) == "AA"


def test_clearance_of_a_place_closes_the_incidents_around_it() -> None:
    swept = clearances((None, 1, "cleared"), geometry=[shapely.Point(5, 0)])
    swept = gpd.GeoDataFrame(swept, geometry="geometry", crs=27700)
    linked = link_reports(reports((0, 0), (30, 0), (60, 0), (0, 2), (60, 2)), swept)
    assert "".join(linked.membership) == "ABCDC"
    assert linked.incidents.set_index("incident_id")["cleared_at"].notna().to_dict() == {
        "A": True,
        "B": True,
        "C": False,
        "D": False,
    }


def test_clearance_of_a_place_closes_what_lapsed_there_and_nothing_younger() -> None:
    swept = clearances((None, 30, "cleared"), geometry=[shapely.Point(0, 0)])
    swept = gpd.GeoDataFrame(swept, geometry="geometry", crs=27700)
    linked = link_reports(reports((0, 0), (0, 31)), swept)
    assert linked.incidents["outcome"].fillna("open").tolist() == ["cleared", "open"]


def test_estimates_combine_by_maximum_and_own_finds_are_not_public_reports() -> None:
    frame = reports(
        (0, 0),
        (0, 1),
        (0, 2),
        chargers=[40, 60, np.nan],
        cylinders=[np.nan] * 3,
        source=["public", "partner", "crew"],
        from_vehicle=[None, True, False],
        last_clean_at=[at(-2), at(-1), at(1.5)],
        observed_at=[at(-0.1), at(1), at(2)],
    )
    row = link_reports(frame).incidents.iloc[0]
    assert (row["reports"], row["public_reports"]) == (3, 2)
    assert row["chargers"] == 60
    assert np.isnan(row["cylinders"])
    assert row["from_vehicle"]
    assert row["first_seen_at"] == at(-0.1)
    # Day 1.5 lies after the first sighting: it cannot have been clean then.
    assert row["last_clean_at"] == at(-1)
    assert row["first_reported_at"] == at(0)
    assert row["last_reported_at"] == at(2)


def test_nothing_after_as_of_is_seen() -> None:
    frame = reports((0, 0), (0, 2), (0, 4))
    visits = clearances(("A", 1, "cleared"), ("B", 3, "cleared"))
    early = link_reports(frame, visits, as_of=at(2))
    assert early.membership.tolist() == ["A", "B"]
    assert early.incidents["outcome"].fillna("open").tolist() == ["cleared", "open"]


def test_membership_keeps_the_callers_index_and_the_index_serves_as_id() -> None:
    frame = reports((0, 0), (5, 1)).drop(columns="report_id").set_axis([70, 30])
    assert link_reports(frame).membership.to_dict() == {70: 70, 30: 70}


def test_frames_given_are_left_as_they_were() -> None:
    frame, visits = reports((0, 0), (0, 2)), clearances(("A", 1, "cleared"))
    before, before_visits = frame.copy(), visits.copy()
    link_reports(frame, visits)
    pd.testing.assert_frame_equal(frame, before)
    pd.testing.assert_frame_equal(visits, before_visits)


def test_empty_frame_gives_no_incidents_with_the_same_columns() -> None:
    one = link_reports(reports((0, 0)))
    none = link_reports(reports((0, 0)).iloc[:0])
    assert len(none.incidents) == len(none.membership) == 0
    assert list(none.incidents.columns) == list(one.incidents.columns)
    assert none.incidents.crs == one.incidents.crs


def test_identical_reports_are_one_incident() -> None:
    assert groups(reports(*[(0, 0)] * 8)) == "A" * 8


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda f: f.assign(report_id=["A", "A"]), "occurs twice"),
        (lambda f: f.assign(report_id=["A", None]), "report_id has 1 nulls"),
        (lambda f: f.assign(accuracy_m=[1, -1]), "accuracy_m is -1"),
        (lambda f: f.drop(columns="reported_at"), "reported_at"),
        (lambda f: f.assign(reported_at=f["reported_at"].dt.tz_localize(None)), "aware"),
        (lambda f: f.assign(reported_at=[at(0), pd.NaT]), "nulls"),
        (lambda f: f.assign(observed_at=f["reported_at"].dt.tz_localize(None)), "aware"),
        (lambda f: f.set_geometry([None, shapely.Point(0, 0)], crs=27700), "null geometries"),
        (lambda f: f.set_axis([1, 1]), "duplicates"),
        (lambda f: f.assign(cylinders="two"), "'cylinders' holds 'two': give numbers"),
        (lambda f: f.assign(accuracy_m="near"), "'accuracy_m' holds 'near': give numbers"),
    ],
)
def test_report_frame_that_cannot_be_read_is_refused_with_its_fault(spoil, message) -> None:
    with pytest.raises(FrameError, match=message):
        link_reports(spoil(reports((0, 0), (0, 1))))


@pytest.mark.parametrize("crs", [None, 4326])
def test_reports_that_are_not_in_metres_are_refused(crs: int | None) -> None:
    with pytest.raises(CRSError):
        link_reports(reports((0, 0)).set_crs(crs, allow_override=True))


@pytest.mark.parametrize(
    ("visits", "message"),
    [
        (clearances(("X", 1, "cleared")), "not given"),
        (clearances((None, 1, "cleared")), "report_id or a geometry"),
        (clearances(("A", 1, "cleared")).drop(columns="outcome"), "outcome"),
        (clearances(("A", 1, "cleared")).assign(cleared_at=pd.NaT), "cleared_at"),
    ],
)
def test_clearances_that_cannot_be_read_are_refused(visits: pd.DataFrame, message: str) -> None:
    with pytest.raises(FrameError, match=message):
        link_reports(reports((0, 0)), visits)


@pytest.mark.parametrize(
    "setting",
    [
        {"link_radius_m": 0},
        {"link_radius_m": float("nan")},
        {"max_radius_m": 10},
        {"link_days": 0},
        {"not_found_grace_hours": -1},
    ],
)
def test_parameters_out_of_range_are_refused(setting: dict[str, float]) -> None:
    with pytest.raises(ParameterError):
        LinkingParams(**setting)


def test_live_report_finds_the_open_incident_and_not_the_cleared_one() -> None:
    incidents = link_reports(reports((0, 0), (100, 0)), clearances(("A", 1, "cleared"))).incidents
    here = {"geometry": shapely.Point(1, 0), "reported_at": at(2)}
    assert find_open_incident(here, incidents) is None
    assert find_open_incident({**here, "observed_at": at(0.5)}, incidents) == "A"
    assert find_open_incident({**here, "geometry": shapely.Point(99, 0)}, incidents) == "B"


def test_live_report_in_an_empty_borough_opens_an_incident() -> None:
    nothing = link_reports(reports((0, 0)).iloc[:0]).incidents
    here = {"geometry": shapely.Point(1, 0), "reported_at": at(2)}
    assert find_open_incident(here, nothing) is None
