"""Some seventy files of four reports: each comes in as the truth, or is refused with what to do."""

import json
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from geodata.files.problems import FileRefusedError
from geodata.importers.reading import ReadFile, read_file
from geodata.store.engine import Store
from tests.geodata.importers import file_factory as made
from tests.geodata.importers.importing import NOW, with_borough

BY_ISO = made.columns({"Date": made.ISO})
NO_DAY = made.columns(made.GRID)
RIGHT: dict[str, made.Make] = {
    "ISO": made.dated(made.ISO),
    "ISO with T": made.dated([at.isoformat() for at in made.LOCAL]),
    "Zulu": made.dated(made.ZULU),
    "British": made.dated([f"{at:%d/%m/%Y %H:%M}" for at in made.LOCAL]),
    "British, dots": made.dated([f"{at:%d.%m.%Y %H.%M}" for at in made.LOCAL]),
    "12am and 12pm": made.dated(
        ["14/03/2026 10.40pm", "31/07/2026 11.55 pm", "13/06/2026 12am", "13/06/2026 12pm"]
    ),
    "12:00 AM": made.dated([f"{at:%d/%m/%Y %I:%M %p}" for at in made.LOCAL]),
    "12:00:00 a.m.": made.dated(
        ["14/03/2026 10:40 p.m.", "31/07/2026 11:55 p.m.", "13/06/2026 12 a.m.", "13/06/2026 noon"]
    ),
    "month's name": made.dated([f"{at:%d-%b-%y %H:%M}" for at in made.LOCAL]),
    "month's name first": made.dated([f"{at:%B %d, %Y %I:%M %p}" for at in made.LOCAL]),
    "24:00": made.dated([made.ISO[0], made.ISO[1], "2026-06-12 24:00", made.ISO[3]]),
    "seconds since 1970": made.dated([str(int(at.timestamp())) for at in made.INSTANTS]),
    "thousandths since 1970": made.dated([str(int(at.timestamp()) * 1000) for at in made.INSTANTS]),
    "day and clock": made.csv(
        made.on(made.BRITISH, ["22:40", "23:55", "00:00", "12:00"], "Date", "Time")
    ),
    "day and clock in words": made.csv(
        made.on(
            [*made.BRITISH[:2], "12/06/2026", "13/06/2026"],
            ["10.40pm", "11.55 PM", "24:00", "midday"],
            "Date reported",
            "Time reported",
        )
    ),
    "day and 12am": made.csv(
        made.on(made.BRITISH, ["10:40 PM", "11:55 PM", "12am", "12pm"], "Date", "Time")
    ),
    "clock that only its name ties to its day": made.csv(
        made.on(
            made.BRITISH,
            ["22:40", "23:55", "00:00", "12:00"],
            "Enquiry Logged Date",
            "Enquiry Logged Time",
        )
    ),
    "clock without its noughts": made.csv(
        made.on(made.BRITISH, ["2240", "2355", "0", "1200"], "Date", "Time (24hr)")
    ),
    "clock as part of a day": made.csv(
        made.on(
            made.BRITISH,
            [str((22 * 60 + 40) / 1440), str((23 * 60 + 55) / 1440), "0", "0.5"],
            "Date",
            "Time",
        )
    ),
    "semicolons and decimal commas": made.csv(
        made.columns(
            {"Date": made.ISO},
            {k: [f"{v:.7f}".replace(".", ",") for v in cells] for k, cells in made.DEGREES.items()},
        ),
        ";",
    ),
    "tabs, UTF-16": made.csv(made.columns({"Date": made.ISO}, made.GRID), "\t", "a.txt", "utf-16"),
    "gzip": made.zipped_csv(made.columns({"Date": made.ISO}, made.GRID)),
    "grid references": made.csv(
        made.columns(
            {"Date": made.ISO},
            {"Grid ref": ["TQ 53934 74170", "TQ5400074000", "TQ 51000 71500", "TQ5999077990"]},
        )
    ),
    "WKT": made.csv(
        made.columns({"Date": made.ISO}, {"WKT": [f"POINT ({x} {y})" for x, y in made.LONLAT]})
    ),
    "latitude and longitude in one": made.csv(
        made.columns({"Date": made.ISO}, {"Location": [f"{y}, {x}" for x, y in made.LONLAT]})
    ),
    "degrees": made.csv(made.columns({"Date": made.ISO}, made.DEGREES)),
    "thousands' marks": made.csv(
        made.columns({"Date": made.ISO}, {k: [f"{v:,}" for v in c] for k, c in made.GRID.items()})
    ),
    "workbook": made.book(made.columns({"Date": list(made.LOCAL)}, made.GRID)),
    "workbook under a title": made.book(
        made.columns({"Date": list(made.LOCAL)}, made.GRID), ["Canisters 2026"], []
    ),
    "workbook of day and clock": made.book(made.on(made.DAYS, made.CLOCKS, "Date", "Time")),
    "workbook of texts": made.book(made.columns({"Date": made.ISO}, made.GRID)),
    "records": made.text(
        json.dumps(made.records(made.columns({"Date": made.ISO}, made.GRID))), "a.json"
    ),
    "Open311 JSON": made.text(json.dumps(made.OPEN311), "a.json"),
    "Open311 XML": made.text(made.OPEN311_XML, "a.xml"),
    "GeoJSON": made.text(made.geojson(made.ISO), "a.geojson"),
    "GeoJSON, some zoned": made.text(
        made.geojson([made.ZULU[0], made.ISO[1], made.ZULU[2], made.ISO[3]]), "a.geojson"
    ),
    "GeoJSON a line": made.text(made.geojson(made.ISO, each_a_line=True), "a.geojsonl"),
    "GeoPackage": made.mapped("gpkg", BY_ISO),
    "GeoPackage, times": made.mapped("gpkg", made.columns({"Date": list(made.LOCAL)})),
    "GeoPackage, degrees": made.mapped("gpkg", BY_ISO, 4326),
    "Shapefile": made.zipped_map("shp", BY_ISO),
    "Shapefile, ten letters": made.zipped_map(
        "shp", {"REF": list(made.REFS), "REPORTED_A": list(made.ISO)}
    ),
    "Shapefile, degrees": made.zipped_map("shp", BY_ISO, 4326),
    "FlatGeobuf": made.mapped("fgb", BY_ISO, driver="FlatGeobuf"),
    "MapInfo MIF": made.zipped_map("mif", BY_ISO),
    "MapInfo TAB": made.zipped_map("tab", BY_ISO),
    "MapInfo TAB with a column Type": made.zipped_map("tab", BY_ISO | {"Type": ["Canisters"] * 4}),
    "KML, data": made.kml(made.plain_data),
    "KML, schema": made.kml(made.schema_data, made.SCHEMA),
    "KML, data without its schema": made.kml(made.schema_data),
    "KML, tables of ArcGIS": made.kml(made.described),
    "KMZ": made.kml(made.plain_data, zipped=True),
}
REFUSED: dict[str, tuple[made.Make, str]] = {
    "PDF": (made.text("%PDF-1.7", "a.pdf"), "ask for the spreadsheet"),
    "Word": (made.text("PK", "a.docx"), "copy its table into a spreadsheet"),
    "Numbers": (made.text("PK", "a.numbers"), "export it as XLSX"),
    "TopoJSON": (made.text('{"type":"Topology"}', "a.topojson"), "save it as GeoJSON"),
    "half of MapInfo": (made.text("1,2", "a.mid"), "send all its files as one zip"),
    "empty": (made.text("", "a.csv"), "is empty|holds no"),
    "header alone": (made.text("Ref,Date,Easting,Northing\n", "a.csv"), "holds no rows"),
    "no day": (made.csv(NO_DAY), "Date|reported_at"),
    "no place": (made.csv(BY_ISO), "position|easting"),
    "street number": (
        made.csv(made.columns({"Date": made.ISO, "USRN": ["20600001"] * 4})),
        "whole street",
    ),
    "days that may be months": (
        made.csv(made.columns({"Date": ["03/04/2026", "05/06/2026"] * 2}, made.GRID)),
        "day|month",
    ),
    "two sheets": (
        made.book(made.columns({"Date": list(made.LOCAL)}, made.GRID), per_sheet=2),
        "several sheets .*keep one",
    ),
    "two layers": (made.two_layers, "several layers .*keep one"),
    "Shapefile without its system": (made.zipped_map("shp", BY_ISO, None), "needs its .prj"),
    "KML of links": (
        made.text("<kml><NetworkLink><href>x</href></NetworkLink></kml>", "a.kml"),
        "save its layer as KML",
    ),
    "text named GeoPackage": (
        made.text("Ref,Date", "a.gpkg"),
        "is no GeoPackage. Save or export it anew",
    ),
    "text named workbook": (made.text("Ref,Date", "a.xlsx"), "save it anew"),
    "half a workbook": (made.text(b"PK\x03\x04\x14\x00", "a.xlsx"), "save it anew"),
    "GeoJSON cut off": (
        made.text(made.geojson(made.ISO)[:-40], "a.geojson"),
        "JSON.*export it anew",
    ),
    "no ending": (made.text("Ref,Date", "export"), "has no ending; save it as CSV"),
}


