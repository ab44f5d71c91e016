"""Four reports whose truth comes first, and the files that programs would make of them."""

import gzip
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, time
from pathlib import Path

import geopandas as gpd
import openpyxl
import pyproj
import shapely

from tests.geodata.importers.importing import written

REFS = ("A1", "A2", "A3", "A4")
LOCAL = [
    datetime.fromisoformat(text)
    for text in ("2026-03-14 22:40", "2026-07-31 23:55", "2026-06-13 00:00", "2026-06-13 12:00")
]
"""London's clock: winter, summer, midnight and midday."""
INSTANTS = (
    datetime(2026, 3, 14, 22, 40, tzinfo=UTC),
    datetime(2026, 7, 31, 22, 55, tzinfo=UTC),
    datetime(2026, 6, 12, 23, 0, tzinfo=UTC),
    datetime(2026, 6, 13, 11, 0, tzinfo=UTC),
)
PLACES = ((553_934, 174_170), (554_000, 174_000), (551_000, 171_500), (559_990, 177_990))
_DEGREES = pyproj.Transformer.from_crs(27700, 4326, always_xy=True)
LONLAT = [_DEGREES.transform(*place) for place in PLACES]
ISO = [f"{at:%Y-%m-%d %H:%M}" for at in LOCAL]
ZULU = [f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in INSTANTS]
BRITISH = [f"{at:%d/%m/%Y}" for at in LOCAL]
GRID = {"Easting": [x for x, _ in PLACES], "Northing": [y for _, y in PLACES]}
DEGREES = {"Latitude": [y for _, y in LONLAT], "Longitude": [x for x, _ in LONLAT]}
Make = Callable[[Path], Path]
Columns = dict[str, list[object]]


def columns(
    *parts: dict[str, list[object]] | dict[str, list[str]] | dict[str, list[int]],
) -> Columns:
    made: Columns = {"Ref": list(REFS)}
    for part in parts:
        made |= {name: list(cells) for name, cells in part.items()}
    return made


def lines(table: Columns, mark: str = ",") -> str:
    rows = [
        list(table),
        *([str(cell) for cell in row] for row in zip(*table.values(), strict=True)),
    ]
    quoted = [[f'"{cell}"' if mark in cell else cell for cell in row] for row in rows]
    return "\r\n".join(mark.join(row) for row in quoted) + "\r\n"


def csv(table: Columns, mark: str = ",", name: str = "a.csv", code: str = "utf-8") -> Make:
    return lambda folder: written(folder, lines(table, mark).encode(code), name)


def zipped_csv(table: Columns) -> Make:
    return lambda folder: written(folder, gzip.compress(lines(table).encode()), "a.csv.gz")


def dated(times: list[str], header: str = "Date") -> Make:
    return csv(columns({header: times}, GRID))


def on(days: list[object], clock: list[object], *names: str) -> Columns:
    return columns(dict(zip(names, (days, clock), strict=True)), GRID)


def book(table: Columns, *above: list[object], per_sheet: int = 9) -> Make:
    """A workbook; with ``per_sheet`` rows on each of its sheets."""

    def make(folder: Path) -> Path:
        workbook = openpyxl.Workbook()
        workbook.remove(workbook.active)
        rows = list(zip(*table.values(), strict=True))
        for first in range(0, len(rows), per_sheet):
            sheet = workbook.create_sheet(f"Month {first}")
            for row in (*above, list(table), *rows[first : first + per_sheet]):
                sheet.append(row)
        workbook.save(folder / "a.xlsx")
        return folder / "a.xlsx"

    return make


def text(content: str | bytes, name: str) -> Make:
    return lambda folder: written(folder, content, name)


def records(table: Columns) -> list[dict[str, object]]:
    return [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]


def frame(table: Columns, crs: int | None = 27700) -> gpd.GeoDataFrame:
    places = LONLAT if crs == 4326 else PLACES
    shapes = [shapely.Point(place) for place in places]
    return gpd.GeoDataFrame(table, geometry=shapes, crs=crs)


def mapped(ending: str, table: Columns, crs: int | None = 27700, driver: str | None = None) -> Make:
    """A map of one file as GDAL writes it."""

    def make(folder: Path) -> Path:
        frame(table, crs).to_file(folder / f"a.{ending}", driver=driver)
        return folder / f"a.{ending}"

    return make


