"""The risk surface on the map: shaded against the borough's average, with its number in words."""

import geopandas as gpd
import shapely

from web.maps.surface import error_features, surface_features


def cells(rates: list[float], error: float | None = None) -> gpd.GeoDataFrame:
    squares = [
        shapely.box(553_000 + 100 * k, 174_000, 553_100 + 100 * k, 174_100)
        for k in range(len(rates))
    ]
    columns = {"expected_per_day": rates, "standard_error": [error] * len(rates)}
    return gpd.GeoDataFrame(columns, geometry=squares, crs=27700).astype(
        dict.fromkeys(columns, float)
    )


def test_cells_are_shaded_by_how_many_times_even_ground_they_have() -> None:
    # 100 cells, 1.0 a day together: an even one has 0.01
    rates = [0.4, 0.06, 0.03, 0.015] + [0.495 / 96] * 96
    drawn = [f["properties"] for f in surface_features(cells(rates))["features"]]
    assert [one["level"] for one in drawn] == [
        "20 times the borough's average or more",
        "5 to 20 times",
        "2 to 5 times",
    ]
    assert drawn[0]["expected"] == "11"  # 28 days at 0.4
    assert len({one["style"]["fillColor"] for one in drawn}) == 3


def test_even_ground_and_no_ground_show_nothing() -> None:
    assert surface_features(cells([0.01] * 5))["features"] == []
    assert surface_features(cells([]))["features"] == []


def test_a_store_without_incidents_shows_nothing() -> None:
    # A new council's first run expects 0 everywhere: nowhere is that 20 times the average of 0.
    nothing = cells([0.0] * 5, error=0.0)
    assert surface_features(nothing)["features"] == []
    assert error_features(nothing)["features"] == []


def test_a_cell_says_between_what_it_likely_lies_and_how_well_that_is_known() -> None:
    # 100 cells, 4.96 a day together: an even one has about 0.05
    rates = [4.0 / 28, 8.0 / 28, 16.0 / 28] + [3.96 / 97] * 97
    known = cells(rates, error=2.0 / 28)
    drawn = [f["properties"] for f in surface_features(known)["features"]]
    # Of 4 with an error of 2, half of a χ² of 8 degrees: 1.37 to 7.75
    assert (drawn[0]["expected"], drawn[0]["likely"]) == ("4", "1.4 to 7.8")
    features = error_features(known)["features"]
    errors = [f["properties"] for f in features]
    assert [one["known"] for one in errors[:3]] == [
        "roughly known",  # by half of it
        "well known",  # by a quarter
        "well known",  # by an eighth
    ]
    # Of 0.04 a day with an error of 0.07 it may be 0.18: more than twice the average, or nothing
    hardly = "hardly known: few incidents, or methods differ"
    assert {one["known"] for one in errors[3:]} == {hardly}
    assert len(features) == 100


def test_a_run_that_kept_no_errors_draws_none() -> None:
    drawn = surface_features(cells([0.4] + [0.006] * 99))["features"][0]["properties"]
    assert (drawn["expected"], drawn["likely"]) == ("11", None)
    assert error_features(cells([0.4] + [0.006] * 99))["features"] == []
    assert error_features(cells([]))["features"] == []
