"""What is at risk, from the files that councils have: read, chosen by key, taken out whole."""

from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geodata import places
from geodata.core.errors import RefusedError
from geodata.core.vocabulary import PlaceKind
from geodata.files.problems import FileRefusedError
from geodata.importers.batches import undo
from geodata.importers.reading import ImportResult
from geodata.models import GazetteerEntry, Street
from geodata.places import exposures
from geodata.store.engine import Store
from tests.taking_in import import_file

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
X, Y = 553_000, 174_000


@pytest.fixture
def council(store: Store) -> Store:
    with store.writing() as session:
        places.add(session, PlaceKind.BOROUGH, "Test", shapely.box(X, Y, X + 4_000, Y + 4_000))
    return store


def take(store: Store, path: Path) -> ImportResult:
    with store.writing() as session:
        return import_file(session, "exposure", path, now=NOW)


def read(store: Store, key: str) -> gpd.GeoDataFrame:
    with store.reading() as session:
        return exposures.features(session, key)


def keys(store: Store) -> dict[str, str]:
    with store.reading() as session:
        return {source.key: source.measure for source in exposures.sources(session)}


def square(x: float, y: float, side: float = 500) -> shapely.Polygon:
    return shapely.box(X + x, Y + y, X + x + side, Y + y + side)


def test_people_by_area_weigh_what_the_column_says(council: Store, tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(
        {"OA21CD": ["E1", "E2", "E3"], "Residents": [312, 0, 95]},
        geometry=[square(0, 0), square(500, 0), square(90_000, 0)],
        crs=27700,
    )
    frame.to_crs(4326).to_file(tmp_path / "oa.geojson")
    result = take(council, tmp_path / "oa.geojson")
    assert (result.accepted, result.rejected) == (2, 0)  # the third lies in another county
    key = f"import:{result.batch}"
    assert keys(council) == {key: "residents"}
    rows = read(council, key)
    assert rows["weight"].tolist() == [312, 0]
    assert rows.area.round(-2).tolist() == [250_000, 250_000]
    with council.writing() as session:
        undo(session, result.batch, now=NOW)
    assert keys(council) == {}
    with council.reading() as session, pytest.raises(RefusedError, match="no exposure 'import:"):
        exposures.features(session, key)


def test_all_addresses_of_the_country_are_cut_to_the_borough(
    council: Store, tmp_path: Path
) -> None:
    path = tmp_path / "osopenuprn_202610.csv"
    lines = ["\ufeffUPRN,X_COORDINATE,Y_COORDINATE,LATITUDE,LONGITUDE"]
    lines += [f"{n},{X + 10 * n}.00,{Y + 5}.00,51.4,0.2" for n in range(1, 6)]
    lines += ["99,358260.66,172796.50,51.4,-2.6"]  # in Bristol
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    result = take(council, path)
    assert (result.accepted, result.rejected) == (5, 0)
    rows = read(council, f"import:{result.batch}")
    assert rows.geometry.x.tolist() == [X + 10 * n for n in range(1, 6)]
    assert "weight" not in rows
    assert list(keys(council).values()) == ["number of addresses"]


@pytest.mark.parametrize(
    ("cell", "words"), [("many", "no amount"), ("-3", "no amount"), ("", "is empty")]
)
def test_an_amount_that_is_none_is_named(
    council: Store, tmp_path: Path, cell: str, words: str
) -> None:
    path = tmp_path / "homes.csv"
    path.write_text(f"easting,northing,homes\n{X + 5},{Y + 5},12\n{X + 9},{Y + 9},{cell}\n")
    result = take(council, path)
    assert (result.accepted, result.rejected) == (1, 1)
    assert words in result.problems[0].message
    assert result.problems[0].row == 3


def test_a_map_of_somewhere_else_is_refused(council: Store, tmp_path: Path) -> None:
    gpd.GeoDataFrame(geometry=[square(90_000, 0)], crs=27700).to_file(tmp_path / "far.gpkg")
    with pytest.raises(FileRefusedError, match="nothing within 2 km"):
        take(council, tmp_path / "far.gpkg")


def test_streets_and_postcodes_of_the_store_may_be_chosen(council: Store) -> None:
    line = shapely.LineString([(X, Y), (X + 300, Y)])
    with council.writing() as session:
        session.add(Street(geometry=line, road_class="residential"))
        session.add(Street(geometry=line, road_class="Motorway"))
        for kind in ("postcode", "street"):
            session.add(
                GazetteerEntry(
                    kind=kind, name="DA1 1AA", search_name="da11aa", geometry=shapely.Point(X, Y)
                )
            )
    assert keys(council) == {"streets": "length of street", "postcodes": "number of postcodes"}
    assert read(council, "streets").length.tolist() == [300]  # nobody dumps on a motorway
    assert len(read(council, "postcodes")) == 1


def test_no_exposure_says_what_there_is(council: Store) -> None:
    with (
        council.reading() as session,
        pytest.raises(RefusedError, match="import exposure"),
    ):
        exposures.find(session, "homes")
