"""Linking against the duplicates that a city labelled itself."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from hotspots.linking.incidents import LinkingParams, link_reports

# The points are geocoded addresses: what is not at the same one is somebody else's complaint.
RULE = LinkingParams(link_radius_m=0.5, link_days=3, is_job_per_report=True)


@pytest.fixture(scope="module")
def requests(shared_data: Path) -> gpd.GeoDataFrame:
    """Sanitation requests since 2011; a number that occurs twice is told apart by its count."""
    days = ["Creation_Date", "Completion_Date"]
    rows = pd.read_csv(shared_data / "chicago_sanitation.csv.gz", parse_dates=days)
    rows = rows[(rows["Creation_Date"] >= "2011") & rows["Latitude"].notna()]
    number = rows["Service_Request_Number"]
    again = rows.groupby(number).cumcount()
    return gpd.GeoDataFrame(
        {
            "report_id": number + "/" + again.astype(str),
            "reported_at": rows["Creation_Date"].dt.tz_localize("UTC"),
            "cleared_at": rows["Completion_Date"].dt.tz_localize("UTC"),
            "is_duplicate": rows["Status"].str.endswith("Dup"),
            "is_repeated": again > 0,
        },
        geometry=gpd.points_from_xy(rows["Longitude"], rows["Latitude"]),
        crs=4326,
    ).to_crs(26916)


def recall_and_precision(requests: gpd.GeoDataFrame) -> tuple[float, float]:
    done = requests[requests["cleared_at"].notna()]
    clearances = done[["report_id", "cleared_at"]].assign(outcome="cleared")
    linked = link_reports(requests.drop(columns="cleared_at"), clearances, RULE)
    joined = linked.membership != requests["report_id"]
    right = (joined & requests["is_duplicate"]).sum()
    return right / requests["is_duplicate"].sum(), right / joined.sum()


@pytest.mark.shared_data
def test_linking_finds_the_citys_own_duplicates(requests: gpd.GeoDataFrame) -> None:
    assert (len(requests), requests["is_duplicate"].sum()) == (74_193, 3_614)
    recall, precision = recall_and_precision(requests)
    # METHOD.md section 1: recall 0.979 at precision 0.743, both to three digits
    assert recall >= 0.9785
    assert precision >= 0.743


@pytest.mark.shared_data
def test_without_rows_that_the_file_repeats_it_is_more_precise(requests: gpd.GeoDataFrame) -> None:
    recall, precision = recall_and_precision(requests[~requests["is_repeated"]])
    assert recall >= 0.9785
    assert precision >= 0.80
