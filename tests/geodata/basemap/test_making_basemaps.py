"""A map product becomes one file: what is drawn as what, cut to the borough, or a clear refusal."""

import sqlite3
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pyogrio
import pyproj
import pytest
import shapely

from geodata.basemap import kept
from geodata.basemap.drawn import named_roads, shapes_in
from geodata.basemap.making import MARGIN_M, make_basemap
from geodata.files.problems import FileRefusedError
from tests.basemaps import layer, zoomstack

BOX = (552_000.0, 173_000.0, 556_000.0, 175_000.0)


def drawn(path: Path, box: tuple[float, float, float, float] = BOX) -> gpd.GeoDataFrame:
    basemap = kept.find(path)
    assert basemap is not None
    return shapes_in(basemap, box)


def test_each_layer_of_zoomstack_is_drawn_as_its_theme(tmp_path: Path) -> None:
    target = tmp_path / "store.basemap.pmtiles"
    # 1 house, 2 roads, 1 lake, 1 park, 1 town; not the house 20 km off, not the junction
    assert make_basemap(zoomstack(tmp_path), BOX, target) == 6
    shapes = drawn(target)
    assert set(zip(shapes["theme"], shapes["kind"], strict=True)) == {
        ("building", "building"),
        ("road", "street"),
        ("road", "motorway"),
        ("water", "area"),
        ("green", "area"),
        ("place", "town"),
    }
    assert list(named_roads(shapes).index) == ["Mill Lane"]


def test_shapes_come_back_where_they_were(tmp_path: Path) -> None:
    target = tmp_path / "store.basemap.pmtiles"
    make_basemap(zoomstack(tmp_path), BOX, target)
    lake = drawn(target).query("theme == 'water'").union_all()
    # tiles of zoom 14 have 4,096 steps across 2.4 km at most: 0.6 m; the datum shift adds none
    assert lake.symmetric_difference(shapely.box(554_000, 174_000, 554_300, 174_300)).area < 1_500
    assert lake.area == pytest.approx(90_000, rel=0.02)


def test_roads_are_cut_at_the_margin_round_the_borough(tmp_path: Path) -> None:
    target = tmp_path / "store.basemap.pmtiles"
    make_basemap(zoomstack(tmp_path), BOX, target)
    west, _, east, _ = drawn(target, (530_000, 170_000, 580_000, 180_000)).total_bounds
    assert west == pytest.approx(BOX[0] - MARGIN_M, abs=30)
    assert east == pytest.approx(BOX[2] + MARGIN_M, abs=30)


def test_ordnance_surveys_line_bears_the_year_of_the_file(tmp_path: Path) -> None:
    target = tmp_path / "store.basemap.pmtiles"
    make_basemap(zoomstack(tmp_path), BOX, target)
    basemap = kept.find(target)
    assert basemap is not None
    assert basemap.attribution == "Contains OS data © Crown copyright and database right 2025"


def test_buildings_are_in_the_last_zoom_only(tmp_path: Path) -> None:
    target = tmp_path / "store.basemap.pmtiles"
    make_basemap(zoomstack(tmp_path), BOX, target)
    themes = {
        zoom: set(pyogrio.read_dataframe(target, layer="ground", ZOOM_LEVEL=zoom)["theme"])
        for zoom in (8, 13, 14)
    }
    assert themes[8] == {"road", "water", "place"}
    assert "building" not in themes[13]
    assert "building" in themes[14]


def test_progress_ends_at_the_last_step(tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    make_basemap(
        zoomstack(tmp_path), BOX, tmp_path / "b.pmtiles", on_step=lambda *step: steps.append(step)
    )
    done, of = zip(*steps, strict=True)
    assert list(done) == sorted(done)
    assert done[0] == 0
    assert done[-1] == of[-1]


def test_a_file_of_ours_is_taken_over_as_it_is(tmp_path: Path) -> None:
    made, target = tmp_path / "made.pmtiles", tmp_path / "store.basemap.pmtiles"
    make_basemap(zoomstack(tmp_path), BOX, made)
    make_basemap(made, BOX, target)
    assert target.read_bytes() == made.read_bytes()


@pytest.mark.shared_data
def test_an_openstreetmap_extract_keeps_its_buildings_and_names(
    shared_data: Path, tmp_path: Path
) -> None:
    extract, target = shared_data / "osm/its-example.osm.pbf", tmp_path / "b.pmtiles"
    areas = pyogrio.read_dataframe(extract, layer="multipolygons").to_crs(27700)
    box = tuple(areas.total_bounds)
    make_basemap(extract, box, target)
    shapes = drawn(target, box)
    roads = pyogrio.read_dataframe(extract, layer="lines").query("highway.notna()")
    assert set(named_roads(shapes).index) <= set(roads["name"].dropna())
    assert {"Beech Grove Terrace", "Cavendish Road"} <= set(named_roads(shapes).index)
    covered = shapes.query("theme == 'building'").union_all()
    houses = areas[areas["building"].notna()].union_all()
    assert covered.intersection(houses).area > 0.97 * houses.area
    basemap = kept.find(target)
    assert basemap is not None
    assert basemap.attribution == "© OpenStreetMap contributors"


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def with_view(folder: Path) -> Path:
    path = zoomstack(folder)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE VIEW spy AS SELECT * FROM roads_local")
        connection.commit()
    return path


def torn(folder: Path) -> Path:
    sound = folder / "whole.pmtiles"
    make_basemap(zoomstack(folder), BOX, sound)
    return written(folder / "torn.pmtiles", sound.read_bytes()[:-500])


def pictures_of(folder: Path) -> Path:
    path = folder / "other.gpkg"
    layer(path, "bristol_ways", highway=["primary"], geometry=[shapely.Point(553_000, 174_000)])
    return path


WRONG = {
    "another ending": (lambda f: written(f / "map.tif", b"II*\0"), "a basemap is an OpenStreetMap"),
    "no pbf": (lambda f: written(f / "map.osm.pbf", b"<html>"), "it is no OpenStreetMap extract"),
    "torn pbf": (
        lambda f: written(f / "map.osm.pbf", b"\0\0\0\x0d\n\tOSMHeader\x18\x7c" + b"\0" * 9),
        "map.osm.pbf",
    ),
    "no GeoPackage": (lambda f: written(f / "map.gpkg", b"PK\3\4"), "it is no GeoPackage"),
    "torn tiles": (torn, "torn.pmtiles cannot be read as a map"),
    "a view": (with_view, "holds a view"),
    "another product": (pictures_of, "its layers: bristol_ways"),
    "not there": (lambda f: f / "nowhere.osm.pbf", "there is no file"),
}


@pytest.mark.parametrize("fault", WRONG)
def test_a_wrong_file_is_refused_and_the_ground_stays(fault: str, tmp_path: Path) -> None:
    make, words = WRONG[fault]
    target = written(tmp_path / "store.basemap.pmtiles", b"the ground of yesterday")
    with pytest.raises(FileRefusedError, match=words):
        make_basemap(make(tmp_path), BOX, target)
    assert target.read_bytes() == b"the ground of yesterday"
    assert not list(tmp_path.glob(".*unfinished"))


def test_a_map_of_another_county_is_refused(tmp_path: Path) -> None:
    leeds = pyproj.Transformer.from_crs(4326, 27700, always_xy=True).transform_bounds(
        -1.56, 53.80, -1.55, 53.81
    )
    with pytest.raises(FileRefusedError, match="shows nothing in the borough"):
        make_basemap(zoomstack(tmp_path), leeds, tmp_path / "b.pmtiles")
