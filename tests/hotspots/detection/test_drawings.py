"""A result as analysts look at it: on Axes and on a map, in black and white too."""

import io
from collections.abc import Iterator

import geopandas as gpd
import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import shapely
from matplotlib.axes import Axes

from hotspots import DetectionResult, detect_hotspots

AS_OF = pd.Timestamp("2026-11-01T00:00Z")
BOROUGH = gpd.GeoSeries([shapely.box(520_000, 170_000, 524_000, 174_000)], crs=27700)


@pytest.fixture(scope="module")
def result() -> DetectionResult:
    rng = np.random.default_rng(1)
    anywhere = rng.uniform((520_000, 170_000), (524_000, 174_000), (60, 2))
    sites = [(521_000, 171_000), (523_000, 173_000)]
    planted = [rng.normal(site, 3, (n, 2)) for site, n in zip(sites, (12, 9), strict=True)]
    xy = np.concatenate([anywhere, *planted])
    days = AS_OF - pd.to_timedelta(rng.permutation(len(xy)) * 4, unit="D")
    rows = gpd.GeoDataFrame(
        {"first_reported_at": days}, geometry=gpd.points_from_xy(*xy.T), crs=27700
    )
    detected = detect_hotspots(rows, BOROUGH, as_of=AS_OF)
    assert detected.hotspots["incidents"].tolist() == [12, 9]
    return detected


@pytest.fixture
def ax() -> Iterator[Axes]:
    with mpl.rc_context({"backend": "agg"}):
        yield plt.figure(figsize=(3, 3), dpi=60).add_subplot()
        plt.close("all")


def test_plot_draws_on_the_axes_it_is_given_and_numbers_hotspots_by_rank(
    result: DetectionResult, ax: Axes
) -> None:
    drawn = result.plot(ax)

    assert drawn is ax
    at = {text.get_text(): text.get_position() for text in ax.texts}
    assert np.hypot(at["1"][0] - 521_000, at["1"][1] - 171_000) < 150
    assert np.hypot(at["2"][0] - 523_000, at["2"][1] - 173_000) < 150
    assert ax.get_title() == result.summary()


def test_plot_has_no_colour_so_that_a_photocopy_says_the_same(
    result: DetectionResult, ax: Axes
) -> None:
    result.plot(ax, surface=True)
    picture = io.BytesIO()
    plt.savefig(picture)
    picture.seek(0)

    pixels = plt.imread(picture)[..., :3]
    assert np.ptp(pixels, axis=2).max() < 0.01
    assert pixels.min() < 0.2  # and yet something is drawn


def test_plot_of_nothing_says_why(ax: Axes) -> None:
    none = gpd.GeoDataFrame(
        {"first_reported_at": pd.DatetimeIndex([], tz="UTC")}, geometry=[], crs=27700
    )

    drawn = detect_hotspots(none, BOROUGH, as_of=AS_OF).plot(ax)

    assert "too few to test" in drawn.get_title()


def test_map_shows_each_hotspot_with_its_evidence(result: DetectionResult) -> None:
    page = result.explore(tiles=None).get_root().render()

    assert page.count('"reason": "12 separate incidents on') == 1
    assert page.count('"reason": "9 separate incidents on') == 1
    # The middle of the borough, by pyproj: 51.43 north, 0.25 west
    assert "51.4" in page
    assert "openstreetmap" not in page


def test_map_is_added_to_one_that_is_given(result: DetectionResult) -> None:
    given = result.explore(tiles=None, busy=False)

    assert result.explore(given) is given