def read(store: Store, path: Path) -> ReadFile:
    with with_borough(store).reading() as session:
        return read_file(session, "reports", path, now=NOW)


@pytest.mark.parametrize("name", RIGHT)
def test_file_comes_in_as_its_truth(name: str, geopackage: Store, tmp_path: Path) -> None:
    got = read(geopackage, RIGHT[name](tmp_path))
    assert [str(problem) for problem in got.result.problems] == []
    rows = got.fresh.sort_values("external_ref")  # a FlatGeobuf has an order of its own
    assert rows["external_ref"].tolist() == list(made.REFS)
    assert rows["reported_at"].tolist() == list(made.INSTANTS)
    places = [(shape.x, shape.y) for shape in rows["geometry"]]
    np.testing.assert_allclose(places, made.PLACES, atol=0.6)


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
@pytest.mark.parametrize("name", REFUSED)
def test_file_that_cannot_come_in_says_what_to_do(
    name: str, geopackage: Store, tmp_path: Path
) -> None:
    make, remedy = REFUSED[name]
    with pytest.raises(FileRefusedError, match=remedy):
        read(geopackage, make(tmp_path))


def test_waypoints_of_a_walk_come_in_by_their_times(geopackage: Store, tmp_path: Path) -> None:
    """Their names are numbers that a device gives again on each walk, and no references."""
    rows = read(geopackage, made.written(tmp_path, made.WAYPOINTS, "a.gpx")).fresh
    assert rows["reported_at"].tolist() == list(made.INSTANTS)
    places = [(shape.x, shape.y) for shape in rows["geometry"]]
    np.testing.assert_allclose(places, made.PLACES, atol=0.6)


def test_geoparquet_comes_in_as_its_truth_or_names_its_library(
    geopackage: Store, tmp_path: Path
) -> None:
    if find_spec("pyarrow") is None:
        path = made.written(tmp_path, b"PAR1", "a.parquet")
        with pytest.raises(FileRefusedError, match=r"canister-hotspots\[arrow\]"):
            read(geopackage, path)
        return
    RIGHT["GeoParquet"] = made.parquet
    test_file_comes_in_as_its_truth("GeoParquet", geopackage, tmp_path)
