"""What the whole record says of a hotspot's ground, composed from parts that are tested alone."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots.detection.histories import hotspot_histories

AS_OF = pd.Timestamp("2026-06-01T12:00Z")
SPOTS = gpd.GeoDataFrame(
    geometry=[shapely.Point(0, 0).buffer(50), shapely.Point(60, 0).buffer(50)],
    index=["old", "new"],
    crs=27700,
)


def dumps(x: float, days_ago: np.ndarray) -> gpd.GeoDataFrame:
    """Seen at 23:00 in London, clean two hours before."""
    night = (AS_OF.normalize() - pd.to_timedelta(days_ago, unit="D")).tz_localize(None)
    seen = (night + pd.Timedelta(hours=23)).tz_localize("Europe/London").tz_convert("UTC")
    return gpd.GeoDataFrame(
        {"first_reported_at": seen, "last_clean_at": seen - pd.Timedelta(hours=2)},
        geometry=[shapely.Point(x, 0)] * len(days_ago),
        crs=27700,
    )


def record() -> gpd.GeoDataFrame:
    elsewhere = dumps(5000, np.arange(1, 1400, 3))
    return pd.concat(
        [elsewhere, dumps(0, np.arange(5, 1400, 14)), dumps(100, np.arange(2, 80, 6))],
        ignore_index=True,
    )


def test_each_hotspot_has_the_history_of_its_own_ground() -> None:
    histories = hotspot_histories(SPOTS, record(), as_of=AS_OF)
    assert histories.index.tolist() == ["old", "new"]
    # every fortnight for years, against 13 nights in the last 80 days and none before
    assert histories["class"].tolist() == ["persistent", "new"]
    assert histories["change"].tolist()[0] == "no clear change"
    shares = histories.loc["old", "hour_shares"]
    assert shares.reshape(7, 24).sum(axis=0)[21:23].sum() > 0.9
    assert histories.loc["old", "hot_hours"].startswith(
        "Wed "
    )  # 5, 19, 33 ... days before a Monday


def test_an_incident_in_two_outlines_belongs_to_the_better() -> None:
    between = pd.concat([record(), dumps(30, np.arange(3, 85, 6))], ignore_index=True)
    histories = hotspot_histories(SPOTS, between, as_of=AS_OF)
    # 14 more for "old" in the last three months, whose expectation is 6 or 7
    assert histories["class"].tolist() == ["intensifying", "new"]
    assert histories.loc["new", "class_sentence"].startswith("New: 13 nights")


def test_what_comes_later_changes_nothing() -> None:
    future = dumps(0, -np.arange(1.0, 30))
    now = hotspot_histories(SPOTS, record(), as_of=AS_OF)
    then = hotspot_histories(SPOTS, pd.concat([record(), future], ignore_index=True), as_of=AS_OF)
    pd.testing.assert_frame_equal(now, then)


def test_no_hotspots_and_no_incidents_have_no_history() -> None:
    assert len(hotspot_histories(SPOTS.iloc[:0], record(), as_of=AS_OF)) == 0
    histories = hotspot_histories(SPOTS, record().iloc[:0], as_of=AS_OF)
    assert histories["class"].isna().all()
