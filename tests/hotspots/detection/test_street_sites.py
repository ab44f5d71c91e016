"""Places by street beside those of the plane: a river parts them, and odd streets are refused."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from hotspots import DetectionParams, DetectionResult, detect_hotspots
from hotspots.core.errors import CRSError, FrameError

AS_OF = pd.Timestamp("2026-11-01T00:00Z")
BOROUGH = gpd.GeoSeries([shapely.box(0, 0, 4000, 4000)], crs=27700)
QUICK = DetectionParams()
RIVER_Y = 2020


def lines(shapes: list[list[tuple[float, float]]], crs: int = 27700) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=[shapely.LineString(each) for each in shapes], crs=crs)


def lattice() -> gpd.GeoDataFrame:
    """Streets every 200 m; between y = 2000 and 2040 a river, and no bridge."""
    ticks = range(0, 4001, 200)
    south = [y for y in ticks if y <= 2000]
    north = [2040, *(y for y in ticks if y > 2040)]
    shapes = [[(x, y) for x in ticks] for y in south + north]
    shapes += [[(x, y) for y in bank] for bank in (south, north) for x in ticks]
    return lines(shapes)


def incidents(*sites: tuple[float, float], each: int = 8) -> gpd.GeoDataFrame:
    """Two hundred along the lattice, and so many a few metres from each site, weeks apart."""
    rng = np.random.default_rng(7)
    along = lattice().geometry.to_numpy()[rng.integers(0, 60, 200)]
    anywhere = shapely.line_interpolate_point(along, rng.random(200), normalized=True)
    xy = [shapely.get_coordinates(anywhere) + rng.uniform(0, 4, (200, 2))]
    xy += [site + rng.uniform(-4, 4, (each, 2)) for site in sites]
    n_planted = each * len(sites)
    days = np.r_[rng.uniform(1, 360, 200), 9.0 * np.arange(1, n_planted + 1)]
    return gpd.GeoDataFrame(
        {"first_reported_at": AS_OF - pd.to_timedelta(days, unit="D").floor("s")},
        geometry=gpd.points_from_xy(*np.concatenate(xy).clip(0, 4000).T),
        crs=27700,
    )


def detected(rows: gpd.GeoDataFrame, streets: gpd.GeoDataFrame | None = None) -> DetectionResult:
    chosen = lattice() if streets is None else streets
    return detect_hotspots(rows, BOROUGH, QUICK, as_of=AS_OF, streets=chosen)


def test_what_lies_on_both_banks_is_one_place_on_the_plane_and_two_by_street() -> None:
    result = detected(incidents((2100, 2000), (2100, 2040)))
    plane = result.hotspots[result.hotspots["incidents"] >= 16]
    assert len(plane) == 1
    sites = result.street_sites
    assert sites["incidents"].tolist() == [8, 8]
    assert sorted(sites["centre_y"] > RIVER_Y) == [False, True]
    assert sites["hotspot"].tolist() == [plane.index[0]] * 2
    # In the middle of a street of 200 m, its crossings 100 m away: to both sides of each case
    narrow = sites[sites["radius_m"] <= 75]
    assert narrow["street_m"].to_numpy() == pytest.approx(2 * narrow["radius_m"])
    assert sites["reason"].str.contains("8 separate incidents on 8 nights").all()


def test_a_crowd_that_only_the_river_s_two_banks_make_is_no_place_by_street() -> None:
    result = detected(incidents((2100, 2000), (2100, 2040), each=5))
    assert (result.hotspots["incidents"] >= 10).any()
    assert len(result.street_sites) == 0


def test_streets_change_nothing_of_the_plane_and_rows_may_come_in_any_order() -> None:
    rows = incidents((2100, 2000))
    plain = detect_hotspots(rows, BOROUGH, QUICK, as_of=AS_OF)
    both, shuffled = (
        detected(rows),
        detected(rows.sample(frac=1, random_state=3), lattice().iloc[::-1]),
    )
    pd.testing.assert_frame_equal(plain.hotspots, both.hotspots)
    assert len(both.street_sites) == 1
    pd.testing.assert_frame_equal(both.street_sites, shuffled.street_sites)
    assert (len(plain.street_sites), plain.street_note) == (0, "")


def test_streets_outside_the_area_and_the_parts_that_leave_it_count_for_nothing() -> None:
    rows = incidents((2100, 2000))
    outside = lines([[(4000, y), (9000, y)] for y in range(0, 2001, 200)])
    inside = detected(rows).street_sites
    assert len(inside) == 1
    more = detected(rows, pd.concat([lattice(), outside])).street_sites
    pd.testing.assert_frame_equal(inside, more)
    longer = lattice().assign(geometry=[_beyond(line) for line in lattice().geometry])
    pd.testing.assert_frame_equal(inside, detected(rows, longer).street_sites)


def _beyond(line: shapely.LineString) -> shapely.LineString:
    """A street from the west goes on for five kilometres beyond the borough's edge."""
    x, y = line.coords[-1]
    return shapely.LineString([*line.coords, (9000, y)]) if x == 4000 and y < 2000 else line


def test_incidents_far_from_streets_and_bits_that_lead_nowhere_are_named() -> None:
    rows = incidents((2100, 2000), (2100, 3700))
    streets = pd.concat([lattice().cx[:, :3500], lines([[(0, 3600), (0, 3700)]])])
    result = detected(rows, streets)
    assert "incidents lie more than 50 m from a street" in result.street_note
    stray = lines([[(50 + 200 * k, y), (150 + 200 * k, y)] for k in range(19) for y in (90, 290)])
    assert (
        "in 38 bits that no other meets"
        in detected(rows, pd.concat([lattice(), stray])).street_note
    )


@pytest.mark.parametrize(
    ("streets", "error", "words"),
    [
        (lines([]), FrameError, "none of the 0 lines lies in the study area"),
        (lines([[(9000, 0), (9900, 0)]]), FrameError, "none of the 1 line lies"),
        (lines([[(0, 51), (1, 51)]], crs=4326), CRSError, "degrees"),
        (lines([[(0, 0), (100, 0)]], crs=32630), CRSError, "not in the incidents' CRS"),
        (lines([[(0, y), (99, y)] for y in range(0, 90, 10)]), FrameError, "9 bits of under 300 m"),
        (BOROUGH.to_frame("geometry"), FrameError, "Polygon"),
        (BOROUGH, FrameError, "must be a GeoDataFrame"),
    ],
)
def test_streets_that_say_nothing_are_refused(
    streets: gpd.GeoDataFrame, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        detected(incidents(), streets)


def test_too_few_incidents_are_an_answer_by_street_too() -> None:
    result = detected(incidents().iloc[:3])
    assert len(result.street_sites) == 0
    assert "too few" in result.street_note
