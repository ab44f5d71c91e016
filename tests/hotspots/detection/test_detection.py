"""Hotspots where they were planted, none where there is only chance, and a word when unsure."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from hotspots import DetectionParams, detect_hotspots
from hotspots.core.errors import CRSError, FrameError, ParameterError

AS_OF = pd.Timestamp("2026-11-01T00:00Z")
BOROUGH = gpd.GeoSeries([shapely.box(0, 0, 8000, 8000)], crs=27700)
QUICK = DetectionParams(n_simulations=199)
EVEN = DetectionParams(n_simulations=199, null="even")


def frame(xy: np.ndarray, times: pd.DatetimeIndex) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"first_reported_at": times}, geometry=gpd.points_from_xy(*np.asarray(xy).T), crs=27700
    )


def scattered(n: int = 150, seed: int = 0) -> gpd.GeoDataFrame:
    rng = np.random.default_rng(seed)
    days = rng.integers(1, 360, n)
    return frame(rng.uniform(0, 8000, (n, 2)), AS_OF - pd.to_timedelta(days, unit="D"))


def with_planted(n: int = 9, every_days: int = 20, spread_m: float = 4) -> gpd.GeoDataFrame:
    rng = np.random.default_rng(99)
    xy = rng.normal((4000, 3000), spread_m, (n, 2))
    times = AS_OF - pd.to_timedelta(np.arange(1, n + 1) * every_days, unit="D")
    return pd.concat([scattered(), frame(xy, times)], ignore_index=True)


def test_a_place_of_recurring_dumps_is_flagged_with_its_evidence() -> None:
    result = detect_hotspots(with_planted(), BOROUGH, QUICK, as_of=AS_OF)
    assert len(result.hotspots) == 1
    hotspot = result.hotspots.iloc[0]
    assert (hotspot["incidents"], hotspot["nights"], hotspot["weeks"]) == (9, 9, 9)
    assert np.hypot(hotspot["centre_x"] - 4000, hotspot["centre_y"] - 3000) < 20
    assert hotspot.geometry.contains(shapely.Point(hotspot["centre_x"], hotspot["centre_y"]))
    # Its surroundings are as thin as the borough: 150 cases over 64 km², by half or twice
    even = 150 * np.pi * hotspot["radius_m"] ** 2 / 64e6
    assert even / 2 < hotspot["expected"] < 2 * even
    assert hotspot["reason"] == (
        "9 separate incidents on 9 nights in 12 months where fewer than 0.1 would be expected; "
        "last 20 days ago"
    )
    assert (result.incidents["hotspot"] == 0).sum() == 9
    # Garwood's table: of 9, from 4.115 to 17.085
    of_expected = hotspot[["rate_ratio_low", "rate_ratio_high"]] * hotspot["expected"]
    assert of_expected.tolist() == pytest.approx([4.115, 17.085], abs=1e-3)


def test_one_party_in_many_piles_is_no_hotspot() -> None:
    rng = np.random.default_rng(4)
    piles = frame(
        rng.normal((4000, 3000), 15, (12, 2)), pd.DatetimeIndex(["2026-06-06T07:00Z"] * 12)
    )
    everything = pd.concat([scattered(), piles], ignore_index=True)
    assert len(detect_hotspots(everything, BOROUGH, QUICK, as_of=AS_OF).hotspots) == 0


def test_three_nights_of_one_week_are_no_recurrence() -> None:
    times = pd.DatetimeIndex(["2026-06-02T07:00Z", "2026-06-03T07:00Z", "2026-06-04T07:00Z"])
    xy = np.array([[4000, 3000], [4003, 3000], [4000, 3003]])
    everything = pd.concat([scattered(), frame(xy, times)], ignore_index=True)
    assert len(detect_hotspots(everything, BOROUGH, QUICK, as_of=AS_OF).hotspots) == 0


def test_scattered_incidents_give_no_hotspot_and_a_note() -> None:
    result = detect_hotspots(scattered(), BOROUGH, QUICK, as_of=AS_OF)
    assert len(result.hotspots) == 0
    assert "150 incidents" in result.note


@pytest.mark.parametrize("n", [0, 1, 11])
def test_few_incidents_are_an_answer(n: int) -> None:
    result = detect_hotspots(scattered(n), BOROUGH, as_of=AS_OF)
    assert f"{n} incidents" in result.summary()
    assert "too few" in result.note
    assert len(result.hotspots) == 0


def test_identical_points_are_one_hotspot_that_has_an_area() -> None:
    times = AS_OF - pd.to_timedelta(np.arange(1, 31) * 10, unit="D")
    result = detect_hotspots(frame(np.full((30, 2), 500.0), times), BOROUGH, QUICK, as_of=AS_OF)
    assert result.hotspots["incidents"].tolist() == [30]
    assert result.hotspots["area_m2"].iloc[0] > 0


def test_what_comes_later_changes_nothing() -> None:
    known = with_planted()
    future = frame(np.full((20, 2), 7000.0), AS_OF + pd.to_timedelta(np.arange(1, 21), unit="h"))
    now = detect_hotspots(known, BOROUGH, QUICK, as_of=AS_OF)
    then = detect_hotspots(
        pd.concat([known, future], ignore_index=True), BOROUGH, QUICK, as_of=AS_OF
    )
    pd.testing.assert_frame_equal(pd.DataFrame(now.hotspots), pd.DataFrame(then.hotspots))


def test_the_order_of_rows_changes_nothing() -> None:
    rows = with_planted()
    shuffled = rows.sample(frac=1, random_state=1)
    a = detect_hotspots(rows, BOROUGH, QUICK, as_of=AS_OF).hotspots
    b = detect_hotspots(shuffled, BOROUGH, QUICK, as_of=AS_OF).hotspots
    pd.testing.assert_frame_equal(pd.DataFrame(a), pd.DataFrame(b))


def test_the_callers_frame_is_left_alone() -> None:
    rows = with_planted()
    before = rows.copy()
    detect_hotspots(rows, BOROUGH, QUICK, as_of=AS_OF)
    pd.testing.assert_frame_equal(pd.DataFrame(rows), pd.DataFrame(before))


def test_degrees_naive_times_and_odd_settings_are_refused() -> None:
    rows = with_planted()
    with pytest.raises(CRSError, match="degrees"):
        detect_hotspots(rows.to_crs(4326), BOROUGH, as_of=AS_OF)
    with pytest.raises(FrameError, match="zone"):
        detect_hotspots(rows, BOROUGH, as_of="2026-11-01")
    with pytest.raises(CRSError, match="study_area"):
        detect_hotspots(rows, BOROUGH.to_crs(32630), as_of=AS_OF)
    with pytest.raises(ParameterError, match="radii_m"):
        DetectionParams(radii_m=(200.0,))


def test_a_long_car_park_is_one_hotspot_and_not_two_discs() -> None:
    rng = np.random.default_rng(3)
    xy = np.column_stack([rng.uniform(4000, 4240, 40), rng.uniform(3000, 3030, 40)])
    times = AS_OF - pd.to_timedelta(np.arange(1, 41) * 8, unit="D")
    everything = pd.concat([scattered(), frame(xy, times)], ignore_index=True)
    hotspots = detect_hotspots(everything, BOROUGH, QUICK, as_of=AS_OF).hotspots
    assert len(hotspots) == 1
    assert hotspots["incidents"].iloc[0] >= 35
    assert hotspots["discs"].iloc[0] >= 2


def test_a_stray_incident_does_not_stretch_the_outline() -> None:
    stray = frame(np.array([[4130, 3000]]), pd.DatetimeIndex([AS_OF - pd.Timedelta(days=50)]))
    wide = DetectionParams(n_simulations=199, radii_m=(150.0,))
    rows = pd.concat([with_planted(), stray], ignore_index=True)
    hotspot = detect_hotspots(rows, BOROUGH, wide, as_of=AS_OF).hotspots.iloc[0]
    assert hotspot["incidents"] == 10
    assert not hotspot.geometry.intersects(stray.geometry.iloc[0])


def test_streets_as_exposure_clear_a_busy_street_and_name_the_null() -> None:
    rng = np.random.default_rng(6)
    lines = [shapely.LineString([(0, y), (8000, y)]) for y in range(100, 8000, 200)]
    lines += [shapely.LineString([(4000, y), (4150, y)]) for y in range(3000, 3150)]
    streets = gpd.GeoDataFrame(geometry=lines, crs=27700)
    days = AS_OF - pd.to_timedelta(rng.integers(1, 360, 150), unit="D")
    which = rng.choice(len(lines), 150, p=[x.length / sum(y.length for y in lines) for x in lines])
    along = [lines[k].interpolate(rng.random(), normalized=True) for k in which]
    rows = gpd.GeoDataFrame({"first_reported_at": days}, geometry=along, crs=27700)
    by_land = detect_hotspots(rows, BOROUGH, EVEN, as_of=AS_OF)
    by_street = detect_hotspots(rows, BOROUGH, EVEN, as_of=AS_OF, exposure=streets)
    assert by_land.hotspots["null"].tolist() == ["uniform over the study area"]  # the warren
    assert len(by_street.hotspots) == 0
    known = pd.concat([rows, with_planted().iloc[150:]], ignore_index=True)
    hotspots = detect_hotspots(known, BOROUGH, EVEN, as_of=AS_OF, exposure=streets).hotspots
    assert hotspots["null"].tolist() == ["in proportion to length of street"]
    hotspots = detect_hotspots(known, BOROUGH, QUICK, as_of=AS_OF, exposure=streets).hotspots
    assert hotspots["null"].tolist() == ["its surroundings, in proportion to length of street"]


def test_many_incidents_are_tested_by_the_bound_with_the_same_answer() -> None:
    simulated = detect_hotspots(with_planted(), BOROUGH, EVEN, as_of=AS_OF).hotspots
    bound = DetectionParams(simulate_up_to=0, null="even")
    bounded = detect_hotspots(with_planted(), BOROUGH, bound, as_of=AS_OF).hotspots
    assert bounded["incidents"].tolist() == simulated["incidents"].tolist()
    # 159 cases, disc of 25 m: so many times P(Binomial(158, pi 25²/64e6) >= 8), and the like
    assert bounded["p_value"].iloc[0] < 1e-9


def test_translation_changes_nothing_but_the_place() -> None:
    rows, moved = with_planted(), with_planted()
    moved["geometry"] = moved.geometry.translate(250_000, 1_000_000)
    borough = BOROUGH.translate(250_000, 1_000_000)
    a = detect_hotspots(rows, BOROUGH, QUICK, as_of=AS_OF).hotspots
    b = detect_hotspots(moved, borough, QUICK, as_of=AS_OF).hotspots
    numbers = ["incidents", "nights", "expected", "llr", "p_value", "q_value"]
    pd.testing.assert_frame_equal(a[numbers], b[numbers])
    assert (b["centre_x"] - a["centre_x"]).iloc[0] == pytest.approx(250_000)


def test_what_is_known_of_vehicles_and_cylinders_is_told() -> None:
    rows = with_planted()
    vehicle = pd.array([None] * 150 + [True] * 3 + [False] + [None] * 5, dtype="object")
    cylinders = np.r_[np.zeros(150), np.full(9, 2.0)]
    rows = rows.assign(from_vehicle=vehicle, cylinders=cylinders)
    hotspot = detect_hotspots(rows, BOROUGH, QUICK, as_of=AS_OF).hotspots.iloc[0]
    assert hotspot["vehicle_share"] == 3 / 4
    assert hotspot["cylinders"] == 18


def test_the_surface_expects_most_where_the_hotspot_is() -> None:
    result = detect_hotspots(with_planted(), BOROUGH, QUICK, as_of=AS_OF)
    best = result.surface.loc[result.surface["expected_per_day"].idxmax()]
    assert best.geometry.intersects(shapely.Point(4000, 3000).buffer(20))
    # 159 incidents in a year
    assert result.surface["expected_per_day"].sum() == pytest.approx(159 / 365, rel=0.25)


@pytest.mark.parametrize("name", ["cylinders", "reports"])
def test_text_in_a_column_of_counts_is_refused_though_nothing_is_flagged(name: str) -> None:
    rows = scattered().assign(**{name: "many"})
    with pytest.raises(FrameError, match=f"'{name}' holds 'many': give numbers"):
        detect_hotspots(rows, BOROUGH, QUICK, as_of=AS_OF)


def test_a_crs_whose_metres_are_none_is_refused() -> None:
    mercator = with_planted().to_crs(3857)
    with pytest.raises(CRSError, match=r"whose metre is 0\.6"):  # cos 51° of one
        detect_hotspots(mercator, BOROUGH.to_crs(3857), as_of=AS_OF)
    utm = detect_hotspots(with_planted().to_crs(32630), BOROUGH.to_crs(32630), as_of=AS_OF)
    assert utm.hotspots["incidents"].tolist() == [9]


def test_exposure_outside_the_area_changes_nothing_and_none_inside_is_refused() -> None:
    rng = np.random.default_rng(2)
    homes = gpd.GeoDataFrame(
        geometry=gpd.points_from_xy(*rng.uniform(0, 8000, (500, 2)).T), crs=27700
    )
    beyond = homes.translate(xoff=20_000)
    inside = detect_hotspots(with_planted(), BOROUGH, as_of=AS_OF, exposure=homes).hotspots
    both = gpd.GeoDataFrame(geometry=pd.concat([homes.geometry, *[beyond] * 9]), crs=27700)
    with_more = detect_hotspots(with_planted(), BOROUGH, as_of=AS_OF, exposure=both).hotspots
    assert with_more["p_value"].tolist() == inside["p_value"].tolist()
    with pytest.raises(FrameError, match="none of it lies in the study area"):
        detect_hotspots(with_planted(), BOROUGH, as_of=AS_OF, exposure=beyond.to_frame("geometry"))


def test_an_unknown_null_is_refused() -> None:
    with pytest.raises(ParameterError, match="surroundings, even"):
        DetectionParams(null="uniform")


def test_too_few_because_they_lie_elsewhere_says_so() -> None:
    far = scattered(30)
    far = far.set_geometry(far.translate(xoff=90_000))
    both = pd.concat([far, scattered(4)], ignore_index=True)
    note = detect_hotspots(both, BOROUGH, as_of=AS_OF).note
    assert note.startswith("4 incidents")
    assert note.endswith("; 30 more of them lie outside the study area, and are not counted")


def test_a_bare_polygon_is_refused_since_it_says_not_where_it_lies() -> None:
    with pytest.raises(FrameError, match=r"bare Polygon: give it with its CRS"):
        detect_hotspots(scattered(), BOROUGH.iloc[0], as_of=AS_OF)  # type: ignore[arg-type]


def test_an_empty_frame_without_a_zone_is_refused_like_a_full_one() -> None:
    none = frame(np.empty((0, 2)), pd.DatetimeIndex([]))
    with pytest.raises(FrameError, match="give aware times"):
        detect_hotspots(none, BOROUGH, as_of=AS_OF)


def test_weights_of_an_exposure_that_are_words_are_refused() -> None:
    homes = gpd.GeoDataFrame({"weight": ["many"]}, geometry=[shapely.Point(1, 1)], crs=27700)
    with pytest.raises(FrameError, match="'weight' holds 'many'"):
        detect_hotspots(scattered(), BOROUGH, as_of=AS_OF, exposure=homes)


def test_where_no_exposure_lies_no_place_is_tested_and_the_note_says_so() -> None:
    far = gpd.GeoDataFrame(geometry=[shapely.Point(7_900, 7_900)], crs=27700)
    result = detect_hotspots(
        with_planted(), BOROUGH, QUICK, as_of=AS_OF, exposure=far, exposure_name="homes"
    )
    assert result.hotspots.empty
    assert "incidents have no homes within 150 m: no place there was tested" in result.note
