"""What chance does: cases where they may fall, and shares that add up."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from hotspots.core.errors import CRSError, FrameError, ParameterError
from hotspots.scan.nulls import ExposureNull, UniformNull, exposure_sites

RADII = np.array([50.0, 150.0])
ELL = shapely.union_all([shapely.box(0, 0, 1000, 100), shapely.box(0, 0, 100, 1000)])


def test_uniform_cases_lie_inside_and_spread_evenly() -> None:
    cases, _ = UniformNull(ELL, RADII).draw(4000, np.random.default_rng(5))
    assert shapely.intersects_xy(ELL, cases).all()
    # The corner square is 10,000 of 190,000 m²: 210.5 of 4,000, standard deviation 14.1
    corner = (cases < 100).all(axis=1).sum()
    assert abs(corner - 210.5) < 4 * 14.1


def test_a_hole_holds_no_case() -> None:
    ring = shapely.box(0, 0, 100, 100).difference(shapely.box(20, 20, 80, 80))
    cases, _ = UniformNull(ring, RADII).draw(500, np.random.default_rng(5))
    assert not shapely.contains_xy(shapely.box(20.1, 20.1, 79.9, 79.9), cases).any()


def test_uniform_shares_are_those_of_area() -> None:
    shares = UniformNull(ELL, RADII).shares(np.zeros((3, 2)))
    # pi 50² / 190,000 = 0.041337, pi 150² / 190,000 = 0.372031
    np.testing.assert_allclose(shares, [[0.041337, 0.372031]], rtol=1e-5)


@pytest.fixture
def streets() -> ExposureNull:
    sites = np.random.default_rng(2).uniform(0, 1000, (300, 2))
    weights = np.arange(1, 301, dtype=float)
    return ExposureNull(
        sites, weights, shapely.box(0, 0, 1000, 1000), RADII, name="x", background=0.2
    )


def test_exposure_shares_are_those_of_adding_up_every_site(streets: ExposureNull) -> None:
    sites = np.random.default_rng(2).uniform(0, 1000, (300, 2))
    weights = np.arange(1, 301) / np.arange(1, 301).sum()
    places = np.array([[500.0, 500.0], [0.0, 0.0], [-900.0, 0.0]])
    for row, place in zip(streets.shares(places), places, strict=True):
        near = np.hypot(*(sites - place).T)
        for share, radius in zip(row, RADII, strict=True):
            by_hand = 0.8 * weights[near <= radius].sum() + 0.2 * np.pi * radius**2 / 1e6
            assert share == pytest.approx(by_hand)


def test_exposed_cases_fall_in_proportion_and_know_their_shares(streets: ExposureNull) -> None:
    cases, shares = streets.draw(20_000, np.random.default_rng(4))
    np.testing.assert_allclose(shares[:50], streets.shares(cases[:50]))
    # The heaviest site has weight 300 of 45,150, of four cases in five: 106.3 of 20,000
    heaviest = np.random.default_rng(2).uniform(0, 1000, (300, 2))[-1]
    assert abs((cases == heaviest).all(axis=1).sum() - 106.3) < 4 * np.sqrt(106.3)


def test_a_line_weighs_its_metres_and_a_polygon_its_square_metres() -> None:
    shapes = [shapely.LineString([(0, 0), (95, 0)]), shapely.box(0, 0, 40, 30), shapely.Point(7, 7)]
    xy, weights = exposure_sites(gpd.GeoDataFrame(geometry=shapes, crs=27700), spacing_m=10)
    assert xy[:10, 0].tolist() == pytest.approx([4.75 + 9.5 * k for k in range(10)])
    assert weights[:10].sum() == pytest.approx(95)
    assert len(xy) == 10 + 12 + 1
    assert weights[10:22].sum() == pytest.approx(1200)
    assert weights[22] == 1


def test_a_column_of_weights_is_what_whole_features_weigh() -> None:
    lines = [shapely.LineString([(0, 0), (100, 0)]), shapely.LineString([(0, 9), (10, 9)])]
    frame = gpd.GeoDataFrame({"weight": [1.0, 3.0]}, geometry=lines, crs=27700)
    xy, weights = exposure_sites(frame)
    assert weights[xy[:, 1] == 9].sum() == pytest.approx(3)


def test_exposure_that_says_nothing_is_refused() -> None:
    frame = gpd.GeoDataFrame({"weight": [0.0]}, geometry=[shapely.Point(0, 0)], crs=27700)
    with pytest.raises(FrameError, match="some above 0"):
        exposure_sites(frame)
    with pytest.raises(FrameError, match="some above 0"):
        exposure_sites(frame.iloc[:0])
    with pytest.raises(CRSError, match="degrees"):
        exposure_sites(frame.set_crs(4326, allow_override=True))
    with pytest.raises(ParameterError, match="background"):
        ExposureNull(np.zeros((1, 2)), np.ones(1), ELL, RADII, name="x", background=0.0)
