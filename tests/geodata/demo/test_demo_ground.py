"""The demo's ground says the same as its places, and that it is made up."""

from pathlib import Path

import geopandas as gpd
import pytest

from geodata.basemap import kept
from geodata.basemap.drawn import shapes_in
from geodata.core.vocabulary import PlaceKind
from geodata.demo.borough import OUTLINE, PLACES, place_points, ward_shapes
from geodata.demo.ground import ground, save_ground


@pytest.fixture(scope="module")
def drawn() -> gpd.GeoDataFrame:
    return ground()


def test_parks_and_car_parks_stand_where_the_demos_places_are(drawn: gpd.GeoDataFrame) -> None:
    at = place_points()
    themes = {PlaceKind.PARK: "green", PlaceKind.CAR_PARK: "car_park"}
    named = [(themes[kind], name) for kind, name, *_ in PLACES if kind in themes]
    assert len(named) == 5  # 4 parks and a car park, in borough.PLACES
    for theme, name in named:
        shape = drawn[(drawn["theme"] == theme) & (drawn["name"] == name)].geometry
        assert shape.covers(at[name]).all()
        assert len(shape) == 1


def test_every_ward_has_streets_with_names(drawn: gpd.GeoDataFrame) -> None:
    streets = drawn[(drawn["theme"] == "road") & (drawn["kind"] == "street")]
    assert streets["name"].notna().all()
    for name, ward in ward_shapes().items():
        assert streets.intersects(ward).sum() >= 5, name


def test_houses_stand_on_no_street_and_in_no_water(drawn: gpd.GeoDataFrame) -> None:
    houses = drawn[drawn["theme"] == "building"]
    wet = drawn[drawn["theme"] == "water"].union_all()
    assert len(houses) > 5_000
    assert not houses.intersects(wet).any()
    streets = drawn[drawn["theme"] == "road"]
    assert gpd.sjoin(houses, streets[["geometry"]], predicate="intersects").empty


def test_the_written_ground_says_that_it_is_synthetic(tmp_path: Path) -> None:
    path = tmp_path / "demo.basemap.pmtiles"
    save_ground(path)
    basemap = kept.find(path)
    assert basemap is not None
    assert "Synthetic" in basemap.attribution
    town = shapes_in(basemap, (553_500, 173_500, 555_000, 175_000))
    assert {"water", "green", "building", "car_park", "rail", "road"} <= set(town["theme"])
    assert shapes_in(basemap, OUTLINE.bounds)["theme"].eq("road").any()
