"""The risk surface on the map: shaded against the borough's average, with its number in words."""

import geopandas as gpd
import shapely

from web.maps.surface import surface_features


def cells(rates: list[float]) -> gpd.GeoDataFrame:
    squares = [
        shapely.box(553_000 + 100 * k, 174_000, 553_100 + 100 * k, 174_100)
        for k in range(len(rates))
    ]
    return gpd.GeoDataFrame({"expected_per_day": rates}, geometry=squares, crs=27700)


def test_cells_are_shaded_by_how_many_times_even_ground_they_have() -> None:
    # 100 cells, 1.0 a day together: an even one has 0.01
    rates = [0.4, 0.06, 0.03, 0.015] + [0.495 / 96] * 96
    told = [f["properties"] for f in surface_features(cells(rates))["features"]]
    assert [one["level"] for one in told] == [
        "20 times the borough's average or more",
        "5 to 20 times",
        "2 to 5 times",
    ]
    assert told[0]["expected"] == "11"  # 28 days at 0.4
    assert len({one["style"]["fillColor"] for one in told}) == 3


def test_even_ground_and_no_ground_show_nothing() -> None:
    assert surface_features(cells([0.01] * 5))["features"] == []
    assert surface_features(cells([]))["features"] == []
