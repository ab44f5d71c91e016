"""Streets of the files that councils have: read, kept, found by a box, taken out whole."""

from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geodata import places
from geodata.core.vocabulary import PlaceKind
from geodata.exporters import export_layer
from geodata.files.problems import FileRefusedError
from geodata.importers.batches import undo
from geodata.importers.options import ImportOptions
from geodata.importers.reading import ImportResult
from geodata.places.streets import streets_within
from geodata.store.engine import Store
from tests.taking_in import import_file

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
EVERYWHERE = (0, 0, 700_000, 1_300_000)
X, Y = 553_000, 174_000


def borough(store: Store, *box: float) -> Store:
    with store.writing() as session:
        places.add(session, PlaceKind.BOROUGH, "Test", shapely.box(*box))
    return store


@pytest.fixture
def council(store: Store) -> Store:
    return borough(store, 550_000, 170_000, 560_000, 178_000)


def take(store: Store, path: Path, **options: str) -> ImportResult:
    with store.writing() as session:
        return import_file(session, "streets", path, ImportOptions(**options), now=NOW)


def line(*xy: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([(X + x, Y + y) for x, y in xy])


EAST = line((0, 0), (100, 0))


def a_file(path: Path, shapes: list[shapely.Geometry], **columns: list[object]) -> Path:
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=27700)
    frame.to_crs(4326 if path.suffix == ".geojson" else 27700).to_file(path, layer="roads")
    return path


def exported(store: Store, tmp_path: Path) -> gpd.GeoDataFrame:
    path = tmp_path / "out.gpkg"
    with store.reading() as session:
        export_layer(session, "streets", path)
    return gpd.read_file(path)


def test_openstreetmap_goes_in_without_what_no_vehicle_drives(
    council: Store, tmp_path: Path
) -> None:
    path = a_file(
        tmp_path / "osm.geojson",
        [EAST, line((0, 50), (100, 50)), EAST, EAST, line((20_000, 0), (30_000, 0)), EAST],
        highway=["residential", "primary", "footway", "rail", "primary", None],
        name=["Low Street", None, "A path", None, "Far Road", "A stream"],
        ref=[None, "A206", None, None, "A206", None],
        oneway=["no", "-1", None, None, None, None],
    )
    result = take(council, path)
    assert (result.accepted, result.rejected) == (2, 0)
    kept = exported(council, tmp_path)
    assert kept["name"].tolist() == ["Low Street", "A206"]
    assert kept["road_class"].tolist() == ["residential", "primary"]
    assert kept["is_one_way"].tolist() == [False, True]
    # Driven against the drawing: it is kept from its end to its start.
    assert kept.geometry.iloc[1].equals_exact(line((100, 50), (0, 50)), tolerance=0.01)


def test_two_roads_of_one_number_are_two_streets(council: Store, tmp_path: Path) -> None:
    shapes = [EAST, line((100, 0), (200, 0))]
    path = a_file(tmp_path / "osm.gpkg", shapes, highway=["primary"] * 2, ref=["A206"] * 2)
    assert take(council, path).accepted == 2


def test_os_open_roads_goes_in_from_its_layer(council: Store, tmp_path: Path) -> None:
    path = tmp_path / "oproad.gpkg"
    heights = shapely.force_3d(EAST, 5)
    links = gpd.GeoDataFrame(
        {"id": ["osgb1"], "name_1": ["High Street"], "road_function": ["Minor Road"]},
        geometry=[heights],
        crs=27700,
    )
    links.to_file(path, layer="road_link")
    gpd.GeoDataFrame({"id": ["n"]}, geometry=[shapely.Point(X, Y)], crs=27700).to_file(
        path, layer="road_node"
    )
    with pytest.raises(FileRefusedError, match="road_link, road_node") as refusal:
        take(council, path)
    assert "--layer road_link" in refusal.value.in_shell
    assert take(council, path, layer="road_link").accepted == 1
    kept = exported(council, tmp_path).iloc[0]
    assert (kept["external_ref"], kept["name"]) == ("osgb1", "High Street")
    assert (kept["road_class"], kept["is_one_way"]) == ("Minor Road", None)
    assert kept.geometry.equals_exact(EAST, 1e-9)
    assert not kept.geometry.has_z


def test_a_zipped_shapefile_goes_in(council: Store, tmp_path: Path) -> None:
    path = tmp_path / "roads.shp.zip"
    gpd.GeoDataFrame({"fclass": ["service"], "oneway": ["F"]}, geometry=[EAST], crs=27700).to_file(
        path, driver="ESRI Shapefile"
    )
    assert take(council, path).accepted == 1
    assert exported(council, tmp_path)["is_one_way"].tolist() == [True]


def test_parts_that_touch_are_one_street_and_others_are_refused_by_row(
    council: Store, tmp_path: Path
) -> None:
    touching = shapely.MultiLineString([EAST, line((100, 0), (200, 0))])
    apart = shapely.MultiLineString([EAST, line((150, 0), (200, 0))])
    path = a_file(tmp_path / "f.gpkg", [touching, apart, shapely.Point(X, Y), None])
    result = take(council, path)
    assert (result.accepted, result.rejected) == (1, 3)
    messages = {problem.row: problem.message for problem in result.problems}
    assert "no single line" in messages[3]
    assert "no single line" in messages[4]
    assert "no shape" in messages[5]


def test_a_file_of_elsewhere_is_refused_with_the_remedy(council: Store, tmp_path: Path) -> None:
    path = a_file(tmp_path / "far.gpkg", [line((50_000, 0), (50_100, 0))])
    with pytest.raises(FileRefusedError, match="no street within 10 km") as refusal:
        take(council, path)
    assert "--crs" in refusal.value.in_shell


def test_the_file_again_adds_nothing_and_undone_it_is_gone(council: Store, tmp_path: Path) -> None:
    path = a_file(tmp_path / "f.gpkg", [EAST])
    batch = take(council, path).batch
    assert batch is not None
    assert take(council, path).accepted == 0
    with council.writing() as session:
        assert undo(session, batch, now=NOW) == ("streets", 1)
        assert streets_within(session, EVERYWHERE).empty


def test_a_box_finds_its_streets_and_knows_motorways(council: Store, tmp_path: Path) -> None:
    shapes = [EAST, line((0, 10), (100, 10)), line((500, 500), (600, 500))]
    take(council, a_file(tmp_path / "f.gpkg", shapes, road_function=["A Road", "Motorway", ""]))
    with council.reading() as session:
        streets = streets_within(session, (X, Y - 1, X + 10, Y + 11))
    assert streets["is_motorway"].tolist() == [False, True]
    assert streets["is_one_way"].tolist() == [False, False]
    assert streets.crs.to_epsg() == 27700


@pytest.mark.shared_data
def test_bristols_ways_go_in(store: Store, shared_data: Path) -> None:
    council = borough(store, 355_000, 170_000, 362_000, 176_000)
    path = shared_data / "osm" / "bristol_ways.gpkg"
    result = take(council, path)
    ways = gpd.read_file(path)
    near = ways.distance(shapely.box(355_000, 170_000, 362_000, 176_000)) <= 10_000
    assert result.accepted == (near & (ways["highway"] == "road")).sum()
    assert result.rejected == 0