def zipped_map(ending: str, table: Columns, crs: int | None = 27700) -> Make:
    """All the files of one map in a zip."""

    def make(folder: Path) -> Path:
        inner = folder / "inner"
        inner.mkdir()
        driver = "ESRI Shapefile" if ending == "shp" else "MapInfo File"
        frame(table, crs).to_file(inner / f"Finds 2026.{ending}", driver=driver)
        with zipfile.ZipFile(folder / "a.zip", "w") as archive:
            for part in inner.iterdir():
                archive.write(part, f"export/{part.name}")
        return folder / "a.zip"

    return make


def two_layers(folder: Path) -> Path:
    for layer in ("finds", "bins"):
        frame(columns({"Date": ISO})).to_file(folder / "a.gpkg", layer=layer)
    return folder / "a.gpkg"


def parquet(folder: Path) -> Path:
    frame(columns({"Date": ISO})).to_parquet(folder / "a.parquet")
    return folder / "a.parquet"


def kml(data: Callable[[dict[str, object]], str], head: str = "", *, zipped: bool = False) -> Make:
    """A KML whose placemarks say in ``data`` what they are."""
    marks = "".join(
        f"<Placemark><name>Find</name>{data(record)}"
        f"<Point><coordinates>{x},{y},0</coordinates></Point></Placemark>"
        for record, (x, y) in zip(records(columns({"Date": ISO})), LONLAT, strict=True)
    )
    document = (
        f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{head}{marks}</Document></kml>'
    )
    if not zipped:
        return text(document, "a.kml")

    def make(folder: Path) -> Path:
        with zipfile.ZipFile(folder / "a.kmz", "w") as archive:
            archive.writestr("doc.kml", document)
        return folder / "a.kmz"

    return make


def plain_data(record: dict[str, object]) -> str:
    data = "".join(f'<Data name="{k}"><value>{v}</value></Data>' for k, v in record.items())
    return f"<ExtendedData>{data}</ExtendedData>"


def schema_data(record: dict[str, object]) -> str:
    data = "".join(f'<SimpleData name="{k}">{v}</SimpleData>' for k, v in record.items())
    return f'<ExtendedData><SchemaData schemaUrl="#s">{data}</SchemaData></ExtendedData>'


def described(record: dict[str, object]) -> str:
    rows = "".join(f"<tr><td>{k}</td><td>{v}</td></tr>" for k, v in record.items())
    return f"<description><![CDATA[<html><table>{rows}</table></html>]]></description>"


SCHEMA = (
    '<Schema name="s" id="s"><SimpleField name="Ref" type="string"/>'
    '<SimpleField name="Date" type="string"/></Schema>'
)
WAYPOINTS = (
    '<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">{}</gpx>'.format(
        "".join(
            f'<wpt lat="{y}" lon="{x}"><time>{at}</time><name>{ref}</name></wpt>'
            for ref, at, (x, y) in zip(REFS, ZULU, LONLAT, strict=True)
        )
    )
)
OPEN311 = [
    {"service_request_id": ref, "requested_datetime": at, "lat": y, "long": x}
    for ref, at, (x, y) in zip(REFS, ZULU, LONLAT, strict=True)
]
OPEN311_XML = "<service_requests>{}</service_requests>".format(
    "".join(
        "<request>{}</request>".format("".join(f"<{k}>{v}</{k}>" for k, v in request.items()))
        for request in OPEN311
    )
)
CLOCKS: list[object] = [time(at.hour, at.minute) for at in LOCAL]
DAYS: list[object] = [datetime.fromisoformat(f"{at:%Y-%m-%d}") for at in LOCAL]


def geojson(times: list[str], *, each_a_line: bool = False) -> str:
    features = [
        {
            "type": "Feature",
            "properties": {"Ref": ref, "Date": at},
            "geometry": {"type": "Point", "coordinates": place},
        }
        for ref, at, place in zip(REFS, times, LONLAT, strict=True)
    ]
    if each_a_line:
        return "\n".join(map(json.dumps, features))
    return json.dumps({"type": "FeatureCollection", "features": features})
