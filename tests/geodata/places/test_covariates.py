"""What dumping may be drawn to, from an extract of OpenStreetMap or a council's own file."""

import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import pyogrio
import pyproj
import pytest
import shapely

from geodata import places
from geodata.core.vocabulary import PlaceKind
from geodata.files.problems import FileRefusedError
from geodata.importers.batches import undo
from geodata.importers.place_features import read_covariates
from geodata.importers.reading import ImportResult
from geodata.places import covariates
from geodata.places.streets import classed_streets
from geodata.store.engine import Store
from tests.taking_in import import_file

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LEEDS = (428_000, 434_000, 431_000, 436_000)
PUBS = {"pub", "bar", "nightclub", "biergarten"}


@pytest.fixture
def council(store: Store) -> Store:
    with store.writing() as session:
        places.add(session, PlaceKind.BOROUGH, "Test", shapely.box(*LEEDS))
    return store


@pytest.fixture
def extract(shared_data: Path) -> Path:
    return shared_data / "osm/its-example.osm.pbf"


def take(store: Store, path: Path, kind: str = "features") -> ImportResult:
    with store.writing() as session:
        return import_file(session, kind, path, now=NOW)


def kinds(store: Store) -> Counter[str]:
    with store.reading() as session:
        return Counter(covariates.features(session, LEEDS)["kind"])


def all_tags(extract: Path, layer: str) -> list[dict[str, str]]:
    """Every feature's tags by themselves: columns of their own, and those in one text."""
    tags = []
    for row in pyogrio.read_dataframe(extract, layer=layer).to_dict("records"):
        others = dict(re.findall(r'"([^"]+)"=>"([^"]*)"', str(row.pop("other_tags"))))
        tags.append(others | {k: v for k, v in row.items() if isinstance(v, str)})
    return tags


@pytest.mark.shared_data
def test_an_extract_gives_each_kind_as_its_tags_say(council: Store, extract: Path) -> None:
    result = take(council, extract)
    points, lines, areas = (all_tags(extract, one) for one in ("points", "lines", "multipolygons"))
    spots = [*points, *areas]
    expected = {
        "benches": sum(each.get("amenity") == "bench" for each in [*spots, *lines]),
        "bus stops": sum(each.get("highway") == "bus_stop" for each in spots),
        "pubs, bars and clubs": sum(each.get("amenity") in PUBS for each in spots),
        "car parks": sum(each.get("amenity") == "parking" for each in spots),
        "service roads": sum(each.get("highway") == "service" for each in lines),
        "parks": sum(each.get("leisure") == "park" for each in spots),
    }
    stored = kinds(council)
    assert {kind: stored[kind] for kind in expected} == expected
    assert all(expected.values())
    assert result.accepted == stored.total()
    assert take(council, extract).unchanged == result.accepted  # a second time nothing is new
    with council.writing() as session:
        undo(session, result.batch, now=NOW)
    assert not kinds(council)


@pytest.mark.shared_data
def test_the_same_extract_gives_the_streets_that_vehicles_drive(
    council: Store, extract: Path
) -> None:
    take(council, extract, "streets")
    with council.reading() as session:
        stored = Counter(classed_streets(session, LEEDS)["road_class"])
    ways = Counter(each.get("highway") for each in all_tags(extract, "lines"))
    assert stored["service"] == ways["service"]
    assert stored["residential"] == ways["residential"]
    assert stored["footway"] == 0 < ways["footway"]


@pytest.mark.shared_data
def test_an_evaluation_reads_of_an_extract_the_part_about_its_events(extract: Path) -> None:
    plane = pyproj.CRS(27700)
    frame = read_covariates(extract, plane, near=LEEDS)
    assert frame.crs == plane
    assert frame.within(shapely.box(*LEEDS).buffer(1_000)).all()
    assert frame["kind"].eq("pubs, bars and clubs").sum() == 4
    with pytest.raises(FileRefusedError, match="map of another county"):
        read_covariates(extract, plane, near=(553_000, 174_000, 554_000, 175_000))


def test_a_file_of_ones_own_says_its_kinds_in_any_spelling(council: Store, tmp_path: Path) -> None:
    x, y = LEEDS[:2]
    spots = [shapely.Point(x + 10 * k, y + 5) for k in range(5)] + [shapely.Point(553_000, 174_000)]
    words = ["Car Park", "fast_food", "CCTV_camera", "pub", "", "pub"]
    own = gpd.GeoDataFrame({"Type": words}, geometry=spots, crs=27700)
    own.to_file(tmp_path / "own.gpkg")
    result = take(council, tmp_path / "own.gpkg")
    assert (result.accepted, result.rejected) == (4, 1)  # the last lies in another county
    assert "is empty" in result.problems[0].message
    assert kinds(council) == {
        "car parks": 1,
        "takeaways": 1,
        "cctv camera": 1,
        "pubs, bars and clubs": 1,
    }


def test_where_no_column_says_a_kind_the_files_name_does(council: Store, tmp_path: Path) -> None:
    x, y = LEEDS[:2]
    own = gpd.GeoDataFrame({"no": [1, 2]}, geometry=[shapely.Point(x + k, y) for k in (1, 9)])
    own.set_crs(27700).to_file(tmp_path / "lay-bys.geojson")
    assert take(council, tmp_path / "lay-bys.geojson").accepted == 2
    assert kinds(council) == {"lay-bys": 2}


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"<html>", "it is no OpenStreetMap extract"), (b"\0\0\0\x0d\n\tOSMHeader\x18\x7c", "pbf")],
)
@pytest.mark.parametrize("kind", ["features", "streets"])
def test_what_is_no_extract_is_refused_by_name(
    council: Store, tmp_path: Path, content: bytes, message: str, kind: str
) -> None:
    path = tmp_path / "kent.osm.pbf"
    path.write_bytes(content)
    with pytest.raises(FileRefusedError, match=message):
        take(council, path, kind)
