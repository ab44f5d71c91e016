"""GDAL reads what was sent with the driver that the ending names, and nothing else."""

import json
import sqlite3
import warnings
import zipfile
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
import shapely

from geodata.files.map_files import read_map
from geodata.files.problems import FileRefusedError

SECRET = "argon2-hash-of-a-password"
ENDINGS = (
    *(".geojson", ".json", ".gpkg", ".shp", ".zip", ".geojsonl", ".ndjson", ".fgb", ".kml"),
    *(".kmz", ".gpx"),
)
OURS = {"GeoJSON", "GPKG", "ESRI Shapefile"}
FITTING = {
    ".geojson": {"JSONFG", "GeoJSONSeq"},  # of a feature a line only the first is one
    ".geojsonl": {"GeoJSONSeq", "JSONFG"},
    ".fgb": {"FlatGeobuf"},
    ".kml": {"KML", "LIBKML"},
    ".gpx": {"GPX"},
}
FITTING |= {".json": FITTING[".geojson"], ".ndjson": FITTING[".geojsonl"]}


def frame() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"name": ["plan"]}, geometry=[shapely.box(0, 51, 1, 52)], crs=4326)


@pytest.fixture
def secret_store(tmp_path: Path) -> Path:
    """A file that no upload may reach."""
    path = tmp_path / "store.gpkg"
    pyogrio.write_dataframe(frame().assign(name=SECRET), path, layer="user")
    return path


def foreign(tmp_path: Path, store: Path) -> dict[str, bytes]:
    """A file of every other driver that can be written here, and of some that only read."""
    files = {
        "OGR_VRT": (
            f'<OGRVRTDataSource><OGRVRTLayer name="user"><SrcDataSource>{store}</SrcDataSource>'
            "</OGRVRTLayer></OGRVRTDataSource>"
        ).encode(),
        "GDALG": json.dumps(
            {"type": "gdal_streamed_alg", "command_line": f"gdal vector read {store}"}
        ).encode(),
        "HTTP": b"http://127.0.0.1:9/plan.geojson",
        "WFS": b"<OGRWFSDataSource><URL>http://127.0.0.1:9/</URL></OGRWFSDataSource>",
        "ESRIJSON": b'{"geometryType": "esriGeometryPoint", "features": []}',
        "TopoJSON": b'{"type": "Topology", "objects": {}, "arcs": []}',
        "path": str(store).encode(),
    }
    drivers = [name for name, mode in pyogrio.list_drivers().items() if "w" in mode]
    for name in sorted(set(drivers) - OURS - {"MEM", "Elasticsearch", "Carto", "AmigoCloud"}):
        target = tmp_path / f"of_{name.replace(' ', '_')}.bin"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                pyogrio.write_dataframe(frame(), target, driver=name)
                files[name] = target.read_bytes()
            except Exception:  # it writes folders, servers, or no polygons
                continue
    return files


def test_a_file_of_no_other_driver_is_read_under_any_ending(
    tmp_path: Path, secret_store: Path
) -> None:
    files = foreign(tmp_path, secret_store)
    assert len(files) > 12
    read: list[tuple[str, str]] = []
    for driver, content in files.items():
        for ending in ENDINGS:
            path = tmp_path / f"upload{ending}"
            path.write_bytes(content)
            try:
                answer = str(read_map(path).to_dict())
                read.append((driver, ending))
            except FileRefusedError as error:
                answer = str(error)
            assert SECRET not in answer
    wrong = [(driver, ending) for driver, ending in read if driver not in FITTING.get(ending, ())]
    assert not wrong, wrong
    assert {("KML", ".kml"), ("GeoJSONSeq", ".ndjson")} <= set(read)


KML = (
    '<?xml version="1.0"?>{before}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{inside}'
    "<Placemark><name>plan</name><Point><coordinates>0.2,51.4,7</coordinates></Point></Placemark>"
    "</Document></kml>"
)
GPX = (
    '<?xml version="1.0"?>{before}<gpx version="1.1" creator="t" '
    'xmlns="http://www.topografix.com/GPX/1/1">{inside}'
    '<wpt lat="51.4" lon="0.2"><name>plan</name></wpt></gpx>'
)


