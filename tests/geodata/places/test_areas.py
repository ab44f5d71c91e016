from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geodata.core.errors import RefusedError
from geodata.files.problems import FileRefusedError
from geodata.places.areas import read_areas

SQUARE = shapely.box(550_000, 170_000, 551_000, 171_000)


def written(
    tmp_path: Path, geometry: shapely.Geometry, crs: int | None = 27700, **columns: str
) -> Path:
    path = tmp_path / "areas.gpkg"
    data = {name: [value] for name, value in (columns or {"name": "Town"}).items()}
    gpd.GeoDataFrame(data, geometry=[geometry], crs=crs).to_file(path)
    return path


@pytest.mark.shared_data
def test_dartfords_wards_are_read_with_their_names_and_area(shared_data: Path) -> None:
    areas = read_areas(shared_data / "dartford_wards_2013.geojson")
    assert len(areas) == 17  # before May 2019 (DOMAIN.md section 1)
    assert "Joydens Wood" in {area.name for area in areas}
    borough = shapely.union_all([area.geometry for area in areas])
    assert borough.area / 1e6 == pytest.approx(72.77, abs=0.01)  # published, DOMAIN.md section 1


def test_a_bow_tie_is_mended_and_the_change_told(tmp_path: Path) -> None:
    bow_tie = shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    (area,) = read_areas(written(tmp_path, bow_tie))
    assert area.geometry.is_valid
    assert area.geometry.area == pytest.approx(5000)  # two triangles of 100 × 50 / 2
    assert area.mended_m2 is not None


def test_a_named_column_is_taken(tmp_path: Path) -> None:
    path = written(tmp_path, SQUARE, name="Town", alias="Centre")
    assert read_areas(path, name_column="alias")[0].name == "Centre"


@pytest.mark.parametrize(
    "columns",
    [
        {"WD24CD": "E05012345", "WD24NM": "Town", "LAD24NM": "Dartford"},
        {"LAD24NM": "Dartford", "WD24NM": "Town", "WD24NMW": "Y Dref"},
        {"LAD24NM": "Town", "LAD24NMW": "Y Dref"},
        {"CTYUA23NM": "Town"},
        {"LSOA21NM": "Town", "LAD22NM": "Dartford"},
        {"Ward Name": "Town"},
        {"Name": "", "WD24NM": "Town"},  # as a KML has it
    ],
)
def test_names_are_found_in_the_offices_columns(tmp_path: Path, columns: dict[str, str]) -> None:
    assert [area.name for area in read_areas(written(tmp_path, SQUARE, **columns))] == ["Town"]


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_a_file_without_coordinate_system_asks_for_one(tmp_path: Path) -> None:
    path = written(tmp_path, SQUARE, crs=None)
    with pytest.raises(FileRefusedError, match="its coordinate system") as refusal:
        read_areas(path)
    assert "--crs" in refusal.value.in_shell
    assert "--" not in str(refusal.value)
    (area,) = read_areas(path, crs="EPSG:27700")
    assert area.geometry.equals(SQUARE)


def test_what_cannot_be_used_is_refused_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="give polygons"):
        read_areas(written(tmp_path, shapely.Point(0, 0)))
    with pytest.raises(RefusedError, match="it has name"):
        read_areas(written(tmp_path, SQUARE), name_column="ward")
    with pytest.raises(RefusedError, match="--name-column"):
        read_areas(written(tmp_path, SQUARE, label="x"))
    with pytest.raises(RefusedError, match="collapses"):
        read_areas(written(tmp_path, shapely.Polygon([(0, 0), (10, 0), (20, 0)])))
    with pytest.raises(RefusedError, match="has no name"):
        read_areas(written(tmp_path, SQUARE, name=None))
    with pytest.raises(RefusedError, match="outside Great Britain"):
        read_areas(written(tmp_path, shapely.box(-90, 35, -89, 36), crs=4326))
    with pytest.raises(FileRefusedError, match="there is no file"):
        read_areas(tmp_path / "absent.geojson")