@pytest.mark.parametrize(("ending", "text"), [(".kml", KML), (".gpx", GPX)])
def test_marks_of_other_drivers_within_an_xml_map_are_refused(
    tmp_path: Path, secret_store: Path, ending: str, text: str
) -> None:
    vrt = (
        f'<OGRVRTDataSource><OGRVRTLayer name="user"><SrcDataSource>{secret_store}</SrcDataSource>'
        "</OGRVRTLayer></OGRVRTDataSource>"
    )
    path = tmp_path / f"plan{ending}"
    path.write_text(text.format(before="", inside=""))
    frame = read_map(path)
    assert frame["Name" if ending == ".kml" else "name"].tolist() == ["plan"]
    for before, inside, words in (
        (f"<!--{vrt}-->", "", "another file"),
        ("", f"<!--{vrt}-->", "another file"),
        ("", f"<![CDATA[{vrt}]]>", "another file"),
        ("", vrt, "another file"),
        ('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>', "&a;", "its own entities"),
        ("", "<a>" * 99 + "</a>" * 99, "nests more than 64"),
        ("", "<open>", "no XML"),
    ):
        path.write_text(text.format(before=before, inside=inside))
        with pytest.raises(FileRefusedError, match=words):
            read_map(path)


def test_a_kmz_is_its_document_and_one_of_links_alone_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.kmz"
    for text, words in (
        (KML.format(before="", inside=""), ""),
        (
            "<kml><NetworkLink><Link><href>http://127.0.0.1:9/</href></Link></NetworkLink></kml>",
            "no place",
        ),
    ):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("files/icon.png", b"png")
            archive.writestr("doc.kml", text)
        if words:
            with pytest.raises(FileRefusedError, match=words):
                read_map(path)
        else:
            assert read_map(path)["Name"].tolist() == ["plan"]


@pytest.mark.parametrize("ending", [".gpkg", ".geojson", ".shp", ".fgb", ".geojsonl"])
def test_our_own_formats_are_read(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"plan{ending}"
    pyogrio.write_dataframe(frame(), path)
    assert list(read_map(path)["name"]) == ["plan"]


def geopackage_with(tmp_path: Path, *statements: str) -> Path:
    path = tmp_path / "plan.gpkg"
    pyogrio.write_dataframe(frame(), path, layer="plan")
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return path


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE VIEW peek AS SELECT 1 AS fid, 'x' AS name",
        "CREATE TABLE sums (a INTEGER, b TEXT GENERATED ALWAYS AS (hex(a)) VIRTUAL)",
        "CREATE VIRTUAL TABLE words USING fts5(a)",
    ],
)
def test_a_geopackage_with_anything_that_runs_is_refused(tmp_path: Path, statement: str) -> None:
    with pytest.raises(FileRefusedError, match="view or computed table"):
        read_map(geopackage_with(tmp_path, statement))


def test_a_damaged_geopackage_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.gpkg"
    path.write_bytes(b"SQLite format 3\x00" + b"\xff" * 5_000)
    with pytest.raises(FileRefusedError, match="cannot be read"):
        read_map(path)


def test_a_zip_leads_out_of_no_folder(tmp_path: Path) -> None:
    pyogrio.write_dataframe(frame(), tmp_path / "plan.shp")
    with zipfile.ZipFile(tmp_path / "plan.zip", "w") as archive:
        for ending in (".shp", ".shx", ".dbf", ".prj"):
            archive.write(tmp_path / f"plan{ending}", f"../../../out/plan{ending}")
    assert list(read_map(tmp_path / "plan.zip")["name"]) == ["plan"]
    assert not (tmp_path.parent.parent.parent / "out").exists()


def test_a_link_in_a_zip_is_not_followed(tmp_path: Path, secret_store: Path) -> None:
    with zipfile.ZipFile(tmp_path / "plan.zip", "w") as archive:
        link = zipfile.ZipInfo("plan.shp")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, str(secret_store))
    with pytest.raises(FileRefusedError, match="no Shapefile"):
        read_map(tmp_path / "plan.zip")


def test_deep_nesting_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "deep.geojson"
    path.write_text('{"type": "Point", "coordinates": ' + "[" * 200_000 + "]" * 200_000 + "}")
    with pytest.raises(FileRefusedError, match="nests more than 64 brackets"):
        read_map(path)
    path.write_text(json.dumps({"type": "Point", "coordinates": [0, 51], "note": "[" * 99}))
    assert len(read_map(path)) == 1
